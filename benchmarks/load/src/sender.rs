//! What one peer publishes: an Opus-sized packet every 20 ms and thirty frames a second in each simulcast layer.
//! Says what is due and builds payloads; peer.rs hands them to the transport.

use std::time::{Duration, Instant};

use str0m::media::{Mid, Rid};

use crate::clock;
use crate::stamp::{STAMP_BYTES, Stamp};
use crate::vp8::{self, FRAMES_PER_SECOND, LAYERS, Picture};

const AUDIO_INTERVAL: Duration = Duration::from_millis(20);
const AUDIO_TICKS: u32 = 960;
/// 20 ms of Opus at about 40 kbit/s.
const AUDIO_BYTES: usize = 100;
/// CELT, full band, 20 ms, one mono frame (RFC 6716 §3.1).
const OPUS_TOC: u8 = 0xF8;
const VIDEO_CLOCK: u64 = 90_000;
/// A generator that fell behind by more sends no burst to catch up.
const MAX_CATCH_UP: Duration = Duration::from_millis(200);

/// One packet for the transport.
pub struct Outgoing {
    pub mid: Mid,
    pub rid: Option<Rid>,
    pub sequence: u64,
    pub time: u32,
    pub marker: bool,
    pub payload: Vec<u8>,
    /// Level in −dBov of audio, None for video.
    pub level: Option<u8>,
}

#[derive(Clone, Copy)]
pub struct Voice {
    pub source: u32,
    /// 0 is loudest, 127 silence.
    pub level: u8,
}

pub struct Sender {
    voice: Voice,
    camera_source: u32,
    streams: Vec<Stream>,
    started: Option<Instant>,
    pub sent: u64,
    pub keyframe_requests: u64,
    /// How far behind its schedule the generator was, worst of all packets.
    pub worst_lateness: Duration,
}

struct Stream {
    mid: Mid,
    /// Index into LAYERS; None for audio.
    layer: Option<usize>,
    due: Instant,
    sequence: u64,
    number: u32,
    picture: Picture,
    keyframe: bool,
}

impl Sender {
    pub fn new(microphone: Mid, camera: Mid, voice: Voice, camera_source: u32) -> Self {
        let stream = |mid, layer| Stream {
            mid,
            layer,
            due: Instant::now(),
            sequence: 1000,
            number: 0,
            picture: Picture::default(),
            keyframe: true,
        };
        let mut streams = vec![stream(microphone, None)];
        streams.extend((0..LAYERS.len()).map(|layer| stream(camera, Some(layer))));
        Self {
            voice,
            camera_source,
            streams,
            started: None,
            sent: 0,
            keyframe_requests: 0,
            worst_lateness: Duration::ZERO,
        }
    }

    /// The numbers that the server gave to this participant's tracks.
    pub fn set_sources(&mut self, microphone: u32, camera: u32) {
        self.voice.source = microphone;
        self.camera_source = camera;
    }

    pub fn set_level(&mut self, level: u8) {
        self.voice.level = level;
    }

    /// Media begin; `phase` (0…1) spreads the peers over a frame's time.
    pub fn start(&mut self, now: Instant, phase: f64) {
        self.started = Some(now);
        for stream in &mut self.streams {
            stream.due = now + stream.interval().mul_f64(phase);
        }
    }

    pub fn next_due(&self) -> Option<Instant> {
        self.started?;
        self.streams.iter().map(|stream| stream.due).min()
    }

    pub fn want_keyframe(&mut self, rid: Option<Rid>) {
        self.keyframe_requests += 1;
        for stream in &mut self.streams {
            let asked = stream.layer.is_some_and(|layer| rid.is_none_or(|rid| *rid == *LAYERS[layer].rid));
            stream.keyframe |= asked;
        }
    }

    /// Hands everything that is due to `send`, packet by packet.
    pub fn send_due(&mut self, now: Instant, send: &mut dyn FnMut(Outgoing)) {
        let Some(started) = self.started else { return };
        for index in 0..self.streams.len() {
            let stream = &mut self.streams[index];
            if stream.due > now {
                continue;
            }
            let late = now - stream.due;
            self.worst_lateness = self.worst_lateness.max(late);
            stream.due += stream.interval();
            if late > MAX_CATCH_UP {
                stream.due = now + stream.interval();
            }
            self.sent += match stream.layer {
                None => stream.send_audio(self.voice, send),
                Some(layer) => stream.send_video(layer, self.camera_source, now - started, send),
            };
        }
    }
}

impl Stream {
    fn interval(&self) -> Duration {
        if self.layer.is_some() { Duration::from_secs(1) / FRAMES_PER_SECOND } else { AUDIO_INTERVAL }
    }

    fn send_audio(&mut self, voice: Voice, send: &mut dyn FnMut(Outgoing)) -> u64 {
        let mut payload = vec![0; AUDIO_BYTES];
        payload[0] = OPUS_TOC;
        let sent_ns = clock::realtime_ns();
        Stamp { source: voice.source, layer: 0, keyframe: false, number: self.number, sent_ns }.write(&mut payload);
        let time = self.number.wrapping_mul(AUDIO_TICKS);
        let (sequence, level) = (self.sequence, Some(voice.level));
        send(Outgoing { mid: self.mid, rid: None, sequence, time, marker: self.number == 0, payload, level });
        self.number = self.number.wrapping_add(1);
        self.sequence += 1;
        1
    }

    fn send_video(&mut self, layer: usize, source: u32, elapsed: Duration, send: &mut dyn FnMut(Outgoing)) -> u64 {
        let keyframe = std::mem::take(&mut self.keyframe);
        let time = (elapsed.as_micros() as u64 * VIDEO_CLOCK / 1_000_000) as u32;
        let first = self.sequence;
        let Self { mid, number, sequence, picture, .. } = self;
        let stamp = || {
            *number = number.wrapping_add(1);
            Stamp { source, layer: layer as u8, keyframe, number: *number, sent_ns: clock::realtime_ns() }
        };
        let rid = Some(Rid::from(LAYERS[layer].rid));
        vp8::send_frame(&LAYERS[layer], *picture, keyframe, stamp, |payload, marker| {
            send(Outgoing { mid: *mid, rid, sequence: *sequence, time, marker, payload, level: None });
            *sequence += 1;
        });
        *picture = picture.next();
        self.sequence - first
    }
}

const _: () = assert!(AUDIO_BYTES > STAMP_BYTES);
