//! What receivers are told of time (sender reports), and what Python is told of everything (Report, Levels).

use std::time::{Duration, Instant};

use crate::core::Core;
use crate::feedback::CNAME;
use crate::ids::{PeerId, SlotId};
use crate::loss::Loss;
use crate::output::{Event, LayerReport, Output, PeerReport, Report, SlotReport, TrackReport};
use crate::peer::Peer;
use crate::rtcp::sdes;
use crate::rtcp::sr::SenderReport;
use crate::slot::{Reported, Slot};

/// How old a receiver report may be to count.
const LOSS_WINDOW: Duration = Duration::from_secs(1);

impl Core {
    /// On each peer's turn: one sender report and name for every slot that sends.
    pub(crate) fn send_sender_reports(&mut self, now: Instant, out: &mut dyn Output) {
        let turn: Vec<PeerId> = self.peers.keys().copied().filter(|id| self.is_report_turn(*id)).collect();
        for id in turn {
            let slots = self.peers.get(&id).map(|peer| peer.slots.clone()).unwrap_or_default();
            for (_, slot) in slots {
                self.send_sender_report(id, slot, now, out);
            }
        }
    }

    fn send_sender_report(&mut self, id: PeerId, slot: SlotId, now: Instant, out: &mut dyn Output) -> Option<()> {
        let slot = self.slots.get(&slot)?;
        let timestamp = self.captured_timestamp(slot, now)?;
        let report = SenderReport {
            ssrc: slot.ssrc,
            ntp: self.clock.ntp(now),
            timestamp,
            packets: slot.packets,
            bytes: slot.bytes,
        };
        let peer = self.peers.get_mut(&id)?;
        peer.send_rtcp(&mut self.scratch, out, |writer| {
            report.write(writer);
            sdes::write(writer, report.ssrc, CNAME);
        });
        Some(())
    }

    /// The slot's timestamp of what is being captured at `now`: by the publisher's sender reports if it sent
    /// any, so that its sound and picture meet; else counted on from the last packet.
    fn captured_timestamp(&self, slot: &Slot, now: Instant) -> Option<u32> {
        let wish = slot.wish?;
        let track = self.tracks.get(&wish.track)?;
        let stint = slot.current(track)?;
        let anchor = track.layers.get(stint.layer).and_then(|layer| layer.anchor);
        let offset = self.peers.get(&track.peer).map(|publisher| publisher.clock_offset);
        let theirs = offset.and_then(|offset| offset.theirs(self.clock.ntp(now)));
        match anchor.zip(theirs) {
            Some((anchor, theirs)) => Some(stint.timestamp(anchor.timestamp_at(theirs, slot.kind.clock_rate()))),
            None => slot.timestamp_at(now),
        }
    }

    pub(crate) fn report_levels(&mut self, out: &mut dyn Output) {
        let heard = self.tracks.iter_mut().filter(|(_, track)| track.is_open);
        let levels: Vec<_> = heard.filter_map(|(id, track)| Some((*id, track.loudest.take()?))).collect();
        if !levels.is_empty() {
            out.event(Event::Levels(levels));
        }
    }

    pub(crate) fn report(&mut self, now: Instant, out: &mut dyn Output) {
        if self.peers.is_empty() {
            return;
        }
        let mut report = Report::default();
        for (id, peer) in &self.peers {
            report.peers.push(self.report_peer(*id, peer, now));
        }
        for (id, slot) in &self.slots {
            report.slots.push(self.report_slot(*id, slot));
        }
        for (id, track) in &mut self.tracks {
            let layers = track.layers.iter_mut().map(|layer| LayerReport {
                bitrate_bps: layer.meter.bps(now),
                width: layer.width,
                height: layer.height,
            });
            report.tracks.push(TrackReport { track: *id, layers: layers.collect() });
        }
        out.event(Event::Report(report));
    }

    fn report_peer(&self, id: PeerId, peer: &Peer, now: Instant) -> PeerReport {
        let is_recent = |at: Instant| now.saturating_duration_since(at) <= LOSS_WINDOW;
        let slots = peer.slots.iter().filter_map(|(_, slot)| self.slots.get(slot)?.reported);
        let recent: Vec<Reported> = slots.filter(|reported| is_recent(reported.at)).collect();
        let worst = recent.iter().map(|reported| reported.fraction_lost).max().unwrap_or(0);
        let down = recent.iter().map(|reported| Loss::of_fraction(reported.fraction_lost, reported.expected));
        let up = peer.loss_up.filter(|(_, at)| is_recent(*at));
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        PeerReport {
            peer: id,
            silent_ms: millis(now.saturating_duration_since(peer.heard)),
            remb_bps: peer.remb_bps,
            fraction_lost: f64::from(worst) / 256.0,
            fraction_lost_down: down.sum::<Loss>().fraction(),
            fraction_lost_up: up.map_or(0.0, |(loss, _)| loss.fraction()),
            rtt_ms: peer.rtt.map(millis),
        }
    }

    /// A slot that is held up by a full path says what it is to forward: nobody has to ask for its keyframe meanwhile.
    fn report_slot(&self, id: SlotId, slot: &Slot) -> SlotReport {
        let is_held_up = self.peers.get(&slot.peer).is_some_and(|peer| peer.full_path.is_some());
        let track = slot.wish.and_then(|wish| self.tracks.get(&wish.track));
        let current = track.and_then(|track| slot.current(track)).map(|stint| (stint.track, stint.layer));
        let source = if is_held_up { slot.wish.map(|wish| (wish.track, slot.target)) } else { current };
        SlotReport { peer: slot.peer, slot: id, source }
    }
}
