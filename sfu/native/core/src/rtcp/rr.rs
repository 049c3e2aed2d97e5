//! Receiver report and its blocks (RFC 3550 §6.4.2).

use super::{RR, Rtcp, write_packet};
use crate::bytes::{Reader, Writer};

pub const MAX_BLOCKS: usize = 31;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub ssrc: u32,
    /// In 256ths.
    pub fraction_lost: u8,
    pub cumulative_lost: i32,
    pub highest: u32,
    pub jitter: u32,
    pub last_sr: u32,
    /// In 65536ths of a second.
    pub delay_since_last_sr: u32,
}

impl Block {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let ssrc = reader.u32()?;
        let [fraction_lost, high, middle, low] = reader.array()?;
        Some(Self {
            ssrc,
            fraction_lost,
            cumulative_lost: i32::from_be_bytes([high, middle, low, 0]) >> 8,
            highest: reader.u32()?,
            jitter: reader.u32()?,
            last_sr: reader.u32()?,
            delay_since_last_sr: reader.u32()?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        let [_, high, middle, low] = self.cumulative_lost.to_be_bytes();
        writer.u32(self.ssrc);
        writer.put(&[self.fraction_lost, high, middle, low]);
        writer.u32(self.highest);
        writer.u32(self.jitter);
        writer.u32(self.last_sr);
        writer.u32(self.delay_since_last_sr);
    }
}

pub fn blocks<'a>(packet: &Rtcp<'a>) -> impl Iterator<Item = Block> + use<'a> {
    read_blocks(packet.body.get(4..).unwrap_or_default(), packet.count)
}

pub(super) fn read_blocks(bytes: &[u8], count: u8) -> impl Iterator<Item = Block> + use<'_> {
    let mut reader = Reader::new(bytes);
    (0..count).map_while(move |_| Block::read(&mut reader))
}

/// A report of at most `MAX_BLOCKS` blocks; the rest is left out.
pub fn write(writer: &mut Writer<'_>, sender: u32, blocks: &[Block]) {
    let blocks = blocks.get(..MAX_BLOCKS).unwrap_or(blocks);
    write_packet(writer, u8::try_from(blocks.len()).unwrap_or(0), RR, |writer| {
        writer.u32(sender);
        blocks.iter().for_each(|block| block.write(writer));
    });
}
