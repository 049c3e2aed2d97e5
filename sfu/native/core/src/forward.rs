//! The way of a packet out: for each subscriber, place it in the slot's numbers, write it as that receiver
//! negotiated, seal, transmit. Also the way of a packet that a receiver asks for again.

use std::time::Instant;

use crate::core::Core;
use crate::counters::Counters;
use crate::ids::{Kind, SlotId};
use crate::output::{Content, Output};
use crate::peer::Peer;
use crate::rewrite::{self, Placed, Target};
use crate::rtp::Packet;
use crate::sequence::extend;
use crate::slot::{Incoming, Slot};
use crate::srtp::Position;
use crate::track::Track;
use crate::vp8;

impl Core {
    pub(crate) fn forward(&mut self, incoming: &Incoming<'_>, now: Instant, out: &mut dyn Output) {
        let Some(track) = self.tracks.get(&incoming.track) else { return };
        let abs_send_time = self.clock.ntp(now).abs_send_time();
        for id in &track.subscribers {
            let Some(slot) = self.slots.get_mut(id) else { continue };
            let Some(peer) = self.peers.get(&slot.peer).filter(|peer| peer.can_receive(slot.kind)) else { continue };
            let mut way =
                Way { counters: &mut self.counters, scratch: &mut self.scratch, abs_send_time, out: &mut *out };
            way.forward(track, slot, peer, incoming);
        }
    }

    /// Sends again, by RTX and within the budget, what went out with this sequence number.
    pub(crate) fn resend(&mut self, id: SlotId, sequence: u16, now: Instant, out: &mut dyn Output) -> Option<()> {
        let slot = self.slots.get_mut(&id)?;
        let peer = self.peers.get(&slot.peer).filter(|peer| peer.codecs.vp8_rtx != 0)?;
        let highest = slot.map.highest_out().filter(|_| slot.rtx_ssrc != 0 && slot.kind == Kind::Video)?;
        let number = extend(highest, sequence).filter(|number| *number <= highest)?;
        let (source_number, stint) = slot.map.backward(number).map(|(source, stint)| (source, *stint))?;
        let track = self.tracks.get(&stint.track).filter(|track| track.is_open)?;
        let layer = track.layers.get(stint.layer).filter(|layer| layer.generation == stint.generation)?;
        let bytes = layer.cache.get(source_number)?;
        if !slot.budget.spend(number, bytes.len(), peer.rtt, now) {
            self.counters.dropped_resend_budget += 1;
            return None;
        }
        let packet = Packet::parse(bytes, &self.peers.get(&track.peer)?.codecs).ok()?;
        let descriptor = vp8::Descriptor {
            picture_id: layer.cache.picture_id(source_number),
            ..vp8::Descriptor::parse(packet.payload).ok()?
        };
        let placed = Placed { packet: &packet, descriptor: Some(&descriptor), stint: &stint };
        let target = Target {
            codecs: &peer.codecs,
            payload_type: peer.codecs.vp8_rtx,
            ssrc: slot.rtx_ssrc,
            number: slot.claim_rtx(),
            csrc: track.source,
            abs_send_time: self.clock.ntp(now).abs_send_time(),
            original: Some(number),
        };
        send(peer, &placed, &target, &mut self.scratch, out)?;
        self.counters.resent_packets += 1;
        Some(())
    }
}

/// What every packet out goes through.
pub(crate) struct Way<'a> {
    pub counters: &'a mut Counters,
    pub scratch: &'a mut [u8],
    pub abs_send_time: u32,
    pub out: &'a mut dyn Output,
}

impl Way<'_> {
    /// One packet of `track` onto one slot of `peer`, if it is for that slot.
    pub fn forward(&mut self, track: &Track, slot: &mut Slot, peer: &Peer, incoming: &Incoming<'_>) {
        let Some(number) = slot.place(incoming, &track.layers) else { return };
        if !slot.claim(number) {
            self.counters.dropped_sealed_twice += 1;
            return;
        }
        let Some(stint) = slot.map.stint() else { return };
        let placed = Placed { packet: &incoming.packet, descriptor: incoming.descriptor.as_ref(), stint };
        let target = Target {
            codecs: &peer.codecs,
            payload_type: peer.codecs.payload_type(slot.kind),
            ssrc: slot.ssrc,
            number,
            csrc: track.source,
            abs_send_time: self.abs_send_time,
            original: None,
        };
        if let Some(length) = send(peer, &placed, &target, self.scratch, self.out) {
            count_forwarded(self.counters, length);
            slot.note_sent(number, incoming, length);
        }
    }
}

/// Writes, seals and transmits; gives the length of the datagram.
fn send(
    peer: &Peer,
    placed: &Placed<'_>,
    target: &Target<'_>,
    scratch: &mut [u8],
    out: &mut dyn Output,
) -> Option<usize> {
    let (path, sealer) = (peer.paths.in_use()?, peer.sealer.as_ref()?);
    let room = scratch.len().checked_sub(sealer.rtp_overhead())?;
    let extent = rewrite::write(placed, target, scratch.get_mut(..room)?)?;
    let position = Position { ssrc: target.ssrc, index: target.number };
    let length = sealer.seal_rtp(scratch, extent, position).ok()?;
    let content = if placed.descriptor.is_some() { Content::Video } else { Content::Audio };
    out.transmit(path, content, scratch.get(..length)?);
    Some(length)
}

fn count_forwarded(counters: &mut Counters, length: usize) {
    counters.forwarded_packets += 1;
    counters.forwarded_bytes += length as u64;
}
