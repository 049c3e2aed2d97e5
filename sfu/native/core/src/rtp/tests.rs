use super::extension::{Elements, Outgoing};
use super::header::Fields;
use super::*;
use crate::bytes::Writer;
use proptest::prelude::*;

const IDS: Codecs = Codecs {
    opus: 111,
    vp8: 96,
    vp8_rtx: 97,
    mid: 1,
    rid: 2,
    repaired_rid: 3,
    audio_level: 4,
    transport_cc: 5,
    abs_send_time: 6,
    video_orientation: 7,
};

#[test]
fn a_packet_with_everything_is_read() {
    let bytes = b"\xb1\xe0\x12\x34\x00\x00\x00\x07\x00\x00\x00\x09\x00\x00\x00\x0a\xbe\xde\x00\x03\x11a0\x00\x51\x01\x02\x40\x85\x20h\xf0payload\x00\x00\x03";
    let packet = Packet::parse(bytes, &IDS).unwrap();
    assert_eq!((packet.header.payload_type, packet.header.marker, packet.header.sequence), (96, true, 0x1234));
    assert_eq!((packet.header.timestamp, packet.header.ssrc, packet.header.length), (7, 9, 32));
    assert_eq!(packet.extensions.mid, Some(&b"a0"[..]));
    assert_eq!((packet.extensions.transport_sequence, packet.extensions.audio_level), (Some(0x0102), Some(0x85)));
    assert_eq!(packet.extensions.rid, Some(&b"h"[..]));
    assert_eq!(packet.payload, b"payload");
}

#[test]
fn two_byte_elements_are_read_with_zero_length_too() {
    let block = b"\x01\x02m0\x00\x02\x00\x04\x01\x99";
    let elements: Vec<_> = Elements::new(0x1000, block).collect();
    assert_eq!(elements, [(1, &b"m0"[..]), (2, &b""[..]), (4, &b"\x99"[..])]);
    assert_eq!(Elements::new(0xbee0, block).count(), 0);
}

#[test]
fn padding_longer_than_the_payload_is_refused() {
    let bytes = |padding| [0xa0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9, padding];
    assert_eq!(Packet::parse(&bytes(3), &IDS).err(), Some(Error::Padding));
    assert_eq!(Packet::parse(&bytes(0), &IDS).err(), Some(Error::Padding));
    assert_eq!(Packet::parse(&bytes(2), &IDS).unwrap().payload, []);
    assert_eq!(Packet::parse(&bytes(2)[..12], &IDS).err(), Some(Error::Padding));
}

#[test]
fn counts_and_lengths_that_lie_are_refused() {
    let mut bytes = [0_u8; 40];
    bytes[0] = 0x8f;
    assert_eq!(Header::parse(&bytes).err(), Some(Error::Short));
    bytes[0] = 0x90;
    bytes[14] = 0xff;
    assert_eq!(Header::parse(&bytes).err(), Some(Error::Short));
    bytes[0] = 0x40;
    assert_eq!(Header::parse(&bytes).err(), Some(Error::Version));
    assert_eq!(Header::parse(&[0x80; 11]).err(), Some(Error::Short));
}

fn written(outgoing: &Outgoing, ids: &Codecs) -> Vec<u8> {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    outgoing.write(&mut writer, ids);
    writer.written().to_vec()
}

#[test]
fn nothing_is_written_of_what_the_receiver_did_not_negotiate() {
    let outgoing = Outgoing { audio_level: Some(1), video_orientation: Some(2), abs_send_time: 3 };
    assert!(written(&outgoing, &Codecs::default()).is_empty());
    let only_level = Codecs { audio_level: 9, ..Codecs::default() };
    assert_eq!(written(&outgoing, &only_level), [0xbe, 0xde, 0, 1, 0x90, 1, 0, 0]);
    assert!(written(&Outgoing::default(), &only_level).is_empty());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..120), shaped in any::<bool>()) {
        if let Some(first) = bytes.first_mut().filter(|_| shaped) {
            *first = 0x80 | *first & 0x3f;
        }
        if let Ok(packet) = Packet::parse(&bytes, &IDS) {
            prop_assert!(packet.header.length + packet.payload.len() <= bytes.len());
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        level in any::<Option<u8>>(), orientation in any::<Option<u8>>(), ids in (1_u8..30, 30_u8..60, 60_u8..90),
        small in any::<bool>(), words in (any::<u16>(), any::<u32>(), any::<u32>()), marker in any::<bool>(),
    ) {
        let (audio_level, video_orientation, abs_send_time) = if small { (1, 8, 14) } else { ids };
        let ids = Codecs { audio_level, video_orientation, abs_send_time, ..Codecs::default() };
        let outgoing = Outgoing { audio_level: level, video_orientation: orientation, abs_send_time: 0x0012_3456 };
        let (sequence, timestamp, ssrc) = words;
        let fields = Fields { marker, payload_type: 96, sequence, timestamp, ssrc, csrc: 77, has_extensions: true };
        let mut buffer = [0; 64];
        let mut writer = Writer::new(&mut buffer);
        fields.write(&mut writer);
        outgoing.write(&mut writer, &ids);
        let length = writer.finish().unwrap();
        let packet = Packet::parse(&buffer[..length], &ids).unwrap();
        prop_assert_eq!((packet.header.sequence, packet.header.timestamp, packet.header.ssrc), words);
        prop_assert_eq!((packet.header.marker, packet.header.length), (marker, length));
        prop_assert_eq!((packet.extensions.audio_level, packet.extensions.video_orientation), (level, orientation));
    }
}
