//! RTCP from peers: what publishers say of what they send, and what receivers say of what they get. Reports
//! of SSRCs that are not the peer's own, and everything unknown, have no effect.

use std::time::{Duration, Instant};

use crate::core::Core;
use crate::ids::{Path, PeerId, SlotId};
use crate::ingress::count;
use crate::output::Output;
use crate::rtcp::rr::{self, Block};
use crate::rtcp::sr::SenderReport;
use crate::rtcp::{self, Compound, Rtcp, bye, fir, nack, pli, remb};
use crate::track::Layer;

/// A longer round trip is a lie or a stopped clock.
const MAX_RTT: Duration = Duration::from_secs(10);

impl Core {
    pub(crate) fn receive_rtcp(
        &mut self,
        id: PeerId,
        path: Path,
        bytes: &mut [u8],
        now: Instant,
        out: &mut dyn Output,
    ) {
        let Some(opener) = self.peers.get_mut(&id).and_then(|peer| peer.opener.as_mut()) else {
            self.counters.dropped_without_keys += 1;
            return;
        };
        let length = match opener.open_rtcp(bytes) {
            Ok(length) => length,
            Err(error) => return count(&mut self.counters, error),
        };
        self.hear(id, path, now, out);
        for packet in Compound::new(bytes.get(..length).unwrap_or_default()) {
            self.receive_control(id, &packet, now, out);
        }
    }

    fn receive_control(&mut self, id: PeerId, packet: &Rtcp<'_>, now: Instant, out: &mut dyn Output) {
        match (packet.packet_type, packet.count) {
            (rtcp::SR, _) => {
                self.receive_sender_report(id, packet, now);
                SenderReport::blocks(packet).for_each(|block| self.receive_block(id, &block, now));
            }
            (rtcp::RR, _) => rr::blocks(packet).for_each(|block| self.receive_block(id, &block, now)),
            (rtcp::BYE, _) => bye::parse(packet).for_each(|ssrc| self.receive_bye(id, ssrc)),
            (rtcp::TRANSPORT_FEEDBACK, nack::FORMAT) => self.receive_nack(id, packet, now, out),
            (rtcp::PAYLOAD_FEEDBACK, pli::FORMAT) => {
                if let Some(ssrc) = pli::parse(packet) {
                    self.receive_keyframe_request(id, ssrc, now, out);
                }
            }
            (rtcp::PAYLOAD_FEEDBACK, fir::FORMAT) => {
                fir::parse(packet).for_each(|ssrc| self.receive_keyframe_request(id, ssrc, now, out));
            }
            (rtcp::PAYLOAD_FEEDBACK, remb::FORMAT) => self.receive_remb(id, packet),
            _ => {}
        }
    }

    fn receive_sender_report(&mut self, id: PeerId, packet: &Rtcp<'_>, now: Instant) {
        let Some(report) = SenderReport::parse(packet) else { return };
        let ours = self.clock.ntp(now);
        let Some(layer) = self.own_layer(id, report.ssrc) else { return };
        layer.sender_report(report.ntp, report.timestamp, now);
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.clock_offset.observe(report.ntp, ours);
        }
    }

    /// The layer that `ssrc` is bound to as its media stream, of this peer only.
    fn own_layer(&mut self, id: PeerId, ssrc: u32) -> Option<&mut Layer> {
        let binding = self.peers.get(&id)?.bindings.get(ssrc).filter(|binding| !binding.is_rtx)?;
        let layer = self.tracks.get_mut(&binding.track)?.layers.get_mut(binding.layer)?;
        (layer.ssrc == Some(ssrc)).then_some(layer)
    }

    fn receive_block(&mut self, id: PeerId, block: &Block, now: Instant) {
        let ntp = self.clock.ntp(now).middle();
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let Some(slot) = peer.slot(block.ssrc).and_then(|slot| self.slots.get_mut(&slot)) else { return };
        slot.note_report(block.fraction_lost, block.highest, now);
        if block.last_sr != 0 {
            let units = ntp.wrapping_sub(block.last_sr).wrapping_sub(block.delay_since_last_sr);
            let rtt = Duration::from_micros((u64::from(units) * 1_000_000) >> 16);
            peer.rtt = if rtt <= MAX_RTT { Some(rtt) } else { peer.rtt };
        }
    }

    /// A layer that says goodbye is silent at once; it may come back under the same SSRC.
    fn receive_bye(&mut self, id: PeerId, ssrc: u32) {
        if let Some(layer) = self.own_layer(id, ssrc) {
            layer.heard = None;
        }
    }

    fn receive_nack(&mut self, id: PeerId, packet: &Rtcp<'_>, now: Instant, out: &mut dyn Output) {
        let Some((ssrc, missing)) = nack::parse(packet) else { return };
        let Some(slot) = self.own_slot(id, ssrc) else { return };
        for sequence in missing {
            self.counters.nacks_received += 1;
            self.resend(slot, sequence, now, out);
        }
    }

    fn own_slot(&self, id: PeerId, ssrc: u32) -> Option<SlotId> {
        self.peers.get(&id)?.slot(ssrc)
    }

    fn receive_keyframe_request(&mut self, id: PeerId, ssrc: u32, now: Instant, out: &mut dyn Output) {
        self.counters.keyframe_requests_received += 1;
        let Some(slot) = self.own_slot(id, ssrc).and_then(|slot| self.slots.get_mut(&slot)) else { return };
        let Some(wish) = slot.wish else { return };
        if !slot.allowance.take(now) {
            self.counters.dropped_keyframe_requests += 1;
            return;
        }
        let stint = slot.map.stint().filter(|stint| stint.track == wish.track);
        let layer = stint.map_or(slot.target, |stint| stint.layer);
        self.request_keyframe(wish.track, layer, now, out);
    }

    fn receive_remb(&mut self, id: PeerId, packet: &Rtcp<'_>) {
        let Some(bitrate_bps) = remb::parse(packet) else { return };
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.remb_bps = Some(bitrate_bps);
        }
    }
}
