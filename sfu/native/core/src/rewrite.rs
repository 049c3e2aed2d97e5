//! A source's packet as its receiver gets it: every field that the offerer or the slot chose is written anew,
//! and the CSRC says whose it is (RFC 3550 §5.1).

use crate::bytes::Writer;
use crate::command::Codecs;
use crate::rtp::Packet;
use crate::rtp::extension::Outgoing;
use crate::rtp::header::Fields;
use crate::sequence::low16;
use crate::srtp::Extent;
use crate::stint::Stint;
use crate::vp8;

/// What the receiver's side brings to a packet.
pub struct Target<'a> {
    pub codecs: &'a Codecs,
    pub payload_type: u8,
    pub ssrc: u32,
    pub number: u64,
    pub csrc: u32,
    pub abs_send_time: u32,
    /// The number that the packet went out with at first: this one goes out by RTX (RFC 4588 §4).
    pub original: Option<u64>,
}

/// A packet of a source, with the constants that apply to it.
pub struct Placed<'a> {
    pub packet: &'a Packet<'a>,
    pub descriptor: Option<&'a vp8::Descriptor>,
    pub stint: &'a Stint,
}

/// Writes header and payload; `None` when the buffer is too small.
pub fn write(placed: &Placed<'_>, target: &Target<'_>, buffer: &mut [u8]) -> Option<Extent> {
    let Placed { packet, descriptor, stint } = placed;
    let extensions = Outgoing {
        audio_level: packet.extensions.audio_level,
        video_orientation: packet.extensions.video_orientation,
        abs_send_time: target.abs_send_time,
    };
    let mut writer = Writer::new(buffer);
    let fields = Fields {
        marker: packet.header.marker,
        payload_type: target.payload_type,
        sequence: low16(target.number),
        timestamp: stint.timestamp(packet.header.timestamp),
        ssrc: target.ssrc,
        csrc: target.csrc,
        has_extensions: !extensions.is_empty(target.codecs),
    };
    fields.write(&mut writer);
    extensions.write(&mut writer, target.codecs);
    let header = writer.position();
    if let Some(original) = target.original {
        writer.u16(low16(original));
    }
    let body = match descriptor {
        Some(descriptor) => {
            stint.descriptor(descriptor).write(&mut writer);
            packet.payload.get(descriptor.length..)?
        }
        None => packet.payload,
    };
    writer.put(body);
    writer.finish().map(|length| Extent { header, length })
}
