//! The last second or so of one layer's packets, plain, shared by every subscriber: a receiver's NACK is
//! answered from here. Subscribers hold sequence numbers, never bytes.

use std::time::{Duration, Instant};

const INITIAL_BYTES: usize = 64 * 1024;
const MAX_BYTES: usize = 1024 * 1024;
const ENTRIES: usize = 1024;
/// The bytes grow while they hold less than this; a NACK older than it is of no use to a live picture.
const SPAN: Duration = Duration::from_secs(1);

#[derive(Clone, Copy)]
struct Entry {
    number: u64,
    /// Position in the endless stream of bytes, of which the ring holds the end.
    at: u64,
    length: usize,
    picture_id: Option<u16>,
    arrived: Instant,
}

#[derive(Default)]
pub struct Cache {
    bytes: Vec<u8>,
    entries: Vec<Option<Entry>>,
    written: u64,
    /// A packet of some time ago: when its bytes are about to go, its age says how long the ring lasts.
    probe: Option<Entry>,
}

impl Cache {
    /// `picture_id` is the extended one, which the bytes alone do not tell.
    pub fn insert(&mut self, number: u64, packet: &[u8], picture_id: Option<u16>, now: Instant) {
        if self.entries.is_empty() {
            self.entries = vec![None; ENTRIES];
            self.bytes = vec![0; INITIAL_BYTES];
        }
        let at = self.place(packet.len(), now);
        let start = self.offset(at);
        let Some(target) = self.bytes.get_mut(start..start.saturating_add(packet.len())) else { return };
        target.copy_from_slice(packet);
        self.written = at.saturating_add(packet.len() as u64);
        let entry = Entry { number, at, length: packet.len(), picture_id, arrived: now };
        if let Some(place) = self.entries.get_mut(index_of(number)) {
            *place = Some(entry);
        }
        self.probe.get_or_insert(entry);
    }

    pub fn get(&self, number: u64) -> Option<&[u8]> {
        let entry = self.entry(number)?;
        let start = self.offset(entry.at);
        self.bytes.get(start..start.saturating_add(entry.length))
    }

    pub fn picture_id(&self, number: u64) -> Option<u16> {
        self.entry(number)?.picture_id
    }

    fn entry(&self, number: u64) -> Option<Entry> {
        let entry = (*self.entries.get(index_of(number))?)?;
        let held = self.written.saturating_sub(entry.at) <= self.bytes.len() as u64;
        (entry.number == number && held).then_some(entry)
    }

    fn offset(&self, at: u64) -> usize {
        let capacity = self.bytes.len().max(1) as u64;
        usize::try_from(at % capacity).unwrap_or(0)
    }

    /// Where the next packet goes: whole, so not over the ring's end.
    fn place(&mut self, length: usize, now: Instant) -> u64 {
        let at = self.fitting(length);
        let end = at.saturating_add(length as u64);
        let oldest_kept = end.saturating_sub(self.bytes.len() as u64);
        let Some(probe) = self.probe.filter(|probe| probe.at < oldest_kept) else { return at };
        let is_young = now.saturating_duration_since(probe.arrived) < SPAN;
        if is_young && self.bytes.len() < MAX_BYTES {
            self.grow();
            return self.place(length, now);
        }
        self.probe = None;
        at
    }

    fn fitting(&self, length: usize) -> u64 {
        let capacity = self.bytes.len() as u64;
        let left = capacity.saturating_sub(self.offset(self.written) as u64);
        if length as u64 > left { self.written.saturating_add(left) } else { self.written }
    }

    fn grow(&mut self) {
        let mut larger =
            Self { bytes: vec![0; self.bytes.len() * 2], entries: vec![None; ENTRIES], written: 0, probe: None };
        let mut held: Vec<Entry> = self.entries.iter().flatten().filter_map(|e| self.entry(e.number)).collect();
        held.sort_by_key(|entry| entry.at);
        for entry in held {
            if let Some(packet) = self.get(entry.number) {
                larger.insert(entry.number, packet, entry.picture_id, entry.arrived);
            }
        }
        *self = larger;
    }
}

fn index_of(number: u64) -> usize {
    usize::try_from(number % ENTRIES as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented;

    #[test]
    fn packets_come_back_until_their_bytes_are_needed() {
        let start = invented::start();
        let mut cache = Cache::default();
        for number in 0..600_u64 {
            cache.insert(
                number,
                &[(number % 251) as u8; 1000],
                Some((number % 251) as u16),
                start + Duration::from_millis(number * 20),
            );
        }
        assert_eq!(cache.get(599), Some(&[(599 % 251) as u8; 1000][..]));
        assert_eq!(cache.picture_id(599), Some(599 % 251));
        assert_eq!(cache.get(540), Some(&[(540 % 251) as u8; 1000][..]));
        assert_eq!(cache.get(500), None);
        assert_eq!(cache.get(600), None);
        assert_eq!(cache.bytes.len(), INITIAL_BYTES);
    }

    #[test]
    fn a_fast_layer_gets_more_room_until_a_second_fits() {
        let start = invented::start();
        let mut cache = Cache::default();
        for number in 0..2000_u64 {
            cache.insert(
                number,
                &[(number % 251) as u8; 1000],
                Some((number % 251) as u16),
                start + Duration::from_millis(number * 3),
            );
        }
        assert_eq!(cache.get(1999 - 330), Some(&[((1999 - 330) % 251) as u8; 1000][..]));
        assert_eq!(cache.picture_id(1999 - 330), Some((1999 - 330) % 251));
        assert!(cache.bytes.len() <= MAX_BYTES);
    }

    #[test]
    fn no_bytes_are_taken_before_the_first_packet() {
        assert_eq!(Cache::default().bytes.capacity(), 0);
        assert_eq!(Cache::default().get(1), None);
    }
}
