//! Full intra request (RFC 5104 §4.3.1): read as if it were a PLI, never written.

use super::Rtcp;
use crate::bytes::Reader;

pub const FORMAT: u8 = 4;

/// The SSRCs that are to send a keyframe.
pub fn parse<'a>(packet: &Rtcp<'a>) -> impl Iterator<Item = u32> + use<'a> {
    let mut reader = Reader::new(packet.body.get(8..).unwrap_or_default());
    std::iter::from_fn(move || {
        let ssrc = reader.u32()?;
        reader.u32()?;
        Some(ssrc)
    })
}
