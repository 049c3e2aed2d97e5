//! Bits per second over the last second, in buckets of 100 ms.

use std::time::Instant;

const BUCKETS: usize = 10;
const BUCKET_MS: u64 = 100;

#[derive(Clone, Debug)]
pub struct Meter {
    start: Instant,
    bytes: [u32; BUCKETS],
    tick: u64,
}

impl Meter {
    pub fn new(start: Instant) -> Self {
        Self { start, bytes: [0; BUCKETS], tick: 0 }
    }

    pub fn add(&mut self, bytes: usize, now: Instant) {
        self.advance(now);
        let index = slot_of(self.tick);
        if let Some(bucket) = self.bytes.get_mut(index) {
            *bucket = bucket.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        }
    }

    pub fn bps(&mut self, now: Instant) -> u64 {
        self.advance(now);
        self.bytes.iter().map(|bytes| u64::from(*bytes) * 8).sum()
    }

    fn advance(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.start).as_millis();
        let tick = u64::try_from(elapsed).unwrap_or(u64::MAX) / BUCKET_MS;
        if tick >= self.tick.saturating_add(BUCKETS as u64) {
            self.bytes = [0; BUCKETS];
        } else {
            (self.tick.saturating_add(1)..=tick).for_each(|passed| self.empty(passed));
        }
        self.tick = self.tick.max(tick);
    }

    fn empty(&mut self, tick: u64) {
        if let Some(bucket) = self.bytes.get_mut(slot_of(tick)) {
            *bucket = 0;
        }
    }
}

fn slot_of(tick: u64) -> usize {
    usize::try_from(tick % BUCKETS as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented;
    use std::time::Duration;

    #[test]
    fn what_is_older_than_a_second_is_forgotten() {
        let start = invented::start();
        let mut meter = Meter::new(start);
        for step in 0..20 {
            meter.add(1250, start + Duration::from_millis(step * 100));
        }
        assert_eq!(meter.bps(start + Duration::from_millis(1950)), 100_000);
        assert_eq!(meter.bps(start + Duration::from_millis(2450)), 50_000);
        assert_eq!(meter.bps(start + Duration::from_secs(60)), 0);
    }
}
