//! The budget of answering one slot's NACKs: how often a packet is sent again, and how many bytes in all.

use std::time::{Duration, Instant};

const MIN_INTERVAL: Duration = Duration::from_millis(40);
const MAX_TRIES: u8 = 10;
const HISTORY: usize = 1024;
/// Resends may be a fifth of what is sent, and never less than 64 kbit/s.
const SHARE: usize = 5;
const FLOOR_BYTES_PER_SECOND: u64 = 8_000;
const MAX_CREDIT: usize = 150_000;
const INITIAL_CREDIT: usize = 30_000;

#[derive(Clone, Copy)]
struct Resent {
    number: u64,
    at: Instant,
    tries: u8,
}

pub struct Budget {
    history: Vec<Option<Resent>>,
    credit: usize,
    refilled: Instant,
}

impl Budget {
    pub fn new(now: Instant) -> Self {
        Self { history: Vec::new(), credit: INITIAL_CREDIT, refilled: now }
    }

    pub fn earn(&mut self, sent_bytes: usize) {
        self.credit = self.credit.saturating_add(sent_bytes / SHARE).min(MAX_CREDIT);
    }

    /// Whether packet `number` may be sent again at this moment; only then is it paid for.
    pub fn spend(&mut self, number: u64, bytes: usize, rtt: Option<Duration>, now: Instant) -> bool {
        self.refill(now);
        if self.credit < bytes {
            return false;
        }
        if self.history.is_empty() {
            self.history = vec![None; HISTORY];
        }
        let interval = rtt.unwrap_or(MIN_INTERVAL).max(MIN_INTERVAL);
        let place = usize::try_from(number % HISTORY as u64).unwrap_or(0);
        let Some(entry) = self.history.get_mut(place) else { return false };
        let tries = match entry {
            Some(resent) if resent.number > number => return false,
            Some(resent) if resent.number == number => {
                if resent.tries >= MAX_TRIES || now.saturating_duration_since(resent.at) < interval {
                    return false;
                }
                resent.tries
            }
            _ => 0,
        };
        *entry = Some(Resent { number, at: now, tries: tries + 1 });
        self.credit -= bytes;
        true
    }

    fn refill(&mut self, now: Instant) {
        let elapsed = u64::try_from(now.saturating_duration_since(self.refilled).as_millis()).unwrap_or(0);
        let gained = usize::try_from(elapsed.min(10_000) * FLOOR_BYTES_PER_SECOND / 1000).unwrap_or(0);
        if gained > 0 {
            self.refilled = now;
            self.credit = self.credit.saturating_add(gained).min(MAX_CREDIT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented;

    #[test]
    fn a_packet_is_resent_once_per_round_trip_and_ten_times_at_most() {
        let start = invented::start();
        let mut budget = Budget::new(start);
        let rtt = Some(Duration::from_millis(100));
        let resent = (0..300).filter(|n| budget.spend(7, 100, rtt, start + Duration::from_millis(n * 10)));
        assert_eq!(resent.count(), 10);
    }

    #[test]
    fn a_storm_of_requests_gets_a_fifth_of_the_rate() {
        let start = invented::start();
        let mut budget = Budget::new(start);
        let mut resent = 0;
        for number in 0..20_000_u64 {
            let now = start + Duration::from_millis(number * 4);
            budget.earn(1000);
            resent += (0..17).filter(|k| budget.spend(number + 1000 - k, 1000, None, now)).count();
        }
        assert!((3_900..5_000).contains(&resent), "{resent}");
    }
}
