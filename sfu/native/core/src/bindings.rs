//! Which of one peer's tracks and layers an incoming SSRC belongs to: as the offer announced it, or learned
//! from the MID and RID extensions (RFC 8843 §9.2, RFC 8852). One of these per peer, so that nobody can
//! claim another's track.

use std::collections::HashMap;

use crate::command::{Codecs, NewTrack};
use crate::ids::{Kind, TrackId};
use crate::rtp::Packet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub track: TrackId,
    pub layer: usize,
    pub is_rtx: bool,
}

struct Announced {
    track: TrackId,
    kind: Kind,
    mid: Vec<u8>,
    rids: Vec<Vec<u8>>,
}

#[derive(Default)]
pub struct Bindings {
    by_ssrc: HashMap<u32, Binding>,
    announced: Vec<Announced>,
}

impl Bindings {
    /// What is announced first keeps an SSRC and a MID.
    pub fn announce(&mut self, track: &NewTrack) {
        for (layer, (ssrc, rtx_ssrc)) in track.ssrcs.iter().enumerate() {
            let binding = Binding { track: track.track, layer, is_rtx: false };
            self.announce_ssrc(*ssrc, binding);
            self.announce_ssrc(*rtx_ssrc, Binding { is_rtx: true, ..binding });
        }
        if self.announced.iter().any(|known| known.track == track.track) {
            return;
        }
        self.announced.push(Announced {
            track: track.track,
            kind: track.kind,
            mid: track.mid.clone().into_bytes(),
            rids: track.rids.iter().map(|rid| rid.clone().into_bytes()).collect(),
        });
    }

    fn announce_ssrc(&mut self, ssrc: u32, binding: Binding) {
        if ssrc != 0 {
            self.by_ssrc.entry(ssrc).or_insert(binding);
        }
    }

    pub fn get(&self, ssrc: u32) -> Option<Binding> {
        self.by_ssrc.get(&ssrc).copied()
    }

    /// The binding of an authentic packet, learned from its extensions if need be.
    pub fn find(&mut self, packet: &Packet<'_>, codecs: &Codecs) -> Option<Binding> {
        if let Some(binding) = self.get(packet.header.ssrc) {
            return Some(binding);
        }
        let learned = self.learn(packet, codecs)?;
        self.by_ssrc.retain(|_, binding| *binding != learned);
        self.by_ssrc.insert(packet.header.ssrc, learned);
        Some(learned)
    }

    fn learn(&self, packet: &Packet<'_>, codecs: &Codecs) -> Option<Binding> {
        let mid = packet.extensions.mid.filter(|mid| !mid.is_empty())?;
        let announced = self.announced.iter().find(|announced| announced.mid == mid)?;
        let payload_type = packet.header.payload_type;
        let is_rtx = announced.kind == Kind::Video && codecs.vp8_rtx != 0 && payload_type == codecs.vp8_rtx;
        if !is_rtx && payload_type != codecs.payload_type(announced.kind) {
            return None;
        }
        let layer = if announced.rids.is_empty() {
            0
        } else {
            let rid = if is_rtx { packet.extensions.repaired_rid } else { packet.extensions.rid }?;
            announced.rids.iter().position(|known| known == rid)?
        };
        Some(Binding { track: announced.track, layer, is_rtx })
    }
}
