//! What the core gives back: datagrams to send and events for Python. The worker and the tests implement it.

use crate::ids::{Path, PeerId, SlotId, TrackId};

pub trait Output {
    fn transmit(&mut self, path: Path, bytes: &[u8]);
    fn event(&mut self, event: Event<'_>);
}

#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    Datagram { peer: PeerId, data: &'a [u8] },
    Connected { peer: PeerId },
    Moved { peer: PeerId },
    Report(Report),
    Levels(Vec<(TrackId, u8)>),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub peers: Vec<PeerReport>,
    pub tracks: Vec<TrackReport>,
    pub slots: Vec<SlotReport>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PeerReport {
    pub peer: PeerId,
    pub silent_ms: u64,
    pub remb_bps: Option<u64>,
    pub fraction_lost: f64,
    pub rtt_ms: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TrackReport {
    pub track: TrackId,
    pub layers: Vec<LayerReport>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerReport {
    pub bitrate_bps: u64,
    pub width: u16,
    pub height: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotReport {
    pub peer: PeerId,
    pub slot: SlotId,
    pub source: Option<(TrackId, usize)>,
}
