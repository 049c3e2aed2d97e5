//! What a benchmark script asks of a lesson that is being held: one command a line on stdin, one JSON line on stdout.
//! Moments are nanoseconds of CLOCK_REALTIME, so the script may subtract the time of what it did itself.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::class::Class;
use crate::peer::Peer;
use crate::seat::Seat;
use crate::wire::What;
use crate::{Failure, clock};

const PICTURE_LIMIT: Duration = Duration::from_secs(3);
const SPEAKING_LIMIT: Duration = Duration::from_secs(3);
/// A packet that comes later than this after a command was not stopped by it.
const LAST_PACKET_LIMIT: Duration = Duration::from_millis(600);
/// Sound comes every 20 ms.
const HEARD_WITHIN_NS: u64 = 100_000_000;
/// Between leaving and coming again: the others have seen it.
const AWAY: Duration = Duration::from_millis(300);
const STEP: Duration = Duration::from_millis(5);

/// Until stdin ends.
pub fn obey(class: &mut Class) -> Result<(), Failure> {
    let lines = lines();
    loop {
        match lines.try_recv() {
            Ok(line) => println!("{}", answer(class, &line)?),
            Err(TryRecvError::Empty) => class.go_on(STEP)?,
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}

fn lines() -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn answer(class: &mut Class, line: &str) -> Result<Value, Failure> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let number = |index: usize| -> Result<usize, Failure> {
        let word = words.get(index).ok_or_else(|| format!("«{line}» lacks a number"))?;
        Ok(word.parse()?)
    };
    match words.first().copied() {
        Some("watch") => Ok(watch(class)),
        Some("recovered") => recovered(class, Duration::from_secs(number(1)? as u64)),
        Some("resumed") => resumed(class, Duration::from_secs(number(1)? as u64)),
        Some("turn") => turn(class, number(1)?),
        Some("speaker") => speaker(class, number(1)?, number(2)?),
        Some("mute") => mute(class, number(1)?),
        Some("remove") => remove(class, number(1)?),
        Some("again") => again(class, number(1)?),
        _ => Err(format!("«{line}» is no command").into()),
    }
}

/// From here on resets, resumes, silence and loss are counted anew.
fn watch(class: &mut Class) -> Value {
    class.seats.iter_mut().for_each(Seat::watch);
    for peer in class.driver.peers_mut() {
        peer.sight.forget_silence();
        peer.start_measuring();
    }
    json!({ "at_ns": clock::realtime_ns() })
}

#[derive(Serialize)]
struct Recovery {
    reset_ns: Option<u64>,
    /// First whole picture, and the last one of the view.
    picture_ns: Option<u64>,
    pictures_ns: Option<u64>,
    sound_ns: Option<u64>,
}

/// Waits until everybody sees and hears by a new connection.
fn recovered(class: &mut Class, limit: Duration) -> Result<Value, Failure> {
    let complete = class.until(limit, |class| recoveries(class).iter().all(Recovery::is_complete))?;
    Ok(json!({ "complete": complete, "seats": recoveries(class) }))
}

impl Recovery {
    fn is_complete(&self) -> bool {
        self.reset_ns.is_some() && self.pictures_ns.is_some() && self.sound_ns.is_some()
    }
}

fn recoveries(class: &Class) -> Vec<Recovery> {
    let open = class.seats.iter().filter(|seat| seat.closed.is_none());
    open.map(|seat| {
        let (id, reset_ns) = (seat.newest_peer(), seat.reset_ns);
        let after_reset = |at: &u64| reset_ns.is_some_and(|reset_ns| *at >= reset_ns);
        let told = |sight: Option<u64>| sight.filter(after_reset);
        Recovery {
            reset_ns,
            picture_ns: told(class.driver.seen_by(id, |sight| sight.first_picture_ns())),
            pictures_ns: told(class.driver.seen_by(id, |sight| sight.all_pictures_ns(&seat.viewed))),
            sound_ns: told(class.driver.seen_by(id, |sight| sight.first_sound_ns)),
        }
    })
    .collect()
}

#[derive(Serialize)]
struct Resumption {
    lost_ns: Option<u64>,
    resumed_ns: Option<u64>,
    /// People that the seat knows.
    others: usize,
    longest_silence_ms: f64,
    lost_packets: u64,
}

/// Waits until everybody's WebSocket is there again.
fn resumed(class: &mut Class, limit: Duration) -> Result<Value, Failure> {
    let is_back = |seat: &Seat| seat.closed.is_some() || seat.resumed_ns.is_some();
    let complete = class.until(limit, |class| class.seats.iter().all(is_back))?;
    let open = class.seats.iter().filter(|seat| seat.closed.is_none());
    let seats: Vec<Resumption> = open
        .map(|seat| Resumption {
            lost_ns: seat.lost_ns(),
            resumed_ns: seat.resumed_ns,
            others: seat.others.len(),
            longest_silence_ms: class.driver.seen_by(seat.peer, |sight| Some(sight.longest_silence_ns)).unwrap_or(0)
                as f64
                / 1e6,
            lost_packets: class.driver.peer_at(seat.peer).map_or(0, lost),
        })
        .collect();
    Ok(json!({ "complete": complete, "seats": seats }))
}

fn lost(peer: &Peer) -> u64 {
    let (audio, video) = (&peer.receiver.audio, &peer.receiver.video);
    audio.lost + video.lost + audio.skipped + video.skipped
}

fn milliseconds(from_ns: u64, to_ns: Option<u64>) -> Option<f64> {
    to_ns.map(|to_ns| to_ns.saturating_sub(from_ns) as f64 / 1e6)
}

/// This seat turns to its next page: milliseconds to a whole keyframe of each source that was not on the last one.
fn turn(class: &mut Class, index: usize) -> Result<Value, Failure> {
    let seat = class.seats.get_mut(index).ok_or("no such seat")?;
    let (before, peer) = (seat.viewed.clone(), seat.peer);
    let said_ns = clock::realtime_ns();
    seat.turn_page();
    let new: Vec<u32> = seat.viewed.iter().copied().filter(|source| !before.contains(source)).collect();
    if let Some(peer) = class.driver.peer(peer) {
        peer.sight.forget(&new);
    }
    class.until(PICTURE_LIMIT, |class| class.driver.seen_by(peer, |sight| sight.all_pictures_ns(&new)).is_some())?;
    let came = |source: &u32| milliseconds(said_ns, class.driver.seen_by(peer, |sight| sight.picture_ns(*source)));
    Ok(json!({ "ms": new.iter().map(came).collect::<Vec<_>>() }))
}

/// The first seat begins to talk, the second shows who speaks: from the first loud packet, and from the message that
/// names the speaker, to a whole keyframe of the speaker.
fn speaker(class: &mut Class, index: usize, viewer: usize) -> Result<Value, Failure> {
    let id = class.seats.get(index).ok_or("no such seat")?.you.clone();
    let seat = class.seats.get_mut(viewer).ok_or("no such seat")?;
    let camera = seat.others.iter().find(|other| other.id == id).ok_or("the viewer does not know the speaker")?.camera;
    let peer = seat.peer;
    seat.speaking = None;
    if let Some(peer) = class.driver.peer(peer) {
        peer.sight.forget(&[camera]);
    }
    let began_ns = clock::realtime_ns();
    class.let_speak(index);
    let named = |class: &mut Class| class.seats[viewer].speaking.as_ref().is_some_and(|(first, _)| *first == id);
    class.until(SPEAKING_LIMIT, named)?;
    let named_ns = class.seats[viewer].speaking.as_ref().map_or(began_ns, |(_, at_ns)| *at_ns);
    class.seats[viewer].view_these(vec![camera]);
    class.until(PICTURE_LIMIT, |class| class.driver.seen_by(peer, |sight| sight.picture_ns(camera)).is_some())?;
    let seen_ns = class.driver.seen_by(peer, |sight| sight.picture_ns(camera));
    Ok(json!({
        "voice_to_picture_ms": milliseconds(began_ns, seen_ns),
        "named_to_picture_ms": milliseconds(named_ns, seen_ns),
    }))
}

/// The first seat, who is the host, closes this one's microphone, and opens it again.
fn mute(class: &mut Class, index: usize) -> Result<Value, Failure> {
    let seat = class.seats.get(index).ok_or("no such seat")?;
    let (id, microphone) = (seat.you.clone(), own_sources(class, &seat.you).ok_or("the host does not know it")?[0]);
    let heard = class.driver.peers().filter_map(|peer| peer.sight.last_packet_ns(microphone)).max();
    let said_ns = clock::realtime_ns();
    class.seats[0].say(What::Restrict { participant: &id, kind: "microphone", how: "closed" });
    class.go_on(LAST_PACKET_LIMIT)?;
    let last = class.driver.peers().filter_map(|peer| peer.sight.last_packet_ns(microphone)).max();
    let answered = class.seats[0].answered_ns;
    class.seats[0].say(What::Restrict { participant: &id, kind: "microphone", how: "open" });
    class.go_on(LAST_PACKET_LIMIT / 4)?;
    class.seats[index].unmute();
    class.go_on(LAST_PACKET_LIMIT)?;
    let again = class.driver.peers().filter_map(|peer| peer.sight.last_packet_ns(microphone)).max();
    Ok(json!({
        "last_packet_ms": milliseconds(said_ns, last),
        "answered_ms": milliseconds(said_ns, answered),
        "was_heard": heard.is_some_and(|heard| said_ns.saturating_sub(heard) < HEARD_WITHIN_NS),
        "is_heard_again": again > last,
    }))
}

/// The first seat removes this one for good: last packet of it at anybody, and of anybody at it.
fn remove(class: &mut Class, index: usize) -> Result<Value, Failure> {
    let seat = class.seats.get(index).ok_or("no such seat")?;
    let (id, peer) = (seat.you.clone(), seat.peer);
    let sources = own_sources(class, &id).ok_or("the host does not know it")?;
    let said_ns = clock::realtime_ns();
    class.seats[0].say(What::RemoveParticipant { participant: &id, reason: "other" });
    class.go_on(LAST_PACKET_LIMIT)?;
    let packets = sources.iter().flat_map(|source| class.driver.peers().map(|peer| peer.sight.last_packet_ns(*source)));
    let from = packets.flatten().max();
    let to = class.driver.seen_by(peer, |sight| sight.last_of_all_ns());
    let closed = class.seats[index].closed.clone();
    class.driver.remove(peer);
    Ok(json!({ "from_ms": milliseconds(said_ns, from), "to_ms": milliseconds(said_ns, to), "closed": closed }))
}

/// This seat leaves and comes again.
fn again(class: &mut Class, index: usize) -> Result<Value, Failure> {
    if index >= class.seats.len() {
        return Err("no such seat".into());
    }
    class.come_again(index, AWAY)?;
    Ok(json!({ "people": class.seats.len() }))
}

/// Microphone and camera of somebody, as the host knows them.
fn own_sources(class: &Class, id: &str) -> Option<[u32; 2]> {
    let host = class.seats.first()?;
    host.others.iter().find(|other| other.id == id).map(|other| [other.microphone, other.camera])
}
