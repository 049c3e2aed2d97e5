//! Upstream loss: which packets of one layer are asked for again, and when. A packet is given up after ten
//! requests or a second, because its picture is over by then.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::{Duration, Instant};

const MAX_TRIES: u8 = 10;
const MAX_AGE: Duration = Duration::from_secs(1);
/// Reordering on the way is not loss: longer asks less often in vain, shorter repairs sooner.
const REORDER_DELAY: Duration = Duration::from_millis(10);
const MIN_INTERVAL: Duration = Duration::from_millis(40);
const MAX_MISSING: usize = 256;

#[derive(Clone, Copy, Debug)]
struct Missing {
    number: u64,
    since: Instant,
    due: Instant,
    tries: u8,
}

#[derive(Clone, Debug, Default)]
pub struct Generator {
    missing: VecDeque<Missing>,
}

impl Generator {
    /// `false` when the gap is too long to be repaired: a keyframe is cheaper.
    pub fn lose(&mut self, numbers: Range<u64>, now: Instant) -> bool {
        let count = usize::try_from(numbers.end.saturating_sub(numbers.start)).unwrap_or(usize::MAX);
        if count.saturating_add(self.missing.len()) > MAX_MISSING {
            self.missing.clear();
            return false;
        }
        let due = now + REORDER_DELAY;
        self.missing.extend(numbers.map(|number| Missing { number, since: now, due, tries: 0 }));
        true
    }

    pub fn arrive(&mut self, number: u64) {
        if let Ok(index) = self.missing.binary_search_by_key(&number, |missing| missing.number) {
            self.missing.remove(index);
        }
    }

    pub fn clear(&mut self) {
        self.missing.clear();
    }

    pub fn next_due(&self) -> Option<Instant> {
        self.missing.iter().map(|missing| missing.due).min()
    }

    /// Gives the numbers to ask for at this moment, in order.
    pub fn poll(&mut self, rtt: Duration, now: Instant, mut ask: impl FnMut(u64)) {
        self.missing
            .retain(|missing| missing.tries < MAX_TRIES && now.saturating_duration_since(missing.since) < MAX_AGE);
        let interval = rtt.max(MIN_INTERVAL);
        for missing in self.missing.iter_mut().filter(|missing| missing.due <= now) {
            missing.tries += 1;
            missing.due = now + interval;
            ask(missing.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented;

    fn poll(generator: &mut Generator, now: Instant) -> Vec<u64> {
        let mut asked = Vec::new();
        generator.poll(Duration::from_millis(30), now, |number| asked.push(number));
        asked
    }

    #[test]
    fn a_lost_packet_is_asked_for_at_intervals_and_then_given_up() {
        let start = invented::start();
        let mut generator = Generator::default();
        assert!(generator.lose(10..12, start));
        assert!(poll(&mut generator, start).is_empty());
        let asked = (0..200).filter(|n| !poll(&mut generator, start + Duration::from_millis(n * 10)).is_empty());
        assert_eq!(asked.count(), 10);
        assert_eq!(generator.next_due(), None);
    }

    #[test]
    fn a_packet_that_was_only_late_is_not_asked_for() {
        let start = invented::start();
        let mut generator = Generator::default();
        generator.lose(10..13, start);
        generator.arrive(11);
        assert_eq!(poll(&mut generator, start + REORDER_DELAY), [10, 12]);
    }

    #[test]
    fn a_gap_too_long_to_repair_is_reported() {
        let mut generator = Generator::default();
        assert!(!generator.lose(0..1000, invented::start()));
        assert_eq!(generator.next_due(), None);
    }
}
