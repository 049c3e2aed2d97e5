//! What the core gives back: datagrams to send and events for Python. The worker and the tests implement it.

use crate::ids::{Path, PeerId, SlotId, TrackId};

/// What a datagram carries, for a path that cannot take everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// STUN, DTLS, RTCP.
    Control,
    Audio,
    Video,
}

pub trait Output {
    fn transmit(&mut self, path: Path, content: Content, bytes: &[u8]);
    /// `path` passed its first authenticated check.
    fn path_begins(&mut self, path: Path);
    /// Nobody is expected on `path` any more.
    fn path_ends(&mut self, path: Path);
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
    pub fraction_lost_down: f64,
    pub fraction_lost_up: f64,
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
