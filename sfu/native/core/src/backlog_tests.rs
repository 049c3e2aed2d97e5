//! Unit tests of the backlog: what goes first, what is dropped, and that a stream stays whole.

use super::*;
use crate::invented;
use proptest::prelude::*;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A packet of the picture with this timestamp.
fn packet(timestamp: u8, fill: u8) -> Vec<u8> {
    let mut packet = vec![fill; 1000];
    packet[..12].copy_from_slice(&[0x80, 96, 0, 1, 0, 0, 0, timestamp, 0, 0, 0, 9]);
    packet
}

fn waiting(backlog: &Backlog) -> Vec<u8> {
    backlog.slices().concat()
}

/// The first payload byte of each datagram that waits whole, in the order of sending.
fn fills(bytes: &[u8]) -> Vec<u8> {
    let mut seen = Vec::new();
    crate::framing::Deframer::default().feed(&mut bytes.to_vec(), &mut |datagram| seen.push(datagram[12])).unwrap();
    seen
}

#[test]
fn control_goes_before_audio_and_audio_before_video() {
    let (mut backlog, now) = (Backlog::default(), invented::start());
    backlog.push(Content::Video, &packet(1, 3), now);
    backlog.push(Content::Audio, &packet(1, 2), now);
    backlog.push(Content::Control, &packet(1, 1), now);
    assert_eq!(fills(&waiting(&backlog)), [1, 2, 3]);
}

#[test]
fn what_is_half_out_is_finished_before_anything_that_is_more_urgent() {
    let (mut backlog, now) = (Backlog::default(), invented::start());
    backlog.push(Content::Video, &packet(1, 3), now);
    backlog.push(Content::Video, &packet(1, 4), now);
    let first = waiting(&backlog)[..500].to_vec();
    backlog.sent(500);
    backlog.push(Content::Control, &packet(1, 1), now);
    assert_eq!(fills(&[first, waiting(&backlog)].concat()), [3, 1, 4]);
}

#[test]
fn pictures_that_wait_too_long_are_dropped_as_a_whole_until_the_lane_is_empty() {
    let (mut backlog, start) = (Backlog::default(), invented::start());
    for timestamp in 1..=4 {
        backlog.push(Content::Video, &packet(timestamp, timestamp), start + ms(u64::from(timestamp)));
        backlog.push(Content::Video, &packet(timestamp, timestamp), start + ms(u64::from(timestamp)));
    }
    let first = waiting(&backlog)[..10].to_vec();
    backlog.sent(10);
    backlog.push(Content::Video, &packet(5, 5), start + ms(300));
    assert_eq!(backlog.take_change(), Some(Change::Full));
    assert_eq!(fills(&[first, waiting(&backlog)].concat()), [1, 1], "the picture that was begun is finished");
    assert_eq!(backlog.take_dropped(), 7);
    backlog.push(Content::Video, &packet(6, 6), start + ms(301));
    assert_eq!(backlog.take_dropped(), 1);
    backlog.sent(waiting(&backlog).len());
    assert_eq!(backlog.take_change(), Some(Change::Room));
    backlog.push(Content::Video, &packet(7, 7), start + ms(302));
    assert_eq!(fills(&waiting(&backlog)), [7]);
}

#[test]
fn a_picture_alone_may_take_longer_than_the_others_may_wait() {
    let (mut backlog, start) = (Backlog::default(), invented::start());
    backlog.push(Content::Video, &packet(1, 1), start);
    backlog.push(Content::Video, &packet(1, 2), start);
    backlog.sent(900);
    backlog.prune(start + ms(900));
    assert_eq!((backlog.take_change(), backlog.take_dropped()), (None, 0));
}

#[test]
fn more_video_than_fits_is_as_bad_as_too_old() {
    let (mut backlog, now) = (Backlog::default(), invented::start());
    let pushed = (0..200).take_while(|n| {
        backlog.push(Content::Video, &packet(*n, *n), now);
        backlog.take_change().is_none()
    });
    assert_eq!(pushed.count(), 130);
    assert!(backlog.is_empty());
}

#[test]
fn a_lane_that_is_full_with_nothing_in_it_has_room_as_soon_as_the_connection_can_be_written() {
    let (mut backlog, start) = (Backlog::default(), invented::start());
    backlog.push(Content::Video, &packet(1, 1), start);
    backlog.prune(start + ms(300));
    assert_eq!((backlog.take_change(), backlog.is_empty()), (Some(Change::Full), true));
    assert!(backlog.waits(), "for the word that it can be written, though nothing is there to write");
    backlog.sent(0);
    assert_eq!((backlog.take_change(), backlog.waits()), (Some(Change::Room), false));
}

#[test]
fn who_is_not_full_learns_nothing_from_being_written_to() {
    let mut backlog = Backlog::default();
    backlog.sent(0);
    assert_eq!((backlog.take_change(), backlog.waits()), (None, false));
}

#[test]
fn there_is_no_room_before_the_picture_that_was_begun_is_out() {
    let (mut backlog, start) = (Backlog::default(), invented::start());
    backlog.push(Content::Video, &packet(1, 1), start);
    backlog.push(Content::Video, &packet(2, 2), start);
    backlog.sent(10);
    backlog.prune(start + ms(300));
    assert_eq!(backlog.take_change(), Some(Change::Full));
    backlog.sent(0);
    assert_eq!(backlog.take_change(), None);
    backlog.sent(waiting(&backlog).len());
    assert_eq!(backlog.take_change(), Some(Change::Room));
}

#[test]
fn all_that_one_connection_can_make_wait_is_within_what_the_worker_reckons_with() {
    let size = |lane: &Lane| lane.bytes.capacity() + lane.waiting.capacity() * size_of::<Waiting>();
    let buffers: usize = Backlog::default().lanes.iter().map(size).sum();
    assert!(buffers <= 238_000, "{buffers}");
}

#[test]
fn old_audio_leaves_one_by_one_and_control_stays() {
    let (mut backlog, start) = (Backlog::default(), invented::start());
    backlog.push(Content::Control, &packet(0, 9), start);
    for n in 0..5 {
        backlog.push(Content::Audio, &packet(0, n), start + ms(u64::from(n) * 100));
    }
    backlog.prune(start + ms(450));
    assert_eq!(fills(&waiting(&backlog)), [9, 3, 4]);
    assert_eq!(backlog.take_dropped(), 3);
}

#[test]
fn audio_that_fits_no_more_pushes_out_the_oldest() {
    let (mut backlog, now) = (Backlog::default(), invented::start());
    for n in 0..17 {
        backlog.push(Content::Audio, &packet(0, n), now);
    }
    assert_eq!(fills(&waiting(&backlog)), (1..17).collect::<Vec<u8>>());
    assert_eq!(backlog.take_dropped(), 1);
}

#[test]
fn a_long_datagram_pushes_out_as_many_short_ones_as_it_needs_and_each_is_counted() {
    let (mut backlog, now) = (Backlog::default(), invented::start());
    for n in 0..32 {
        backlog.push(Content::Audio, &packet(0, n)[..500], now);
    }
    assert_eq!(backlog.take_dropped(), 0);
    backlog.push(Content::Audio, &[99; 1400], now);
    assert_eq!(fills(&waiting(&backlog)), (3..32).chain([99]).collect::<Vec<u8>>());
    assert_eq!(backlog.take_dropped(), 3);
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![Just(Content::Control), Just(Content::Audio), Just(Content::Video)]
}

proptest! {
    /// Whatever is pushed and however slowly it goes out: what comes out is whole datagrams, each at most once, those of a
    /// lane in order; the buffers are those of the beginning.
    #[test]
    fn a_slow_reader_gets_a_sound_stream(
        steps in prop::collection::vec((content(), 13_usize..1400, 0_usize..3000, 0_u64..80), 1..300),
    ) {
        let (mut backlog, mut now) = (Backlog::default(), invented::start());
        let room: Vec<_> = backlog.lanes.iter().map(|lane| (lane.bytes.capacity(), lane.waiting.capacity())).collect();
        let (mut stream, mut number) = (Vec::new(), 0_u32);
        for (content, size, sent, later) in steps {
            number += 1;
            let mut datagram = vec![content as u8; size];
            datagram[8..12].copy_from_slice(&number.to_be_bytes());
            backlog.push(content, &datagram, now);
            let out = waiting(&backlog);
            let count = sent.min(out.len());
            stream.extend(&out[..count]);
            backlog.sent(count);
            now += ms(later);
            backlog.prune(now);
        }
        stream.extend(waiting(&backlog));
        let mut last = [0_u32; 3];
        crate::framing::Deframer::default().feed(&mut stream, &mut |datagram| {
            let lane = usize::from(datagram[12]);
            let number = u32::from_be_bytes(datagram[8..12].try_into().unwrap());
            assert!(number > last[lane] && datagram[12..].iter().all(|byte| *byte == datagram[12]));
            last[lane] = number;
        }).unwrap();
        let after: Vec<_> = backlog.lanes.iter().map(|lane| (lane.bytes.capacity(), lane.waiting.capacity())).collect();
        prop_assert_eq!(room, after);
    }
}
