//! Picture loss indication (RFC 4585 §6.3.1).

use super::{PAYLOAD_FEEDBACK, Rtcp, write_packet};
use crate::bytes::{Reader, Writer};

pub const FORMAT: u8 = 1;

/// The SSRC whose picture was lost.
pub fn parse(packet: &Rtcp<'_>) -> Option<u32> {
    let mut reader = Reader::new(packet.body);
    reader.u32()?;
    reader.u32()
}

pub fn write(writer: &mut Writer<'_>, sender: u32, media: u32) {
    write_packet(writer, FORMAT, PAYLOAD_FEEDBACK, |writer| {
        writer.u32(sender);
        writer.u32(media);
    });
}
