//! Mode «node»: rooms of any size on a bare media node. Speaks the control protocol (sfu/messages.py) in signaling's
//! place, so the node's own cost can be measured with more people than the demo school has.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tungstenite::client::IntoClientRequest;

use crate::Failure;
use crate::channel::Channel;
use crate::driver::{Driver, SIGNALLING_INTERVAL};
use crate::moments::{self, Moments, MomentsPlan};
use crate::peer::{Offer, Peer, Published, Shape};
use crate::phases::{self, Course};
use crate::report::Report;
use crate::sender::Voice;

const CONTROL_URL: &str = "ws://media-node/control";
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(30);
const TALKING: u8 = 30;
const SILENT: u8 = 127;

pub struct Plan {
    pub socket: String,
    pub rooms: usize,
    /// In each room.
    pub peers: usize,
    /// Pictures that each peer views.
    pub visible: usize,
    /// Size of each picture's tile.
    pub tile: (u32, u32),
    /// Peers of a room whose microphones carry voice.
    pub talkers: usize,
    pub moments: MomentsPlan,
    pub course: Course,
}

/// What differs from the plan in the first room while moments are measured.
pub struct Wishes {
    /// Page that each peer views, from 0.
    pub pages: Vec<usize>,
    /// Whose microphone is closed.
    pub muted: Option<usize>,
    pub removed: Option<usize>,
}

#[derive(Serialize)]
pub struct NodeReport {
    #[serde(flatten)]
    report: Report,
    #[serde(flatten)]
    moments: Moments,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ToNode<'a> {
    Hello {
        epoch: u64,
    },
    SetRoom {
        room: &'a str,
        flow: bool,
        peers: Vec<DesiredPeer>,
    },
    CloseRoom {
        room: &'a str,
    },
    Offer {
        request: u64,
        room: &'a str,
        participant: &'a str,
        #[serde(flatten)]
        offer: &'a Offer,
    },
}

#[derive(Serialize)]
struct DesiredPeer {
    participant: String,
    connection: u32,
    sources: BTreeMap<&'static str, u32>,
    publish: Vec<&'static str>,
    view: Vec<ViewedTrack>,
}

#[derive(Serialize)]
pub struct ViewedTrack {
    pub source: u32,
    pub width: u32,
    pub height: u32,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromNode {
    Ready {},
    Answer {
        request: u64,
        sdp: String,
    },
    OfferRefused {
        code: String,
        message: String,
    },
    #[serde(other)]
    Other,
}

pub struct Node {
    channel: Channel<UnixStream>,
    requests: u64,
}

impl Node {
    fn connect(socket: &str, driver: &mut Driver) -> Result<Self, Failure> {
        let channel = Channel::open(UnixStream::connect(socket)?, CONTROL_URL.into_client_request()?)?;
        let mut node = Self { channel, requests: 0 };
        // Later than any epoch that signaling took from its own start.
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
        node.say(&ToNode::Hello { epoch })?;
        node.until(driver, |message| matches!(message, FromNode::Ready {}).then_some(()))?;
        Ok(node)
    }

    fn say(&mut self, message: &ToNode<'_>) -> Result<(), Failure> {
        self.channel.say(serde_json::to_string(message)?)
    }

    /// Nothing of what waits is of interest.
    pub fn listen(&mut self) -> Result<(), Failure> {
        while self.take()?.is_some() {}
        Ok(())
    }

    /// The first room as it should be now.
    pub fn wish(&mut self, plan: &Plan, wishes: &Wishes) -> Result<(), Failure> {
        let present = (0..plan.peers).filter(|index| wishes.removed != Some(*index));
        let peers = present.map(|index| desired(plan, 0, index, Some(wishes))).collect();
        self.say(&ToNode::SetRoom { room: &room_name(0), flow: true, peers })
    }

    fn take(&mut self) -> Result<Option<FromNode>, Failure> {
        let message = self.channel.take()?;
        if self.channel.is_closed {
            return Err("the node closed the control connection".into());
        }
        Ok(message.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Turns the event loop until the node says what is waited for.
    fn until<T>(&mut self, driver: &mut Driver, wanted: impl Fn(FromNode) -> Option<T>) -> Result<T, Failure> {
        let end = Instant::now() + ANSWER_LIMIT;
        while Instant::now() < end {
            let Some(message) = self.take()? else {
                driver.turn(SIGNALLING_INTERVAL)?;
                continue;
            };
            if let FromNode::OfferRefused { code, message } = &message {
                return Err(format!("offer refused: {code} {message}").into());
            }
            if let Some(found) = wanted(message) {
                return Ok(found);
            }
        }
        Err("the node did not answer".into())
    }

    fn offer(&mut self, driver: &mut Driver, room: &str, participant: &str, offer: &Offer) -> Result<String, Failure> {
        self.requests += 1;
        let asked = self.requests;
        self.say(&ToNode::Offer { request: asked, room, participant, offer })?;
        self.until(driver, |message| match message {
            FromNode::Answer { request, sdp } if request == asked => Some(sdp),
            _ => None,
        })
    }
}

pub fn run(plan: &Plan) -> Result<NodeReport, Failure> {
    let mut driver = Driver::new()?;
    let mut node = Node::connect(&plan.socket, &mut driver)?;
    for room in 0..plan.rooms {
        fill_room(&mut node, &mut driver, plan, room)?;
    }
    let connected = |driver: &Driver| driver.peers().all(|peer| peer.connected_after.is_some());
    if !driver.run(CONNECT_LIMIT, connected)? {
        let count = driver.peers().filter(|peer| peer.connected_after.is_some()).count();
        return Err(format!("{count} of {} peers connected", plan.rooms * plan.peers).into());
    }
    let report = phases::measure(&mut driver, &plan.course, &mut |_| node.listen())?;
    let moments = moments::measure(&mut node, &mut driver, plan)?;
    let result = NodeReport { report, moments };
    if plan.course.hold {
        println!("{}", serde_json::to_string(&result)?);
        phases::hold(&mut driver, &mut |_| node.listen())?;
    }
    (0..plan.rooms).try_for_each(|room| node.say(&ToNode::CloseRoom { room: &room_name(room) }))?;
    Ok(result)
}

fn fill_room(node: &mut Node, driver: &mut Driver, plan: &Plan, room: usize) -> Result<(), Failure> {
    let name = room_name(room);
    let peers = (0..plan.peers).map(|index| desired(plan, room, index, None)).collect();
    node.say(&ToNode::SetRoom { room: &name, flow: true, peers })?;
    for index in 0..plan.peers {
        let level = if index < plan.talkers { TALKING } else { SILENT };
        let published = Published {
            voice: Voice { source: microphone(plan, room, index), level },
            camera_source: microphone(plan, room, index) + 1,
            phase: (room * plan.peers + index) as f64 / (plan.rooms * plan.peers) as f64,
        };
        let shape = Shape { publishes: Some(published), video_slots: plan.visible, is_still: false };
        let peer = Peer::new(1, &shape, Instant::now())?;
        let offer = peer.offer().clone();
        let id = driver.add(peer)?;
        let answer = node.offer(driver, &name, &participant(index), &offer)?;
        driver.accept(id, &answer)?;
    }
    Ok(())
}

fn desired(plan: &Plan, room: usize, index: usize, wishes: Option<&Wishes>) -> DesiredPeer {
    let number = microphone(plan, room, index);
    let (width, height) = plan.tile;
    let page = wishes.map_or(0, |wishes| wishes.pages[index]);
    let is_muted = wishes.is_some_and(|wishes| wishes.muted == Some(index));
    DesiredPeer {
        participant: participant(index),
        connection: 1,
        sources: BTreeMap::from([("microphone", number), ("camera", number + 1)]),
        publish: if is_muted { vec!["camera"] } else { vec!["microphone", "camera"] },
        view: viewed(plan, room, index, page).into_iter().map(|source| ViewedTrack { source, width, height }).collect(),
    }
}

/// Cameras on a page of one peer; the pages go round.
pub fn viewed(plan: &Plan, room: usize, index: usize, page: usize) -> Vec<u32> {
    let others = plan.peers - 1;
    let steps = (0..others.min(plan.visible)).map(|place| (page * plan.visible + place) % others + 1);
    steps.map(|step| microphone(plan, room, (index + step) % plan.peers) + 1).collect()
}

fn room_name(room: usize) -> String {
    format!("load-{room}")
}

fn participant(index: usize) -> String {
    format!("peer-{index}")
}

/// The camera's number is the next one.
pub fn microphone(plan: &Plan, room: usize, index: usize) -> u32 {
    2 * (room * plan.peers + index) as u32 + 1
}
