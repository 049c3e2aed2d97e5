//! A viewer over a slow TCP connection: its pictures end when the connection is full and begin anew with a keyframe when
//! there is room, its sound goes on, and nobody else is asked for anything meanwhile. And connections that end.

use sfu_core::command::Command;
use sfu_core::ids::{ConnectionId, Kind, Local, Path, PeerId, TrackId};

use crate::lab::scene::{Scene, assert_continuous};
use crate::lab::{PUBLISHER, camera, ms, path};

fn stream(serial: u32) -> Path {
    Path { local: Local::Tcp(ConnectionId { place: 0, serial }), remote: path(7).remote }
}

/// Slot 20 of a viewer who is in over TCP shows layer 0.
fn over_tcp() -> Scene {
    let mut scene = Scene::new();
    scene.viewer.path = stream(1);
    scene.lab.pass(ms(2100));
    scene.viewer.check(&mut scene.lab, stream(1), true);
    scene.lab.map(20, 10, 0);
    scene.frame(true);
    scene.frame(false);
    scene.seen();
    scene.plis();
    scene
}

fn has_room(scene: &mut Scene, path: Path) {
    scene.lab.core.path_has_room(path, scene.lab.now, &mut scene.lab.outbox);
}

#[test]
fn a_full_path_gets_no_video_and_asks_for_none() {
    let mut scene = over_tcp();
    scene.lab.core.path_is_full(stream(1));
    (0..40).for_each(|_| scene.frame(false));
    assert!(scene.seen().is_empty());
    assert_eq!(scene.plis(), []);
    assert_eq!(scene.lab.reported(20), Some((TrackId(10), 0)), "nobody above asks for it, either");
}

#[test]
fn with_room_the_picture_begins_anew_by_a_keyframe_without_a_gap_in_its_numbers() {
    let mut scene = over_tcp();
    scene.frame(false);
    let mut seen = scene.seen();
    scene.lab.core.path_is_full(stream(1));
    (0..20).for_each(|_| scene.frame(false));
    has_room(&mut scene, stream(1));
    assert_eq!(scene.plis(), [101]);
    scene.frame(false);
    assert!(scene.seen().is_empty());
    scene.frame(true);
    scene.frame(false);
    seen.extend(scene.seen());
    assert_eq!(seen.len(), 6);
    assert_continuous(&seen);
}

#[test]
fn what_was_dropped_with_the_full_path_is_not_sent_again() {
    let mut scene = over_tcp();
    scene.frame(false);
    let lost: Vec<u16> = scene.seen().iter().map(|packet| packet.header.sequence).collect();
    scene.lab.core.path_is_full(stream(1));
    scene.viewer.send_nack(&mut scene.lab, 200, &lost);
    assert!(scene.seen().is_empty());
}

#[test]
fn sound_goes_on_over_a_full_path() {
    let mut scene = over_tcp();
    scene.lab.announce(1, 12, Kind::Audio, &[], &[(301, 0)]);
    scene.lab.open(12, true);
    scene.lab.add_slot(2, 22, Kind::Audio);
    scene.lab.map(22, 12, 0);
    scene.lab.core.path_is_full(stream(1));
    scene.publisher.send(&mut scene.lab, &[camera::rtp(0, PUBLISHER.opus, 1, 960, 301, &[b"opus"])]);
    assert_eq!(scene.seen().len(), 1);
}

#[test]
fn who_leaves_a_full_path_is_shown_pictures_on_the_other_one() {
    let mut scene = over_tcp();
    scene.lab.core.path_is_full(stream(1));
    (0..20).for_each(|_| scene.frame(false));
    scene.viewer.path = path(9);
    scene.viewer.check(&mut scene.lab, path(9), true);
    assert_eq!(scene.plis(), [101]);
    scene.frame(true);
    assert_eq!(scene.seen().len(), 2);
}

#[test]
fn udp_and_tcp_from_one_address_are_two_paths_and_so_are_two_connections() {
    let mut scene = over_tcp();
    for other in [Path { local: Local::Udp(0), ..stream(1) }, stream(2)] {
        let before = scene.lab.core.counters().dropped_unvalidated;
        scene.lab.datagram(other, &[22, 1, 2, 3]);
        assert_eq!(scene.lab.core.counters().dropped_unvalidated, before + 1);
    }
}

#[test]
fn a_connection_that_ends_hands_over_to_the_pair_that_was_heard_last() {
    let mut scene = over_tcp();
    scene.lab.pass(ms(10));
    scene.viewer.check(&mut scene.lab, path(9), false);
    scene.lab.outbox.moved.clear();
    scene.lab.core.lose_path(stream(1), scene.lab.now, &mut scene.lab.outbox);
    assert_eq!(scene.lab.outbox.moved, [PeerId(2)]);
    scene.viewer.path = path(9);
    scene.viewer.take(&mut scene.lab);
    scene.frame(false);
    assert_eq!(scene.seen().len(), 2);
}

#[test]
fn the_worker_hears_which_connections_are_somebodys_and_which_are_nobodys_any_more() {
    let mut scene = over_tcp();
    scene.viewer.check(&mut scene.lab, stream(1), true);
    let begun = scene.lab.outbox.begun.iter().filter(|path| **path == stream(1)).count();
    assert_eq!(begun, 1);
    for serial in 2..=8 {
        scene.lab.pass(ms(1));
        scene.viewer.check(&mut scene.lab, stream(serial), true);
    }
    assert_eq!(scene.lab.outbox.ended.len(), 1, "a ninth pair, the first over UDP included, pushes out one");
    scene.lab.command(Command::RemovePeer { peer: PeerId(2) });
    assert_eq!(scene.lab.outbox.ended.len(), 9);
}
