//! A publisher and a viewer with a bad network on both sides of the core: what the viewer ends up with.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use crate::lab::client::{Inbox, Received};
use crate::lab::link::Link;
use crate::lab::{Camera, Client, Lab, PUBLISHER, VIEWER, camera, ms};
use sfu_core::ids::Kind;
use sfu_core::rtcp::{OWN_SSRC, nack, pli};

const SSRC: u32 = 200;
const RTX_SSRC: u32 = 201;

/// What a browser's jitter buffer knows: the stream by endless number, and what it asked for when.
#[derive(Default)]
struct Jitter {
    packets: BTreeMap<u64, Received>,
    highest: u64,
    asked: HashMap<u64, (Instant, u32)>,
}

impl Jitter {
    fn insert(&mut self, mut packet: Received) {
        let sequence = if packet.header.ssrc == RTX_SSRC {
            let original = u16::from_be_bytes([packet.payload[0], packet.payload[1]]);
            packet.payload.drain(..2);
            original
        } else {
            packet.header.sequence
        };
        let reference = if self.highest == 0 { (1 << 16) + u64::from(sequence) } else { self.highest };
        let number = sfu_core::sequence::extend(reference, sequence).unwrap();
        self.highest = self.highest.max(number);
        self.packets.entry(number).or_insert(packet);
    }

    /// Asks for each missing packet every 50 ms, twenty times at most.
    fn missing(&mut self, now: Instant) -> Vec<u16> {
        let first = self.packets.keys().next().copied().unwrap_or(u64::MAX);
        let mut missing = Vec::new();
        for number in first..=self.highest {
            let (asked, times) = self.asked.entry(number).or_insert((now - ms(50), 0));
            if !self.packets.contains_key(&number) && *times < 20 && now - *asked >= ms(50) {
                (*asked, *times) = (now, *times + 1);
                missing.push(number as u16);
            }
        }
        missing
    }
}

struct Journey {
    lab: Lab,
    publisher: Client,
    viewer: Client,
    camera: Camera,
    up: Link,
    up_back: Link,
    down: Link,
    down_back: Link,
    jitter: Jitter,
    wants_keyframe: bool,
}

impl Journey {
    fn new(seed: u64, loss_percent: u64) -> Self {
        let mut lab = Lab::default();
        let publisher = lab.join(1, PUBLISHER);
        let viewer = lab.join(2, VIEWER);
        lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
        lab.add_slot(2, 20, Kind::Video);
        lab.map(20, 10, 0);
        let link = |n: u64| Link::new(seed * 4 + n, loss_percent);
        let camera = Camera::new(101, 201);
        Self {
            lab,
            publisher,
            viewer,
            camera,
            up: link(0),
            up_back: link(1),
            down: link(2),
            down_back: link(3),
            jitter: Jitter::default(),
            wants_keyframe: true,
        }
    }

    /// One millisecond of everybody's life.
    fn step(&mut self, millis: u64, is_filming: bool) {
        if is_filming && millis % 33 == 0 {
            let is_keyframe = std::mem::take(&mut self.wants_keyframe);
            for plain in self.camera.frame(is_keyframe, if is_keyframe { 20 } else { 4 }) {
                let sealed = self.publisher.seal(&plain);
                self.up.send(&sealed, self.lab.now);
            }
        }
        for bytes in self.up.arrived(self.lab.now) {
            self.lab.datagram(self.publisher.path, &bytes);
        }
        for bytes in self.down_back.arrived(self.lab.now) {
            self.lab.datagram(self.viewer.path, &bytes);
        }
        self.lab.pass(ms(1));
        for (path, bytes) in std::mem::take(&mut self.lab.outbox.sent) {
            let link = if path == self.viewer.path { &mut self.down } else { &mut self.up_back };
            link.send(&bytes, self.lab.now);
        }
        self.publish();
        self.view(millis);
    }

    fn publish(&mut self) {
        let mut inbox = Inbox::default();
        for bytes in self.up_back.arrived(self.lab.now) {
            self.publisher.open_lossy(bytes, &mut inbox);
        }
        self.wants_keyframe |= !inbox.plis().is_empty();
        for (_, sequence) in inbox.nacks() {
            let sealed = self.publisher.seal(&self.camera.retransmit(sequence));
            self.up.send(&sealed, self.lab.now);
        }
    }

    fn view(&mut self, millis: u64) {
        let mut inbox = Inbox::default();
        for bytes in self.down.arrived(self.lab.now) {
            self.viewer.open_lossy(bytes, &mut inbox);
        }
        inbox.rtp.into_iter().for_each(|packet| self.jitter.insert(packet));
        let missing = if millis % 10 == 0 { self.jitter.missing(self.lab.now) } else { Vec::new() };
        if !missing.is_empty() {
            let sealed = self.viewer.seal_rtcp(|writer| nack::write(writer, OWN_SSRC + 1, SSRC, &missing));
            self.down_back.send(&sealed, self.lab.now);
        }
        if self.jitter.packets.is_empty() && millis % 500 == 0 {
            let sealed = self.viewer.seal_rtcp(|writer| pli::write(writer, OWN_SSRC + 1, SSRC));
            self.down_back.send(&sealed, self.lab.now);
        }
    }
}

#[test]
fn every_frame_arrives_whole_over_lossy_links_on_both_sides() {
    for seed in 1..=2 {
        let mut journey = Journey::new(seed, 5);
        for millis in 0..10_000 {
            journey.step(millis, millis < 8_000);
        }
        let packets = journey.jitter.packets;
        let (first, last) = (*packets.keys().next().unwrap(), *packets.keys().next_back().unwrap());
        let missing = last - first + 1 - packets.len() as u64;
        assert_eq!(missing, 0, "seed {seed}");
        assert!(packets.len() > 800, "seed {seed}: {}", packets.len());
        let list: Vec<&Received> = packets.values().collect();
        for pair in list.windows(2) {
            let (before, after) = (pair[0].descriptor(), pair[1].descriptor());
            let step = after.picture_id.unwrap().wrapping_sub(before.picture_id.unwrap()) & 0x7fff;
            assert_eq!(step, u16::from(after.start_of_partition), "seed {seed}");
            assert_eq!(pair[0].header.marker, after.start_of_partition, "seed {seed}");
        }
        let counters = journey.lab.core.counters();
        assert!(counters.recovered_packets > 0 && counters.resent_packets > 0);
        assert_eq!(counters.dropped_sealed_twice, 0);
    }
}

#[test]
fn a_clean_link_costs_no_resend_and_no_request() {
    let mut journey = Journey::new(9, 0);
    for millis in 0..3_000 {
        journey.step(millis, true);
    }
    let counters = journey.lab.core.counters();
    assert_eq!((counters.resent_packets, counters.dropped_policed), (0, 0));
    assert!(counters.keyframe_requests_sent <= 1);
}

#[test]
fn a_storm_of_nacks_costs_a_fifth_and_no_packet_comes_more_than_ten_times() {
    let mut lab = Lab::default();
    let publisher = lab.join(1, PUBLISHER);
    let mut viewer = lab.join(2, VIEWER);
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.add_slot(2, 20, Kind::Video);
    lab.map(20, 10, 0);
    let mut camera = Camera::new(101, 201);
    let (mut sent, mut resent) = (0_usize, HashMap::<u16, usize>::new());
    let mut newest = 0;
    for step in 0..1500 {
        let frame = camera.frame(step == 0, 10);
        publisher.send(&mut lab, &frame);
        let all: Vec<u16> = (0..200).rev().map(|back| u16::wrapping_sub(newest, back)).collect();
        viewer.send_nack(&mut lab, SSRC, &all);
        lab.pass(ms(33));
        for packet in viewer.take(&mut lab).rtp {
            if packet.header.ssrc == SSRC {
                newest = packet.header.sequence;
                sent += 1;
            } else {
                *resent.entry(u16::from_be_bytes([packet.payload[0], packet.payload[1]])).or_default() += 1;
            }
        }
    }
    let total: usize = resent.values().sum();
    assert_eq!(sent, 15_000);
    assert!(total > 1_000 && total * 100 / sent < 50, "{total} of {sent}, the floor of 64 kbit/s in it");
    assert!(resent.values().all(|times| *times <= 10));
}

#[test]
fn sound_is_never_sent_again() {
    let mut lab = Lab::default();
    let publisher = lab.join(1, PUBLISHER);
    let mut viewer = lab.join(2, VIEWER);
    lab.add_track(1, 11, Kind::Audio, &[(500, 0)]);
    lab.add_slot(2, 30, Kind::Audio);
    lab.map(30, 11, 0);
    publisher.send(&mut lab, &[camera::rtp(0, PUBLISHER.opus, 1, 960, 500, &[b"opus"])]);
    let sequence = viewer.take(&mut lab).rtp[0].header.sequence;
    viewer.send_nack(&mut lab, 300, &[sequence]);
    assert!(viewer.take(&mut lab).rtp.is_empty());
}

#[test]
fn a_receivers_repeated_requests_are_limited() {
    let mut lab = Lab::default();
    let mut publisher = lab.join(1, PUBLISHER);
    let mut viewer = lab.join(2, VIEWER);
    lab.add_track(1, 10, Kind::Video, &[(101, 201)]);
    lab.add_slot(2, 20, Kind::Video);
    lab.map(20, 10, 0);
    let mut camera = Camera::new(101, 201);
    let frame = camera.frame(true, 2);
    publisher.send(&mut lab, &frame);
    publisher.take(&mut lab);
    let mut asked = 0;
    for _ in 0..45 {
        viewer.send_pli(&mut lab, SSRC);
        let frame = camera.frame(false, 2);
        publisher.send(&mut lab, &frame);
        lab.pass(ms(200));
        asked += publisher.take(&mut lab).plis().len();
    }
    assert_eq!(asked, 3);
}
