//! Checks everything that one peer receives: order, loss, duplicates, the source's number in the CSRC, one-way delay.
//! Fed with parsed RTP by peer.rs; counts only while a measurement runs.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::stamp::Stamp;

/// Missing numbers older than this are lost for good.
const MAX_MISSING: usize = 2000;
/// A jump as large as this is a new stream of numbers, not loss.
const MAX_JUMP: u64 = 5000;

#[derive(Default, Clone, Serialize)]
pub struct Counts {
    pub received: u64,
    pub payload_bytes: u64,
    /// Gaps in the sequence numbers that the server wrote, never filled.
    pub lost: u64,
    /// Gaps that a resend filled, or that were only reordering.
    pub recovered: u64,
    pub duplicates: u64,
    /// Packets of the publisher that are missing although the server's sequence numbers have no gap.
    pub skipped: u64,
    /// The CSRC is not the number of the source that the payload names.
    pub wrong_source: u64,
    pub unstamped: u64,
    pub keyframes: u64,
    /// By simulcast layer; audio counts as layer 0.
    pub by_layer: [u64; 3],
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.payload_bytes += other.payload_bytes;
        self.lost += other.lost;
        self.recovered += other.recovered;
        self.duplicates += other.duplicates;
        self.skipped += other.skipped;
        self.wrong_source += other.wrong_source;
        self.unstamped += other.unstamped;
        self.keyframes += other.keyframes;
        for (sum, more) in self.by_layer.iter_mut().zip(other.by_layer) {
            *sum += more;
        }
    }
}

/// One received packet, as far as the checks need it.
pub struct Received<'a> {
    pub ssrc: u32,
    /// Extended sequence number.
    pub sequence: u64,
    pub csrc: Option<u32>,
    pub payload: &'a [u8],
    pub at_ns: u64,
    pub audio: bool,
    pub marker: bool,
}

#[derive(Default)]
struct Stream {
    highest: Option<u64>,
    missing: BTreeSet<u64>,
    last: Option<Stamp>,
}

enum Place {
    /// In order; true when it follows the last one without a gap.
    Next(bool),
    Filled,
    Duplicate,
}

#[derive(Default)]
pub struct Receiver {
    streams: HashMap<u32, Stream>,
    measuring: bool,
    pub audio: Counts,
    pub video: Counts,
    /// Nanoseconds from stamp to arrival in the kernel.
    pub audio_delays: Vec<u32>,
    pub video_delays: Vec<u32>,
    pub video_sources: BTreeSet<u32>,
}

impl Receiver {
    pub fn start(&mut self) {
        self.measuring = true;
        for stream in self.streams.values_mut() {
            stream.missing.clear();
        }
    }

    /// What is missing now is lost.
    pub fn stop(&mut self) {
        self.measuring = false;
    }

    pub fn saw_video(&self) -> bool {
        !self.video_sources.is_empty()
    }

    pub fn take(&mut self, packet: &Received<'_>) {
        let stream = self.streams.entry(packet.ssrc).or_default();
        let mut lost = 0;
        let place = stream.place(packet.sequence, &mut lost);
        let stamp = Stamp::read(packet.payload);
        let skipped = matches!(place, Place::Next(true)) && stream.skips(stamp);
        if matches!(place, Place::Next(_)) && stamp.is_some() {
            stream.last = stamp;
        }
        if let (false, Some(stamp)) = (packet.audio, stamp) {
            self.video_sources.insert(stamp.source);
        }
        if self.measuring {
            self.count(packet, stamp, &place, lost, skipped);
        }
    }

    fn count(&mut self, packet: &Received<'_>, stamp: Option<Stamp>, place: &Place, lost: u64, skipped: bool) {
        let (counts, delays) = if packet.audio {
            (&mut self.audio, &mut self.audio_delays)
        } else {
            (&mut self.video, &mut self.video_delays)
        };
        counts.received += 1;
        counts.payload_bytes += packet.payload.len() as u64;
        counts.lost += lost;
        counts.skipped += u64::from(skipped);
        match place {
            Place::Next(_) => {}
            Place::Filled => {
                counts.recovered += 1;
                counts.lost = counts.lost.saturating_sub(1);
            }
            Place::Duplicate => counts.duplicates += 1,
        }
        let Some(stamp) = stamp else {
            counts.unstamped += 1;
            return;
        };
        counts.wrong_source += u64::from(packet.csrc != Some(stamp.source));
        counts.keyframes += u64::from(stamp.keyframe);
        counts.by_layer[usize::from(stamp.layer.min(2))] += 1;
        if matches!(place, Place::Next(_)) {
            delays.push(u32::try_from(packet.at_ns.saturating_sub(stamp.sent_ns)).unwrap_or(u32::MAX));
        }
    }
}

impl Stream {
    fn place(&mut self, sequence: u64, lost: &mut u64) -> Place {
        let Some(highest) = self.highest else {
            self.highest = Some(sequence);
            return Place::Next(false);
        };
        if sequence <= highest {
            return if self.missing.remove(&sequence) { Place::Filled } else { Place::Duplicate };
        }
        self.highest = Some(sequence);
        let gap = sequence - highest - 1;
        if gap > MAX_JUMP {
            return Place::Next(false);
        }
        self.missing.extend(highest + 1..sequence);
        *lost += gap;
        while self.missing.len() > MAX_MISSING {
            self.missing.pop_first();
        }
        Place::Next(gap == 0)
    }

    fn skips(&self, stamp: Option<Stamp>) -> bool {
        let (Some(last), Some(stamp)) = (self.last, stamp) else { return false };
        last.source == stamp.source && last.layer == stamp.layer && stamp.number != last.number.wrapping_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receive(receiver: &mut Receiver, sequence: u64, number: u32, csrc: u32) {
        let mut payload = [0; 40];
        Stamp { source: 5, layer: 1, keyframe: false, number, sent_ns: 100 }.write(&mut payload);
        let at_ns = 350;
        receiver.take(&Received {
            ssrc: 1,
            sequence,
            csrc: Some(csrc),
            payload: &payload,
            at_ns,
            audio: false,
            marker: false,
        });
    }

    fn measuring() -> Receiver {
        let mut receiver = Receiver::default();
        receiver.start();
        receiver
    }

    #[test]
    fn packets_in_order_give_delays_and_no_complaint() {
        let mut receiver = measuring();
        (0..10).for_each(|n| receive(&mut receiver, 1000 + u64::from(n), n, 5));
        let counts = &receiver.video;
        assert_eq!(
            (counts.received, counts.lost, counts.duplicates, counts.skipped, counts.wrong_source),
            (10, 0, 0, 0, 0)
        );
        assert_eq!(receiver.video_delays, [250; 10]);
        assert_eq!(counts.by_layer, [0, 10, 0]);
    }

    #[test]
    fn a_gap_is_lost_until_a_resend_fills_it() {
        let mut receiver = measuring();
        for (sequence, number) in [(1, 1), (2, 2), (5, 5), (3, 3)] {
            receive(&mut receiver, sequence, number, 5);
        }
        assert_eq!((receiver.video.lost, receiver.video.recovered), (1, 1));
        receive(&mut receiver, 3, 3, 5);
        assert_eq!(receiver.video.duplicates, 1);
    }

    #[test]
    fn a_packet_that_the_server_left_out_silently_is_skipped() {
        let mut receiver = measuring();
        receive(&mut receiver, 1, 1, 5);
        receive(&mut receiver, 2, 4, 5);
        assert_eq!((receiver.video.lost, receiver.video.skipped), (0, 1));
    }

    #[test]
    fn a_number_in_the_csrc_that_is_not_the_sources_is_counted() {
        let mut receiver = measuring();
        receive(&mut receiver, 1, 1, 6);
        assert_eq!(receiver.video.wrong_source, 1);
    }
}
