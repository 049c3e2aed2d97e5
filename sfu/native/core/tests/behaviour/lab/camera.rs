//! A publisher's encoder: VP8 frames in packets, their retransmissions, padding, sender reports.

use std::collections::BTreeMap;

use sfu_core::bytes::Writer;
use sfu_core::clock::Ntp;
use sfu_core::rtcp::sr::SenderReport;
use sfu_core::vp8::Descriptor;

use super::PUBLISHER;

/// A packet before it is sealed.
#[derive(Clone, Debug)]
pub struct Plain {
    pub index: u64,
    pub bytes: Vec<u8>,
}

pub fn rtp(first: u8, second: u8, index: u64, timestamp: u32, ssrc: u32, rest: &[&[u8]]) -> Plain {
    let mut bytes = vec![0x80 | first, second];
    bytes.extend((index as u16).to_be_bytes());
    bytes.extend(timestamp.to_be_bytes());
    bytes.extend(ssrc.to_be_bytes());
    rest.iter().for_each(|part| bytes.extend(*part));
    Plain { index, bytes }
}

/// A block of one-byte elements with its header.
pub fn extensions(elements: &[(u8, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (id, value) in elements {
        body.push(id << 4 | (value.len() as u8 - 1));
        body.extend(*value);
    }
    body.resize(body.len().div_ceil(4) * 4, 0);
    let mut block = vec![0xbe, 0xde, 0, (body.len() / 4) as u8];
    block.extend(body);
    block
}

pub struct Camera {
    pub ssrc: u32,
    pub rtx_ssrc: u32,
    pub index: u64,
    pub rtx_index: u64,
    pub timestamp: u32,
    pub picture: u16,
    pub tl0: u8,
    pub key: u8,
    pub size: (u16, u16),
    /// Header extensions of every packet.
    pub elements: Vec<(u8, Vec<u8>)>,
    pub transport_sequence: Option<u16>,
    history: BTreeMap<u16, Vec<u8>>,
}

impl Camera {
    pub fn new(ssrc: u32, rtx_ssrc: u32) -> Self {
        Self {
            ssrc,
            rtx_ssrc,
            index: u64::from(ssrc % 1000) * 7,
            rtx_index: 100,
            timestamp: ssrc.wrapping_mul(77_777),
            picture: (ssrc % 0x7000) as u16,
            tl0: ssrc as u8,
            key: (ssrc % 32) as u8,
            size: (640, 360),
            elements: Vec::new(),
            transport_sequence: None,
            history: BTreeMap::new(),
        }
    }

    fn block(&mut self) -> Vec<u8> {
        let mut elements: Vec<(u8, Vec<u8>)> = self.elements.clone();
        if let Some(sequence) = &mut self.transport_sequence {
            elements.push((PUBLISHER.transport_cc, sequence.to_be_bytes().to_vec()));
            *sequence = sequence.wrapping_add(1);
        }
        let borrowed: Vec<(u8, &[u8])> = elements.iter().map(|(id, value)| (*id, &value[..])).collect();
        extensions(&borrowed)
    }

    /// The next frame, 3000 ticks after the last one; `packets` of 100 bytes that begin with their number.
    pub fn frame(&mut self, is_keyframe: bool, packets: u8) -> Vec<Plain> {
        self.timestamp = self.timestamp.wrapping_add(3000);
        self.picture = (self.picture + 1) & 0x7fff;
        self.tl0 = self.tl0.wrapping_add(1);
        self.key = if is_keyframe { (self.key + 1) & 0x1f } else { self.key };
        (0..packets).map(|number| self.packet(is_keyframe, number, number + 1 == packets)).collect()
    }

    fn packet(&mut self, is_keyframe: bool, number: u8, is_last: bool) -> Plain {
        let descriptor = Descriptor {
            start_of_partition: number == 0,
            picture_id: Some(self.picture),
            tl0_picture_index: Some(self.tl0),
            temporal: Some(0x20),
            key_index: Some(self.key),
            ..Descriptor::default()
        };
        let mut payload = [0; 200];
        let mut writer = Writer::new(&mut payload);
        descriptor.write(&mut writer);
        if is_keyframe && number == 0 {
            writer.put(&[0x10, 0, 0, 0x9d, 0x01, 0x2a]);
            writer.put(&self.size.0.to_le_bytes());
            writer.put(&self.size.1.to_le_bytes());
        }
        writer.put(&[0x01, number]);
        writer.put(&[0xaa; 90]);
        let length = writer.finish().unwrap();
        let second = PUBLISHER.vp8 | if is_last { 0x80 } else { 0 };
        let block = self.block();
        let plain = rtp(0x10, second, self.index, self.timestamp, self.ssrc, &[&block, &payload[..length]]);
        self.history.insert(self.index as u16, plain.bytes.clone());
        self.index += 1;
        plain
    }

    /// A packet of nothing but padding, on the media stream itself.
    pub fn padding(&mut self) -> Plain {
        let plain = rtp(0x20, PUBLISHER.vp8, self.index, self.timestamp, self.ssrc, &[&[0; 19], &[20]]);
        self.index += 1;
        plain
    }

    /// The retransmission of what had this sequence number.
    pub fn retransmit(&mut self, sequence: u16) -> Plain {
        let original = self.history[&sequence].clone();
        let header = sfu_core::rtp::Header::parse(&original).unwrap();
        let second = PUBLISHER.vp8_rtx | if header.marker { 0x80 } else { 0 };
        let block = self.block();
        let (number, payload) = (sequence.to_be_bytes(), &original[header.length..]);
        let plain = rtp(0x10, second, self.rtx_index, header.timestamp, self.rtx_ssrc, &[&block, &number, payload]);
        self.rtx_index += 1;
        plain
    }

    pub fn sender_report(&self, ntp: Ntp) -> SenderReport {
        SenderReport { ssrc: self.ssrc, ntp, timestamp: self.timestamp, packets: 0, bytes: 0 }
    }
}
