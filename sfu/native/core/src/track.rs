//! One audio or video source of a peer, and its layers as they arrive. Knows its subscribers by id only.

use std::time::{Duration, Instant};

use crate::cache::Cache;
use crate::clock::Ntp;
use crate::clockmap::Anchor;
use crate::command::NewTrack;
use crate::ids::{Kind, PeerId, SlotId};
use crate::keyframe::Limiter;
use crate::levels::Loudest;
use crate::meter::Meter;
use crate::nack::Generator;
use crate::police::{Bucket, Police};
use crate::reception::{Arrival, Reception};
use crate::vp8::PictureIds;

/// A layer that sent nothing for this long is silent: longer freezes a picture whose layer was paused,
/// shorter takes a slow screen share for a pause.
const ACTIVE: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug)]
pub struct Keyframe {
    /// Of its first packet.
    pub number: u64,
    pub generation: u32,
    pub arrived: Instant,
}

pub struct Layer {
    pub ssrc: Option<u32>,
    /// Changes whenever what came before can no longer be continued without a keyframe.
    pub generation: u32,
    pub reception: Reception,
    pub cache: Cache,
    pub pictures: PictureIds,
    pub missing: Generator,
    pub keyframes: Limiter,
    /// The newest keyframe that came.
    pub keyframe: Option<Keyframe>,
    pub meter: Meter,
    pub bucket: Bucket,
    pub width: u16,
    pub height: u16,
    pub heard: Option<Instant>,
    pub anchor: Option<Anchor>,
    /// Middle of the last sender report's NTP time, and when it came: what our reports echo.
    pub last_report: Option<(u32, Instant)>,
}

impl Layer {
    fn new(ssrc: Option<u32>, now: Instant) -> Self {
        Self {
            ssrc,
            generation: 0,
            reception: Reception::default(),
            cache: Cache::default(),
            pictures: PictureIds::default(),
            missing: Generator::default(),
            keyframes: Limiter::default(),
            keyframe: None,
            meter: Meter::new(now),
            bucket: Bucket::layer(now),
            width: 0,
            height: 0,
            heard: None,
            anchor: None,
            last_report: None,
        }
    }

    pub fn is_active(&self, now: Instant) -> bool {
        self.heard.is_some_and(|heard| now.saturating_duration_since(heard) <= ACTIVE)
    }

    /// The stream goes on under another SSRC, or for the first time.
    pub fn adopt(&mut self, ssrc: u32) {
        if self.ssrc != Some(ssrc) {
            self.ssrc = Some(ssrc);
            self.reception = Reception::default();
            self.break_off();
        }
    }

    /// The first packet of a keyframe came.
    pub fn note_keyframe(&mut self, number: u64, now: Instant) {
        let is_newest = self.keyframe.is_none_or(|known| known.generation != self.generation || known.number < number);
        if is_newest {
            self.keyframe = Some(Keyframe { number, generation: self.generation, arrived: now });
        }
        self.keyframes.arrived();
    }

    /// What follows cannot be decoded from what came before.
    pub fn break_off(&mut self) {
        self.generation = self.generation.wrapping_add(1);
        self.missing.clear();
        self.pictures = PictureIds::default();
        self.anchor = None;
        self.last_report = None;
    }

    /// What comes while a track is closed is not counted, and is not lost either.
    fn close(&mut self) {
        self.reception = Reception::default();
        self.break_off();
    }

    /// A gap that the police did not let pass must not reach the slots' numbers with the next packet either:
    /// whoever misses 2¹⁵ of them loses the rollover counter for good.
    pub fn skip_unpaid(&mut self, numbers: u64) {
        if numbers > 1 {
            self.break_off();
        }
    }

    pub fn receive(&mut self, sequence: u16, recovered: bool) -> Arrival {
        let arrival = self.reception.receive(sequence, recovered);
        if matches!(arrival, Arrival::Restart { .. }) {
            self.break_off();
        }
        arrival
    }

    pub fn sender_report(&mut self, ntp: Ntp, timestamp: u32, now: Instant) {
        self.anchor = Some(Anchor { ntp, timestamp });
        self.last_report = Some((ntp.middle(), now));
    }
}

pub struct Track {
    pub peer: PeerId,
    pub source: u32,
    pub kind: Kind,
    pub is_open: bool,
    pub layers: Vec<Layer>,
    pub subscribers: Vec<SlotId>,
    pub police: Police,
    pub loudest: Loudest,
}

impl Track {
    pub fn new(track: &NewTrack, now: Instant) -> Self {
        let count = track.rids.len().max(track.ssrcs.len()).max(1);
        let ssrc = |layer| track.ssrcs.get(layer).map(|(ssrc, _)| *ssrc).filter(|ssrc| *ssrc != 0);
        Self {
            peer: track.peer,
            source: track.source,
            kind: track.kind,
            is_open: false,
            layers: (0..count).map(|layer| Layer::new(ssrc(layer), now)).collect(),
            subscribers: Vec::new(),
            police: Police::new(now),
            loudest: Loudest::default(),
        }
    }

    pub fn set_open(&mut self, is_open: bool) {
        if self.is_open && !is_open {
            self.layers.iter_mut().for_each(Layer::close);
            self.loudest.take();
        }
        self.is_open = is_open;
    }

    pub fn request_keyframe(&mut self, layer: usize) {
        if let Some(layer) = self.layers.get_mut(layer) {
            layer.keyframes.request();
        }
    }

    /// `wanted`, or the nearest lower layer that is not silent, or else the nearest higher one.
    pub fn best_layer(&self, wanted: usize, now: Instant) -> usize {
        let wanted = wanted.min(self.layers.len().saturating_sub(1));
        let active = |layer: &usize| self.layers.get(*layer).is_some_and(|layer| layer.is_active(now));
        let lower = (0..=wanted).rev().find(active);
        lower.or_else(|| (wanted..self.layers.len()).find(active)).unwrap_or(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TrackId;
    use crate::invented;

    fn track(now: Instant) -> Track {
        let rids = ["l", "m", "h"].map(String::from).to_vec();
        let new = NewTrack {
            peer: PeerId(1),
            track: TrackId(2),
            source: 3,
            kind: Kind::Video,
            mid: "0".into(),
            rids,
            ssrcs: Vec::new(),
        };
        Track::new(&new, now)
    }

    #[test]
    fn a_silent_layer_is_replaced_by_the_nearest_lower_then_higher_one() {
        let start = invented::start();
        let mut track = track(start);
        assert_eq!(track.best_layer(2, start), 2);
        track.layers[0].heard = Some(start);
        assert_eq!(track.best_layer(2, start), 0);
        track.layers[1].heard = Some(start);
        assert_eq!(track.best_layer(2, start), 1);
        track.layers[2].heard = Some(start + ACTIVE);
        track.layers[1].heard = None;
        track.layers[0].heard = None;
        assert_eq!(track.best_layer(0, start + ACTIVE), 2);
        assert_eq!(track.best_layer(9, start + ACTIVE), 2);
    }
}
