//! One direction of a network: loss, reordering, duplication, from a seed; without loss it is a good one.

use std::time::{Duration, Instant};

pub struct Link {
    state: u64,
    loss_percent: u64,
    in_flight: Vec<(Instant, Vec<u8>)>,
}

impl Link {
    pub fn new(seed: u64, loss_percent: u64) -> Self {
        Self { state: seed, loss_percent, in_flight: Vec::new() }
    }

    fn random(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below
    }

    /// 20 ms of way, and for one packet in eight up to 12 more; one in fifty comes twice.
    pub fn send(&mut self, bytes: &[u8], now: Instant) {
        let is_bad = self.loss_percent > 0;
        let copies = if is_bad && self.random(50) == 0 { 2 } else { 1 };
        for _ in 0..copies {
            if self.random(100) < self.loss_percent {
                continue;
            }
            let jitter = if is_bad && self.random(8) == 0 { self.random(12) } else { 0 };
            self.in_flight.push((now + Duration::from_millis(20 + jitter), bytes.to_vec()));
        }
    }

    /// What has arrived by `now`, in the order of arrival.
    pub fn arrived(&mut self, now: Instant) -> Vec<Vec<u8>> {
        self.in_flight.sort_by_key(|(at, _)| *at);
        let count = self.in_flight.iter().take_while(|(at, _)| *at <= now).count();
        self.in_flight.drain(..count).map(|(_, bytes)| bytes).collect()
    }
}
