//! What one peer sees and hears, and when: first whole keyframe of each source, first and longest missing sound, the last
//! packet of each source. Fed with parsed RTP by peer.rs; asked by the modes that measure moments instead of rates.

use std::collections::{BTreeMap, HashMap};

use crate::receiver::Received;

/// First byte of a VP8 payload descriptor: start of a partition (RFC 7741 §4.2).
const START: u8 = 0x10;
const DESCRIPTOR_BYTES: usize = 6;

/// A keyframe of which everything so far has come in order.
struct Keyframe {
    source: u32,
    next: u64,
}

#[derive(Default)]
pub struct Sight {
    keyframes: HashMap<u32, Keyframe>,
    /// By source: when a browser could have shown it first since the peer began, or since `forget`.
    pictures: BTreeMap<u32, u64>,
    /// By source: when its last packet came.
    last: HashMap<u32, u64>,
    pub first_sound_ns: Option<u64>,
    last_sound_ns: Option<u64>,
    pub longest_silence_ns: u64,
}

impl Sight {
    pub fn take(&mut self, packet: &Received<'_>) {
        let Some(source) = packet.csrc else { return };
        self.last.insert(source, packet.at_ns);
        if packet.audio {
            self.hear(packet.at_ns);
        } else {
            self.look(source, packet);
        }
    }

    fn hear(&mut self, at_ns: u64) {
        self.first_sound_ns.get_or_insert(at_ns);
        if let Some(last) = self.last_sound_ns {
            self.longest_silence_ns = self.longest_silence_ns.max(at_ns.saturating_sub(last));
        }
        self.last_sound_ns = Some(at_ns);
    }

    fn look(&mut self, source: u32, packet: &Received<'_>) {
        let starts = packet.payload.first().is_some_and(|first| first & START != 0);
        let is_key = packet.payload.get(DESCRIPTOR_BYTES).is_some_and(|first| first & 1 == 0);
        let goes_on = |frame: &Keyframe| frame.source == source && frame.next == packet.sequence;
        if starts {
            self.keyframes.remove(&packet.ssrc);
            if is_key {
                self.keyframes.insert(packet.ssrc, Keyframe { source, next: packet.sequence + 1 });
            }
        } else if self.keyframes.get(&packet.ssrc).is_some_and(goes_on) {
            self.keyframes.entry(packet.ssrc).and_modify(|frame| frame.next += 1);
        } else {
            self.keyframes.remove(&packet.ssrc);
        }
        if packet.marker && self.keyframes.remove(&packet.ssrc).is_some() {
            self.pictures.entry(source).or_insert(packet.at_ns);
        }
    }

    /// From here on a picture of these sources counts anew.
    pub fn forget(&mut self, sources: &[u32]) {
        self.pictures.retain(|source, _| !sources.contains(source));
    }

    pub fn forget_silence(&mut self) {
        self.longest_silence_ns = 0;
    }

    pub fn picture_ns(&self, source: u32) -> Option<u64> {
        self.pictures.get(&source).copied()
    }

    pub fn first_picture_ns(&self) -> Option<u64> {
        self.pictures.values().min().copied()
    }

    /// When the last of these was there; None while one is not.
    pub fn all_pictures_ns(&self, sources: &[u32]) -> Option<u64> {
        sources.iter().map(|source| self.picture_ns(*source)).try_fold(0, |latest, at| at.map(|at| latest.max(at)))
    }

    pub fn last_packet_ns(&self, source: u32) -> Option<u64> {
        self.last.get(&source).copied()
    }

    pub fn last_of_all_ns(&self) -> Option<u64> {
        self.last.values().max().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 8] = [0x90, 0xE0, 0x80, 1, 1, 0, 0x10, 0];
    const INTER: [u8; 8] = [0x90, 0xE0, 0x80, 1, 1, 0, 0x11, 0];
    const REST: [u8; 8] = [0x80, 0xE0, 0x80, 1, 1, 0, 0xA5, 0];

    fn see(sight: &mut Sight, sequence: u64, source: u32, payload: &[u8], marker: bool) {
        let csrc = Some(source);
        sight.take(&Received { ssrc: 1, sequence, csrc, payload, at_ns: sequence * 10, audio: false, marker });
    }

    #[test]
    fn a_picture_is_there_with_the_last_packet_of_a_whole_keyframe() {
        let mut sight = Sight::default();
        see(&mut sight, 1, 7, &KEY, false);
        see(&mut sight, 2, 7, &REST, false);
        assert_eq!(sight.picture_ns(7), None);
        see(&mut sight, 3, 7, &REST, true);
        assert_eq!(sight.picture_ns(7), Some(30));
        assert_eq!(sight.all_pictures_ns(&[7]), Some(30));
        assert_eq!(sight.all_pictures_ns(&[7, 8]), None);
    }

    #[test]
    fn neither_a_gap_nor_another_source_nor_an_inter_frame_makes_a_picture() {
        let mut sight = Sight::default();
        see(&mut sight, 1, 7, &KEY, false);
        see(&mut sight, 3, 7, &REST, true);
        see(&mut sight, 4, 7, &KEY, false);
        see(&mut sight, 5, 8, &REST, true);
        see(&mut sight, 6, 9, &INTER, true);
        assert_eq!(sight.first_picture_ns(), None);
    }

    #[test]
    fn silence_is_the_longest_time_between_two_sounds() {
        let mut sight = Sight::default();
        for at_ns in [100, 120, 190, 210] {
            sight.take(&Received {
                ssrc: 2,
                sequence: at_ns,
                csrc: Some(5),
                payload: &[0],
                at_ns,
                audio: true,
                marker: false,
            });
        }
        assert_eq!((sight.first_sound_ns, sight.longest_silence_ns), (Some(100), 70));
        assert_eq!(sight.last_packet_ns(5), Some(210));
    }
}
