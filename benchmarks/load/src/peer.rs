//! One synthetic participant's PeerConnection: str0m over an own UDP socket, offering as Zvonok's browsers do
//! (microphone, camera in three layers, screen, screen sound, then receive slots). Signalling is its owner's.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde::Serialize;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use crate::Failure;
use crate::receiver::{Received, Receiver};
use crate::sender::{Outgoing, Sender, Voice};
use crate::sight::Sight;
use crate::socket::MediaSocket;
use crate::vp8::LAYERS;

pub const AUDIO_SLOTS: usize = 4;
const OPUS: u8 = 111;
const VP8: u8 = 96;
/// Datagrams that one peer reads before the others get their turn.
const READ_BATCH: usize = 64;

/// A PeerConnection's offer as both the wire protocol and the control protocol carry it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Offer {
    pub connection: u32,
    pub sdp: String,
    pub publish: BTreeMap<&'static str, String>,
    pub audio_slots: Vec<String>,
    pub video_slots: Vec<String>,
}

impl Offer {
    fn has_distinct_mids(&self) -> bool {
        let mids = self.publish.values().chain(&self.audio_slots).chain(&self.video_slots);
        let distinct: BTreeSet<&String> = mids.clone().collect();
        distinct.len() == mids.count()
    }
}

pub struct Shape {
    /// None for an observer, who offers no track of its own.
    pub publishes: Option<Published>,
    pub video_slots: usize,
    /// Offers its tracks and connects, but sends nothing on them.
    pub is_still: bool,
}

#[derive(Clone, Copy)]
pub struct Published {
    pub voice: Voice,
    pub camera_source: u32,
    /// 0…1: where in a frame's time this peer sends.
    pub phase: f64,
}

pub struct Peer {
    rtc: Rtc,
    socket: Option<MediaSocket>,
    pending: Option<SdpPendingOffer>,
    offered: Offer,
    phase: f64,
    is_still: bool,
    sender: Option<Sender>,
    pub receiver: Receiver,
    pub sight: Sight,
    timeout: Instant,
    accepted_at: Option<Instant>,
    /// Answer applied → DTLS done, and → first picture.
    pub connected_after: Option<Duration>,
    pub picture_after: Option<Duration>,
    pub failed: bool,
}

impl Peer {
    /// str0m draws MIDs at random and may draw one twice; browsers count them.
    pub fn new(connection: u32, shape: &Shape, now: Instant) -> Result<Self, Failure> {
        loop {
            let peer = Self::drawn(connection, shape, now)?;
            if peer.offered.has_distinct_mids() {
                return Ok(peer);
            }
        }
    }

    fn drawn(connection: u32, shape: &Shape, now: Instant) -> Result<Self, Failure> {
        let mut rtc = transport(now);
        let mut change = rtc.sdp_api();
        let mut publish = BTreeMap::new();
        let mut own = None;
        if shape.publishes.is_some() {
            let mut add = |kind, simulcast| change.add_media(kind, Direction::SendOnly, None, None, simulcast);
            let (microphone, camera) = (add(MediaKind::Audio, None), add(MediaKind::Video, Some(layers())));
            let (screen, screen_sound) = (add(MediaKind::Video, None), add(MediaKind::Audio, None));
            own = Some((microphone, camera));
            let kinds =
                [("microphone", microphone), ("camera", camera), ("screen", screen), ("screen_sound", screen_sound)];
            publish.extend(kinds.map(|(kind, mid)| (kind, mid.to_string())));
        }
        let mut slot = |kind| change.add_media(kind, Direction::RecvOnly, None, None, None).to_string();
        let audio_slots = (0..AUDIO_SLOTS).map(|_| slot(MediaKind::Audio)).collect();
        let video_slots = (0..shape.video_slots).map(|_| slot(MediaKind::Video)).collect();
        let (sdp, pending) = change.apply().ok_or("str0m made no offer")?;
        let sender = own.zip(shape.publishes).map(|((microphone, camera), published)| {
            Sender::new(microphone, camera, published.voice, published.camera_source)
        });
        let offered = Offer { connection, sdp: sdp.to_sdp_string(), publish, audio_slots, video_slots };
        let phase = shape.publishes.map_or(0.0, |published| published.phase);
        Ok(Self { pending: Some(pending), phase, is_still: shape.is_still, sender, ..Self::around(rtc, offered, now) })
    }

    /// The other end, for the generator's check of itself: a peer that only receives, and its answer.
    pub fn answering(offer: &str, socket: MediaSocket, now: Instant) -> Result<(Self, String), Failure> {
        let mut peer = Self::around(transport(now), Offer::default(), now);
        peer.use_socket(socket)?;
        let answer = peer.rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(offer)?)?;
        peer.accepted_at = Some(now);
        Ok((peer, answer.to_sdp_string()))
    }

    fn around(rtc: Rtc, offered: Offer, now: Instant) -> Self {
        Self {
            rtc,
            socket: None,
            pending: None,
            offered,
            phase: 0.0,
            is_still: false,
            sender: None,
            receiver: Receiver::default(),
            sight: Sight::default(),
            timeout: now,
            accepted_at: None,
            connected_after: None,
            picture_after: None,
            failed: false,
        }
    }

    /// The offer that waits for its answer.
    pub fn offer(&self) -> &Offer {
        &self.offered
    }

    /// A new offer of this connection with other ICE credentials.
    pub fn restart_ice(&mut self) -> Result<&Offer, Failure> {
        let mut change = self.rtc.sdp_api();
        change.ice_restart(true);
        let (sdp, pending) = change.apply().ok_or("str0m made no offer")?;
        self.offered.sdp = sdp.to_sdp_string();
        self.pending = Some(pending);
        Ok(&self.offered)
    }

    pub fn set_sources(&mut self, microphone: u32, camera: u32) {
        if let Some(sender) = &mut self.sender {
            sender.set_sources(microphone, camera);
        }
    }

    /// How loud this peer speaks from here on, in −dBov.
    pub fn set_level(&mut self, level: u8) {
        if let Some(sender) = &mut self.sender {
            sender.set_level(level);
        }
    }

    pub fn accept(&mut self, answer: &str, now: Instant) -> Result<(), Failure> {
        let pending = self.pending.take().ok_or("an answer that was not asked for")?;
        self.rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(answer)?)?;
        if self.socket.is_none() {
            let server = udp_candidate(answer).ok_or("the answer has no UDP candidate")?;
            self.use_socket(MediaSocket::toward(server)?)?;
        }
        self.accepted_at.get_or_insert(now);
        self.pump(now, 0);
        Ok(())
    }

    fn use_socket(&mut self, socket: MediaSocket) -> Result<(), Failure> {
        self.rtc.add_local_candidate(Candidate::host(socket.local(), "udp")?);
        self.socket = Some(socket);
        Ok(())
    }

    pub fn socket(&self) -> Option<&MediaSocket> {
        self.socket.as_ref()
    }

    pub fn sender(&self) -> Option<&Sender> {
        self.sender.as_ref()
    }

    pub fn start_measuring(&mut self) {
        self.receiver.start();
        if let Some(sender) = &mut self.sender {
            sender.worst_lateness = Duration::ZERO;
        }
    }

    pub fn wakes_at(&self) -> Instant {
        match self.sender.as_ref().and_then(Sender::next_due) {
            Some(due) => due.min(self.timeout),
            None => self.timeout,
        }
    }

    /// Sends what is due and lets the transport's timers run.
    pub fn tick(&mut self, now: Instant) {
        if self.failed || self.accepted_at.is_none() {
            self.timeout = now + Duration::from_secs(1);
            return;
        }
        if let Some(mut sender) = self.sender.take() {
            sender.send_due(now, &mut |packet| self.send(packet, now));
            self.sender = Some(sender);
        }
        if self.timeout <= now {
            self.advance(now);
        }
    }

    fn send(&mut self, packet: Outgoing, now: Instant) {
        let pt = if packet.level.is_some() { OPUS } else { VP8 }.into();
        let ext_vals = ExtensionValues {
            audio_level: packet.level.map(|level| -(level as i8)),
            voice_activity: packet.level.map(|level| level < 100),
            ..ExtensionValues::default()
        };
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(packet.mid, packet.rid) else { return };
        let write = RtpWrite::new(pt, packet.sequence.into(), packet.time, now, packet.payload);
        stream.write_rtp(write.marker(packet.marker).ext_vals(ext_vals).nackable(packet.level.is_none()));
        self.advance(now);
    }

    fn advance(&mut self, now: Instant) {
        if self.rtc.handle_input(Input::Timeout(now)).is_err() {
            self.failed = true;
        }
        self.pump(now, 0);
    }

    /// Reads a batch from the socket; true when more may wait.
    pub fn read(&mut self, now: Instant, buffer: &mut [u8]) -> Result<bool, Failure> {
        for _ in 0..READ_BATCH {
            let Some(socket) = &mut self.socket else { return Ok(false) };
            let destination = socket.local();
            let Some(arrival) = socket.receive(buffer)? else { return Ok(false) };
            let Ok(datagram) = Receive::new(Protocol::Udp, arrival.from, destination, &buffer[..arrival.len]) else {
                continue;
            };
            if self.rtc.handle_input(Input::Receive(now, datagram)).is_err() {
                self.failed = true;
            }
            self.pump(now, arrival.at_ns);
        }
        Ok(true)
    }

    fn pump(&mut self, now: Instant, arrived_ns: u64) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.timeout = at;
                    return;
                }
                Ok(Output::Transmit(datagram)) => self.transmit(&datagram),
                Ok(Output::Event(event)) => self.on_event(event, now, arrived_ns),
                Err(_) => {
                    self.failed = true;
                    return;
                }
            }
        }
    }

    fn transmit(&self, datagram: &Transmit) {
        if let Some(socket) = &self.socket {
            socket.send(&datagram.contents, datagram.destination);
        }
    }

    fn on_event(&mut self, event: Event, now: Instant, arrived_ns: u64) {
        match event {
            Event::Connected => {
                self.connected_after = self.accepted_at.map(|at| now - at);
                if let Some(sender) = self.sender.as_mut().filter(|_| !self.is_still) {
                    sender.start(now, self.phase);
                }
            }
            Event::KeyframeRequest(request) => {
                if let Some(sender) = &mut self.sender {
                    sender.want_keyframe(request.rid);
                }
            }
            Event::RtpPacket(packet) => self.on_packet(&packet, now, arrived_ns),
            _ => {}
        }
    }

    fn on_packet(&mut self, packet: &RtpPacket, now: Instant, arrived_ns: u64) {
        let header = &packet.header;
        let received = Received {
            ssrc: *header.ssrc,
            sequence: *packet.seq_no,
            csrc: (header.csrc_count > 0).then(|| header.csrc[0]),
            payload: &packet.payload,
            at_ns: arrived_ns,
            audio: *header.payload_type == OPUS,
            marker: header.marker,
        };
        self.receiver.take(&received);
        self.sight.take(&received);
        if self.picture_after.is_none() && self.receiver.saw_video() {
            self.picture_after = self.accepted_at.map(|at| now - at);
        }
    }
}

fn transport(now: Instant) -> Rtc {
    RtcConfig::new().clear_codecs().enable_opus(true, false).enable_vp8(true).set_rtp_mode(true).build(now)
}

fn layers() -> Simulcast {
    let mut simulcast = Simulcast::new();
    LAYERS.iter().for_each(|layer| simulcast.add_send_layer(SimulcastLayer::new(layer.rid)));
    simulcast
}

fn udp_candidate(answer: &str) -> Option<SocketAddr> {
    answer.lines().find_map(|line| {
        let fields: Vec<&str> = line.strip_prefix("a=candidate:")?.split_ascii_whitespace().collect();
        match fields[..] {
            [_, _, transport, _, address, port, ..] if transport.eq_ignore_ascii_case("udp") => {
                Some(SocketAddr::new(address.parse().ok()?, port.parse().ok()?))
            }
            _ => None,
        }
    })
}
