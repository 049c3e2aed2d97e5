//! What waits for a TCP connection: three bounded lanes, control (STUN, DTLS, RTCP) before audio before video. The worker
//! pushes sealed datagrams, writes what `slices` gives and says how much of it went out. Nothing waits longer than
//! `MAX_AGE` but a datagram or picture that is half out, and control. Audio that is too old leaves one by one. Video
//! leaves as a whole: the pictures that wait are dropped, and nothing is taken (`Change::Full`) until the lane is
//! empty (`Change::Room`); the core then begins each picture anew with a keyframe. Every picture but the first lost
//! one needs the lost one, so to choose among them would save nothing, and a receiver sees one gap instead of many.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::framing::HEADER;
use crate::output::Content;

/// Longer shows more on an uneven line, shorter keeps a conversation possible on a slow one.
pub const MAX_AGE: Duration = Duration::from_millis(200);
/// 200 ms of 5 Mbit/s; more than a viewer of a lesson gets.
const VIDEO_BYTES: usize = 128 * 1024;
/// 200 ms of the four loudest, several times over.
const AUDIO_BYTES: usize = 16 * 1024;
/// Flights of a handshake, answers to checks, reports.
const CONTROL_BYTES: usize = 32 * 1024;
/// Of the shortest datagrams that are sent in numbers; a picture has few of them.
const LEAST_DATAGRAM: usize = 64;
const LEAST_OF_VIDEO: usize = 256;
/// The rest of a datagram that is half out, then three lanes, each in up to two parts.
pub const SLICES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Full,
    Room,
}

/// SSRC and timestamp: the packets of one picture share them, and they are in clear.
type Picture = [u8; 8];

#[derive(Clone, Copy)]
struct Waiting {
    length: usize,
    since: Instant,
    picture: Option<Picture>,
}

struct Lane {
    bytes: VecDeque<u8>,
    waiting: VecDeque<Waiting>,
    max_bytes: usize,
    max_waiting: usize,
    /// Bytes of the first one that are out.
    sent: usize,
}

impl Lane {
    fn new(max_bytes: usize, least_datagram: usize) -> Self {
        let max_waiting = max_bytes / least_datagram;
        let (bytes, waiting) = (VecDeque::with_capacity(max_bytes), VecDeque::with_capacity(max_waiting));
        Self { bytes, waiting, max_bytes, max_waiting, sent: 0 }
    }

    fn fits(&self, datagram: &[u8]) -> bool {
        self.bytes.len() + HEADER + datagram.len() <= self.max_bytes && self.waiting.len() < self.max_waiting
    }

    fn push(&mut self, datagram: &[u8], now: Instant) -> bool {
        let Ok(length) = u16::try_from(datagram.len()) else { return false };
        if !self.fits(datagram) {
            return false;
        }
        self.bytes.extend(&length.to_be_bytes());
        self.bytes.extend(datagram);
        let picture = datagram.get(4..).and_then(|header| header.first_chunk().copied());
        self.waiting.push_back(Waiting { length: HEADER + datagram.len(), since: now, picture });
        true
    }

    /// At the cost of the oldest ones where there is no room; says how many were lost, this one perhaps among them.
    fn push_over(&mut self, datagram: &[u8], now: Instant) -> u64 {
        let mut lost = 0;
        while !self.push(datagram, now) {
            lost += 1;
            if !self.drop_oldest() {
                break;
            }
        }
        lost
    }

    /// Whether the one at this place in the order has waited too long.
    fn is_old(&self, index: usize, now: Instant) -> bool {
        self.waiting.get(index).is_some_and(|waiting| now.saturating_duration_since(waiting.since) > MAX_AGE)
    }

    /// Those at the front that are to go out whatever happens: a datagram that is half out, or its whole picture.
    fn begun(&self, picture: Option<Picture>) -> usize {
        let is_of = |waiting: &&Waiting| picture.is_some() && waiting.picture == picture;
        self.waiting.iter().take_while(is_of).count().max(usize::from(self.sent > 0))
    }

    /// Drops the first one that is not half out.
    fn drop_oldest(&mut self) -> bool {
        let index = usize::from(self.sent > 0);
        let begins = if index == 0 { 0 } else { self.unsent_of_first() };
        let Some(oldest) = self.waiting.remove(index) else { return false };
        self.bytes.drain(begins..begins + oldest.length);
        true
    }

    fn unsent_of_first(&self) -> usize {
        self.waiting.front().map_or(0, |first| first.length.saturating_sub(self.sent))
    }

    /// Keeps the first `count`; says how many were dropped.
    fn truncate(&mut self, count: usize) -> u64 {
        let kept: usize = self.waiting.iter().take(count).map(|waiting| waiting.length).sum();
        let dropped = self.waiting.len().saturating_sub(count);
        self.waiting.truncate(count);
        self.bytes.truncate(kept.saturating_sub(self.sent));
        dropped as u64
    }

    /// `count` bytes are out, no more than there are; gives what is left of the count, and the picture of the last
    /// datagram that was begun.
    fn take(&mut self, mut count: usize) -> (usize, Option<Picture>) {
        let mut begun = None;
        while count > 0 {
            let Some(first) = self.waiting.front().copied() else { break };
            let step = count.min(first.length.saturating_sub(self.sent));
            begun = first.picture;
            self.bytes.drain(..step);
            self.sent += step;
            count -= step;
            if self.sent == first.length {
                self.sent = 0;
                self.waiting.pop_front();
            }
        }
        (count, begun)
    }

    fn part(&self, from: usize, to: usize) -> [&[u8]; 2] {
        let (head, tail) = self.bytes.as_slices();
        let cut = |slice: &'_ [u8], offset: usize| {
            let begin = from.saturating_sub(offset).min(slice.len());
            (begin, to.saturating_sub(offset).min(slice.len()).max(begin))
        };
        let (in_head, in_tail) = (cut(head, 0), cut(tail, head.len()));
        [head.get(in_head.0..in_head.1).unwrap_or_default(), tail.get(in_tail.0..in_tail.1).unwrap_or_default()]
    }
}

const CONTROL: usize = 0;
const AUDIO: usize = 1;
const VIDEO: usize = 2;

pub struct Backlog {
    lanes: [Lane; 3],
    /// The picture of which something is out.
    on_its_way: Option<Picture>,
    is_full: bool,
    change: Option<Change>,
    dropped: u64,
}

impl Default for Backlog {
    fn default() -> Self {
        Self {
            lanes: [
                Lane::new(CONTROL_BYTES, LEAST_DATAGRAM),
                Lane::new(AUDIO_BYTES, LEAST_DATAGRAM),
                Lane::new(VIDEO_BYTES, LEAST_OF_VIDEO),
            ],
            on_its_way: None,
            is_full: false,
            change: None,
            dropped: 0,
        }
    }
}

impl Backlog {
    pub fn is_empty(&self) -> bool {
        self.lanes.iter().all(|lane| lane.bytes.is_empty())
    }

    /// Whether there is something to do when the connection can be written: to send, or to say that there is room.
    pub fn waits(&self) -> bool {
        self.is_full || !self.is_empty()
    }

    /// How the state of video has changed since the last call.
    pub fn take_change(&mut self) -> Option<Change> {
        self.change.take()
    }

    /// How many datagrams were dropped since the last call.
    pub fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    pub fn push(&mut self, content: Content, datagram: &[u8], now: Instant) {
        self.prune(now);
        let [control, audio, _] = &mut self.lanes;
        self.dropped += match content {
            Content::Control => control.push_over(datagram, now),
            Content::Audio => audio.push_over(datagram, now),
            Content::Video => u64::from(!self.push_video(datagram, now)),
        };
    }

    fn push_video(&mut self, datagram: &[u8], now: Instant) -> bool {
        let [_, _, video] = &mut self.lanes;
        let is_kept = !self.is_full && video.push(datagram, now);
        if !is_kept && !self.is_full {
            self.break_off();
        }
        is_kept
    }

    /// Drops what is too old to be sent.
    pub fn prune(&mut self, now: Instant) {
        let [_, audio, video] = &mut self.lanes;
        while audio.is_old(usize::from(audio.sent > 0), now) && audio.drop_oldest() {
            self.dropped += 1;
        }
        if video.is_old(0, now) && !self.is_full && video.is_old(video.begun(self.on_its_way), now) {
            self.break_off();
        }
    }

    fn break_off(&mut self) {
        let [_, _, video] = &mut self.lanes;
        self.dropped += video.truncate(video.begun(self.on_its_way));
        self.set_full(true);
    }

    fn set_full(&mut self, is_full: bool) {
        self.is_full = is_full;
        self.change = Some(if is_full { Change::Full } else { Change::Room });
    }

    /// Everything that waits, in the order in which it is to go out.
    pub fn slices(&self) -> [&[u8]; SLICES] {
        let half_out = self.half_out();
        let [control, audio, video] = &self.lanes;
        let rest = |index: usize, lane: &Lane| if half_out == Some(index) { lane.unsent_of_first() } else { 0 };
        let [a, b] = self.first_part(half_out);
        let [c, d] = control.part(rest(CONTROL, control), control.bytes.len());
        let [e, f] = audio.part(rest(AUDIO, audio), audio.bytes.len());
        let [g, h] = video.part(rest(VIDEO, video), video.bytes.len());
        [a, b, c, d, e, f, g, h]
    }

    fn first_part(&self, half_out: Option<usize>) -> [&[u8]; 2] {
        let lane = half_out.and_then(|index| self.lanes.get(index));
        lane.map_or([&[], &[]], |lane| lane.part(0, lane.unsent_of_first()))
    }

    fn half_out(&self) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.sent > 0)
    }

    /// So many bytes of `slices` went out; none, where the connection can be written and nothing was there to send.
    pub fn sent(&mut self, count: usize) {
        let mut left = count;
        if let Some(index) = self.half_out() {
            let first = self.lanes.get(index).map_or(0, Lane::unsent_of_first).min(left);
            self.take(index, first);
            left -= first;
        }
        for index in [CONTROL, AUDIO, VIDEO] {
            left = self.take(index, left);
        }
        let [_, _, video] = &self.lanes;
        if self.is_full && video.bytes.is_empty() {
            self.set_full(false);
        }
    }

    fn take(&mut self, index: usize, count: usize) -> usize {
        let Some(lane) = self.lanes.get_mut(index) else { return count };
        let (left, begun) = lane.take(count);
        if index == VIDEO && begun.is_some() {
            self.on_its_way = begun;
        }
        left
    }
}

#[cfg(test)]
#[path = "backlog_tests.rs"]
mod tests;
