//! The wall clock as NTP timestamps (RFC 3550 §4), from one reading at construction and the monotonic time.

use std::time::{Duration, Instant};

/// Seconds since 1900 in the upper 32 bits, fraction in the lower ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ntp(pub u64);

impl Ntp {
    pub fn from_unix(since_epoch: Duration) -> Self {
        const UNIX_EPOCH_IN_NTP: u64 = 2_208_988_800;
        Self(UNIX_EPOCH_IN_NTP.wrapping_shl(32)).plus(since_epoch)
    }

    pub fn plus(self, duration: Duration) -> Self {
        let fraction = (u64::from(duration.subsec_nanos()) << 32) / 1_000_000_000;
        Self(self.0.wrapping_add(duration.as_secs() << 32).wrapping_add(fraction))
    }

    /// The middle 32 bits, as reports carry them.
    pub fn middle(self) -> u32 {
        ((self.0 >> 16) & 0xffff_ffff) as u32
    }

    /// 24 bits, 6.18 fixed point seconds: the abs-send-time header extension.
    pub fn abs_send_time(self) -> u32 {
        ((self.0 >> 14) & 0x00ff_ffff) as u32
    }

    /// Signed microseconds from `earlier` to here.
    pub fn micros_since(self, earlier: Self) -> i64 {
        let difference = i128::from(self.0.wrapping_sub(earlier.0) as i64);
        i64::try_from((difference * 1_000_000) >> 32).unwrap_or(0)
    }

    pub fn shifted(self, micros: i64) -> Self {
        let fraction = (i128::from(micros) << 32) / 1_000_000;
        Self(self.0.wrapping_add_signed(i64::try_from(fraction).unwrap_or(0)))
    }
}

#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    start: Instant,
    at_start: Ntp,
}

impl WallClock {
    pub fn new(start: Instant, at_start: Ntp) -> Self {
        Self { start, at_start }
    }

    pub fn start(&self) -> Instant {
        self.start
    }

    pub fn ntp(&self, now: Instant) -> Ntp {
        self.at_start.plus(now.saturating_duration_since(self.start))
    }

    pub fn micros(&self, now: Instant) -> i64 {
        i64::try_from(now.saturating_duration_since(self.start).as_micros()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_survive_the_way_there_and_back() {
        let base = Ntp::from_unix(Duration::from_millis(1_700_000_000_250));
        let later = base.plus(Duration::from_millis(1500));
        assert!((later.micros_since(base) - 1_500_000).abs() <= 1);
        assert!((base.micros_since(later) + 1_500_000).abs() <= 1);
        assert!((base.shifted(1_500_000).micros_since(later)).abs() <= 1);
    }
}
