//! What publishers are told: arrival times (TWCC), receiver reports, the send limit (REMB), missing packets
//! and keyframe requests.

use std::time::{Duration, Instant};

use crate::core::Core;
use crate::ids::{Kind, PeerId, TrackId};
use crate::loss::Loss;
use crate::output::Output;
use crate::peer::Peer;
use crate::rtcp::rr::{self, Block};
use crate::rtcp::{OWN_SSRC, nack, pli, remb, sdes, twcc};
use crate::sequence::low16;
use crate::track::Layer;

/// Reports go out every tenth tick; which one of them is the peer's, so that not all are sent at once.
pub(crate) const TICKS_PER_REPORT: u64 = 10;
pub(crate) const CNAME: &[u8] = b"zvonok";
const NACK_INTERVAL: Duration = Duration::from_millis(20);
/// Assumed for upstream NACKs until a peer's round trip is known.
const DEFAULT_RTT: Duration = Duration::from_millis(100);

impl Core {
    /// Every 100 ms.
    pub(crate) fn send_feedback(&mut self, now: Instant, out: &mut dyn Output) {
        let peers: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in peers {
            self.send_arrivals(id, out);
            if self.is_report_turn(id) {
                self.send_receiver_report(id, now, out);
                self.send_limit(id, out);
            }
        }
        let tracks: Vec<TrackId> = self.tracks.keys().copied().collect();
        for id in tracks {
            self.ask_for_keyframes(id, now, out);
        }
    }

    pub(crate) fn is_report_turn(&self, id: PeerId) -> bool {
        id.0 % TICKS_PER_REPORT == self.schedule.ticks % TICKS_PER_REPORT
    }

    fn send_arrivals(&mut self, id: PeerId, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let Some(media) = first_ssrc(peer, &self.tracks) else { return };
        while let Some(batch) = peer.arrivals.take() {
            peer.send_rtcp(&mut self.scratch, out, |writer| twcc::write(writer, OWN_SSRC, media, &batch));
        }
    }

    fn send_receiver_report(&mut self, id: PeerId, now: Instant, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let (mut blocks, mut losses) = (Vec::new(), Vec::new());
        for track in &peer.tracks {
            let layers = self.tracks.get_mut(track).map(|track| track.layers.iter_mut());
            for (block, loss) in layers.into_iter().flatten().filter_map(|layer| block(layer, now)) {
                blocks.push(block);
                losses.push(loss);
            }
        }
        if blocks.is_empty() {
            return;
        }
        peer.loss_up = Some((losses.into_iter().sum(), now));
        peer.send_rtcp(&mut self.scratch, out, |writer| {
            rr::write(writer, OWN_SSRC, &blocks);
            sdes::write(writer, OWN_SSRC, CNAME);
        });
    }

    /// Tells the peer what it may send, if there is a limit.
    pub(crate) fn send_limit(&mut self, id: PeerId, out: &mut dyn Output) {
        let Some(peer) = self.peers.get_mut(&id).filter(|peer| peer.send_limit_bps != 0) else { return };
        let tracks = peer.tracks.iter().filter_map(|track| self.tracks.get(track));
        let videos = tracks.filter(|track| track.kind == Kind::Video);
        let ssrcs: Vec<u32> = videos.flat_map(|track| track.layers.iter().filter_map(|layer| layer.ssrc)).collect();
        let limit = peer.send_limit_bps;
        peer.send_rtcp(&mut self.scratch, out, |writer| {
            rr::write(writer, OWN_SSRC, &[]);
            sdes::write(writer, OWN_SSRC, CNAME);
            remb::write(writer, OWN_SSRC, limit, &ssrcs);
        });
    }

    pub(crate) fn ask_for_missing(&mut self, now: Instant, out: &mut dyn Output) {
        let tracks: Vec<TrackId> = self.tracks.keys().copied().collect();
        let mut is_any_left = false;
        for id in tracks {
            is_any_left |= self.ask_for_missing_of(id, now, out).unwrap_or(false);
        }
        self.schedule.nacks = is_any_left.then_some(now + NACK_INTERVAL);
    }

    /// Whether there is still something missing.
    fn ask_for_missing_of(&mut self, id: TrackId, now: Instant, out: &mut dyn Output) -> Option<bool> {
        let track = self.tracks.get_mut(&id).filter(|track| track.is_open)?;
        let peer = self.peers.get_mut(&track.peer)?;
        let rtt = peer.rtt.unwrap_or(DEFAULT_RTT);
        let mut is_any_left = false;
        for layer in &mut track.layers {
            let missing = missing(layer, rtt, now);
            is_any_left |= layer.missing.next_due().is_some();
            if missing.is_empty() {
                continue;
            }
            let ssrc = layer.ssrc?;
            peer.send_rtcp(&mut self.scratch, out, |writer| nack::write(writer, OWN_SSRC, ssrc, &missing));
            self.counters.nacks_sent += missing.len() as u64;
        }
        Some(is_any_left)
    }

    pub(crate) fn request_keyframe(&mut self, id: TrackId, layer: usize, now: Instant, out: &mut dyn Output) {
        let Some(track) = self.tracks.get_mut(&id) else { return };
        track.request_keyframe(layer);
        self.send_keyframe_requests(id, now, out);
    }

    /// Sends what the limiters of a track's layers let through.
    pub(crate) fn send_keyframe_requests(&mut self, id: TrackId, now: Instant, out: &mut dyn Output) {
        let Some(track) = self.tracks.get_mut(&id).filter(|track| track.is_open && track.kind == Kind::Video) else {
            return;
        };
        let Some(peer) = self.peers.get_mut(&track.peer) else { return };
        for layer in &mut track.layers {
            let Some(ssrc) = layer.ssrc else { continue };
            if !layer.keyframes.poll(now) {
                continue;
            }
            if peer.send_rtcp(&mut self.scratch, out, |writer| pli::write(writer, OWN_SSRC, ssrc)) {
                self.counters.keyframe_requests_sent += 1;
            }
        }
    }
}

fn first_ssrc(peer: &Peer, tracks: &std::collections::HashMap<TrackId, crate::track::Track>) -> Option<u32> {
    let layers = peer.tracks.iter().filter_map(|track| tracks.get(track)).flat_map(|track| &track.layers);
    layers.filter_map(|layer| layer.ssrc).next()
}

fn missing(layer: &mut Layer, rtt: Duration, now: Instant) -> Vec<u16> {
    let mut missing = Vec::new();
    layer.missing.poll(rtt, now, |number| missing.push(low16(number)));
    missing
}

fn block(layer: &mut Layer, now: Instant) -> Option<(Block, Loss)> {
    let ssrc = layer.ssrc?;
    layer.reception.highest()?;
    let statistics = layer.reception.report();
    let (last_sr, came) = layer.last_report.unzip();
    let delay = came.map_or(0, |came| (now.saturating_duration_since(came).as_micros() << 16) / 1_000_000);
    let block = Block {
        ssrc,
        fraction_lost: statistics.fraction_lost,
        cumulative_lost: statistics.cumulative_lost,
        highest: statistics.highest,
        jitter: statistics.jitter,
        last_sr: last_sr.unwrap_or(0),
        delay_since_last_sr: u32::try_from(delay).unwrap_or(u32::MAX),
    };
    Some((block, statistics.lately))
}
