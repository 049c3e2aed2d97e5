//! What arrived of one RTP stream: sequence numbers made endless, duplicates told from late packets, and the
//! statistics of our receiver reports (RFC 3550 §6.4.1, A.3, A.8).

use std::ops::Range;

use crate::loss::Loss;
use crate::sequence::{extend, low16};
use crate::srtp::replay::Window;

/// A larger step forward is not loss but a sender that began anew (or wants to look like it).
pub const MAX_STEP: u64 = 500;
/// Numbers begin above zero, so that packets from before the first one have a number too.
const FIRST_CYCLE: u64 = 1 << 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The newest packet; the numbers in between have not arrived yet.
    Next {
        number: u64,
        missing: Range<u64>,
    },
    Late {
        number: u64,
    },
    /// Newest as well, but nothing before it counts any more.
    Restart {
        number: u64,
    },
    Duplicate,
}

#[derive(Clone, Debug, Default)]
pub struct Reception {
    seen: Window,
    base: u64,
    received: u64,
    reported_expected: u64,
    reported_received: u64,
    jitter: f64,
    transit: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub fraction_lost: u8,
    pub cumulative_lost: i32,
    pub highest: u32,
    pub jitter: u32,
    /// Since the last report.
    pub lately: Loss,
}

impl Reception {
    pub fn highest(&self) -> Option<u64> {
        self.seen.highest()
    }

    /// `recovered`: it came as a retransmission, and so counts as lost in the reports.
    pub fn receive(&mut self, sequence: u16, recovered: bool) -> Arrival {
        let Some(highest) = self.seen.highest() else {
            return self.restart(FIRST_CYCLE + u64::from(sequence));
        };
        let Some(number) = extend(highest, sequence) else { return Arrival::Duplicate };
        if number > highest.saturating_add(MAX_STEP) {
            return if recovered { Arrival::Duplicate } else { self.restart(number) };
        }
        if !self.seen.insert(number) {
            return Arrival::Duplicate;
        }
        self.received += u64::from(!recovered);
        if number > highest { Arrival::Next { number, missing: highest + 1..number } } else { Arrival::Late { number } }
    }

    fn restart(&mut self, number: u64) -> Arrival {
        *self = Self { base: number, received: 1, ..Self::default() };
        self.seen.insert(number);
        Arrival::Restart { number }
    }

    /// Interarrival jitter from the arrival time in RTP units.
    pub fn note_transit(&mut self, arrival: i64, timestamp: u32) {
        let transit = arrival.wrapping_sub(i64::from(timestamp));
        if let Some(before) = self.transit.replace(transit) {
            let difference = low_signed(transit.wrapping_sub(before)).unsigned_abs();
            self.jitter += (f64::from(difference) - self.jitter) / 16.0;
        }
    }

    /// The report since the last one.
    pub fn report(&mut self) -> Statistics {
        let Some(highest) = self.seen.highest() else { return Statistics::default() };
        let expected = (highest + 1).saturating_sub(self.base);
        let expected_now = expected.saturating_sub(self.reported_expected);
        let received_now = self.received.saturating_sub(self.reported_received);
        self.reported_expected = expected;
        self.reported_received = self.received;
        let lost_now = expected_now.saturating_sub(received_now);
        let fraction = (lost_now << 8).checked_div(expected_now).unwrap_or(0).min(255);
        let lost = i64::try_from(expected).unwrap_or(0) - i64::try_from(self.received).unwrap_or(0);
        Statistics {
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            cumulative_lost: i32::try_from(lost.clamp(-0x80_0000, 0x7f_ffff)).unwrap_or(0),
            highest: u32::from(low16(highest >> 16).wrapping_sub(1)) << 16 | u32::from(low16(highest)),
            jitter: jitter_units(self.jitter),
            lately: Loss { lost: lost_now, expected: expected_now },
        }
    }
}

fn low_signed(value: i64) -> i32 {
    (value as u64 & 0xffff_ffff) as u32 as i32
}

#[allow(clippy::cast_possible_truncation, reason = "a float to integer cast saturates, which is what is wanted")]
fn jitter_units(jitter: f64) -> u32 {
    jitter as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_late_packets_and_duplicates_are_told_apart() {
        let mut reception = Reception::default();
        assert_eq!(reception.receive(65_534, false), Arrival::Restart { number: 131_070 });
        assert_eq!(reception.receive(1, false), Arrival::Next { number: 131_073, missing: 131_071..131_073 });
        assert_eq!(reception.receive(65_535, false), Arrival::Late { number: 131_071 });
        assert_eq!(reception.receive(65_535, false), Arrival::Duplicate);
    }

    #[test]
    fn a_wild_jump_is_a_restart_unless_it_claims_to_be_a_retransmission() {
        let mut reception = Reception::default();
        reception.receive(10, false);
        assert_eq!(reception.receive(30_000, true), Arrival::Duplicate);
        assert!(matches!(reception.receive(30_000, false), Arrival::Restart { .. }));
        assert_eq!(reception.receive(10, false), Arrival::Duplicate);
    }

    #[test]
    fn a_report_counts_what_was_lost_on_the_first_try() {
        let mut reception = Reception::default();
        for sequence in (0..100).filter(|sequence| sequence % 4 != 3) {
            reception.receive(sequence, false);
        }
        reception.receive(99, true);
        let report = reception.report();
        assert_eq!((report.fraction_lost, report.cumulative_lost, report.highest), (64, 25, 99));
        assert_eq!(reception.report().fraction_lost, 0);
    }
}
