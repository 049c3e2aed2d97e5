//! Generic negative acknowledgement (RFC 4585 §6.2.1).

use super::{Rtcp, TRANSPORT_FEEDBACK, write_packet};
use crate::bytes::{Reader, Writer};

pub const FORMAT: u8 = 1;
/// Pairs of packet id and bit mask in one packet; keeps it under an MTU.
const MAX_PAIRS: usize = 250;

/// The SSRC and the sequence numbers that are missing there.
pub fn parse<'a>(packet: &Rtcp<'a>) -> Option<(u32, impl Iterator<Item = u16> + use<'a>)> {
    let mut reader = Reader::new(packet.body);
    reader.u32()?;
    let media = reader.u32()?;
    let pairs = std::iter::from_fn(move || Some((reader.u16()?, reader.u16()?)));
    Some((media, pairs.flat_map(|(first, mask)| expand(first, mask))))
}

fn expand(first: u16, mask: u16) -> impl Iterator<Item = u16> {
    let following = (0..16_u16).filter(move |bit| mask >> bit & 1 == 1);
    std::iter::once(first).chain(following.map(move |bit| first.wrapping_add(bit + 1)))
}

/// `missing` in ascending order.
pub fn write(writer: &mut Writer<'_>, sender: u32, media: u32, missing: &[u16]) {
    write_packet(writer, FORMAT, TRANSPORT_FEEDBACK, |writer| {
        writer.u32(sender);
        writer.u32(media);
        let mut rest = missing.iter().copied().peekable();
        for _ in 0..MAX_PAIRS {
            let Some(first) = rest.next() else { break };
            let mut mask = 0_u16;
            while let Some(next) = rest.next_if(|next| (1..=16).contains(&next.wrapping_sub(first))) {
                mask |= 1 << (next.wrapping_sub(first) - 1);
            }
            writer.u16(first);
            writer.u16(mask);
        }
    });
}
