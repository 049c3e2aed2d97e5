//! Who may do what: nothing from a stranger has an effect, and no peer reaches into another.

use crate::lab::camera::{extensions, rtp};
use crate::lab::client::{binding_request, stun_message};
use crate::lab::{Camera, Client, Lab, PUBLISHER, VIEWER, keys, ms, path};
use proptest::prelude::*;
use sfu_core::command::{Command, IceCredentials};
use sfu_core::ids::{Kind, Path, PeerId};

/// Peers 1 and 3 publish tracks 10 and 12, peer 2 sees both on slots 20 and 21.
fn room() -> (Lab, Client, Client, Client) {
    let mut lab = Lab::default();
    let (first, viewer, second) = (lab.join(1, PUBLISHER), lab.join(2, VIEWER), lab.join(3, PUBLISHER));
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.add_track(3, 12, Kind::Video, &[(301, 401)]);
    for (slot, track) in [(20, 10), (21, 12)] {
        lab.add_slot(2, slot, Kind::Video);
        lab.map(slot, track, 0);
    }
    lab.outbox.sent.clear();
    (lab, first, viewer, second)
}

fn replies(lab: &mut Lab, from: Path, bytes: &[u8]) -> Vec<Vec<u8>> {
    lab.datagram(from, bytes);
    let sent = std::mem::take(&mut lab.outbox.sent);
    sent.into_iter().filter(|(path, _)| *path == from).map(|(_, bytes)| bytes).collect()
}

#[test]
fn a_check_is_answered_only_with_the_whole_user_name_and_the_right_password() {
    let mut lab = Lab::default();
    lab.add_peer(1);
    let good = binding_request("srv1:cli1", "password-of-1", true);
    for (user, password) in [
        ("srv1:cli1", "password-of-2"),
        ("srv1", "password-of-1"),
        ("srv1:", "password-of-1"),
        (":cli1", "password-of-1"),
        ("cli1:srv1", "password-of-1"),
        ("srv2:cli1", "password-of-1"),
        ("srv1:cli1:x", "password-of-1"),
    ] {
        assert!(replies(&mut lab, path(1), &binding_request(user, password, true)).is_empty(), "{user}");
    }
    let answers = replies(&mut lab, path(1), &good);
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0][..2], [0x01, 0x01]);
    assert!(answers[0].len() <= good.len());
    assert_eq!(lab.outbox.connected, [PeerId(1)]);
}

#[test]
fn the_answer_carries_the_address_that_the_check_came_from() {
    let mut lab = Lab::default();
    lab.add_peer(1);
    let request = binding_request("srv1:cli1", "password-of-1", true);
    let v4 = &replies(&mut lab, path(0x1234), &request)[0];
    assert_eq!(v4[20..32], [0, 0x20, 0, 8, 0, 1, 0x33, 0x26, 198 ^ 0x21, 51 ^ 0x12, 100 ^ 0xa4, 7 ^ 0x42]);
    let v6 = Path { remote: "[2001:db8::1]:4660".parse().unwrap(), ..path(0) };
    let v6 = &replies(&mut lab, v6, &request)[0];
    assert_eq!(v6[20..28], [0, 0x20, 0, 20, 0, 2, 0x33, 0x26]);
    let mask = *b"\x21\x12\xa4\x42transaction!";
    let address: Vec<u8> = v6[28..44].iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    assert_eq!(address, "2001:db8::1".parse::<std::net::Ipv6Addr>().unwrap().octets());
}

#[test]
fn authentic_checks_with_unknown_attributes_or_the_wrong_role_are_refused() {
    let mut lab = Lab::default();
    lab.add_peer(1);
    let user = (0x0006_u16, b"srv1:cli1".to_vec());
    let code = |answer: &[u8]| (answer[..2].to_vec(), u16::from(answer[26]) * 100 + u16::from(answer[27]));
    let unknown = stun_message(1, &[user.clone(), (0x7777, vec![0; 4]), (0x24, vec![0; 4])], Some("password-of-1"));
    assert_eq!(code(&replies(&mut lab, path(1), &unknown)[0]), (vec![0x01, 0x11], 420));
    let controlled = stun_message(1, &[user.clone(), (0x8029, vec![0; 8])], Some("password-of-1"));
    assert_eq!(code(&replies(&mut lab, path(1), &controlled)[0]), (vec![0x01, 0x11], 487));
    assert!(lab.outbox.connected.is_empty());
    let unauthenticated = stun_message(1, &[user, (0x7777, vec![0; 4])], Some("guess"));
    assert!(replies(&mut lab, path(1), &unauthenticated).is_empty());
}

#[test]
fn nothing_but_a_check_has_an_effect_before_ice() {
    let mut lab = Lab::default();
    lab.add_peer(1);
    let (receive, send) = keys(1, true);
    let client = Client::new(1, &receive, &send);
    lab.command(Command::SetKeys { peer: PeerId(1), receive, send });
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 2);
    client.send(&mut lab, &frame);
    lab.datagram(client.path, &[22, 254, 253]);
    lab.pass(ms(2_000));
    assert!(lab.outbox.sent.is_empty() && lab.outbox.datagrams.is_empty());
    assert_eq!(lab.core.counters().dropped_unvalidated, 3);
}

#[test]
fn media_and_dtls_from_an_address_that_passed_no_check_have_no_effect() {
    let (mut lab, first, mut viewer, _) = room();
    let mut camera = Camera::new(101, 201);
    for plain in camera.frame(true, 5) {
        let sealed = first.seal(&plain);
        lab.datagram(path(666), &sealed);
    }
    lab.datagram(path(666), &[22, 254, 253, 0]);
    assert!(viewer.take(&mut lab).rtp.is_empty() && lab.outbox.datagrams.is_empty());
    let frame = camera.frame(true, 2);
    first.send(&mut lab, &frame);
    lab.datagram(first.path, &[22, 254, 253, 0]);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
    assert_eq!(lab.outbox.datagrams.len(), 1);
}

#[test]
fn a_replay_is_forwarded_never() {
    let (mut lab, first, mut viewer, _) = room();
    let mut camera = Camera::new(101, 201);
    let sealed: Vec<_> = (0..300).flat_map(|n| camera.frame(n == 0, 4)).map(|plain| first.seal(&plain)).collect();
    for packets in sealed.chunks(4) {
        packets.iter().for_each(|bytes| lab.datagram(first.path, bytes));
        lab.pass(ms(33));
    }
    assert_eq!(viewer.take(&mut lab).rtp.len(), 1200);
    sealed.iter().for_each(|bytes| lab.datagram(first.path, bytes));
    assert!(viewer.take(&mut lab).rtp.is_empty());
    assert_eq!(lab.core.counters().dropped_replayed, 1200);
}

#[test]
fn a_peer_cannot_claim_the_track_of_another() {
    let (mut lab, _, mut viewer, thief) = room();
    let mut camera = Camera::new(101, 201);
    camera.elements = vec![(PUBLISHER.mid, b"10".to_vec())];
    let frame = camera.frame(true, 3);
    thief.send(&mut lab, &frame);
    let mut camera = Camera::new(777, 778);
    camera.elements = vec![(PUBLISHER.mid, b"10".to_vec())];
    let frame = camera.frame(true, 3);
    thief.send(&mut lab, &frame);
    lab.announce(3, 10, Kind::Video, &[], &[(777, 778)]);
    let frame = camera.frame(true, 3);
    thief.send(&mut lab, &frame);
    assert!(viewer.take(&mut lab).rtp.is_empty());
    assert_eq!(lab.core.counters().dropped_unbound, 9);
}

#[test]
fn reports_and_requests_about_foreign_streams_change_nothing() {
    let (mut lab, mut first, _, mut thief) = room();
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 2);
    first.send(&mut lab, &frame);
    first.take(&mut lab);
    lab.pass(ms(600));
    lab.outbox.sent.clear();
    thief.send_pli(&mut lab, 200);
    thief.send_nack(&mut lab, 200, &[201, 202]);
    thief.send_rtcp(&mut lab, |writer| writer.put(&[0x81, 203, 0, 1, 0, 0, 0, 101]));
    assert!(lab.outbox.sent.is_empty());
    assert_eq!(lab.reported(20).map(|(track, _)| track.0), Some(10));
}

#[test]
fn a_peer_has_sixty_four_streams_at_most() {
    let (mut lab, first, _, _) = room();
    for ssrc in 0..200 {
        first.send(&mut lab, &[rtp(0, PUBLISHER.vp8, 5, 0, 10_000 + ssrc, &[&[0x10, 0]])]);
    }
    assert_eq!(lab.core.counters().dropped_too_many_ssrcs, 136);
}

#[test]
fn a_flood_is_policed() {
    let (mut lab, first, mut viewer, _) = room();
    let mut camera = Camera::new(101, 201);
    for _ in 0..1_000 {
        let frame = camera.frame(true, 50);
        first.send(&mut lab, &frame);
        lab.pass(ms(1));
    }
    let forwarded = viewer.take(&mut lab).rtp.len();
    assert!((1_500..2_300).contains(&forwarded), "{forwarded} of 50,000 in a second");
}

#[test]
fn a_restart_keeps_the_old_credentials_until_the_new_ones_are_used() {
    let mut lab = Lab::default();
    let client = lab.join(1, PUBLISHER);
    let credentials =
        IceCredentials { local_ufrag: "new".into(), local_pwd: "fresh".into(), remote_ufrag: "cli9".into() };
    lab.command(Command::RestartIce { peer: PeerId(1), credentials });
    lab.outbox.sent.clear();
    let old = binding_request("srv1:cli1", "password-of-1", false);
    assert_eq!(replies(&mut lab, client.path, &old).len(), 1);
    assert!(lab.outbox.moved.is_empty());
    assert_eq!(replies(&mut lab, path(7), &binding_request("new:cli9", "fresh", false)).len(), 1);
    assert_eq!(lab.outbox.moved, [PeerId(1)]);
    assert!(replies(&mut lab, client.path, &old).is_empty());
}

#[test]
fn media_follow_the_nominated_address() {
    let (mut lab, first, mut viewer, _) = room();
    let mut camera = Camera::new(101, 201);
    viewer.check(&mut lab, path(55), false);
    let frame = camera.frame(true, 1);
    first.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 1);
    viewer.check(&mut lab, path(55), true);
    viewer.path = path(55);
    lab.outbox.sent.clear();
    let frame = camera.frame(false, 1);
    first.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 1);
    assert_eq!(lab.outbox.moved, [PeerId(2)]);
}

#[test]
fn of_two_peers_behind_one_address_the_last_to_check_is_heard() {
    let mut lab = Lab::default();
    let (one, two) = (lab.join(1, PUBLISHER), lab.join(2, PUBLISHER));
    for client in [&one, &two, &one] {
        client.check(&mut lab, path(5), true);
        lab.datagram(path(5), &[22, 0]);
    }
    let heard: Vec<u64> = lab.outbox.datagrams.iter().map(|(peer, _)| peer.0).collect();
    assert_eq!(heard, [1, 2, 1]);
}

#[test]
fn a_removed_peer_is_neither_heard_nor_sent_to() {
    let (mut lab, first, mut viewer, second) = room();
    let (mut camera, mut other) = (Camera::new(101, 201), Camera::new(301, 401));
    lab.command(Command::RemovePeer { peer: PeerId(1) });
    let frame = camera.frame(true, 2);
    first.send(&mut lab, &frame);
    first.check(&mut lab, first.path, true);
    let frame = other.frame(true, 2);
    second.send(&mut lab, &frame);
    assert!(viewer.take(&mut lab).rtp.iter().all(|packet| packet.csrcs == [1012]));
    lab.command(Command::RemovePeer { peer: PeerId(2) });
    lab.outbox.sent.clear();
    let frame = other.frame(true, 2);
    second.send(&mut lab, &frame);
    lab.pass(ms(1_000));
    assert!(lab.outbox.sent.iter().all(|(path, _)| *path == second.path));
    assert_eq!((lab.outbox.report.peers.len(), lab.outbox.report.slots.len()), (1, 0));
}

#[test]
fn a_track_follows_its_mid_from_ssrc_to_ssrc() {
    let (mut lab, first, mut viewer, _) = room();
    let named = vec![(PUBLISHER.mid, b"10".to_vec())];
    let (mut announced, mut stray) = (Camera::new(101, 201), Camera::new(999, 0));
    stray.elements = named.clone();
    let frame = stray.frame(true, 2);
    first.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
    let frame = announced.frame(true, 2);
    first.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 0);
    announced.elements = named;
    let frame = announced.frame(true, 2);
    first.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
}

#[test]
fn commands_may_come_twice_and_about_what_is_gone() {
    let (mut lab, first, mut viewer, _) = room();
    lab.add_peer(1);
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.add_slot(2, 20, Kind::Video);
    lab.add_slot(2, 99, Kind::Audio);
    lab.map(20, 10, 0);
    lab.map(404, 10, 0);
    lab.map(20, 404, 0);
    lab.open(404, true);
    lab.command(Command::RemovePeer { peer: PeerId(404) });
    let (receive, send) = keys(9, true);
    lab.command(Command::SetKeys { peer: PeerId(1), receive, send });
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 2);
    first.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_from_anywhere_change_nothing_for_the_others(
        datagrams in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..120)), 1..40),
    ) {
        let (mut lab, first, mut viewer, second) = room();
        for (is_known, bytes) in &datagrams {
            let is_dtls = bytes.first().is_some_and(|first| (20..64).contains(first));
            lab.datagram(if *is_known { second.path } else { path(666) }, bytes);
            prop_assert!(is_dtls || lab.outbox.sent.is_empty());
        }
        let mut camera = Camera::new(101, 201);
        let frame = camera.frame(true, 2);
        first.send(&mut lab, &frame);
        prop_assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
    }

    #[test]
    fn a_damaged_packet_is_never_forwarded(position in 0_usize..100, bit in 0_u32..8, cut in 0_usize..100) {
        let (mut lab, first, mut viewer, _) = room();
        let mut camera = Camera::new(101, 201);
        let mut sealed = first.seal(&camera.frame(true, 1)[0]);
        let index = position % sealed.len();
        sealed[index] ^= 1 << bit;
        lab.datagram(first.path, &sealed);
        lab.datagram(first.path, &sealed[..sealed.len() - cut.clamp(1, sealed.len())]);
        prop_assert!(viewer.take(&mut lab).rtp.is_empty());
    }

    #[test]
    fn authentic_rubbish_is_forwarded_only_if_well_formed(
        first_byte in any::<u8>(), second_byte in any::<u8>(), rest in prop::collection::vec(any::<u8>(), 0..200),
        learns in any::<bool>(),
    ) {
        let (mut lab, first, mut viewer, _) = room();
        let mid = extensions(&[(PUBLISHER.mid, b"10")]);
        let ssrc = if learns { 999 } else { 101 };
        let plain = rtp(first_byte & 0x3f, second_byte, 7, 0, ssrc, &[if learns { &mid } else { &[] }, &rest]);
        if sfu_core::rtp::Header::parse(&plain.bytes).is_ok() && !(192..224).contains(&second_byte) {
            first.send(&mut lab, &[plain]);
        }
        for packet in viewer.take(&mut lab).rtp {
            prop_assert!(packet.descriptor().start_of_partition);
        }
        let mut camera = Camera::new(101, 201);
        camera.index = 2_000;
        // Well-formed rubbish of another SSRC has taken the track with it; a stream that names its MID takes it back.
        camera.elements = if learns { vec![(PUBLISHER.mid, b"10".to_vec())] } else { Vec::new() };
        let frame = camera.frame(true, 2);
        first.send(&mut lab, &frame);
        prop_assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
    }

    #[test]
    fn authentic_control_rubbish_harms_nobody(packets in prop::collection::vec((0_u8..32, 200_u8..208,
        prop::collection::vec(any::<u32>(), 0..20)), 1..8)) {
        let (mut lab, first, mut viewer, mut rude) = room();
        rude.send_rtcp(&mut lab, |writer| {
            writer.put(&[0x80, 201, 0, 1, 0, 0, 0, 9]);
            for (count, kind, words) in &packets {
                writer.put(&[0x80 | count, *kind, 0, words.len() as u8]);
                words.iter().for_each(|word| writer.u32(*word));
            }
        });
        let mut camera = Camera::new(101, 201);
        let frame = camera.frame(true, 2);
        first.send(&mut lab, &frame);
        prop_assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
    }
}
