use super::*;
use crate::ids::TrackId;
use proptest::prelude::*;
use std::collections::HashMap;

fn stint(serial: u32) -> Stint {
    Stint {
        serial,
        track: TrackId(1),
        layer: 0,
        generation: 0,
        timestamp_offset: 0,
        picture_offset: 0,
        tl0_offset: 0,
        key_offset: 0,
    }
}

#[test]
fn loss_stays_a_gap_and_the_late_packet_fills_it() {
    let mut map = PacketMap::new(1000);
    map.begin(50, stint(1));
    assert_eq!(map.forward(50), Some(1000));
    assert_eq!(map.forward(53), Some(1003));
    assert_eq!(map.forward(51), Some(1001));
    assert_eq!(map.forward(49), None);
    assert_eq!(map.highest_out(), Some(1003));
}

#[test]
fn padding_leaves_no_gap_even_next_to_loss() {
    let mut map = PacketMap::new(1000);
    map.begin(50, stint(1));
    map.forward(50);
    map.skip(52);
    assert_eq!(map.forward(53), Some(1002));
    assert_eq!(map.forward(51), Some(1001));
    assert_eq!(map.forward(52), None);
    map.skip(54);
    map.skip(55);
    assert_eq!(map.forward(56), Some(1003));
    assert_eq!(map.backward(1003).map(|(number, _)| number), Some(56));
    assert_eq!(map.backward(1001).map(|(number, _)| number), Some(51));
}

#[test]
fn another_stint_follows_directly_and_the_old_one_takes_no_more() {
    let mut map = PacketMap::new(1000);
    map.begin(50, stint(1));
    map.forward(50);
    map.forward(51);
    map.begin(9000, stint(2));
    assert_eq!(map.forward(9000), Some(1002));
    assert_eq!(map.forward(8999), None);
    assert_eq!(map.forward(52), None);
    assert_eq!(map.backward(1001).map(|(number, stint)| (number, stint.serial)), Some((51, 1)));
    assert_eq!(map.backward(1002).map(|(number, stint)| (number, stint.serial)), Some((9000, 2)));
}

#[test]
fn nothing_is_mapped_after_the_sources_are_forgotten_but_numbers_go_on() {
    let mut map = PacketMap::new(1000);
    map.begin(50, stint(1));
    map.forward(50);
    map.clear();
    assert_eq!((map.forward(51), map.backward(1000)), (None, None));
    map.begin(7, stint(2));
    assert_eq!(map.forward(7), Some(1001));
}

proptest! {
    #[test]
    fn no_outgoing_number_has_two_sources(steps in prop::collection::vec((0_u64..40, any::<bool>()), 1..300)) {
        let mut map = PacketMap::new(1);
        map.begin(1000, stint(1));
        map.forward(1000);
        let mut sources = HashMap::from([(1_u64, 1000_u64)]);
        let mut skipped = std::collections::HashSet::new();
        let mut newest = 1000_u64;
        for (distance, is_padding) in steps {
            let number = (newest + 10).saturating_sub(distance).max(1001);
            if sources.values().any(|source| *source == number) || !skipped.insert(number) {
                continue;
            }
            if is_padding {
                map.skip(number);
            } else if let Some(out) = map.forward(number) {
                prop_assert!(sources.insert(out, number).is_none());
                prop_assert_eq!(map.backward(out).map(|(source, _)| source), Some(number));
            }
            newest = newest.max(number);
        }
    }
}
