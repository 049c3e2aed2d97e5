//! One participant's side of signalling in mode «lesson»: joins with a ticket, views the others' cameras, follows
//! `media_reset` by a second connection that replaces the first at its first picture. Counts what it says and hears.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde::Serialize;
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;

use crate::Failure;
use crate::channel::Channel;
use crate::driver::{Driver, SIGNALLING_INTERVAL};
use crate::http::Site;
use crate::node::ViewedTrack;
use crate::peer::{Peer, Shape};
use crate::wire::{Media, Participant, Request, SUBPROTOCOL, Said, Snapshot, Typed, What};

const JOIN_LIMIT: Duration = Duration::from_secs(15);
/// A room without any picture settles without one.
const PICTURE_LIMIT: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Default, Serialize)]
pub struct Tally {
    pub messages: u64,
    pub bytes: u64,
}

/// What went over a WebSocket, by type of message; payload bytes, without WebSocket and TCP headers.
#[derive(Clone, Default, Serialize)]
pub struct Traffic {
    pub said: BTreeMap<String, Tally>,
    pub heard: BTreeMap<String, Tally>,
}

impl Traffic {
    fn count(side: &mut BTreeMap<String, Tally>, name: &str, bytes: usize) {
        let tally = side.entry(name.to_owned()).or_default();
        tally.messages += 1;
        tally.bytes += bytes as u64;
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, more) in [(&mut self.said, &other.said), (&mut self.heard, &other.heard)] {
            for (name, tally) in more {
                let entry = sum.entry(name.clone()).or_default();
                entry.messages += tally.messages;
                entry.bytes += tally.bytes;
            }
        }
    }
}

/// What a seat needs to know to be taken.
pub struct Place {
    pub site: Site,
    pub cookie: String,
    pub ticket: String,
    pub shape: Shape,
    pub tile: (u32, u32),
}

struct Replacement {
    peer: u64,
    connection: u32,
    since: Instant,
}

pub struct Seat {
    channel: Channel<TcpStream>,
    place: Place,
    peer: u64,
    connection: u32,
    last_request: u64,
    you: String,
    /// Participant and camera of the others, in the order in which they came.
    cameras: Vec<(String, u32)>,
    viewed: Vec<u32>,
    replacement: Option<Replacement>,
    pub traffic: Traffic,
    pub resets: u64,
    pub failures: u64,
    pub closed: Option<String>,
}

impl Seat {
    /// Opens the WebSocket and joins; the event loop goes on for those who are in already.
    pub fn take(place: Place, driver: &mut Driver, others: &mut [Self]) -> Result<Self, Failure> {
        let mut request = format!("ws://{}/ws", place.site.authority).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("Cookie", HeaderValue::from_str(&place.cookie)?);
        headers.insert("Origin", HeaderValue::from_str(&place.site.origin)?);
        headers.insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
        let channel = Channel::open(place.site.connect()?, request)?;
        let peer = Peer::new(1, &place.shape, Instant::now())?;
        let offer = peer.offer().clone();
        let mut seat = Self {
            channel,
            peer: driver.add(peer)?,
            place,
            connection: 1,
            last_request: 0,
            you: String::new(),
            cameras: Vec::new(),
            viewed: Vec::new(),
            replacement: None,
            traffic: Traffic::default(),
            resets: 0,
            failures: 0,
            closed: None,
        };
        let publishes = seat.place.shape.publishes.is_some();
        let media = Media { microphone: publishes, camera: publishes, screen: false, screen_sound: false };
        let ticket = seat.place.ticket.clone();
        seat.say(What::Join { ticket: &ticket, offer: &offer, media })?;
        seat.wait_until_in(driver, others)?;
        Ok(seat)
    }

    fn wait_until_in(&mut self, driver: &mut Driver, others: &mut [Self]) -> Result<(), Failure> {
        let end = Instant::now() + JOIN_LIMIT;
        while self.you.is_empty() {
            if Instant::now() > end || self.closed.is_some() || self.failures > 0 {
                return Err("the join was not answered, or refused".into());
            }
            self.follow(driver)?;
            others.iter_mut().try_for_each(|other| other.follow(driver))?;
            driver.turn(SIGNALLING_INTERVAL)?;
        }
        Ok(())
    }

    fn say(&mut self, what: What<'_>) -> Result<(), Failure> {
        self.last_request += 1;
        let name = what.name();
        let text = serde_json::to_string(&Request { id: self.last_request, what })?;
        Traffic::count(&mut self.traffic.said, name, text.len());
        self.channel.say(text)
    }

    pub fn leave(&mut self) -> Result<(), Failure> {
        self.say(What::Leave)
    }

    /// Does what the server's messages ask for.
    pub fn follow(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        while let Some(text) = self.channel.take()? {
            let name = serde_json::from_str::<Typed<'_>>(&text)?.name.to_owned();
            Traffic::count(&mut self.traffic.heard, &name, text.len());
            self.on_message(serde_json::from_str(&text)?, driver)?;
        }
        if self.channel.is_closed && self.closed.is_none() {
            self.closed = Some("without a word".to_owned());
        }
        self.settle(driver)
    }

    fn on_message(&mut self, said: Said, driver: &mut Driver) -> Result<(), Failure> {
        match said {
            Said::Joined { you, answer, snapshot } => self.on_joined(you, &answer, snapshot, driver),
            Said::Reoffered { connection, answer } => self.on_reoffered(connection, &answer, driver),
            Said::ParticipantJoined { participant } | Said::ParticipantChanged { participant } => {
                self.know(&participant);
                self.view()
            }
            Said::ParticipantLeft { participant } => {
                self.cameras.retain(|(id, _)| *id != participant);
                self.view()
            }
            Said::MediaReset {} => self.replace(driver),
            Said::PleaseReoffer {} => self.restart(driver),
            Said::Failed { code, message } => {
                self.failures += 1;
                eprintln!("a request failed: {code} {message}");
                Ok(())
            }
            Said::Closed { reason } => {
                self.closed = Some(reason);
                Ok(())
            }
            Said::Other => Ok(()),
        }
    }

    fn on_joined(&mut self, you: String, answer: &str, snapshot: Snapshot, driver: &mut Driver) -> Result<(), Failure> {
        self.you = you;
        for participant in snapshot.participants {
            if participant.id == self.you {
                self.publish_as(&participant, driver);
            } else {
                self.know(&participant);
            }
        }
        driver.accept(self.peer, answer)?;
        self.view()
    }

    fn publish_as(&mut self, own: &Participant, driver: &mut Driver) {
        if let (Some(microphone), Some(camera)) = (own.sources.get("microphone"), own.sources.get("camera")) {
            if let (Some(peer), Some(published)) = (driver.peer(self.peer), &mut self.place.shape.publishes) {
                peer.set_sources(*microphone, *camera);
                (published.voice.source, published.camera_source) = (*microphone, *camera);
            }
        }
    }

    fn know(&mut self, participant: &Participant) {
        let Some(camera) = participant.sources.get("camera") else { return };
        match self.cameras.iter_mut().find(|(id, _)| *id == participant.id) {
            Some((_, known)) => *known = *camera,
            None if participant.id != self.you => self.cameras.push((participant.id.clone(), *camera)),
            None => {}
        }
    }

    /// Said when it differs from what was said last, as pages do.
    fn view(&mut self) -> Result<(), Failure> {
        let cameras = self.cameras.iter().map(|(_, camera)| *camera);
        let sources: Vec<u32> = cameras.take(self.place.shape.video_slots).collect();
        if sources == self.viewed {
            return Ok(());
        }
        let (width, height) = self.place.tile;
        let tracks = sources.iter().map(|source| ViewedTrack { source: *source, width, height }).collect();
        self.viewed = sources;
        self.say(What::SetView { tracks })
    }

    /// A second connection beside the first.
    fn replace(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        self.resets += 1;
        if let Some(unfinished) = self.replacement.take() {
            driver.remove(unfinished.peer);
            self.connection = unfinished.connection;
        }
        let connection = self.connection + 1;
        let peer = Peer::new(connection, &self.place.shape, Instant::now())?;
        let offer = peer.offer().clone();
        let peer = driver.add(peer)?;
        self.replacement = Some(Replacement { peer, connection, since: Instant::now() });
        self.say(What::Reoffer { offer: &offer })
    }

    /// The same connection looks for another way.
    fn restart(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        let Some(peer) = driver.peer(self.peer) else { return Ok(()) };
        let offer = peer.restart_ice()?.clone();
        self.say(What::Reoffer { offer: &offer })
    }

    fn on_reoffered(&mut self, connection: u32, answer: &str, driver: &mut Driver) -> Result<(), Failure> {
        let replacement = self.replacement.as_ref().filter(|each| each.connection == connection);
        driver.accept(replacement.map_or(self.peer, |each| each.peer), answer)
    }

    fn settle(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        let Some(replacement) = &self.replacement else { return Ok(()) };
        let has_picture = driver.peer(replacement.peer).is_some_and(|peer| peer.picture_after.is_some());
        if !(has_picture || replacement.since.elapsed() > PICTURE_LIMIT) {
            return Ok(());
        }
        let (peer, connection) = (replacement.peer, replacement.connection);
        driver.remove(self.peer);
        (self.peer, self.connection, self.replacement) = (peer, connection, None);
        self.say(What::Settle { connection })
    }
}
