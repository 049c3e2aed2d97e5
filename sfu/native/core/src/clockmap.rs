//! From a publisher's sender reports to our clock: which RTP timestamp a layer had when, and by how much the
//! publisher's wall clock differs from ours. One difference per peer, so that its sound and picture stay together.

use crate::clock::Ntp;

/// A difference that jumps by more than this is a clock that was set, not a network that got slower.
const STEP_MICROS: i64 = 1_000_000;
/// How slowly the difference follows a growing delay: bigger is steadier, smaller follows a drifting clock.
const CREEP: i64 = 64;

/// The last sender report of a layer: the publisher's time of one RTP timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub ntp: Ntp,
    pub timestamp: u32,
}

impl Anchor {
    /// The timestamp that the layer has at `ntp` of the publisher.
    pub fn timestamp_at(&self, ntp: Ntp, clock_rate: u32) -> u32 {
        let ticks = i128::from(ntp.micros_since(self.ntp)) * i128::from(clock_rate) / 1_000_000;
        let low = u32::try_from(ticks.rem_euclid(1 << 32)).unwrap_or(0);
        self.timestamp.wrapping_add(low)
    }

    /// The publisher's time of a timestamp near the anchor.
    pub fn ntp_of(&self, timestamp: u32, clock_rate: u32) -> Ntp {
        let ticks = i64::from(timestamp.wrapping_sub(self.timestamp) as i32);
        self.ntp.shifted(ticks * 1_000_000 / i64::from(clock_rate.max(1)))
    }
}

/// Our clock minus the publisher's, in microseconds, with the shortest way of the reports in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offset {
    micros: Option<i64>,
}

impl Offset {
    pub fn observe(&mut self, theirs: Ntp, ours: Ntp) {
        let seen = ours.micros_since(theirs);
        self.micros = Some(match self.micros {
            Some(known) if seen.saturating_sub(known).saturating_abs() > STEP_MICROS => seen,
            Some(known) if seen > known => known + (seen - known) / CREEP,
            _ => seen,
        });
    }

    /// A moment of our clock, as the publisher's clock showed it.
    pub fn theirs(&self, ours: Ntp) -> Option<Ntp> {
        self.micros.map(|micros| ours.shifted(micros.saturating_neg()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn two_layers_with_other_timestamps_meet_at_the_same_moment() {
        let at = Ntp::from_unix(Duration::from_secs(1_000));
        let low = Anchor { ntp: at, timestamp: 1_000 };
        let high = Anchor { ntp: at.plus(Duration::from_secs(1)), timestamp: 500_000 };
        let moment = low.ntp_of(1_000 + 180_000, 90_000);
        let aligned = high.timestamp_at(moment, 90_000);
        assert!(aligned.abs_diff(590_000) <= 1, "{aligned}");
    }

    #[test]
    fn the_shortest_way_decides_and_a_set_clock_is_followed() {
        let start = Ntp::from_unix(Duration::from_secs(1_000));
        let mut offset = Offset::default();
        offset.observe(start, start.plus(Duration::from_millis(80)));
        offset.observe(start, start.plus(Duration::from_millis(50)));
        offset.observe(start, start.plus(Duration::from_millis(50 + 64)));
        let theirs = offset.theirs(start).unwrap();
        assert!((start.micros_since(theirs) - 51_000).abs() <= 2);
        offset.observe(start, start.plus(Duration::from_secs(100)));
        let theirs = offset.theirs(start).unwrap();
        assert!((start.micros_since(theirs) - 100_000_000).abs() <= 2);
    }
}
