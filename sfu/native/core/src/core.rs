//! The composition of everything one worker knows, and its verbs: a datagram came, the caller commands, time
//! passed. Each file beside this one that says `impl Core` is one step of a packet's way:
//! datagram → connectivity (STUN) | ingress (RTP) | control (RTCP) → forward → output;
//! commands → dispatch; time → feedback (to publishers), reports (to receivers and to Python).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::clock::{Ntp, WallClock};
use crate::command::Command;
use crate::counters::Counters;
use crate::credentials::Directory;
use crate::demux::{self, Datagram};
use crate::ids::{Path, PeerId, SlotId, TrackId};
use crate::output::{Event, Output};
use crate::peer::Peer;
use crate::slot::Slot;
use crate::track::Track;

/// No datagram of ours is longer, and none that we take.
pub const MAX_DATAGRAM: usize = 1500;
const SCRATCH: usize = 2048;
const TICK: Duration = Duration::from_millis(100);
const REPORT: Duration = Duration::from_millis(200);

pub struct Core {
    pub(crate) clock: WallClock,
    pub(crate) credentials: Directory,
    pub(crate) addresses: HashMap<Path, PeerId>,
    pub(crate) peers: HashMap<PeerId, Peer>,
    pub(crate) tracks: HashMap<TrackId, Track>,
    pub(crate) slots: HashMap<SlotId, Slot>,
    pub(crate) counters: Counters,
    pub(crate) schedule: Schedule,
    pub(crate) scratch: Vec<u8>,
}

#[derive(Default)]
pub(crate) struct Schedule {
    pub tick: Option<Instant>,
    pub ticks: u64,
    pub report: Option<Instant>,
    pub levels: Option<Instant>,
    pub nacks: Option<Instant>,
}

impl Schedule {
    fn next(&self) -> Option<Instant> {
        [self.tick, self.report, self.levels, self.nacks].into_iter().flatten().min()
    }
}

/// Takes the moment out when it has come.
fn is_due(moment: &mut Option<Instant>, now: Instant) -> bool {
    moment.take_if(|moment| *moment <= now).is_some()
}

impl Core {
    /// `at_start`: the wall clock at `start`; it is never read again.
    pub fn new(start: Instant, at_start: Ntp) -> Self {
        Self {
            clock: WallClock::new(start, at_start),
            credentials: Directory::default(),
            addresses: HashMap::new(),
            peers: HashMap::new(),
            tracks: HashMap::new(),
            slots: HashMap::new(),
            counters: Counters::default(),
            schedule: Schedule::default(),
            scratch: vec![0; SCRATCH],
        }
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.schedule.next()
    }

    /// The bytes are decrypted in place.
    pub fn handle_datagram(&mut self, path: Path, bytes: &mut [u8], now: Instant, out: &mut dyn Output) {
        self.counters.received_packets += 1;
        self.counters.received_bytes += bytes.len() as u64;
        if bytes.len() > MAX_DATAGRAM {
            self.counters.dropped_oversize += 1;
            return;
        }
        let kind = demux::classify(bytes);
        if kind == Datagram::Stun {
            self.receive_check(path, bytes, now, out);
            return;
        }
        if kind == Datagram::Unknown {
            self.counters.dropped_unknown += 1;
            return;
        }
        let Some(peer) = self.addresses.get(&path).copied() else {
            self.counters.dropped_unvalidated += 1;
            return;
        };
        match kind {
            Datagram::Rtp => self.receive_rtp(peer, path, bytes, now, out),
            Datagram::Rtcp => self.receive_rtcp(peer, path, bytes, now, out),
            _ => out.event(Event::Datagram { peer, data: bytes }),
        }
    }

    pub fn handle_command(&mut self, command: Command, now: Instant, out: &mut dyn Output) {
        self.dispatch(command, now, out);
    }

    pub fn handle_timeout(&mut self, now: Instant, out: &mut dyn Output) {
        if is_due(&mut self.schedule.nacks, now) {
            self.ask_for_missing(now, out);
        }
        if is_due(&mut self.schedule.levels, now) {
            self.report_levels(out);
        }
        if is_due(&mut self.schedule.tick, now) {
            self.schedule.ticks = self.schedule.ticks.wrapping_add(1);
            self.send_feedback(now, out);
            self.send_sender_reports(now, out);
            self.schedule.tick = self.repeat(now, TICK);
        }
        if is_due(&mut self.schedule.report, now) {
            self.report(now, out);
            self.schedule.report = self.repeat(now, REPORT);
        }
    }

    /// Begins the regular work when the first peer comes.
    pub(crate) fn wake(&mut self, now: Instant) {
        self.schedule.tick.get_or_insert(now + TICK);
        self.schedule.report.get_or_insert(now + REPORT);
    }

    fn repeat(&self, now: Instant, interval: Duration) -> Option<Instant> {
        (!self.peers.is_empty()).then_some(now + interval)
    }
}
