//! A core under invented time, and clients that are not made of it: they only share its SRTP, whose vectors
//! stand beside it. Behaviour tests speak to the core as sockets would.

pub mod camera;
pub mod client;
pub mod link;
pub mod scene;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use sfu_core::clock::Ntp;
use sfu_core::command::{Codecs, Command, IceCredentials, NewSlot, NewTrack};
use sfu_core::core::Core;
use sfu_core::ids::{Kind, Local, Path, PeerId, SlotId, TrackId};
use sfu_core::output::{Content, Event, Output, Report, SlotReport};
use sfu_core::srtp::Keys;

pub use camera::{Camera, Plain};
pub use client::Client;

/// The publisher's numbers; the viewer's differ in every field.
pub const PUBLISHER: Codecs = Codecs {
    opus: 111,
    vp8: 96,
    vp8_rtx: 97,
    mid: 4,
    rid: 10,
    repaired_rid: 11,
    audio_level: 1,
    transport_cc: 3,
    abs_send_time: 2,
    video_orientation: 13,
};
pub const VIEWER: Codecs = Codecs {
    opus: 109,
    vp8: 120,
    vp8_rtx: 124,
    mid: 0,
    rid: 0,
    repaired_rid: 0,
    audio_level: 6,
    transport_cc: 0,
    abs_send_time: 5,
    video_orientation: 7,
};

#[derive(Default)]
pub struct Outbox {
    pub sent: Vec<(Path, Vec<u8>)>,
    pub begun: Vec<Path>,
    pub ended: Vec<Path>,
    pub datagrams: Vec<(PeerId, Vec<u8>)>,
    pub connected: Vec<PeerId>,
    pub moved: Vec<PeerId>,
    pub report: Report,
    pub levels: Vec<(TrackId, u8)>,
}

impl Output for Outbox {
    fn transmit(&mut self, path: Path, _: Content, bytes: &[u8]) {
        self.sent.push((path, bytes.to_vec()));
    }

    fn path_begins(&mut self, path: Path) {
        self.begun.push(path);
    }

    fn path_ends(&mut self, path: Path) {
        self.ended.push(path);
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Datagram { peer, data } => self.datagrams.push((peer, data.to_vec())),
            Event::Connected { peer } => self.connected.push(peer),
            Event::Moved { peer } => self.moved.push(peer),
            Event::Report(report) => self.report = report,
            Event::Levels(levels) => self.levels = levels,
        }
    }
}

pub struct Lab {
    pub core: Core,
    pub start: Instant,
    pub now: Instant,
    pub outbox: Outbox,
}

pub fn path(port: u16) -> Path {
    Path { local: Local::Udp(0), remote: SocketAddr::from(([198, 51, 100, 7], port)) }
}

pub fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// (receive keys of the core, send keys of the core)
pub fn keys(id: u64, is_gcm: bool) -> (Keys, Keys) {
    let key = |direction: u8| [id as u8 ^ direction; 16];
    if is_gcm {
        let of = |direction| Keys::AeadAes128Gcm { key: key(direction), salt: [direction; 12] };
        (of(0x40), of(0x80))
    } else {
        let of = |direction| Keys::Aes128CmSha1_80 { key: key(direction), salt: [direction; 14] };
        (of(0x40), of(0x80))
    }
}

impl Default for Lab {
    fn default() -> Self {
        let start = Instant::now();
        let ntp = Ntp::from_unix(Duration::from_secs(1_800_000_000));
        Self { core: Core::new(start, ntp), start, now: start, outbox: Outbox::default() }
    }
}

impl Lab {
    pub fn command(&mut self, command: Command) {
        self.core.handle_command(command, self.now, &mut self.outbox);
    }

    pub fn datagram(&mut self, path: Path, bytes: &[u8]) {
        self.core.handle_datagram(path, &mut bytes.to_vec(), self.now, &mut self.outbox);
    }

    /// Time goes on, with every timeout at its moment.
    pub fn pass(&mut self, duration: Duration) {
        let end = self.now + duration;
        while let Some(timeout) = self.core.next_timeout().filter(|timeout| *timeout <= end) {
            self.now = self.now.max(timeout);
            self.core.handle_timeout(self.now, &mut self.outbox);
        }
        self.now = end;
    }

    pub fn add_peer(&mut self, id: u64) {
        let credentials = IceCredentials {
            local_ufrag: format!("srv{id}"),
            local_pwd: format!("password-of-{id}"),
            remote_ufrag: format!("cli{id}"),
        };
        self.command(Command::AddPeer { peer: PeerId(id), credentials });
    }

    /// A client that is connected and has keys.
    pub fn join(&mut self, id: u64, codecs: Codecs) -> Client {
        self.join_with(id, codecs, true)
    }

    pub fn join_with(&mut self, id: u64, codecs: Codecs, is_gcm: bool) -> Client {
        self.add_peer(id);
        let (receive, send) = keys(id, is_gcm);
        let client = Client::new(id, &receive, &send);
        client.check(self, client.path, true);
        self.command(Command::SetKeys { peer: PeerId(id), receive, send });
        self.command(Command::SetCodecs { peer: PeerId(id), codecs });
        client
    }

    /// An open track that announced its SSRCs; its source is its number plus 1000.
    pub fn add_track(&mut self, peer: u64, track: u64, kind: Kind, ssrcs: &[(u32, u32)]) {
        self.announce(peer, track, kind, &[], ssrcs);
        self.open(track, true);
    }

    pub fn announce(&mut self, peer: u64, track: u64, kind: Kind, rids: &[&str], ssrcs: &[(u32, u32)]) {
        self.command(Command::AddTrack(NewTrack {
            peer: PeerId(peer),
            track: TrackId(track),
            source: track as u32 + 1000,
            kind,
            mid: track.to_string(),
            rids: rids.iter().map(ToString::to_string).collect(),
            ssrcs: ssrcs.to_vec(),
        }));
    }

    pub fn open(&mut self, track: u64, is_open: bool) {
        self.command(Command::OpenTrack { track: TrackId(track), is_open });
    }

    /// SSRC and RTX SSRC follow from the slot's number.
    pub fn add_slot(&mut self, peer: u64, slot: u64, kind: Kind) {
        let ssrc = slot as u32 * 10;
        let rtx_ssrc = if kind == Kind::Video { ssrc + 1 } else { 0 };
        self.command(Command::AddSlot(NewSlot { peer: PeerId(peer), slot: SlotId(slot), kind, ssrc, rtx_ssrc }));
    }

    pub fn map(&mut self, slot: u64, track: u64, layer: usize) {
        let track = (track != 0).then_some(TrackId(track));
        self.command(Command::MapSlot { slot: SlotId(slot), track, layer });
    }

    /// What a slot forwards by the next report.
    pub fn reported(&mut self, slot: u64) -> Option<(TrackId, usize)> {
        self.pass(ms(200));
        let find = |report: &SlotReport| (report.slot == SlotId(slot)).then_some(report.source);
        self.outbox.report.slots.iter().find_map(find).flatten()
    }
}
