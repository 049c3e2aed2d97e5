//! Goodbye (RFC 3550 §6.6).

use super::Rtcp;
use crate::bytes::Reader;

/// The SSRCs that leave.
pub fn parse<'a>(packet: &Rtcp<'a>) -> impl Iterator<Item = u32> + use<'a> {
    let mut reader = Reader::new(packet.body);
    (0..packet.count).map_while(move |_| reader.u32())
}
