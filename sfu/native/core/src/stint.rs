//! One uninterrupted run of one source on one slot. Everything a receiver's decoder counts is the source's
//! number plus a constant of the stint, so packets may be late or sent again and still come out the same.

use crate::ids::TrackId;
use crate::vp8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stint {
    /// Grows with every stint of the slot.
    pub serial: u32,
    pub track: TrackId,
    pub layer: usize,
    /// Of the layer; a layer that broke off has another one afterwards.
    pub generation: u32,
    pub timestamp_offset: u32,
    pub picture_offset: u16,
    pub tl0_offset: u8,
    pub key_offset: u8,
}

impl Stint {
    pub fn timestamp(&self, timestamp: u32) -> u32 {
        timestamp.wrapping_add(self.timestamp_offset)
    }

    pub fn descriptor(&self, descriptor: &vp8::Descriptor) -> vp8::Descriptor {
        vp8::Descriptor {
            picture_id: descriptor.picture_id.map(|id| id.wrapping_add(self.picture_offset) & vp8::PICTURE_ID_MASK),
            tl0_picture_index: descriptor.tl0_picture_index.map(|index| index.wrapping_add(self.tl0_offset)),
            key_index: descriptor.key_index.map(|index| index.wrapping_add(self.key_offset) & 0x1f),
            ..*descriptor
        }
    }
}

/// The last values that went out, from which the next stint's constants follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PictureNumbers {
    pub picture_id: u16,
    pub tl0_picture_index: u8,
    pub key_index: u8,
}

impl PictureNumbers {
    /// (picture, TL0, key index) offsets that make `first` follow directly.
    pub fn offsets_for(&self, first: &vp8::Descriptor) -> (u16, u8, u8) {
        let picture = self.picture_id.wrapping_add(1).wrapping_sub(first.picture_id.unwrap_or(0));
        let tl0 = self.tl0_picture_index.wrapping_add(1).wrapping_sub(first.tl0_picture_index.unwrap_or(0));
        let key = self.key_index.wrapping_add(1).wrapping_sub(first.key_index.unwrap_or(0));
        (picture & vp8::PICTURE_ID_MASK, tl0, key & 0x1f)
    }

    /// Takes over the values of a packet that is the newest of its slot.
    pub fn follow(&mut self, sent: &vp8::Descriptor) {
        self.picture_id = sent.picture_id.unwrap_or(self.picture_id);
        self.tl0_picture_index = sent.tl0_picture_index.unwrap_or(self.tl0_picture_index);
        self.key_index = sent.key_index.unwrap_or(self.key_index);
    }
}
