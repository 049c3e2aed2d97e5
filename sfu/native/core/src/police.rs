//! Token buckets against a publisher that sends more than any camera does. Bigger bursts let keyframes of
//! large pictures pass, smaller ones stop a flood earlier.

use std::time::{Duration, Instant};

const LAYER_BPS: u64 = 5_000_000;
const TRACK_BPS: u64 = 8_000_000;
const TRACK_PPS: u64 = 1_500;
/// How much of a second's allowance may come at once.
const BURST: Duration = Duration::from_millis(500);

#[derive(Clone, Debug)]
pub struct Bucket {
    rate_per_second: u64,
    credit: u64,
    refilled: Instant,
}

impl Bucket {
    pub fn new(rate_per_second: u64, now: Instant) -> Self {
        Self { rate_per_second, credit: allowance(rate_per_second, BURST), refilled: now }
    }

    pub fn layer(now: Instant) -> Self {
        Self::new(LAYER_BPS, now)
    }

    fn has(&mut self, amount: u64, now: Instant) -> bool {
        let gained = allowance(self.rate_per_second, now.saturating_duration_since(self.refilled));
        if gained > 0 {
            self.refilled = now;
            self.credit = self.credit.saturating_add(gained).min(allowance(self.rate_per_second, BURST));
        }
        self.credit >= amount
    }

    fn pay(&mut self, amount: u64) {
        self.credit = self.credit.saturating_sub(amount);
    }
}

fn allowance(rate_per_second: u64, elapsed: Duration) -> u64 {
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).min(10_000_000);
    rate_per_second.saturating_mul(micros) / 1_000_000
}

/// The limits of one track; each layer brings its own bucket.
#[derive(Clone, Debug)]
pub struct Police {
    bits: Bucket,
    packets: Bucket,
}

impl Police {
    pub fn new(now: Instant) -> Self {
        Self { bits: Bucket::new(TRACK_BPS, now), packets: Bucket::new(TRACK_PPS, now) }
    }

    /// Whether a packet may pass; only then is it paid for. `numbers`: by how many sequence numbers it goes on.
    pub fn admits(&mut self, layer: &mut Bucket, numbers: u64, bytes: usize, now: Instant) -> bool {
        let bits = (bytes as u64).saturating_mul(8);
        let admitted = layer.has(bits, now) & self.bits.has(bits, now) & self.packets.has(numbers, now);
        if admitted {
            layer.pay(bits);
            self.bits.pay(bits);
            self.packets.pay(numbers);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented;

    fn admitted(bytes: usize, per_second: u32) -> usize {
        let start = invented::start();
        let (mut police, mut layer) = (Police::new(start), Bucket::layer(start));
        let step = Duration::from_secs(1) / per_second;
        (0..per_second * 4).filter(|n| police.admits(&mut layer, 1, bytes, start + step * *n)).count() / 4
    }

    #[test]
    fn a_camera_passes_whole() {
        assert_eq!(admitted(1200, 250), 250);
        assert_eq!(admitted(100, 50), 50);
    }

    #[test]
    fn a_flood_of_bytes_is_cut_to_the_layer_rate() {
        let bps = admitted(1200, 4000) * 1200 * 8;
        assert!((4_900_000..6_000_000).contains(&bps), "{bps}");
    }

    #[test]
    fn a_flood_of_small_packets_is_cut_to_the_packet_rate() {
        let packets = admitted(20, 50_000);
        assert!((1_500..1_800).contains(&packets), "{packets}");
    }
}
