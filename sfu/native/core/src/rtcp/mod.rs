//! RTCP (RFC 3550 §6): walking a compound packet, and one file per packet type that we read or write.
//! A lie about a length ends the walk; what was read before it counts.

pub mod bye;
pub mod fir;
pub mod nack;
pub mod pli;
pub mod remb;
pub mod rr;
pub mod sdes;
pub mod sr;
pub mod twcc;

use crate::bytes::{Reader, Writer};

pub const SR: u8 = 200;
pub const RR: u8 = 201;
pub const SDES: u8 = 202;
pub const BYE: u8 = 203;
pub const TRANSPORT_FEEDBACK: u8 = 205;
pub const PAYLOAD_FEEDBACK: u8 = 206;

/// The SSRC of our own reports and feedback.
pub const OWN_SSRC: u32 = 0x5a56_4f4e;

/// One packet of a compound: `count` is the five-bit field (report count or feedback format).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rtcp<'a> {
    pub count: u8,
    pub packet_type: u8,
    pub body: &'a [u8],
}

pub struct Compound<'a> {
    reader: Reader<'a>,
}

impl<'a> Compound<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes) }
    }

    fn read(&mut self) -> Option<Rtcp<'a>> {
        let [first, packet_type] = self.reader.array()?;
        let length = usize::from(self.reader.u16()?) * 4;
        let body = self.reader.take(length)?;
        if first >> 6 != 2 {
            return None;
        }
        let body = if first & 0x20 == 0 { body } else { without_padding(body)? };
        Some(Rtcp { count: first & 0x1f, packet_type, body })
    }
}

fn without_padding(body: &[u8]) -> Option<&[u8]> {
    let padding = usize::from(*body.last()?);
    body.get(..body.len().checked_sub(padding)?)
}

impl<'a> Iterator for Compound<'a> {
    type Item = Rtcp<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let packet = self.read();
        if packet.is_none() {
            self.reader = Reader::new(&[]);
        }
        packet
    }
}

/// Writes a header, lets `body` write the rest, and puts the length in.
fn write_packet(writer: &mut Writer<'_>, count: u8, packet_type: u8, body: impl FnOnce(&mut Writer<'_>)) {
    let start = writer.position();
    writer.u8(0x80 | count & 0x1f);
    writer.u8(packet_type);
    writer.u16(0);
    body(writer);
    writer.pad_to_word();
    let words = (writer.position() - start) / 4;
    writer.patch_u16(start + 2, u16::try_from(words.saturating_sub(1)).unwrap_or(0));
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
