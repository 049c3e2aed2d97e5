//! Header extensions with one- and two-byte elements (RFC 8285): read by the sender's ids, written by the
//! receiver's, because the offerer of each side picks them.

use super::Header;
use crate::bytes::{Reader, Writer};
use crate::command::Codecs;

const ONE_BYTE: u16 = 0xbede;
const TWO_BYTE: u16 = 0x1000;
const ONE_BYTE_STOP: u8 = 15;

/// The elements of an extension block.
pub struct Elements<'a> {
    reader: Reader<'a>,
    two_byte: bool,
}

impl<'a> Elements<'a> {
    pub fn new(profile: u16, block: &'a [u8]) -> Self {
        let two_byte = profile & 0xfff0 == TWO_BYTE;
        let known = two_byte || profile == ONE_BYTE;
        Self { reader: Reader::new(if known { block } else { &[] }), two_byte }
    }

    fn element(&mut self, first: u8) -> Option<(u8, &'a [u8])> {
        if self.two_byte {
            let length = self.reader.u8()?;
            return Some((first, self.reader.take(usize::from(length))?));
        }
        let id = first >> 4;
        if id == ONE_BYTE_STOP {
            return None;
        }
        Some((id, self.reader.take(usize::from(first & 0x0f) + 1)?))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let first = self.reader.u8()?;
            if first != 0 {
                return self.element(first);
            }
        }
    }
}

/// The values that the packet path understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extensions<'a> {
    pub mid: Option<&'a [u8]>,
    pub rid: Option<&'a [u8]>,
    pub repaired_rid: Option<&'a [u8]>,
    pub audio_level: Option<u8>,
    pub transport_sequence: Option<u16>,
    pub video_orientation: Option<u8>,
}

impl<'a> Extensions<'a> {
    pub fn read(header: &Header, bytes: &'a [u8], ids: &Codecs) -> Self {
        let end = header.extension_at.saturating_add(header.extension_length);
        let block = bytes.get(header.extension_at..end).unwrap_or_default();
        let mut found = Self::default();
        for (id, value) in Elements::new(header.extension_profile, block) {
            found.note(id, value, ids);
        }
        found
    }

    fn note(&mut self, id: u8, value: &'a [u8], ids: &Codecs) {
        if id == 0 {
            return;
        }
        if id == ids.mid {
            self.mid = Some(value);
        } else if id == ids.rid {
            self.rid = Some(value);
        } else if id == ids.repaired_rid {
            self.repaired_rid = Some(value);
        } else if id == ids.audio_level {
            self.audio_level = value.first().copied();
        } else if id == ids.transport_cc {
            self.transport_sequence = value.first_chunk().copied().map(u16::from_be_bytes);
        } else if id == ids.video_orientation {
            self.video_orientation = value.first().copied();
        }
    }
}

/// What a forwarded packet carries to its receiver.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outgoing {
    pub audio_level: Option<u8>,
    pub video_orientation: Option<u8>,
    /// 24 bits, 6.18 fixed point.
    pub abs_send_time: u32,
}

impl Outgoing {
    pub fn is_empty(&self, ids: &Codecs) -> bool {
        ids.abs_send_time == 0
            && (ids.audio_level == 0 || self.audio_level.is_none())
            && (ids.video_orientation == 0 || self.video_orientation.is_none())
    }

    /// Writes profile, length and elements; nothing when there is nothing to say.
    pub fn write(&self, writer: &mut Writer<'_>, ids: &Codecs) {
        if self.is_empty(ids) {
            return;
        }
        let two_byte = [ids.audio_level, ids.video_orientation, ids.abs_send_time].iter().any(|id| *id > 14);
        writer.u16(if two_byte { TWO_BYTE } else { ONE_BYTE });
        let length_at = writer.position();
        writer.u16(0);
        let [_, high, middle, low] = self.abs_send_time.to_be_bytes();
        write_element(writer, two_byte, ids.abs_send_time, &[high, middle, low]);
        if let Some(level) = self.audio_level {
            write_element(writer, two_byte, ids.audio_level, &[level]);
        }
        if let Some(orientation) = self.video_orientation {
            write_element(writer, two_byte, ids.video_orientation, &[orientation]);
        }
        writer.pad_to_word();
        let words = writer.position().saturating_sub(length_at + 2) / 4;
        writer.patch_u16(length_at, u16::try_from(words).unwrap_or(0));
    }
}

fn write_element<const N: usize>(writer: &mut Writer<'_>, two_byte: bool, id: u8, value: &[u8; N]) {
    if id == 0 {
        return;
    }
    let length = u8::try_from(N).unwrap_or(u8::MAX);
    if two_byte {
        writer.u8(id);
        writer.u8(length);
    } else {
        writer.u8(id << 4 | length.wrapping_sub(1) & 0x0f);
    }
    writer.put(value);
}
