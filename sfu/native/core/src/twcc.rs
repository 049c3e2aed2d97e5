//! Arrival times of one publisher's packets by transport-wide sequence number, gathered for the next
//! feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3).

use crate::sequence::extend;

const RING: usize = 1024;
/// Statuses in one feedback packet; keeps it under an MTU in the worst case.
pub const MAX_STATUSES: usize = 400;
/// A step forward beyond this begins anew: whoever jumps so far has no use for the numbers in between.
const MAX_STEP: u64 = 800;

#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    /// Microseconds since the start; by number modulo the ring.
    times: Vec<Option<i64>>,
    /// First number that no feedback has told yet.
    base: u64,
    highest: Option<u64>,
    feedback_count: u8,
}

/// One feedback packet's worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub base: u64,
    pub feedback_count: u8,
    pub times: Vec<Option<i64>>,
}

impl Arrivals {
    pub fn record(&mut self, sequence: u16, micros: i64) {
        if self.times.is_empty() {
            self.times = vec![None; RING];
        }
        let reference = self.highest.unwrap_or((1 << 16) + u64::from(sequence));
        let Some(number) = extend(reference, sequence) else { return };
        let is_jump = number > reference.saturating_add(MAX_STEP);
        if self.highest.is_none() || is_jump || number >= self.base.saturating_add(RING as u64) {
            self.times.fill(None);
            self.base = number;
        }
        if number < self.base {
            return;
        }
        self.highest = Some(self.highest.map_or(number, |highest| highest.max(number)));
        if let Some(time) = self.times.get_mut(place(number)) {
            time.get_or_insert(micros);
        }
    }

    /// The oldest untold numbers; `None` when everything was told. A stretch without any arrival is passed
    /// over: it would have no time to refer to.
    pub fn take(&mut self) -> Option<Batch> {
        let highest = self.highest?;
        while self.base <= highest {
            let end = highest.saturating_add(1).min(self.base.saturating_add(MAX_STATUSES as u64));
            let batch = self.take_until(end);
            if batch.times.iter().any(Option::is_some) {
                self.feedback_count = self.feedback_count.wrapping_add(1);
                return Some(batch);
            }
        }
        None
    }

    fn take_until(&mut self, end: u64) -> Batch {
        let base = self.base;
        let mut times: Vec<Option<i64>> = (base..end).map(|number| self.time(number)).collect();
        times.truncate(fitting(&times));
        self.base = base.saturating_add(times.len() as u64);
        for number in base..self.base {
            if let Some(time) = self.times.get_mut(place(number)) {
                *time = None;
            }
        }
        Batch { base, feedback_count: self.feedback_count, times }
    }

    fn time(&self, number: u64) -> Option<i64> {
        self.times.get(place(number)).copied().flatten()
    }
}

/// How many statuses can be told in one packet: a delta has 16 bits of 250 µs.
fn fitting(times: &[Option<i64>]) -> usize {
    const MAX_DELTA_MICROS: i64 = 32_000 * 250;
    let mut before: Option<i64> = None;
    for (index, time) in times.iter().enumerate() {
        let Some(time) = time else { continue };
        if before.is_some_and(|before| time.abs_diff(before) > MAX_DELTA_MICROS.unsigned_abs()) {
            return index;
        }
        before = Some(*time);
    }
    times.len()
}

fn place(number: u64) -> usize {
    usize::try_from(number % RING as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_told_once_with_gaps_in_between() {
        let mut arrivals = Arrivals::default();
        for sequence in [65_534_u16, 65_535, 2] {
            arrivals.record(sequence, i64::from(sequence));
        }
        let batch = arrivals.take().unwrap();
        assert_eq!((batch.base & 0xffff, batch.feedback_count), (65_534, 0));
        assert_eq!(batch.times, [Some(65_534), Some(65_535), None, None, Some(2)]);
        assert_eq!(arrivals.take(), None);
        arrivals.record(1, 9);
        arrivals.record(4, 10);
        assert_eq!(arrivals.take().unwrap().times, [None, Some(10)]);
    }

    #[test]
    fn many_packets_are_told_in_several_feedbacks() {
        let mut arrivals = Arrivals::default();
        (0..900_u16).for_each(|sequence| arrivals.record(sequence, i64::from(sequence)));
        let told: Vec<usize> = std::iter::from_fn(|| arrivals.take()).map(|batch| batch.times.len()).collect();
        assert_eq!(told, [400, 400, 100]);
    }

    #[test]
    fn a_pause_too_long_for_a_delta_begins_another_feedback() {
        let mut arrivals = Arrivals::default();
        arrivals.record(1, 0);
        arrivals.record(2, 20_000_000);
        assert_eq!(arrivals.take().unwrap().times, [Some(0)]);
        assert_eq!(arrivals.take().unwrap().times, [Some(20_000_000)]);
    }

    #[test]
    fn wild_numbers_keep_the_ring_bounded() {
        let mut arrivals = Arrivals::default();
        for step in 0..10_000_u32 {
            arrivals.record((step.wrapping_mul(40_503) & 0xffff) as u16, i64::from(step));
            assert!(arrivals.times.len() == RING);
            if step % 100 == 0 {
                std::iter::from_fn(|| arrivals.take()).for_each(drop);
            }
        }
    }
}
