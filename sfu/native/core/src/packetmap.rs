//! The sequence numbers of one slot: which outgoing number an incoming one has, and the way back for
//! receivers' NACKs. A list of segments, each a constant distance; dropped padding begins a segment, so
//! that what was left out leaves no gap (the idea of Galène's map of the same name).

use std::collections::VecDeque;

use crate::stint::Stint;

/// More segments answer older NACKs; each costs 64 bytes a slot.
const MAX_SEGMENTS: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    first_in: u64,
    first_out: u64,
    stint: Stint,
}

#[derive(Clone, Debug)]
pub struct PacketMap {
    segments: VecDeque<Segment>,
    /// Highest number that went out, and the incoming one it came from.
    highest: Option<(u64, u64)>,
    next_out: u64,
}

impl PacketMap {
    pub fn new(first_out: u64) -> Self {
        Self { segments: VecDeque::new(), highest: None, next_out: first_out }
    }

    pub fn stint(&self) -> Option<&Stint> {
        self.segments.back().map(|segment| &segment.stint)
    }

    /// The last number that went out.
    pub fn highest_out(&self) -> Option<u64> {
        self.next_out.checked_sub(1)
    }

    /// From `first_in` on, packets of `stint` follow directly on what went out before.
    pub fn begin(&mut self, first_in: u64, stint: Stint) {
        self.highest = None;
        self.push(Segment { first_in, first_out: self.next_out, stint });
    }

    /// Forgets every source: nothing is mapped in either direction until the next `begin`.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.highest = None;
    }

    /// The outgoing number of a packet of the current stint.
    pub fn forward(&mut self, number: u64) -> Option<u64> {
        let index = self.segment_of(number)?;
        let segment = self.segments.get(index)?;
        let out = segment.first_out.checked_add(number.checked_sub(segment.first_in)?)?;
        let is_inside = self.segments.get(index + 1).is_none_or(|next| out < next.first_out);
        if !is_inside {
            return None;
        }
        if self.highest.is_none_or(|(_, highest_in)| number > highest_in) {
            self.highest = Some((out, number));
            self.next_out = out + 1;
        }
        Some(out)
    }

    /// Leaves a packet out. Without a gap if it is the newest; an older one's number is lost.
    pub fn skip(&mut self, number: u64) {
        let Some((highest_out, highest_in)) = self.highest else { return };
        let Some(stint) = self.stint().copied() else { return };
        if number <= highest_in {
            return;
        }
        let first_out = highest_out + (number - highest_in);
        self.push(Segment { first_in: number + 1, first_out, stint });
        self.highest = Some((first_out - 1, number));
        self.next_out = first_out;
    }

    /// The incoming number, and its stint, that went out as `out`.
    pub fn backward(&self, out: u64) -> Option<(u64, &Stint)> {
        let segment = self.segments.iter().rev().find(|segment| segment.first_out <= out)?;
        Some((segment.first_in.checked_add(out - segment.first_out)?, &segment.stint))
    }

    fn segment_of(&self, number: u64) -> Option<usize> {
        let current = self.stint()?;
        let (index, segment) = self
            .segments
            .iter()
            .enumerate()
            .rev()
            .find(|(_, s)| s.first_in <= number || s.stint.serial != current.serial)?;
        (segment.stint.serial == current.serial).then_some(index)
    }

    fn push(&mut self, segment: Segment) {
        if self.segments.len() >= MAX_SEGMENTS {
            self.segments.pop_front();
        }
        self.segments.push_back(segment);
    }
}

#[cfg(test)]
#[path = "packetmap_tests.rs"]
mod tests;
