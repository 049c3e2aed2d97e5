//! One participant's side of signalling in mode «lesson»: joins with a ticket, views the others' cameras by pages, follows
//! `media_reset` by a second connection that replaces the first at its first picture, resumes after a lost WebSocket.

use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::driver::{Driver, SIGNALLING_INTERVAL};
use crate::http::Site;
use crate::link::{Heard, Link};
use crate::node::ViewedTrack;
use crate::peer::{Peer, Shape};
use crate::traffic::Traffic;
use crate::wire::{Media, Participant, Request, Said, Snapshot, Typed, What};
use crate::{Failure, clock};

const JOIN_LIMIT: Duration = Duration::from_secs(15);
/// A room without any picture settles without one.
const PICTURE_LIMIT: Duration = Duration::from_secs(3);
/// Not failures of a seat: the node is away, and `media_reset` follows.
const NODE_AWAY: [&str; 2] = ["media_unavailable", "overloaded"];

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
}

/// What a seat needs to know to be taken.
pub struct Place {
    pub site: Site,
    pub cookie: String,
    /// Where tickets are given: each join needs one of its own.
    pub tickets: String,
    pub shape: Shape,
    pub is_muted: bool,
    pub tile: (u32, u32),
}

struct Replacement {
    peer: u64,
    connection: u32,
    since: Instant,
}

/// Somebody else in the room.
pub struct Other {
    pub id: String,
    pub microphone: u32,
    pub camera: u32,
}

pub struct Seat {
    link: Link,
    place: Place,
    pub peer: u64,
    connection: u32,
    last_request: u64,
    session: String,
    last_seq: i64,
    pub you: String,
    mute: u64,
    /// In the order in which they came.
    pub others: Vec<Other>,
    page: usize,
    pub viewed: Vec<u32>,
    replacement: Option<Replacement>,
    pub traffic: Traffic,
    pub resets: u64,
    pub reset_ns: Option<u64>,
    pub resumes: u64,
    pub resumed_ns: Option<u64>,
    /// Who was said to speak last, and when that came.
    pub speaking: Option<(String, u64)>,
    /// When the last request was answered.
    pub answered_ns: Option<u64>,
    pub failures: u64,
    pub closed: Option<String>,
}

impl Seat {
    /// Opens the WebSocket and joins; the event loop goes on for those who are in already.
    pub fn take(place: Place, driver: &mut Driver, others: &mut [Self]) -> Result<Self, Failure> {
        let Ticket { ticket } = place.site.post(&place.tickets, &place.cookie)?.json()?;
        let link = Link::open(&place.site, &place.cookie)?;
        let peer = Peer::new(1, &place.shape, Instant::now())?;
        let offer = peer.offer().clone();
        let mut seat = Self {
            link,
            peer: driver.add(peer)?,
            place,
            connection: 1,
            last_request: 0,
            session: String::new(),
            last_seq: 0,
            you: String::new(),
            mute: 0,
            others: Vec::new(),
            page: 0,
            viewed: Vec::new(),
            replacement: None,
            traffic: Traffic::default(),
            resets: 0,
            reset_ns: None,
            resumes: 0,
            resumed_ns: None,
            speaking: None,
            answered_ns: None,
            failures: 0,
            closed: None,
        };
        seat.say(What::Join { ticket: &ticket, offer: &offer, media: seat.media() });
        seat.wait_until_in(driver, others)?;
        Ok(seat)
    }

    fn media(&self) -> Media {
        let publishes = self.place.shape.publishes.is_some();
        Media { microphone: publishes && !self.place.is_muted, camera: publishes, screen: false, screen_sound: false }
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

    /// What cannot be said, since the WebSocket is lost, is said again by what follows a resume.
    pub fn say(&mut self, what: What<'_>) {
        self.last_request += 1;
        self.answered_ns = None;
        let name = what.name();
        let Ok(text) = serde_json::to_string(&Request { id: self.last_request, what }) else { return };
        let size = text.len();
        if self.link.say(text) {
            self.traffic.say(name, size);
        } else {
            self.viewed.clear();
        }
    }

    pub fn leave(&mut self) {
        self.say(What::Leave);
    }

    /// Out of the room, media and all; what it takes to come again.
    pub fn give_up(mut self, driver: &mut Driver) -> Place {
        self.leave();
        driver.remove(self.peer);
        if let Some(replacement) = &self.replacement {
            driver.remove(replacement.peer);
        }
        self.link.close();
        self.place
    }

    /// What it takes to speak again after a mute that its person has seen.
    pub fn unmute(&mut self) {
        self.say(What::SetMedia { media: self.media(), mute_seen: self.mute });
    }

    /// Does what the server's messages ask for.
    pub fn follow(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        if self.closed.is_some() {
            return Ok(());
        }
        loop {
            match self.link.take() {
                Heard::Nothing => break,
                Heard::Again => self.resume(),
                Heard::Text(text) => self.hear(&text, driver)?,
            }
        }
        self.settle(driver);
        Ok(())
    }

    fn hear(&mut self, text: &str, driver: &mut Driver) -> Result<(), Failure> {
        let typed: Typed<'_> = serde_json::from_str(text)?;
        self.traffic.hear(typed.name, text.len());
        self.last_seq = typed.seq.unwrap_or(self.last_seq);
        if typed.re == Some(self.last_request) {
            self.answered_ns = Some(clock::realtime_ns());
        }
        self.on_message(serde_json::from_str(text)?, driver)
    }

    fn resume(&mut self) {
        let session = self.session.clone();
        self.say(What::Resume { session: &session, last_seq: self.last_seq });
    }

    fn on_message(&mut self, said: Said, driver: &mut Driver) -> Result<(), Failure> {
        match said {
            Said::Joined { session, you, answer, snapshot } => {
                (self.session, self.you) = (session, you);
                self.look_around(snapshot, driver);
                driver.accept(self.peer, &answer)?;
                self.view();
            }
            Said::Resumed { snapshot, media_lost } => self.on_resumed(snapshot, media_lost, driver)?,
            Said::Reoffered { connection, answer } => self.on_reoffered(connection, &answer, driver)?,
            Said::ParticipantJoined { participant } | Said::ParticipantChanged { participant } => {
                self.know(&participant, driver);
                self.view();
            }
            Said::ParticipantLeft { participant } => {
                self.others.retain(|other| other.id != participant);
                self.view();
            }
            Said::Speaking { participants } => {
                self.speaking = participants.into_iter().next().map(|first| (first, clock::realtime_ns()));
            }
            Said::MediaReset {} => self.replace(driver)?,
            Said::PleaseReoffer {} => self.restart(driver)?,
            Said::Failed { code, message } => self.on_failed(&code, &message),
            Said::Closed { reason } => {
                self.closed = Some(reason);
                self.link.close();
            }
            Said::Other => {}
        }
        Ok(())
    }

    fn on_failed(&mut self, code: &str, message: &str) {
        eprintln!("a request failed: {code} {message}");
        self.failures += u64::from(!NODE_AWAY.contains(&code));
        if code == "session_refused" {
            self.closed = Some(code.to_owned());
            self.link.close();
        }
    }

    fn on_resumed(&mut self, snapshot: Option<Snapshot>, media_lost: bool, driver: &mut Driver) -> Result<(), Failure> {
        self.resumes += 1;
        self.resumed_ns = Some(clock::realtime_ns());
        if let Some(snapshot) = snapshot {
            self.look_around(snapshot, driver);
        }
        self.view();
        if media_lost { self.replace(driver) } else { Ok(()) }
    }

    fn look_around(&mut self, snapshot: Snapshot, driver: &mut Driver) {
        self.last_seq = snapshot.seq;
        self.others.retain(|other| snapshot.participants.iter().any(|present| present.id == other.id));
        for participant in &snapshot.participants {
            self.know(participant, driver);
        }
    }

    fn know(&mut self, participant: &Participant, driver: &mut Driver) {
        let number = |kind| participant.sources.get(kind).copied();
        let (Some(microphone), Some(camera)) = (number("microphone"), number("camera")) else { return };
        if participant.id == self.you {
            self.mute = participant.mute;
            return self.publish_as(microphone, camera, driver);
        }
        match self.others.iter_mut().find(|other| other.id == participant.id) {
            Some(known) => (known.microphone, known.camera) = (microphone, camera),
            None => self.others.push(Other { id: participant.id.clone(), microphone, camera }),
        }
    }

    fn publish_as(&mut self, microphone: u32, camera: u32, driver: &mut Driver) {
        if let (Some(peer), Some(published)) = (driver.peer(self.peer), &mut self.place.shape.publishes) {
            peer.set_sources(microphone, camera);
            (published.voice.source, published.camera_source) = (microphone, camera);
        }
    }

    pub fn set_level(&mut self, level: u8, driver: &mut Driver) {
        if let Some(published) = &mut self.place.shape.publishes {
            published.voice.level = level;
        }
        if let Some(peer) = driver.peer(self.peer) {
            peer.set_level(level);
        }
    }

    /// The newest connection's peer.
    pub fn newest_peer(&self) -> u64 {
        self.replacement.as_ref().map_or(self.peer, |replacement| replacement.peer)
    }

    /// From here on resets and resumes count anew.
    pub fn watch(&mut self) {
        (self.reset_ns, self.resumed_ns, self.link.lost_ns) = (None, None, None);
    }

    pub fn lost_ns(&self) -> Option<u64> {
        self.link.lost_ns
    }

    // ── the view ──

    pub fn turn_page(&mut self) {
        self.page += 1;
        self.view();
    }

    /// Of the page; the pages go round, and each but a short room's is full.
    fn page_sources(&self) -> Vec<u32> {
        let count = self.others.len();
        let visible = self.place.shape.video_slots.min(count);
        (0..visible).map(|place| self.others[(self.page * visible + place) % count].camera).collect()
    }

    /// Said when it differs from what was said last, as pages do.
    fn view(&mut self) {
        self.view_these(self.page_sources());
    }

    pub fn view_these(&mut self, sources: Vec<u32>) {
        if sources == self.viewed {
            return;
        }
        let (width, height) = self.place.tile;
        let tracks = sources.iter().map(|source| ViewedTrack { source: *source, width, height }).collect();
        self.viewed = sources;
        self.say(What::SetView { tracks });
    }

    // ── the connections ──

    /// A second connection beside the first.
    fn replace(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        self.resets += 1;
        self.reset_ns = Some(clock::realtime_ns());
        if let Some(unfinished) = self.replacement.take() {
            driver.remove(unfinished.peer);
            self.connection = unfinished.connection;
        }
        let connection = self.connection + 1;
        let peer = Peer::new(connection, &self.place.shape, Instant::now())?;
        let offer = peer.offer().clone();
        let peer = driver.add(peer)?;
        self.replacement = Some(Replacement { peer, connection, since: Instant::now() });
        self.say(What::Reoffer { offer: &offer });
        Ok(())
    }

    /// The same connection looks for another way.
    fn restart(&mut self, driver: &mut Driver) -> Result<(), Failure> {
        let Some(peer) = driver.peer(self.peer) else { return Ok(()) };
        let offer = peer.restart_ice()?.clone();
        self.say(What::Reoffer { offer: &offer });
        Ok(())
    }

    fn on_reoffered(&mut self, connection: u32, answer: &str, driver: &mut Driver) -> Result<(), Failure> {
        let replacement = self.replacement.as_ref().filter(|each| each.connection == connection);
        driver.accept(replacement.map_or(self.peer, |each| each.peer), answer)
    }

    fn settle(&mut self, driver: &mut Driver) {
        let Some(replacement) = &self.replacement else { return };
        let has_picture = driver.peer(replacement.peer).is_some_and(|peer| peer.picture_after.is_some());
        if !(has_picture || replacement.since.elapsed() > PICTURE_LIMIT) {
            return;
        }
        let (peer, connection) = (replacement.peer, replacement.connection);
        driver.remove(self.peer);
        (self.peer, self.connection, self.replacement) = (peer, connection, None);
        self.say(What::Settle { connection });
    }
}
