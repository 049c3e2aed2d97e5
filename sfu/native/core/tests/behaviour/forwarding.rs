//! What a receiver sees of a source: its own numbers, without a break, whatever happens behind the slot.

use crate::lab::camera::{extensions, rtp};
use crate::lab::scene::{Scene, assert_continuous};
use crate::lab::{Camera, Lab, PUBLISHER, Plain, VIEWER, ms};
use sfu_core::clock::Ntp;
use sfu_core::ids::{Kind, TrackId};
use std::time::Duration;

#[test]
fn every_number_that_the_offerer_chose_is_the_receivers() {
    for is_gcm in [true, false] {
        let mut lab = Lab::default();
        let publisher = lab.join_with(1, PUBLISHER, is_gcm);
        let mut viewer = lab.join_with(2, VIEWER, !is_gcm);
        lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
        lab.add_slot(2, 20, Kind::Video);
        lab.map(20, 10, 0);
        let mut camera = Camera::new(101, 201);
        camera.elements = vec![(PUBLISHER.mid, b"10".to_vec()), (PUBLISHER.video_orientation, vec![1]), (9, vec![1])];
        let frame = camera.frame(true, 2);
        publisher.send(&mut lab, &frame);
        let seen = viewer.take(&mut lab).rtp;
        assert_eq!(seen.len(), 2);
        let first = &seen[0];
        assert_eq!((first.header.ssrc, first.header.payload_type, first.header.marker), (200, VIEWER.vp8, false));
        assert!(seen[1].header.marker);
        assert_eq!(first.csrcs, [1010]);
        let ids: Vec<u8> = first.extensions.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [VIEWER.abs_send_time, VIEWER.video_orientation]);
        assert_eq!(first.extensions[1].1, [1]);
        assert_continuous(&seen);
    }
}

#[test]
fn sound_starts_at_once_and_its_level_is_told() {
    let mut lab = Lab::default();
    let publisher = lab.join(1, PUBLISHER);
    let mut viewer = lab.join(2, VIEWER);
    lab.add_track(1, 11, Kind::Audio, &[(500, 0)]);
    lab.add_slot(2, 30, Kind::Audio);
    lab.map(30, 11, 0);
    let block = extensions(&[(PUBLISHER.audio_level, &[0x80 | 25])]);
    let opus = |n: u64| rtp(0x10, PUBLISHER.opus, n, n as u32 * 960, 500, &[&block, b"opus"]);
    publisher.send(&mut lab, &[opus(5), opus(6)]);
    let seen = viewer.take(&mut lab).rtp;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].header.timestamp.wrapping_sub(seen[0].header.timestamp), 960);
    assert!(seen[0].extensions.contains(&(VIEWER.audio_level, vec![0x80 | 25])));
    lab.pass(ms(50));
    assert_eq!(lab.outbox.levels, [(TrackId(11), 25)]);
}

#[test]
fn a_video_slot_asks_for_a_keyframe_and_shows_nothing_before_it() {
    let mut scene = Scene::new();
    scene.frame(true);
    scene.frame(false);
    scene.lab.pass(ms(600));
    scene.plis();
    scene.lab.map(20, 10, 1);
    assert_eq!(scene.plis(), [102]);
    scene.frame(false);
    assert!(scene.seen().is_empty());
    scene.frame(true);
    assert_eq!(scene.seen().len(), 2);
    assert_eq!(scene.lab.reported(20), Some((TrackId(10), 1)));
}

#[test]
fn the_request_is_repeated_every_half_second_while_the_slot_waits() {
    let mut scene = Scene::new();
    scene.frame(true);
    scene.lab.pass(ms(600));
    scene.lab.map(20, 10, 2);
    for _ in 0..90 {
        scene.frame(false);
    }
    let plis = scene.plis();
    assert!((5..=7).contains(&plis.len()), "{plis:?}");
    assert!(plis.iter().all(|ssrc| *ssrc == 103));
}

#[test]
fn another_layer_takes_over_at_its_keyframe_without_a_break() {
    let mut scene = Scene::new();
    scene.lab.map(20, 10, 0);
    let mut seen = Vec::new();
    for step in 0..60 {
        match step {
            10 => scene.lab.map(20, 10, 2),
            30 => scene.lab.map(20, 10, 1),
            _ => {}
        }
        scene.frame(step % 15 == 0);
        let packets = scene.seen();
        let both = [15, 30].contains(&step);
        assert!(packets.len() == 2 || both && packets.len() == 4, "the old layer goes on until then (step {step})");
        seen.extend(packets);
    }
    assert_continuous(&seen);
    assert_eq!(scene.lab.reported(20), Some((TrackId(10), 1)));
}

#[test]
fn layers_with_sender_reports_keep_the_time_of_capture() {
    let mut scene = Scene::new();
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    for index in [0, 2] {
        let report = scene.layers[index].sender_report(Ntp::from_unix(Duration::from_secs(77)));
        scene.publisher.send_rtcp(&mut scene.lab, |writer| report.write(writer));
    }
    scene.frame(false);
    let before = scene.seen().last().unwrap().header.timestamp;
    scene.lab.map(20, 10, 2);
    scene.lab.pass(ms(40));
    let frame = scene.layers[2].frame(true, 2);
    scene.publisher.send(&mut scene.lab, &frame);
    let after = scene.seen().last().unwrap().header.timestamp;
    assert!(after.wrapping_sub(before).abs_diff(3000) <= 2, "{}", after.wrapping_sub(before));
}

#[test]
fn another_track_stops_the_old_one_at_once_and_starts_at_its_keyframe() {
    let mut scene = Scene::new();
    let other = scene.lab.join(3, PUBLISHER);
    scene.lab.add_track(3, 12, Kind::Video, &[(301, 401)]);
    let mut camera = Camera::new(301, 401);
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    let mut seen = scene.seen();
    scene.lab.map(20, 12, 0);
    scene.frame(true);
    let frame = camera.frame(false, 2);
    other.send(&mut scene.lab, &frame);
    assert!(scene.seen().is_empty());
    let frame = camera.frame(true, 2);
    other.send(&mut scene.lab, &frame);
    seen.extend(scene.seen());
    assert_eq!(seen.iter().map(|packet| packet.csrcs[0]).collect::<Vec<_>>(), [1010, 1010, 1012, 1012]);
    assert_continuous(&seen);
    let elapsed = seen[2].header.timestamp.wrapping_sub(seen[1].header.timestamp);
    assert!(elapsed.abs_diff(6000) <= 3, "real time passed: {elapsed}");
}

#[test]
fn a_silent_layer_is_replaced_by_a_lower_one_and_comes_back() {
    let mut scene = Scene::new();
    scene.lab.map(20, 10, 2);
    scene.frame(true);
    assert_eq!(scene.lab.reported(20), Some((TrackId(10), 2)));
    let high = scene.layers.pop().unwrap();
    scene.plis();
    for _ in 0..60 {
        let is_asked = scene.plis().contains(&102);
        scene.frame(is_asked);
    }
    assert_eq!(scene.lab.reported(20), Some((TrackId(10), 1)));
    scene.layers.push(high);
    scene.frame(true);
    assert_eq!(scene.lab.reported(20), Some((TrackId(10), 2)));
    assert_continuous(&scene.seen());
}

#[test]
fn padding_leaves_no_gap_and_loss_does() {
    let mut scene = Scene::new();
    scene.layers.truncate(1);
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    let padding: Vec<Plain> = (0..3).map(|_| scene.layers[0].padding()).collect();
    scene.publisher.send(&mut scene.lab, &padding);
    scene.frame(false);
    let lost = scene.layers[0].frame(false, 1);
    scene.frame(false);
    let mut seen = scene.seen();
    assert_continuous(&seen[..4]);
    assert_eq!(seen[4].header.sequence, seen[3].header.sequence.wrapping_add(2));
    scene.publisher.send(&mut scene.lab, &lost);
    seen.extend(scene.seen());
    seen.sort_by_key(|packet| packet.header.sequence);
    assert_eq!(seen.len(), 7);
    assert_continuous(&seen);
}

#[test]
fn packets_from_before_the_switch_are_not_shown() {
    let mut scene = Scene::new();
    scene.layers.truncate(1);
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    let late = scene.layers[0].frame(false, 2);
    scene.lab.map(20, 0, 0);
    scene.lab.pass(ms(600));
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    let before = scene.seen().len();
    scene.publisher.send(&mut scene.lab, &late);
    assert_eq!((before, scene.seen().len()), (4, 0));
}

#[test]
fn a_closed_track_forwards_nothing_and_starts_again_at_a_keyframe() {
    let mut scene = Scene::new();
    scene.layers.truncate(1);
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    let mut seen = scene.seen();
    scene.lab.open(10, false);
    scene.frame(true);
    let lost = seen[0].header.sequence;
    scene.viewer.send_nack(&mut scene.lab, 200, &[lost]);
    assert!(scene.seen().is_empty());
    assert_eq!(scene.lab.reported(20), None);
    scene.lab.open(10, true);
    scene.frame(false);
    assert!(scene.seen().is_empty());
    scene.frame(true);
    seen.extend(scene.seen());
    assert_eq!(seen.len(), 4);
    assert_continuous(&seen);
}

#[test]
fn a_sender_that_jumps_far_ahead_does_not_move_the_receivers_numbers() {
    let mut scene = Scene::new();
    scene.layers.truncate(1);
    scene.lab.map(20, 10, 0);
    let mut seen = Vec::new();
    for _ in 0..40 {
        scene.layers[0].index += 20_000;
        scene.frame(true);
        seen.extend(scene.seen());
    }
    assert_eq!(seen.len(), 80);
    assert_continuous(&seen);
}

#[test]
fn a_sender_that_jumps_a_little_all_the_time_is_policed() {
    let mut scene = Scene::new();
    scene.layers.truncate(1);
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    let first = scene.seen()[0].header.sequence;
    for _ in 0..300 {
        scene.layers[0].index += 400;
        scene.frame(true);
    }
    let numbers = scene.seen().last().unwrap().header.sequence.wrapping_sub(first);
    assert!(numbers < 17_000, "{numbers} in ten seconds");
}
