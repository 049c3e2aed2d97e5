//! How much was lost of the streams of one direction together. Each counts by its packets, so that two lost packets of a
//! slow picture are not taken for the loss of the line.

/// What one report of one stream tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    pub lost: u64,
    pub expected: u64,
}

/// A line is not judged by fewer packets.
const LEAST_EXPECTED: u64 = 10;

impl Loss {
    /// `fraction`: in 256ths, as reports tell it.
    pub fn of_fraction(fraction: u8, expected: u64) -> Self {
        Self { lost: expected.saturating_mul(u64::from(fraction)) / 256, expected }
    }

    #[allow(clippy::cast_precision_loss, reason = "packets of a second are few")]
    pub fn fraction(self) -> f64 {
        if self.expected < LEAST_EXPECTED { 0.0 } else { self.lost as f64 / self.expected as f64 }
    }
}

impl std::iter::Sum for Loss {
    fn sum<I: Iterator<Item = Self>>(losses: I) -> Self {
        losses.fold(Self::default(), |sum, loss| Self {
            lost: sum.lost.saturating_add(loss.lost),
            expected: sum.expected.saturating_add(loss.expected),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_stream_weighs_as_little_as_it_sends() {
        let losses = [Loss::of_fraction(128, 4), Loss::of_fraction(0, 96)];
        assert!((losses.into_iter().sum::<Loss>().fraction() - 0.02).abs() < 1e-9);
    }

    #[test]
    fn a_handful_of_packets_tells_nothing() {
        assert!(Loss { lost: 9, expected: 9 }.fraction().abs() < 1e-9);
    }
}
