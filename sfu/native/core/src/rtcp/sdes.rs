//! Source description: only the canonical name, which a compound packet must have (RFC 3550 §6.5.1).

use super::{SDES, write_packet};
use crate::bytes::Writer;

const CNAME: u8 = 1;

pub fn write(writer: &mut Writer<'_>, ssrc: u32, cname: &[u8]) {
    write_packet(writer, 1, SDES, |writer| {
        writer.u32(ssrc);
        writer.u8(CNAME);
        writer.u8(u8::try_from(cname.len()).unwrap_or(0));
        writer.put(cname.get(..255).unwrap_or(cname));
        writer.u8(0);
    });
}
