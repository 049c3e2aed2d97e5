//! One outgoing stream of a peer: what is to be seen on it, what is seen on it, and the numbers that make
//! many sources one continuous stream. Decides per packet; writes and sends nothing.

use std::time::{Duration, Instant};

use crate::command::NewSlot;
use crate::ids::{Kind, PeerId, TrackId};
use crate::keyframe::Allowance;
use crate::packetmap::PacketMap;
use crate::resend::Budget;
use crate::rtp::Packet;
use crate::sequence::is_after;
use crate::srtp::replay::Window;
use crate::stint::{PictureNumbers, Stint};
use crate::track::{Layer, Track};
use crate::vp8;

/// Where a slot's numbers begin: low enough that receivers guess the rollover counter right (RFC 3711 §3.3.1).
const FIRST_NUMBER_MASK: u32 = 0x3fff;
/// The least step of the timestamp between two stints, when their frames were taken at the same moment.
const LEAST_STEP: u32 = 90;
/// Packets of one stream between two reports.
const MAX_REPORTED_STEP: u32 = 10_000;

/// A packet of a track, as the slots see it.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    pub track: TrackId,
    pub layer: usize,
    pub generation: u32,
    pub number: u64,
    pub packet: Packet<'a>,
    pub descriptor: Option<vp8::Descriptor>,
    /// A stint can begin here.
    pub is_entry: bool,
    pub arrived: Instant,
}

#[derive(Clone, Copy, Debug)]
struct LastSent {
    timestamp: u32,
    at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    pub track: TrackId,
    pub layer: usize,
}

/// What the receiver's last report of this stream told.
#[derive(Clone, Copy, Debug)]
pub struct Reported {
    /// In 256ths.
    pub fraction_lost: u8,
    pub expected: u64,
    pub highest: u32,
    pub at: Instant,
}

pub struct Slot {
    pub peer: PeerId,
    pub kind: Kind,
    pub ssrc: u32,
    pub rtx_ssrc: u32,
    pub wish: Option<Wish>,
    /// The layer that stands in for the wished one while that is silent.
    pub target: usize,
    pub map: PacketMap,
    pub budget: Budget,
    pub allowance: Allowance,
    pub packets: u32,
    pub bytes: u32,
    pub reported: Option<Reported>,
    sealed: Window,
    next_rtx: u64,
    serial: u32,
    pictures: PictureNumbers,
    last: Option<LastSent>,
}

impl Slot {
    pub fn new(slot: &NewSlot, now: Instant) -> Self {
        let first = u64::from(slot.ssrc & FIRST_NUMBER_MASK) + 1;
        Self {
            peer: slot.peer,
            kind: slot.kind,
            ssrc: slot.ssrc,
            rtx_ssrc: slot.rtx_ssrc,
            wish: None,
            target: 0,
            map: PacketMap::new(first),
            budget: Budget::new(now),
            allowance: Allowance::default(),
            packets: 0,
            bytes: 0,
            reported: None,
            sealed: Window::default(),
            next_rtx: first,
            serial: 0,
            pictures: PictureNumbers::default(),
            last: None,
        }
    }

    pub fn uses(&self, ssrc: u32) -> bool {
        self.ssrc == ssrc || self.rtx_ssrc == ssrc
    }

    pub fn note_report(&mut self, fraction_lost: u8, highest: u32, now: Instant) {
        let step = self.reported.map_or(self.packets, |before| highest.wrapping_sub(before.highest));
        // A step that no stream makes tells nothing of how many packets were expected.
        let expected = if step <= MAX_REPORTED_STEP { u64::from(step) } else { 0 };
        self.reported = Some(Reported { fraction_lost, expected, highest, at: now });
    }

    /// Another track ends what is seen at once; another layer only changes what is waited for.
    pub fn map_to(&mut self, wish: Option<Wish>) {
        if self.wish.map(|wish| wish.track) != wish.map(|wish| wish.track) {
            self.map.clear();
        }
        self.wish = wish;
        self.target = wish.filter(|_| self.kind == Kind::Video).map_or(0, |wish| wish.layer);
    }

    /// The stint that goes on at this moment, unless its layer broke off.
    pub fn current(&self, track: &Track) -> Option<&Stint> {
        let stint = self.map.stint()?;
        let layer = track.layers.get(stint.layer)?;
        (track.is_open && layer.generation == stint.generation).then_some(stint)
    }

    pub fn waits_for_keyframe(&self, track: &Track) -> bool {
        self.kind == Kind::Video && self.current(track).is_none_or(|stint| stint.layer != self.target)
    }

    /// The outgoing number of a packet, or `None` when it is not for this slot.
    pub fn place(&mut self, incoming: &Incoming<'_>, layers: &[Layer]) -> Option<u64> {
        let goes_on = self.map.stint().is_some_and(|stint| is_of(stint, incoming));
        if !goes_on {
            if incoming.layer != self.target || !incoming.is_entry {
                return None;
            }
            let stint = self.next_stint(incoming, layers);
            self.map.begin(incoming.number, stint);
        }
        if incoming.packet.payload.is_empty() {
            self.map.skip(incoming.number);
            return None;
        }
        self.map.forward(incoming.number)
    }

    /// A frame of some time ago that is sent now follows the last one as closely as it may, however long after it was
    /// taken: so what is live afterwards is not behind. The numbers of its decoder go on as they were.
    pub fn draw_near(&mut self, incoming: &Incoming<'_>) {
        let (Some(stint), Some(last)) = (self.map.stint().copied(), self.last) else { return };
        let timestamp = incoming.packet.header.timestamp;
        if stint.timestamp(timestamp) == last.timestamp {
            return;
        }
        self.serial = self.serial.wrapping_add(1);
        let timestamp_offset = last.timestamp.wrapping_add(LEAST_STEP).wrapping_sub(timestamp);
        self.map.begin(incoming.number, Stint { serial: self.serial, timestamp_offset, ..stint });
    }

    /// Whether `number` may be sealed: never twice.
    pub fn claim(&mut self, number: u64) -> bool {
        self.sealed.insert(number)
    }

    pub fn claim_rtx(&mut self) -> u64 {
        let number = self.next_rtx;
        self.next_rtx += 1;
        number
    }

    /// A packet went out as `number`.
    pub fn note_sent(&mut self, number: u64, incoming: &Incoming<'_>, length: usize) {
        self.packets = self.packets.wrapping_add(1);
        self.bytes = self.bytes.wrapping_add(u32::try_from(incoming.packet.payload.len()).unwrap_or(0));
        self.budget.earn(length);
        let Some(stint) = self.map.stint().filter(|_| self.map.highest_out() == Some(number)) else { return };
        self.last =
            Some(LastSent { timestamp: stint.timestamp(incoming.packet.header.timestamp), at: incoming.arrived });
        if let Some(descriptor) = &incoming.descriptor {
            self.pictures.follow(&stint.descriptor(descriptor));
        }
    }

    /// The timestamp that this stream has at `now`, counted on from the last packet.
    pub fn timestamp_at(&self, now: Instant) -> Option<u32> {
        let last = self.last?;
        Some(last.timestamp.wrapping_add(ticks(now.saturating_duration_since(last.at), self.kind)))
    }

    fn next_stint(&mut self, incoming: &Incoming<'_>, layers: &[Layer]) -> Stint {
        self.serial = self.serial.wrapping_add(1);
        let timestamp = self.entry_timestamp(incoming, layers);
        let descriptor = incoming.descriptor.unwrap_or_default();
        let (picture_offset, tl0_offset, key_offset) = self.pictures.offsets_for(&descriptor);
        Stint {
            serial: self.serial,
            track: incoming.track,
            layer: incoming.layer,
            generation: incoming.generation,
            timestamp_offset: timestamp.wrapping_sub(incoming.packet.header.timestamp),
            picture_offset,
            tl0_offset,
            key_offset,
        }
    }

    fn entry_timestamp(&self, incoming: &Incoming<'_>, layers: &[Layer]) -> u32 {
        let Some(last) = self.last else { return self.ssrc.wrapping_mul(0x9e37_79b1) };
        let least = last.timestamp.wrapping_add(LEAST_STEP);
        let elapsed = ticks(incoming.arrived.saturating_duration_since(last.at), self.kind);
        let by_arrival = last.timestamp.wrapping_add(elapsed.max(LEAST_STEP));
        let Some(aligned) = self.aligned_timestamp(incoming, layers) else { return by_arrival };
        let distance = (aligned.wrapping_sub(by_arrival) as i32).unsigned_abs();
        if distance > self.kind.clock_rate() {
            return by_arrival;
        }
        if is_after(aligned, last.timestamp, 32) { aligned } else { least }
    }

    /// By sender reports: what the layer before had for the moment at which this frame was taken.
    fn aligned_timestamp(&self, incoming: &Incoming<'_>, layers: &[Layer]) -> Option<u32> {
        let before = self.map.stint().filter(|stint| stint.track == incoming.track)?;
        let anchor_before = layers.get(before.layer).filter(|l| l.generation == before.generation)?.anchor?;
        let anchor = layers.get(incoming.layer)?.anchor?;
        let clock_rate = self.kind.clock_rate();
        let taken = anchor.ntp_of(incoming.packet.header.timestamp, clock_rate);
        Some(before.timestamp(anchor_before.timestamp_at(taken, clock_rate)))
    }
}

fn is_of(stint: &Stint, incoming: &Incoming<'_>) -> bool {
    stint.track == incoming.track && stint.layer == incoming.layer && stint.generation == incoming.generation
}

fn ticks(elapsed: Duration, kind: Kind) -> u32 {
    let ticks = elapsed.as_micros().wrapping_mul(u128::from(kind.clock_rate())) / 1_000_000;
    (ticks & 0xffff_ffff) as u32
}
