//! The way of an RTP packet in: authenticate → note for feedback → bind to track and layer → unwrap RTX →
//! count, police, cache → hand to the subscribers. Every early end has its counter.

use std::time::{Duration, Instant};

use crate::bindings::Binding;
use crate::command::Codecs;
use crate::core::Core;
use crate::counters::Counters;
use crate::ids::{Kind, Path, PeerId};
use crate::output::Output;
use crate::reception::Arrival;
use crate::rtp::{Header, Packet};
use crate::slot::Incoming;
use crate::srtp;
use crate::track::{Layer, Track};
use crate::vp8;

const LEVELS_INTERVAL: Duration = Duration::from_millis(50);
/// First look at missing packets after a gap.
const NACK_DELAY: Duration = Duration::from_millis(10);

/// A packet that has a place: plain, of a known layer, retransmissions unwrapped.
struct Bound<'a> {
    binding: Binding,
    packet: Packet<'a>,
    bytes: &'a [u8],
    recovered: bool,
    /// Arrival, since the start.
    micros: i64,
}

impl Core {
    pub(crate) fn receive_rtp(&mut self, id: PeerId, path: Path, bytes: &mut [u8], now: Instant, out: &mut dyn Output) {
        let Some(length) = self.open(id, bytes) else { return };
        self.hear(id, path, now, out);
        let plain = bytes.get_mut(..length).unwrap_or_default();
        let Some(codecs) = self.peers.get(&id).map(|peer| peer.codecs) else { return };
        let Some((binding, header)) = self.bind(id, plain, &codecs, now) else { return };
        let Some(track) = self.tracks.get(&binding.track).filter(|track| track.is_open) else {
            self.counters.dropped_closed_track += 1;
            return;
        };
        let length = if binding.is_rtx {
            let media = track.layers.get(binding.layer).and_then(|layer| layer.ssrc);
            match unwrap_rtx(plain, &header, &codecs, media) {
                Unwrapped::Media(length) => length,
                Unwrapped::Padding => {
                    self.counters.padding_packets += 1;
                    return;
                }
                Unwrapped::Foreign => {
                    self.counters.dropped_payload_type += 1;
                    return;
                }
            }
        } else {
            length
        };
        let plain = plain.get(..length).unwrap_or_default();
        match Packet::parse(plain, &codecs) {
            Ok(packet) => {
                let micros = self.clock.micros(now);
                let bound = Bound { binding, packet, bytes: plain, recovered: binding.is_rtx, micros };
                self.accept(&bound, &codecs, now, out);
            }
            Err(_) => self.counters.dropped_malformed += 1,
        }
    }

    /// Authenticates and decrypts; gives the plain length.
    fn open(&mut self, id: PeerId, bytes: &mut [u8]) -> Option<usize> {
        let Some(opener) = self.peers.get_mut(&id).and_then(|peer| peer.opener.as_mut()) else {
            self.counters.dropped_without_keys += 1;
            return None;
        };
        let Ok(header) = Header::parse(bytes) else {
            self.counters.dropped_malformed += 1;
            return None;
        };
        opener.open_rtp(bytes, &header).map_err(|error| count(&mut self.counters, error)).ok()
    }

    fn bind(&mut self, id: PeerId, plain: &[u8], codecs: &Codecs, now: Instant) -> Option<(Binding, Header)> {
        let peer = self.peers.get_mut(&id)?;
        let Ok(packet) = Packet::parse(plain, codecs) else {
            self.counters.dropped_malformed += 1;
            return None;
        };
        if let Some(sequence) = packet.extensions.transport_sequence {
            peer.arrivals.record(sequence, self.clock.micros(now));
        }
        let binding = peer.bindings.find(&packet, codecs);
        if binding.is_none() {
            self.counters.dropped_unbound += 1;
        }
        Some((binding?, packet.header))
    }

    fn accept(&mut self, bound: &Bound<'_>, codecs: &Codecs, now: Instant, out: &mut dyn Output) {
        let Binding { track: id, layer: index, .. } = bound.binding;
        let Some(track) = self.tracks.get_mut(&id) else { return };
        let Some(mut descriptor) = describe(track.kind, codecs, &bound.packet, &mut self.counters) else { return };
        let was_active = track.layers.get(index).is_some_and(|layer| layer.is_active(now));
        let Some(number) = receive(track, bound, codecs, now, &mut self.counters) else { return };
        let Some(layer) = track.layers.get_mut(index) else { return };
        if let Some(descriptor) = &mut descriptor {
            layer.pictures.extend(descriptor);
            layer.cache.insert(number, bound.bytes, descriptor.picture_id, now);
        }
        if layer.missing.next_due().is_some() {
            self.schedule.nacks.get_or_insert(now + NACK_DELAY);
        }
        let is_entry = is_entry(track.kind, descriptor.as_ref(), &bound.packet);
        if track.kind == Kind::Video && is_entry {
            layer.note_keyframe(number, now);
            note_size(layer, descriptor.as_ref(), bound.packet.payload);
        }
        if let Some(level) = bound.packet.extensions.audio_level.filter(|_| track.kind == Kind::Audio) {
            track.loudest.hear(level);
            self.schedule.levels.get_or_insert(now + LEVELS_INTERVAL);
        }
        let incoming = Incoming {
            track: id,
            layer: index,
            generation: layer.generation,
            number,
            packet: bound.packet,
            descriptor,
            is_entry,
            arrived: now,
        };
        if was_active {
            self.forward(&incoming, now, out);
        } else {
            self.choose_layers(id, now);
            self.forward(&incoming, now, out);
            self.ask_for_keyframes(id, now, out);
        }
    }
}

/// Sequence, statistics, police. `None` when the packet ends here.
fn receive(
    track: &mut Track,
    bound: &Bound<'_>,
    codecs: &Codecs,
    now: Instant,
    counters: &mut Counters,
) -> Option<u64> {
    let is_video = track.kind == Kind::Video;
    let header = &bound.packet.header;
    let layer = track.layers.get_mut(bound.binding.layer)?;
    layer.adopt(header.ssrc);
    let (number, gap) = match layer.receive(header.sequence, bound.recovered) {
        Arrival::Duplicate => {
            counters.dropped_duplicate += 1;
            return None;
        }
        Arrival::Next { number, missing } => (number, missing),
        Arrival::Late { number } => {
            layer.missing.arrive(number);
            (number, 0..0)
        }
        Arrival::Restart { number } => (number, 0..0),
    };
    counters.recovered_packets += u64::from(bound.recovered);
    if !bound.recovered {
        let ticks = bound.micros.saturating_mul(i64::from(track.kind.clock_rate())) / 1_000_000;
        layer.reception.note_transit(ticks, header.timestamp);
    }
    let numbers = gap.end.saturating_sub(gap.start).saturating_add(1);
    if !track.police.admits(&mut layer.bucket, numbers, bound.bytes.len(), now) {
        counters.dropped_policed += 1;
        layer.skip_unpaid(numbers);
        return None;
    }
    if is_video && codecs.vp8_rtx != 0 && !layer.missing.lose(gap, now) {
        layer.keyframes.request();
    }
    layer.heard = Some(now);
    layer.meter.add(bound.bytes.len(), now);
    if bound.packet.payload.is_empty() {
        counters.padding_packets += 1;
    }
    Some(number)
}

/// The payload descriptor of a video packet; the outer `None` when the packet must not be forwarded.
fn describe(
    kind: Kind,
    codecs: &Codecs,
    packet: &Packet<'_>,
    counters: &mut Counters,
) -> Option<Option<vp8::Descriptor>> {
    let expected = codecs.payload_type(kind);
    if expected == 0 || packet.header.payload_type != expected {
        counters.dropped_payload_type += 1;
        return None;
    }
    if kind == Kind::Audio || packet.payload.is_empty() {
        return Some(None);
    }
    let descriptor = vp8::Descriptor::parse(packet.payload).ok();
    if descriptor.is_none() {
        counters.dropped_malformed += 1;
    }
    descriptor.map(Some)
}

fn is_entry(kind: Kind, descriptor: Option<&vp8::Descriptor>, packet: &Packet<'_>) -> bool {
    match kind {
        Kind::Audio => !packet.payload.is_empty(),
        Kind::Video => descriptor.is_some_and(|descriptor| descriptor.starts_keyframe(packet.payload)),
    }
}

fn note_size(layer: &mut Layer, descriptor: Option<&vp8::Descriptor>, payload: &[u8]) {
    let frame = descriptor.and_then(|descriptor| payload.get(descriptor.length..)).unwrap_or_default();
    if let Some((width, height)) = vp8::keyframe_size(frame) {
        layer.width = width;
        layer.height = height;
    }
}

enum Unwrapped {
    Media(usize),
    Padding,
    Foreign,
}

/// Makes the original of a retransmission in place (RFC 4588 §4); gives its length.
fn unwrap_rtx(plain: &mut [u8], header: &Header, codecs: &Codecs, media: Option<u32>) -> Unwrapped {
    if codecs.vp8_rtx == 0 || header.payload_type != codecs.vp8_rtx {
        return Unwrapped::Foreign;
    }
    let payload_length = header.payload(plain).map_or(0, <[u8]>::len);
    let Some(ssrc) = media.filter(|_| payload_length > 2) else { return Unwrapped::Padding };
    restore(plain, header, codecs.vp8, ssrc, payload_length).map_or(Unwrapped::Padding, Unwrapped::Media)
}

fn restore(plain: &mut [u8], header: &Header, payload_type: u8, ssrc: u32, payload_length: usize) -> Option<usize> {
    let end = header.length.checked_add(payload_length)?;
    let original = *plain.get(header.length..)?.first_chunk::<2>()?;
    plain.get_mut(header.length..end)?.copy_within(2.., 0);
    let [first, second, high, low, _, _, _, _, s0, s1, s2, s3] = plain.first_chunk_mut::<12>()?;
    *first &= !0x20;
    *second = *second & 0x80 | payload_type & 0x7f;
    [*high, *low] = original;
    [*s0, *s1, *s2, *s3] = ssrc.to_be_bytes();
    end.checked_sub(2)
}

pub(crate) fn count(counters: &mut Counters, error: srtp::Error) {
    match error {
        srtp::Error::Short => counters.dropped_malformed += 1,
        srtp::Error::Unauthentic | srtp::Error::IndexUsed => counters.dropped_unauthentic += 1,
        srtp::Error::Replayed => counters.dropped_replayed += 1,
        srtp::Error::TooManySsrcs => counters.dropped_too_many_ssrcs += 1,
    }
}
