//! One limiter of keyframe requests per layer, whatever number of viewers asks (performance: a keyframe
//! costs its publisher and every viewer as much as a second of video).

use std::time::{Duration, Instant};

/// Shorter asks sooner after a lost keyframe; longer protects the publisher's uplink.
pub const SPACING: Duration = Duration::from_millis(500);

#[derive(Clone, Debug, Default)]
pub struct Limiter {
    wanted: bool,
    sent: Option<Instant>,
}

impl Limiter {
    pub fn request(&mut self) {
        self.wanted = true;
    }

    /// A keyframe came: whoever waited has it.
    pub fn arrived(&mut self) {
        self.wanted = false;
    }

    /// Whether a request is to be sent at this moment; `true` counts as sent.
    pub fn poll(&mut self, now: Instant) -> bool {
        let rested = self.sent.is_none_or(|sent| now.saturating_duration_since(sent) >= SPACING);
        let due = self.wanted && rested;
        if due {
            self.sent = Some(now);
            self.wanted = false;
        }
        due
    }
}

/// At most three requests of one receiver for one slot in ten seconds. Browsers repeat themselves every 200 ms
/// while they wait: what comes within the spacing is the same request, and costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Allowance {
    taken: [Option<Instant>; 3],
}

impl Allowance {
    const WINDOW: Duration = Duration::from_secs(10);

    pub fn take(&mut self, now: Instant) -> bool {
        let age = |at: Instant| now.saturating_duration_since(at);
        if self.taken.iter().flatten().any(|at| age(*at) < SPACING) {
            return false;
        }
        let free = |at: &Option<Instant>| at.is_none_or(|at| age(at) >= Self::WINDOW);
        match self.taken.iter_mut().find(|at| free(at)) {
            Some(entry) => {
                *entry = Some(now);
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented;

    #[test]
    fn two_hundred_viewers_ask_and_the_publisher_hears_two_a_second() {
        let start = invented::start();
        let mut limiter = Limiter::default();
        let mut sent = 0;
        for step in 0..200_u64 * 50 {
            limiter.request();
            sent += u32::from(limiter.poll(start + Duration::from_micros(step * 100)));
        }
        assert_eq!(sent, 2);
    }

    #[test]
    fn a_request_that_had_to_wait_is_not_sent_once_the_keyframe_is_there() {
        let start = invented::start();
        let mut limiter = Limiter::default();
        limiter.request();
        assert!(limiter.poll(start));
        limiter.request();
        assert!(!limiter.poll(start + Duration::from_millis(100)));
        limiter.arrived();
        assert!(!limiter.poll(start + Duration::from_secs(1)));
    }

    #[test]
    fn one_receiver_has_three_requests_in_ten_seconds() {
        let start = invented::start();
        let mut allowance = Allowance::default();
        let moments = (0..50).map(|n| n * 200);
        let granted: Vec<u64> = moments.filter(|ms| allowance.take(start + Duration::from_millis(*ms))).collect();
        assert_eq!(granted, [0, 600, 1200]);
        assert!(allowance.take(start + Duration::from_secs(10)));
    }
}
