//! One participant's transport: addresses, keys, codecs, and what is counted for its reports. Tracks and
//! slots are named here, and kept by the core.

use std::time::{Duration, Instant};

use crate::bindings::Bindings;
use crate::bytes::Writer;
use crate::clockmap::Offset;
use crate::command::Codecs;
use crate::ids::{Kind, Path, SlotId, TrackId};
use crate::loss::Loss;
use crate::output::{Content, Output};
use crate::paths::Paths;
use crate::srtp::{MAX_OVERHEAD, Opener, Sealer};
use crate::twcc::Arrivals;

pub struct Peer {
    pub paths: Paths,
    /// Takes no video at this moment.
    pub full_path: Option<Path>,
    pub opener: Option<Opener>,
    pub sealer: Option<Sealer>,
    pub codecs: Codecs,
    pub bindings: Bindings,
    pub tracks: Vec<TrackId>,
    /// (SSRC, slot)
    pub slots: Vec<(u32, SlotId)>,
    pub arrivals: Arrivals,
    pub clock_offset: Offset,
    pub heard: Instant,
    pub remb_bps: Option<u64>,
    pub rtt: Option<Duration>,
    /// What our last report told it of its own streams.
    pub loss_up: Option<(Loss, Instant)>,
    pub send_limit_bps: u64,
}

impl Peer {
    pub fn new(now: Instant) -> Self {
        Self {
            paths: Paths::default(),
            full_path: None,
            opener: None,
            sealer: None,
            codecs: Codecs::default(),
            bindings: Bindings::default(),
            tracks: Vec::new(),
            slots: Vec::new(),
            arrivals: Arrivals::default(),
            clock_offset: Offset::default(),
            heard: now,
            remb_bps: None,
            rtt: None,
            loss_up: None,
            send_limit_bps: 0,
        }
    }

    /// Media of this kind can be sent to it at this moment.
    pub fn can_receive(&self, kind: Kind) -> bool {
        let is_held_up = kind == Kind::Video && self.full_path.is_some();
        self.sealer.is_some() && self.paths.in_use().is_some() && self.codecs.payload_type(kind) != 0 && !is_held_up
    }

    pub fn slot(&self, ssrc: u32) -> Option<SlotId> {
        self.slots.iter().find(|(known, _)| *known == ssrc).map(|(_, slot)| *slot)
    }

    /// Seals what `write` puts into `buffer` and sends it to the address in use, if there is one.
    pub fn send_rtcp(&mut self, buffer: &mut [u8], out: &mut dyn Output, write: impl FnOnce(&mut Writer<'_>)) -> bool {
        let (Some(path), Some(sealer)) = (self.paths.in_use(), self.sealer.as_mut()) else { return false };
        let room = buffer.len().saturating_sub(MAX_OVERHEAD);
        let Some(plain) = buffer.get_mut(..room) else { return false };
        let mut writer = Writer::new(plain);
        write(&mut writer);
        let Some(length) = writer.finish() else { return false };
        let Ok(sealed) = sealer.seal_rtcp(buffer, length) else { return false };
        let Some(bytes) = buffer.get(..sealed) else { return false };
        out.transmit(path, Content::Control, bytes);
        true
    }
}
