//! Sender report (RFC 3550 §6.4.1).

use super::rr::{Block, read_blocks};
use super::{Rtcp, SR, write_packet};
use crate::bytes::{Reader, Writer};
use crate::clock::Ntp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    pub ssrc: u32,
    pub ntp: Ntp,
    pub timestamp: u32,
    pub packets: u32,
    pub bytes: u32,
}

impl SenderReport {
    pub fn parse(packet: &Rtcp<'_>) -> Option<Self> {
        let mut reader = Reader::new(packet.body);
        Self::read(&mut reader)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            ssrc: reader.u32()?,
            ntp: Ntp(reader.u64()?),
            timestamp: reader.u32()?,
            packets: reader.u32()?,
            bytes: reader.u32()?,
        })
    }

    /// The report blocks that follow the sender's own part.
    pub fn blocks<'a>(packet: &Rtcp<'a>) -> impl Iterator<Item = Block> + use<'a> {
        read_blocks(packet.body.get(24..).unwrap_or_default(), packet.count)
    }

    pub fn write(&self, writer: &mut Writer<'_>) {
        write_packet(writer, 0, SR, |writer| {
            writer.u32(self.ssrc);
            writer.u64(self.ntp.0);
            writer.u32(self.timestamp);
            writer.u32(self.packets);
            writer.u32(self.bytes);
        });
    }
}
