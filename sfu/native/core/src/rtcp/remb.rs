//! Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03 §2.2).

use super::{PAYLOAD_FEEDBACK, Rtcp, write_packet};
use crate::bytes::{Reader, Writer};

pub const FORMAT: u8 = 15;
const IDENTIFIER: [u8; 4] = *b"REMB";
const MANTISSA_BITS: u32 = 18;

/// Bits per second; `None` for other application feedback and for counts that lie.
pub fn parse(packet: &Rtcp<'_>) -> Option<u64> {
    let mut reader = Reader::new(packet.body);
    reader.u64()?;
    if reader.array::<4>()? != IDENTIFIER {
        return None;
    }
    let [count, high, middle, low] = reader.array()?;
    reader.take(usize::from(count) * 4)?;
    let mantissa = u64::from(u32::from_be_bytes([0, high & 0x03, middle, low]));
    mantissa.checked_shl(u32::from(high >> 2)).filter(|bps| bps >> (high >> 2) == mantissa)
}

pub fn write(writer: &mut Writer<'_>, sender: u32, bitrate_bps: u64, ssrcs: &[u32]) {
    let ssrcs = ssrcs.get(..255).unwrap_or(ssrcs);
    let exponent = (u64::BITS - bitrate_bps.leading_zeros()).saturating_sub(MANTISSA_BITS);
    let mantissa = u32::try_from(bitrate_bps >> exponent).unwrap_or(0);
    let [_, high, middle, low] = mantissa.to_be_bytes();
    let exponent = u8::try_from(exponent).unwrap_or(0);
    write_packet(writer, FORMAT, PAYLOAD_FEEDBACK, |writer| {
        writer.u32(sender);
        writer.u32(0);
        writer.put(&IDENTIFIER);
        writer.put(&[u8::try_from(ssrcs.len()).unwrap_or(0), exponent << 2 | high & 0x03, middle, low]);
        ssrcs.iter().for_each(|ssrc| writer.u32(*ssrc));
    });
}
