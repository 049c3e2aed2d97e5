//! Synthetic VP8: real frames of a flat picture (frames/, made by frames/make.py), filled up to the size that the
//! layer's bitrate asks for and cut into packets with payload descriptors (RFC 7741). Browsers decode them.

use crate::stamp::{STAMP_BYTES, Stamp};

pub const FRAMES_PER_SECOND: u32 = 30;
const MAX_PAYLOAD: usize = 1150;
const DESCRIPTOR_BYTES: usize = 6;
const KEYFRAME_GROWTH: usize = 6;

pub struct Layer {
    pub rid: &'static str,
    pub bitrate_bps: usize,
    key: &'static [u8],
    inter: &'static [u8],
}

pub const LAYERS: [Layer; 3] = [
    Layer {
        rid: "q",
        bitrate_bps: 150_000,
        key: include_bytes!("../frames/q_key.vp8"),
        inter: include_bytes!("../frames/q_inter.vp8"),
    },
    Layer {
        rid: "h",
        bitrate_bps: 500_000,
        key: include_bytes!("../frames/h_key.vp8"),
        inter: include_bytes!("../frames/h_inter.vp8"),
    },
    Layer {
        rid: "f",
        bitrate_bps: 1_700_000,
        key: include_bytes!("../frames/f_key.vp8"),
        inter: include_bytes!("../frames/f_inter.vp8"),
    },
];

impl Layer {
    fn frame_bytes(&self, keyframe: bool) -> usize {
        let ordinary = self.bitrate_bps / 8 / FRAMES_PER_SECOND as usize;
        if keyframe { ordinary * KEYFRAME_GROWTH } else { ordinary }
    }
}

/// Numbers that a VP8 payload descriptor carries.
#[derive(Clone, Copy, Default)]
pub struct Picture {
    pub picture_id: u16,
    pub tl0_picture_index: u8,
}

impl Picture {
    pub fn next(self) -> Self {
        Self { picture_id: (self.picture_id + 1) & 0x7FFF, tl0_picture_index: self.tl0_picture_index.wrapping_add(1) }
    }

    fn descriptor(self, first: bool) -> [u8; DESCRIPTOR_BYTES] {
        let [high, low] = (0x8000 | self.picture_id).to_be_bytes();
        // X and S; I, L and T; picture id with M; TL0PICIDX; TID 0
        [0x80 | if first { 0x10 } else { 0 }, 0xE0, high, low, self.tl0_picture_index, 0]
    }
}

/// The payloads of one frame. `stamp` gives the stamp of the packet that is about to be sent; it is asked as late as
/// possible, when `send` is about to get the packet. The flag of `send` is the marker bit.
pub fn send_frame(
    layer: &Layer,
    picture: Picture,
    keyframe: bool,
    mut stamp: impl FnMut() -> Stamp,
    mut send: impl FnMut(Vec<u8>, bool),
) {
    let picture_bytes = if keyframe { layer.key } else { layer.inter };
    let size = layer.frame_bytes(keyframe).max(picture_bytes.len() + STAMP_BYTES);
    let packets = size.div_ceil(MAX_PAYLOAD - DESCRIPTOR_BYTES);
    for index in 0..packets {
        let (start, end) = (size * index / packets, size * (index + 1) / packets);
        let mut payload = Vec::with_capacity(MAX_PAYLOAD);
        payload.extend_from_slice(&picture.descriptor(index == 0));
        payload.extend_from_slice(&picture_bytes[start.min(picture_bytes.len())..end.min(picture_bytes.len())]);
        payload.resize(DESCRIPTOR_BYTES + end - start, 0xA5);
        if end >= picture_bytes.len() + STAMP_BYTES {
            stamp().write(&mut payload);
        }
        send(payload, index + 1 == packets);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(layer: &Layer, keyframe: bool) -> Vec<(Vec<u8>, bool)> {
        let mut packets = Vec::new();
        let stamp = || Stamp { source: 1, layer: 0, keyframe, number: 0, sent_ns: 0 };
        send_frame(layer, Picture { picture_id: 0x1234, tl0_picture_index: 5 }, keyframe, stamp, |payload, marker| {
            packets.push((payload, marker));
        });
        packets
    }

    #[test]
    fn the_frame_that_browsers_decode_stands_first_and_whole() {
        for layer in &LAYERS {
            for (keyframe, picture) in [(true, layer.key), (false, layer.inter)] {
                let bytes: Vec<u8> = frame(layer, keyframe)
                    .into_iter()
                    .flat_map(|(payload, _)| payload[DESCRIPTOR_BYTES..].to_vec())
                    .collect();
                assert_eq!(&bytes[..picture.len()], picture);
                assert_eq!(bytes[0] & 1, u8::from(!keyframe));
            }
        }
    }

    #[test]
    fn only_the_first_packet_starts_a_partition_and_only_the_last_has_the_marker() {
        let packets = frame(&LAYERS[2], false);
        assert_eq!(packets.len(), 7);
        for (index, (payload, marker)) in packets.iter().enumerate() {
            assert_eq!(payload[0], if index == 0 { 0x90 } else { 0x80 });
            assert_eq!(payload[1..6], [0xE0, 0x92, 0x34, 5, 0]);
            assert_eq!(*marker, index == 6);
            assert!(payload.len() <= MAX_PAYLOAD);
            assert!(Stamp::read(payload).is_some());
        }
    }
}
