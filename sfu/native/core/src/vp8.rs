//! The VP8 payload descriptor (RFC 7741 §4.2) and what of the frame header is in clear: keyframe and size.

use crate::bytes::{Reader, Writer};
use crate::sequence::is_after;

pub const PICTURE_ID_MASK: u16 = 0x7fff;
const PICTURE_ID_BITS: u32 = 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Descriptor {
    /// N bit: may be left out without harm to other frames.
    pub non_reference: bool,
    pub start_of_partition: bool,
    pub partition: u8,
    pub picture_id: Option<u16>,
    /// The picture id stood in seven bits on the wire.
    pub has_short_picture_id: bool,
    pub tl0_picture_index: Option<u8>,
    /// TID and Y bit, as in the wire's upper three bits.
    pub temporal: Option<u8>,
    pub key_index: Option<u8>,
    /// Of the descriptor on the wire.
    pub length: usize,
}

impl Descriptor {
    pub fn parse(payload: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(payload);
        let mut descriptor = Self::read(&mut reader).ok_or(Error)?;
        descriptor.length = payload.len().saturating_sub(reader.remaining());
        Ok(descriptor)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let first = reader.u8()?;
        let mut descriptor = Self {
            non_reference: first & 0x20 != 0,
            start_of_partition: first & 0x10 != 0,
            partition: first & 0x07,
            ..Self::default()
        };
        let extended = if first & 0x80 != 0 { reader.u8()? } else { 0 };
        if extended & 0x80 != 0 {
            let (picture_id, is_short) = read_picture_id(reader)?;
            descriptor.picture_id = Some(picture_id);
            descriptor.has_short_picture_id = is_short;
        }
        if extended & 0x40 != 0 {
            descriptor.tl0_picture_index = Some(reader.u8()?);
        }
        if extended & 0x30 != 0 {
            let byte = reader.u8()?;
            descriptor.temporal = (extended & 0x20 != 0).then_some(byte & 0xe0);
            descriptor.key_index = (extended & 0x10 != 0).then_some(byte & 0x1f);
        }
        Some(descriptor)
    }

    /// Whether the frame whose first packet this is can be decoded without any other.
    pub fn starts_keyframe(&self, payload: &[u8]) -> bool {
        let is_start = self.start_of_partition && self.partition == 0;
        is_start && payload.get(self.length).is_some_and(|first| first & 1 == 0)
    }

    pub fn write(&self, writer: &mut Writer<'_>) {
        let extended = u8::from(self.picture_id.is_some()) << 7
            | u8::from(self.tl0_picture_index.is_some()) << 6
            | u8::from(self.temporal.is_some()) << 5
            | u8::from(self.key_index.is_some()) << 4;
        writer.u8(u8::from(extended != 0) << 7
            | u8::from(self.non_reference) << 5
            | u8::from(self.start_of_partition) << 4
            | self.partition & 0x07);
        if extended != 0 {
            writer.u8(extended);
        }
        if let Some(picture_id) = self.picture_id {
            writer.u16(0x8000 | picture_id);
        }
        if let Some(index) = self.tl0_picture_index {
            writer.u8(index);
        }
        if extended & 0x30 != 0 {
            writer.u8(self.temporal.unwrap_or(0) & 0xe0 | self.key_index.unwrap_or(0) & 0x1f);
        }
    }
}

/// The id, and whether it has seven bits only.
fn read_picture_id(reader: &mut Reader<'_>) -> Option<(u16, bool)> {
    let first = reader.u8()?;
    if first & 0x80 == 0 {
        return Some((u16::from(first), true));
    }
    Some((u16::from_be_bytes([first & 0x7f, reader.u8()?]), false))
}

/// The picture ids of one layer. Ours go out with fifteen bits, so one of seven that wraps is counted on: as the
/// nearest to the newest. A source may change the width at any time.
#[derive(Clone, Copy, Debug, Default)]
pub struct PictureIds {
    newest: Option<u16>,
}

impl PictureIds {
    /// Writes the id of fifteen bits into `descriptor`.
    pub fn extend(&mut self, descriptor: &mut Descriptor) {
        let Some(id) = descriptor.picture_id else { return };
        let whole = match self.newest {
            Some(newest) if descriptor.has_short_picture_id => nearest(id, newest),
            _ => id,
        };
        if self.newest.is_none_or(|newest| is_after(u32::from(whole), u32::from(newest), PICTURE_ID_BITS)) {
            self.newest = Some(whole);
        }
        descriptor.picture_id = Some(whole);
    }
}

/// The id nearest to `newest` whose low seven bits are `short`.
fn nearest(short: u16, newest: u16) -> u16 {
    let ahead = short.wrapping_sub(newest) & 0x7f;
    let step = if ahead < 0x40 { ahead } else { ahead.wrapping_sub(0x80) };
    newest.wrapping_add(step) & PICTURE_ID_MASK
}

/// Width and height from the first packet of a keyframe (RFC 6386 §9.1).
pub fn keyframe_size(frame: &[u8]) -> Option<(u16, u16)> {
    let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1] = *frame.first_chunk::<10>()? else { return None };
    Some((u16::from_le_bytes([w0, w1]) & 0x3fff, u16::from_le_bytes([h0, h1]) & 0x3fff))
}

#[cfg(test)]
#[path = "vp8_tests.rs"]
mod tests;
