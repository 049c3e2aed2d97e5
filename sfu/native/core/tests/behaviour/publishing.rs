//! What a publisher may send and what it is told: bindings, retransmissions, feedback; and the reports that
//! come of it.

use std::time::Duration;

use crate::lab::{Camera, Client, Lab, PUBLISHER, Plain, VIEWER, camera, ms};
use sfu_core::clock::Ntp;
use sfu_core::command::Command;
use sfu_core::ids::{Kind, PeerId, TrackId};
use sfu_core::output::LayerReport;
use sfu_core::rtcp::rr::Block;
use sfu_core::rtcp::sr::SenderReport;
use sfu_core::rtcp::{Compound, remb, rr};

fn pair() -> (Lab, Client, Client) {
    let mut lab = Lab::default();
    let (publisher, viewer) = (lab.join(1, PUBLISHER), lab.join(2, VIEWER));
    lab.add_slot(2, 20, Kind::Video);
    (lab, publisher, viewer)
}

fn element(id: u8, value: &str) -> (u8, Vec<u8>) {
    (id, value.as_bytes().to_vec())
}

#[test]
fn simulcast_layers_are_learned_from_mid_and_rid_and_need_them_once() {
    let (mut lab, publisher, mut viewer) = pair();
    lab.announce(1, 10, Kind::Video, &["q", "h"], &[]);
    lab.open(10, true);
    lab.map(20, 10, 1);
    let mut camera = Camera::new(555, 556);
    camera.elements = vec![element(PUBLISHER.mid, "10"), element(PUBLISHER.rid, "h")];
    let frame = camera.frame(true, 1);
    publisher.send(&mut lab, &frame);
    camera.elements.clear();
    let frame = camera.frame(false, 1);
    publisher.send(&mut lab, &frame);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 2);
    assert_eq!(lab.reported(20), Some((TrackId(10), 1)));
    let mut unknown = Camera::new(666, 667);
    unknown.elements = vec![element(PUBLISHER.mid, "10"), element(PUBLISHER.rid, "x")];
    let frame = unknown.frame(true, 1);
    publisher.send(&mut lab, &frame);
    assert_eq!(lab.core.counters().dropped_unbound, 1);
}

#[test]
fn a_retransmission_is_found_by_its_repaired_rid_and_fills_the_gap() {
    let (mut lab, publisher, mut viewer) = pair();
    lab.announce(1, 10, Kind::Video, &["q", "h"], &[]);
    lab.open(10, true);
    lab.map(20, 10, 1);
    let mut camera = Camera::new(555, 556);
    camera.elements = vec![element(PUBLISHER.mid, "10"), element(PUBLISHER.rid, "h")];
    let frame = camera.frame(true, 3);
    publisher.send(&mut lab, &[frame[0].clone(), frame[2].clone()]);
    camera.elements = vec![element(PUBLISHER.mid, "10"), element(PUBLISHER.repaired_rid, "h")];
    let repaired = camera.retransmit(frame[1].index as u16);
    publisher.send(&mut lab, &[repaired]);
    let mut seen = viewer.take(&mut lab).rtp;
    seen.sort_by_key(|packet| packet.header.sequence);
    let numbers: Vec<u8> =
        seen.iter().map(|packet| packet.frame()[usize::from(packet.frame()[0] != 1) * 10 + 1]).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(lab.core.counters().recovered_packets, 1);
    let again = camera.retransmit(frame[1].index as u16);
    publisher.send(&mut lab, &[again]);
    assert!(viewer.take(&mut lab).rtp.is_empty());
}

#[test]
fn padding_on_the_retransmission_stream_is_counted_and_dropped() {
    let (mut lab, mut publisher, mut viewer) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.map(20, 10, 0);
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 1);
    publisher.send(&mut lab, &frame);
    let sequence = camera::extensions(&[(PUBLISHER.transport_cc, &[0, 9])]);
    let padding = camera::rtp(0x30, PUBLISHER.vp8_rtx, 5, 0, 201, &[&sequence, &[0; 99], &[100]]);
    publisher.send(&mut lab, &[padding]);
    assert_eq!(viewer.take(&mut lab).rtp.len(), 1);
    assert_eq!(lab.core.counters().padding_packets, 1);
    lab.pass(ms(100));
    assert_eq!(publisher.take(&mut lab).packets_of_type(205, 15).len(), 1);
}

#[test]
fn lost_packets_are_asked_for_upstream_until_they_come() {
    let (mut lab, mut publisher, _) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 6);
    publisher.send(&mut lab, &[frame[0].clone(), frame[3].clone(), frame[5].clone()]);
    lab.pass(ms(15));
    let lost = |index: usize| (101, frame[index].index as u16);
    assert_eq!(publisher.take(&mut lab).nacks(), [lost(1), lost(2), lost(4)]);
    let repaired: Vec<Plain> = [1, 4].iter().map(|index| camera.retransmit(frame[*index].index as u16)).collect();
    publisher.send(&mut lab, &repaired);
    lab.pass(ms(2_000));
    let nacks = publisher.take(&mut lab).nacks();
    assert!(nacks.len() <= 9 && nacks.iter().all(|nack| *nack == lost(2)), "{nacks:?}");
}

#[test]
fn arrival_times_are_told_every_hundred_milliseconds() {
    let (mut lab, mut publisher, _) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let mut camera = Camera::new(101, 201);
    camera.transport_sequence = Some(65_000);
    let mut feedback = Vec::new();
    for step in 0..30 {
        let frame = camera.frame(step == 0, 3);
        publisher.send(&mut lab, &frame);
        lab.pass(ms(33));
        feedback.extend(publisher.take(&mut lab).packets_of_type(205, 15));
    }
    assert!((9..=10).contains(&feedback.len()), "{}", feedback.len());
    let field = |body: &[u8], at: usize| u16::from_be_bytes([body[at], body[at + 1]]);
    let mut next = 65_000;
    for (index, body) in feedback.iter().enumerate() {
        assert_eq!(field(body, 8), next);
        assert_eq!(usize::from(body[15]), index);
        next = next.wrapping_add(field(body, 10));
    }
}

#[test]
fn a_receiver_report_tells_loss_and_echoes_the_sender_report() {
    let (mut lab, mut publisher, _) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let mut camera = Camera::new(101, 201);
    let mut blocks: Vec<Block> = Vec::new();
    for step in 0..90 {
        let frame = camera.frame(step == 0, 4);
        publisher.send(&mut lab, &frame[..3]);
        if step == 0 {
            let report = camera.sender_report(Ntp(0x1111_2222_3333_4444));
            publisher.send_rtcp(&mut lab, |writer| report.write(writer));
        }
        lab.pass(ms(33));
        for bytes in publisher.take(&mut lab).rtcp {
            blocks.extend(Compound::new(&bytes).filter(|p| p.packet_type == 201).flat_map(|p| rr::blocks(&p)));
        }
    }
    assert!((2..=4).contains(&blocks.len()), "about one a second: {}", blocks.len());
    let last = blocks.last().unwrap();
    assert_eq!((last.ssrc, last.last_sr), (101, 0x2222_3333));
    assert!(last.fraction_lost.abs_diff(64) <= 3, "{}", last.fraction_lost);
    assert!((65_536..4 * 65_536).contains(&last.delay_since_last_sr));
    let peer = lab.outbox.report.peers.iter().find(|peer| peer.peer == PeerId(1)).unwrap();
    assert!((peer.fraction_lost_up - 0.25).abs() < 0.02, "{}", peer.fraction_lost_up);
}

#[test]
fn what_was_sent_while_the_track_was_closed_is_not_lost() {
    let (mut lab, publisher, _) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let mut camera = Camera::new(101, 201);
    let mut worst: f64 = 0.0;
    for step in 0..120 {
        lab.open(10, !(40..80).contains(&step));
        let frame = camera.frame(step == 0, 1);
        publisher.send(&mut lab, &frame);
        lab.pass(ms(33));
        let peer = lab.outbox.report.peers.iter().find(|peer| peer.peer == PeerId(1));
        worst = worst.max(peer.map_or(0.0, |peer| peer.fraction_lost_up));
    }
    assert!(worst.abs() < 0.01, "{worst}");
}

#[test]
fn the_send_limit_is_told_at_once_and_every_second_until_it_is_lifted() {
    let (mut lab, mut publisher, _) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let limits = |publisher: &mut Client, lab: &mut Lab| -> Vec<u64> {
        let compounds = publisher.take(lab).rtcp;
        compounds.iter().flat_map(|bytes| Compound::new(bytes)).filter_map(|packet| remb::parse(&packet)).collect()
    };
    lab.pass(ms(3_000));
    assert!(limits(&mut publisher, &mut lab).is_empty());
    lab.command(Command::SetSendLimit { peer: PeerId(1), bitrate_bps: 800_000 });
    assert_eq!(limits(&mut publisher, &mut lab), [800_000]);
    lab.pass(ms(3_000));
    assert_eq!(limits(&mut publisher, &mut lab), [800_000; 3]);
    lab.command(Command::SetSendLimit { peer: PeerId(1), bitrate_bps: 0 });
    lab.pass(ms(3_000));
    assert!(limits(&mut publisher, &mut lab).is_empty());
}

#[test]
fn a_receivers_reports_become_loss_round_trip_and_rate() {
    let (mut lab, publisher, mut viewer) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.map(20, 10, 0);
    let mut camera = Camera::new(101, 201);
    let mut report = None;
    for step in 0..40 {
        let frame = camera.frame(step == 0, 1);
        publisher.send(&mut lab, &frame);
        lab.pass(ms(33));
        for bytes in viewer.take(&mut lab).rtcp {
            report = Compound::new(&bytes).find_map(|packet| SenderReport::parse(&packet)).or(report);
        }
    }
    let report = report.unwrap();
    assert_eq!(report.ssrc, 200);
    let sent = lab.start + Duration::from_millis(0);
    let ntp = Ntp::from_unix(Duration::from_secs(1_800_000_000));
    let age = ntp.plus(lab.now - sent).micros_since(report.ntp);
    let block = Block {
        ssrc: 200,
        fraction_lost: 128,
        last_sr: report.ntp.middle(),
        delay_since_last_sr: ((age - 80_000) * 65_536 / 1_000_000) as u32,
        ..Block::default()
    };
    let earlier = Block { fraction_lost: 0, highest: 1_000, ..block };
    let block = Block { highest: 1_040, ..block };
    viewer.send_rtcp(&mut lab, |writer| rr::write(writer, 9, &[earlier]));
    viewer.send_rtcp(&mut lab, |writer| {
        rr::write(writer, 9, &[block]);
        remb::write(writer, 9, 1_234_000, &[200]);
    });
    lab.pass(ms(200));
    let peer = lab.outbox.report.peers.iter().find(|peer| peer.peer == PeerId(2)).unwrap();
    assert_eq!(peer.remb_bps.map(|bps| bps / 1000), Some(1_234));
    assert!((peer.fraction_lost - 0.5).abs() < 0.01);
    assert!((peer.fraction_lost_down - 0.5).abs() < 0.01);
    assert!(peer.rtt_ms.unwrap().abs_diff(80) <= 1, "{:?}", peer.rtt_ms);
    assert!(peer.silent_ms <= 200);
    lab.pass(ms(1_200));
    let peer = lab.outbox.report.peers.iter().find(|peer| peer.peer == PeerId(2)).unwrap();
    assert!(peer.fraction_lost.abs() < 0.01 && peer.silent_ms >= 1_200);
}

#[test]
fn sender_reports_place_sound_and_picture_of_one_peer_at_the_same_moment() {
    let (mut lab, mut publisher, mut viewer) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.add_track(1, 11, Kind::Audio, &[(500, 0)]);
    lab.add_slot(2, 30, Kind::Audio);
    lab.map(20, 10, 0);
    lab.map(30, 11, 0);
    let theirs = Ntp::from_unix(Duration::from_secs(5_000));
    let mut camera = Camera::new(101, 201);
    let mut reports = std::collections::HashMap::new();
    let (mut picture_at, mut sound_at) = (0, 0);
    for step in 0..100_u64 {
        let now = theirs.plus(lab.now - lab.start);
        let frame = camera.frame(step == 0, 1);
        publisher.send(&mut lab, &frame);
        let opus = camera::rtp(0, PUBLISHER.opus, step, step as u32 * 960, 500, &[b"opus"]);
        publisher.send(&mut lab, &[opus]);
        let (video, audio) = (
            camera.sender_report(now),
            SenderReport { ssrc: 500, ntp: now, timestamp: step as u32 * 960, packets: 0, bytes: 0 },
        );
        publisher.send_rtcp(&mut lab, |writer| {
            video.write(writer);
            audio.write(writer);
        });
        let inbox = viewer.take(&mut lab);
        for packet in &inbox.rtp {
            let target = if packet.header.ssrc == 300 { &mut sound_at } else { &mut picture_at };
            *target = packet.header.timestamp;
        }
        for bytes in inbox.rtcp {
            let found = Compound::new(&bytes).find_map(|packet| SenderReport::parse(&packet));
            reports.extend(found.map(|report| (report.ssrc, (report, picture_at, sound_at))));
        }
        lab.pass(ms(20));
    }
    let taken_at = |ssrc: u32, rate: i64, is_sound: bool| {
        let (report, picture, sound) = reports[&ssrc];
        let sent = if is_sound { sound } else { picture };
        let ticks = i64::from(sent.wrapping_sub(report.timestamp) as i32);
        report.ntp.shifted(ticks * 1_000_000 / rate)
    };
    let skew = taken_at(200, 90_000, false).micros_since(taken_at(300, 48_000, true));
    assert!(skew.abs() < 25_000, "{skew} µs: the frame interval of the invented camera is in it");
}

#[test]
fn a_report_tells_rate_and_size_of_every_layer() {
    let (mut lab, publisher, _) = pair();
    lab.add_track(1, 10, Kind::Video, &[(101, 201), (102, 202)]);
    let mut camera = Camera::new(102, 202);
    camera.size = (1280, 720);
    for step in 0..30 {
        let frame = camera.frame(step == 0, 2);
        publisher.send(&mut lab, &frame);
        lab.pass(ms(33));
    }
    let track = &lab.outbox.report.tracks[0];
    assert_eq!(track.layers[0], LayerReport { bitrate_bps: 0, width: 0, height: 0 });
    let layer = track.layers[1];
    assert_eq!((layer.width, layer.height), (1280, 720));
    assert!((40_000..80_000).contains(&layer.bitrate_bps), "{}", layer.bitrate_bps);
}

#[test]
fn two_hundred_viewers_who_ask_all_the_time_cost_two_requests_a_second() {
    let mut lab = Lab::default();
    let mut publisher = lab.join(1, PUBLISHER);
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    let mut viewers: Vec<Client> = (0..200).map(|n| lab.join(100 + n, VIEWER)).collect();
    for n in 0..200 {
        lab.add_slot(100 + n, 1_000 + n, Kind::Video);
        lab.map(1_000 + n, 10, 0);
    }
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 1);
    publisher.send(&mut lab, &frame);
    publisher.take(&mut lab);
    let mut asked = 0;
    for round in 0..20 {
        for (n, viewer) in viewers.iter_mut().enumerate() {
            viewer.send_pli(&mut lab, 10_000 + n as u32 * 10);
        }
        let frame = camera.frame(round % 5 == 0, 1);
        publisher.send(&mut lab, &frame);
        lab.pass(ms(100));
        asked += publisher.take(&mut lab).plis().len();
    }
    assert!((1..=4).contains(&asked), "{asked} in two seconds");
}
