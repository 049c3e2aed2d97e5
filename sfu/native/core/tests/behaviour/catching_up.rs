//! Somebody who is given a picture shortly after its keyframe sees it at once, from the cache; nobody else notices.

use crate::lab::scene::{Scene, assert_continuous};
use crate::lab::{Camera, Client, VIEWER, ms};
use sfu_core::ids::{Kind, TrackId};

/// Slot 20 shows layer 1 already; a second viewer with slot 30 is there.
fn shown_to_one() -> (Scene, Client) {
    let mut scene = Scene::new();
    let newcomer = scene.lab.join(3, VIEWER);
    scene.lab.add_slot(3, 30, Kind::Video);
    scene.lab.map(20, 10, 1);
    scene.frame(true);
    (0..6).for_each(|_| scene.frame(false));
    scene.plis();
    (scene, newcomer)
}

#[test]
fn a_picture_whose_keyframe_is_young_is_shown_at_once_and_asks_nobody() {
    let (mut scene, mut newcomer) = shown_to_one();
    scene.lab.map(30, 10, 1);
    let missed = newcomer.take(&mut scene.lab).rtp;
    assert_eq!(missed.len(), 14);
    assert_eq!(missed[0].frame()[0] & 1, 0);
    scene.frame(false);
    let mut seen = missed;
    seen.extend(newcomer.take(&mut scene.lab).rtp);
    assert_eq!(seen.len(), 16);
    assert_continuous(&seen);
    assert_eq!(scene.plis(), []);
    assert_eq!(scene.lab.reported(30), Some((TrackId(10), 1)));
    assert_eq!(scene.lab.core.counters().caught_up_slots, 1);
}

#[test]
fn what_was_missed_is_not_behind_what_is_live() {
    let (mut scene, mut newcomer) = shown_to_one();
    scene.lab.map(30, 10, 1);
    let missed = newcomer.take(&mut scene.lab).rtp;
    let passed = missed[13].header.timestamp.wrapping_sub(missed[0].header.timestamp);
    assert_eq!(passed, 6 * 90);
    scene.frame(false);
    let live = newcomer.take(&mut scene.lab).rtp;
    assert_eq!(live[0].header.timestamp.wrapping_sub(missed[13].header.timestamp), 3000);
}

#[test]
fn an_old_keyframe_is_not_used() {
    let (mut scene, mut newcomer) = shown_to_one();
    scene.lab.pass(ms(400));
    scene.lab.map(30, 10, 1);
    assert!(newcomer.take(&mut scene.lab).rtp.is_empty());
    assert_eq!(scene.plis(), [102]);
}

#[test]
fn a_run_with_a_gap_is_not_used() {
    let (mut scene, mut newcomer) = shown_to_one();
    scene.layers[1].frame(false, 1);
    scene.frame(false);
    scene.lab.map(30, 10, 1);
    assert!(newcomer.take(&mut scene.lab).rtp.is_empty());
}

#[test]
fn a_run_that_broke_off_is_not_used() {
    let (mut scene, mut newcomer) = shown_to_one();
    scene.lab.open(10, false);
    scene.lab.open(10, true);
    scene.lab.map(30, 10, 1);
    assert!(newcomer.take(&mut scene.lab).rtp.is_empty());
}

#[test]
fn a_run_that_is_too_large_for_one_moment_is_not_used() {
    let (mut scene, mut newcomer) = shown_to_one();
    for _ in 0..5 {
        let packets = scene.layers[1].frame(false, 150);
        scene.publisher.send(&mut scene.lab, &packets);
    }
    scene.lab.map(30, 10, 1);
    assert!(newcomer.take(&mut scene.lab).rtp.is_empty());
}

#[test]
fn another_layer_of_what_is_shown_does_not_go_back_in_time() {
    let (mut scene, _) = shown_to_one();
    scene.seen();
    scene.lab.map(20, 10, 2);
    assert!(scene.seen().is_empty());
    scene.frame(false);
    assert_eq!(scene.seen().len(), 2);
}

#[test]
fn a_keyframe_that_is_still_coming_is_shown_as_far_as_it_came_and_goes_on_live() {
    let (mut scene, mut newcomer) = shown_to_one();
    let packets = scene.layers[1].frame(true, 3);
    scene.publisher.send(&mut scene.lab, &packets[..2]);
    scene.lab.map(30, 10, 1);
    scene.publisher.send(&mut scene.lab, &packets[2..]);
    let seen = newcomer.take(&mut scene.lab).rtp;
    assert_eq!(seen.iter().map(|packet| packet.header.marker).collect::<Vec<_>>(), [false, false, true]);
    assert_continuous(&seen);
}

#[test]
fn a_packet_that_was_missed_twice_is_sent_again_as_it_was() {
    let (mut scene, mut newcomer) = shown_to_one();
    scene.lab.map(30, 10, 1);
    let missed = newcomer.take(&mut scene.lab).rtp;
    newcomer.send_nack(&mut scene.lab, 300, &[missed[4].header.sequence]);
    let again = newcomer.take(&mut scene.lab).rtp;
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].header.ssrc, again[0].header.timestamp), (301, missed[4].header.timestamp));
    assert_eq!(again[0].payload[2..], missed[4].payload[..]);
}

#[test]
fn a_camera_that_shows_another_person_begins_after_the_one_before() {
    let (mut scene, _) = shown_to_one();
    let other = scene.lab.join(4, crate::lab::PUBLISHER);
    scene.lab.add_track(4, 40, Kind::Video, &[(401, 402)]);
    let mut camera = Camera::new(401, 402);
    let packets = camera.frame(true, 2);
    other.send(&mut scene.lab, &packets);
    scene.lab.pass(ms(100));
    scene.lab.map(20, 40, 0);
    let seen = scene.seen();
    assert_continuous(&seen);
    assert_eq!(seen.last().map(|packet| packet.csrcs.clone()), Some(vec![1040]));
}
