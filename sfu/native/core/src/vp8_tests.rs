use super::*;
use proptest::prelude::*;

#[test]
fn a_full_descriptor_is_read_field_by_field() {
    let payload = [0xb0, 0xf0, 0x92, 0x34, 0x56, 0x60 | 0x1f, 0x00];
    let descriptor = Descriptor::parse(&payload).unwrap();
    assert!(descriptor.non_reference && descriptor.start_of_partition);
    assert_eq!(descriptor.picture_id, Some(0x1234));
    assert_eq!(descriptor.tl0_picture_index, Some(0x56));
    assert_eq!((descriptor.temporal, descriptor.key_index), (Some(0x60), Some(0x1f)));
    assert_eq!(descriptor.length, 6);
    assert!(descriptor.starts_keyframe(&payload));
}

#[test]
fn a_short_picture_id_is_written_with_fifteen_bits() {
    let descriptor = Descriptor::parse(&[0x90, 0x80, 0x11, 0x01]).unwrap();
    assert_eq!((descriptor.picture_id, descriptor.length), (Some(0x11), 3));
    let mut buffer = [0; 8];
    let mut writer = Writer::new(&mut buffer);
    descriptor.write(&mut writer);
    assert_eq!(writer.written(), [0x90, 0x80, 0x80, 0x11]);
}

fn extended(ids: &mut PictureIds, payload: &[u8]) -> Option<u16> {
    let mut descriptor = Descriptor::parse(payload).unwrap();
    ids.extend(&mut descriptor);
    descriptor.picture_id
}

#[test]
fn a_short_picture_id_goes_on_over_its_wrap_and_a_late_one_stays_behind() {
    let mut ids = PictureIds::default();
    let seen = [126, 127, 0, 127, 2, 1, 65].map(|id| extended(&mut ids, &[0x90, 0x80, id, 0x01]));
    assert_eq!(seen, [126, 127, 128, 127, 130, 129, 193].map(Some));
}

#[test]
fn a_picture_id_may_get_wider_and_narrower() {
    let mut ids = PictureIds::default();
    assert_eq!(extended(&mut ids, &[0x90, 0x80, 0x7f, 0x01]), Some(0x7f));
    assert_eq!(extended(&mut ids, &[0x90, 0x80, 0x80, 0x80, 0x01]), Some(0x80));
    assert_eq!(extended(&mut ids, &[0x90, 0x80, 0xff, 0xff, 0x01]), Some(0x7fff));
    assert_eq!(extended(&mut ids, &[0x90, 0x00, 0x01]), None);
}

#[test]
fn an_extended_picture_id_wraps_at_fifteen_bits() {
    let mut ids = PictureIds::default();
    assert_eq!(extended(&mut ids, &[0x90, 0x80, 0xff, 0xff, 0x01]), Some(0x7fff));
    assert_eq!(extended(&mut ids, &[0x90, 0x80, 0x00, 0x01]), Some(0));
    assert_eq!(extended(&mut ids, &[0x90, 0x80, 0x7e, 0x01]), Some(0x7ffe));
}

#[test]
fn a_continuation_packet_starts_no_keyframe() {
    let payload = [0x00, 0x00];
    assert!(!Descriptor::parse(&payload).unwrap().starts_keyframe(&payload));
    let second_partition = [0x11, 0x00];
    assert!(!Descriptor::parse(&second_partition).unwrap().starts_keyframe(&second_partition));
    let interframe = [0x10, 0x01];
    assert!(!Descriptor::parse(&interframe).unwrap().starts_keyframe(&interframe));
}

#[test]
fn the_size_stands_in_the_keyframe_header() {
    let frame = [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x45, 0xd0, 0x02];
    assert_eq!(keyframe_size(&frame), Some((1280, 720)));
    assert_eq!(keyframe_size(&frame[..9]), None);
    assert_eq!(keyframe_size(&[0; 10]), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(payload in prop::collection::vec(any::<u8>(), 0..32)) {
        if let Ok(descriptor) = Descriptor::parse(&payload) {
            prop_assert!(descriptor.length <= payload.len());
            descriptor.starts_keyframe(&payload);
        }
        keyframe_size(&payload);
    }

    #[test]
    fn what_is_written_is_read_back(
        flags in (any::<bool>(), any::<bool>(), 0_u8..8),
        picture_id in prop::option::of(0_u16..0x8000),
        tl0_picture_index in any::<Option<u8>>(),
        temporal in prop::option::of((0_u8..8).prop_map(|bits| bits << 5)),
        key_index in prop::option::of(0_u8..32),
    ) {
        let (non_reference, start_of_partition, partition) = flags;
        let mut descriptor = Descriptor {
            non_reference, start_of_partition, partition, picture_id, tl0_picture_index, temporal, key_index,
            ..Descriptor::default()
        };
        let mut buffer = [0; 8];
        let mut writer = Writer::new(&mut buffer);
        descriptor.write(&mut writer);
        descriptor.length = writer.finish().unwrap();
        prop_assert_eq!(Descriptor::parse(&buffer[..descriptor.length]).unwrap(), descriptor);
    }
}
