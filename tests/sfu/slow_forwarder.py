"""The oracle: a media node's forwarding in plain Python, slow and short enough to be seen to be right. It
takes packets as they arrived (decrypted) and the same commands as the packet path, and tells what each slot
gets. Numbers whose beginning the packet path may choose (sequence, picture id, TL0, key index) begin at 0
here; of timestamps it tells the source's value and the stint, since only their differences are settled.
"""

import struct
from dataclasses import dataclass, field, replace

EXTENSION_ONE_BYTE, EXTENSION_TWO_BYTE = 0xBEDE, 0x1000


@dataclass(frozen=True)
class Packet:
    """An RTP packet (RFC 3550 §5.1) without its padding."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    csrcs: tuple[int, ...]
    extensions: dict[int, bytes]
    payload: bytes


def parse_packet(data: bytes) -> Packet:
    first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", data)
    at = 12 + 4 * (first & 15)
    csrcs = struct.unpack_from(f"!{first & 15}I", data, 12)
    extensions: dict[int, bytes] = {}
    if first & 0x10:
        profile, words = struct.unpack_from("!HH", data, at)
        extensions = parse_extensions(profile, data[at + 4 : at + 4 + 4 * words])
        at += 4 + 4 * words
    end = len(data) - (data[-1] if first & 0x20 else 0)
    return Packet(second >= 128, second & 127, sequence, timestamp, ssrc, csrcs, extensions, data[at:end])


def parse_extensions(profile: int, block: bytes) -> dict[int, bytes]:
    """RFC 8285 §4.2 and §4.3."""
    found, at = {}, 0
    while at < len(block):
        if block[at] == 0:
            at += 1
        elif profile == EXTENSION_ONE_BYTE:
            length = (block[at] & 15) + 1
            found[block[at] >> 4] = block[at + 1 : at + 1 + length]
            at += 1 + length
        else:
            length = block[at + 1]
            found[block[at]] = block[at + 2 : at + 2 + length]
            at += 2 + length
    return found


@dataclass(frozen=True)
class Descriptor:
    """VP8's payload descriptor (RFC 7741 §4.2); `picture_bits` is 0, 7 or 15."""

    non_reference: bool = False
    starts: bool = False
    partition: int = 0
    picture_id: int | None = None
    picture_bits: int = 0
    tl0: int | None = None
    temporal: int | None = None
    key_index: int | None = None


def parse_descriptor(payload: bytes) -> tuple[Descriptor, bytes]:
    """The descriptor, and what follows it."""
    first, at = payload[0], 1
    flags = 0
    if first & 0x80:
        flags, at = payload[1], 2
    picture_id, picture_bits = None, 0
    if flags & 0x80:
        if payload[at] & 0x80:
            picture_id, picture_bits = struct.unpack_from("!H", payload, at)[0] & 0x7FFF, 15
        else:
            picture_id, picture_bits = payload[at], 7
        at += 2 if picture_bits == 15 else 1
    tl0 = None
    if flags & 0x40:
        tl0, at = payload[at], at + 1
    temporal = key_index = None
    if flags & 0x30:
        temporal = payload[at] >> 5 if flags & 0x20 else None
        key_index = payload[at] & 31 if flags & 0x10 else None
        at += 1
    descriptor = Descriptor(
        bool(first & 0x20), bool(first & 0x10), first & 7, picture_id, picture_bits, tl0, temporal, key_index
    )
    return descriptor, payload[at:]


def starts_keyframe(payload: bytes) -> bool:
    descriptor, frame = parse_descriptor(payload)
    return descriptor.starts and descriptor.partition == 0 and frame[:1] != b"" and frame[0] & 1 == 0


def nearest(value: int, bits: int, near: int) -> int:
    """The number with these low bits that is nearest to `near`."""
    half = 1 << bits - 1
    return near + (value - near + half) % (2 * half) - half


@dataclass
class Layer:
    """`arrived`: the numbers that came, made endless. `kept`: pictures; those since `keyframe` may be sent again."""

    ssrc: int
    rtx_ssrc: int
    arrived: set[int] = field(default_factory=set)
    newest: int | None = None
    keyframe: int | None = None
    kept: dict[int, Packet] = field(default_factory=dict)

    def number_of(self, sequence: int) -> int | None:
        """`None` when it came before."""
        number = sequence if self.newest is None else nearest(sequence, 16, self.newest)
        if number in self.arrived:
            return None
        self.arrived.add(number)
        self.newest = number if self.newest is None else max(self.newest, number)
        return number

    def keep(self, number: int, packet: Packet) -> None:
        if not packet.payload:
            return
        self.kept[number] = packet
        if starts_keyframe(packet.payload) and (self.keyframe is None or number > self.keyframe):
            self.keyframe = number

    def missed(self) -> list[tuple[int, Packet]]:
        """From the newest keyframe on, if nothing is missing."""
        if self.keyframe is None or self.newest is None:
            return []
        numbers = range(self.keyframe, self.newest + 1)
        return [(number, self.kept[number]) for number in numbers] if self.kept.keys() >= set(numbers) else []


@dataclass
class Track:
    """`payload_type` and `rtx_payload_type` are those that the publisher's offer chose."""

    source: int
    is_video: bool
    layers: list[Layer]
    payload_type: int
    rtx_payload_type: int
    is_open: bool = True


@dataclass
class Counted:
    """What a decoder counts: the values of one slot, endless, 0 is the first that went out."""

    picture_id: int = -1
    tl0: int = -1
    key_index: int = -1


@dataclass
class Stint:
    """One uninterrupted run of a layer on a slot: packet `first_in` went out as `first_out`."""

    serial: int
    track: int
    layer: int
    first_in: int
    first_out: int
    first: Descriptor
    base: Counted
    newest_in: int
    left_out: list[int] = field(default_factory=list)

    def number_of(self, number: int) -> int:
        return self.first_out + number - self.first_in - sum(1 for padding in self.left_out if padding < number)

    def rewrite(self, descriptor: Descriptor, counted: Counted) -> Descriptor:
        """Every count goes on from the slot's by as much as the source's went on from the stint's first."""

        def moved(value: int | None, first: int | None, base: int, near: int, bits: int) -> int | None:
            return None if value is None else base + 1 + nearest(value - (first or 0), bits, near - base - 1)

        return replace(
            descriptor,
            picture_id=moved(
                descriptor.picture_id,
                self.first.picture_id,
                self.base.picture_id,
                counted.picture_id,
                descriptor.picture_bits,
            ),
            tl0=moved(descriptor.tl0, self.first.tl0, self.base.tl0, counted.tl0, 8),
            key_index=moved(descriptor.key_index, self.first.key_index, self.base.key_index, counted.key_index, 5),
        )


@dataclass(frozen=True)
class Forwarded:
    """What goes out on a slot. `descriptor` is None for audio; `frame` is what follows it."""

    slot: int
    sequence: int
    stint: int
    timestamp: int
    source: int
    marker: bool
    descriptor: Descriptor | None
    frame: bytes
    extensions: dict[int, bytes]


@dataclass
class Slot:
    """`sent`: what went out and can still be asked for, by outgoing number."""

    wish: tuple[int, int] | None = None
    stint: Stint | None = None
    next_out: int = 0
    serial: int = 0
    counted: Counted = field(default_factory=Counted)
    sent: dict[int, Forwarded] = field(default_factory=dict)


class SlowForwarder:
    """`extension_ids`: the publishers' id of each extension that is passed on → the viewer's id."""

    def __init__(self, tracks: dict[int, Track], slots: list[int], extension_ids: dict[int, int]) -> None:
        self.tracks = tracks
        self.slots = {slot: Slot() for slot in slots}
        self.extension_ids = extension_ids

    def map_slot(self, slot: int, track: int, layer: int, *, is_young: bool) -> list[Forwarded]:
        """Another track ends what is shown at once, another layer when its keyframe comes. Where nothing is shown, what
        was missed since a keyframe that `is_young` goes out; each of its frames is a stint of its own."""
        mapped = self.slots[slot]
        if mapped.wish is None or mapped.wish[0] != track:
            mapped.stint = None
            mapped.sent.clear()
        mapped.wish = (track, layer) if track else None
        if not track or mapped.stint or not (is_young and self.tracks[track].is_open and self.tracks[track].is_video):
            return []
        sent, last = [], None
        for number, packet in self.tracks[track].layers[layer].missed():
            if mapped.stint and packet.timestamp != last:
                mapped.serial += 1
                mapped.stint.serial = mapped.serial
            last = packet.timestamp
            sent.append(self._offer(slot, track, layer, number, packet))
        return [forwarded for forwarded in sent if forwarded]

    def open_track(self, track: int, is_open: bool) -> None:
        """What a closed track would have sent is missing afterwards: nothing goes on without a keyframe."""
        if self.tracks[track].is_open and not is_open:
            for layer in self.tracks[track].layers:
                layer.keyframe = None
            for slot in self.slots.values():
                if slot.stint and slot.stint.track == track:
                    slot.stint = None
                    slot.sent.clear()
        self.tracks[track].is_open = is_open

    def arrive(self, publisher_tracks: list[int], data: bytes) -> tuple[tuple[int, int] | None, list[Forwarded]]:
        """Which layer was heard by it, and what goes out for it."""
        packet = parse_packet(data)
        for track_id in publisher_tracks:
            track = self.tracks[track_id]
            for index, layer in enumerate(track.layers):
                if packet.ssrc in {layer.ssrc, layer.rtx_ssrc} - {0}:
                    return self._arrive(track_id, index, packet)
        return None, []

    def _arrive(self, track_id: int, index: int, packet: Packet) -> tuple[tuple[int, int] | None, list[Forwarded]]:
        track = self.tracks[track_id]
        layer = track.layers[index]
        if not track.is_open:
            return None, []
        if packet.ssrc == layer.rtx_ssrc:
            if packet.payload_type != track.rtx_payload_type or len(packet.payload) <= 2:
                return None, []
            packet = replace(
                packet,
                payload_type=track.payload_type,
                sequence=struct.unpack_from("!H", packet.payload)[0],
                payload=packet.payload[2:],
            )
        if packet.payload_type != track.payload_type:
            return None, []
        number = layer.number_of(packet.sequence)
        if number is None:
            return None, []
        if track.is_video:
            layer.keep(number, packet)
        offered = [self._offer(slot, track_id, index, number, packet) for slot in self.slots]
        return (track_id, index), [forwarded for forwarded in offered if forwarded]

    def _offer(self, slot_id: int, track_id: int, layer: int, number: int, packet: Packet) -> Forwarded | None:
        slot, track = self.slots[slot_id], self.tracks[track_id]
        descriptor, frame = parse_descriptor(packet.payload) if track.is_video and packet.payload else (None, b"")
        stint = slot.stint
        if stint is None or (stint.track, stint.layer) != (track_id, layer):
            is_entry = packet.payload != b"" and (not track.is_video or starts_keyframe(packet.payload))
            if slot.wish != (track_id, layer) or not is_entry:
                return None
            slot.serial += 1
            base = replace(slot.counted)
            stint = Stint(
                slot.serial, track_id, layer, number, slot.next_out, descriptor or Descriptor(), base, number - 1
            )
            slot.stint = stint
        if number < stint.first_in:
            return None
        is_newest = number > stint.newest_in
        stint.newest_in = max(stint.newest_in, number)
        if not packet.payload:
            if is_newest:
                stint.left_out.append(number)
                slot.next_out = stint.number_of(number + 1)
            return None
        if is_newest:
            slot.next_out = stint.number_of(number) + 1
        forwarded = Forwarded(
            slot=slot_id,
            sequence=stint.number_of(number),
            stint=stint.serial,
            timestamp=packet.timestamp,
            source=track.source,
            marker=packet.marker,
            descriptor=stint.rewrite(descriptor, slot.counted) if descriptor else None,
            frame=frame if descriptor else packet.payload,
            extensions={
                self.extension_ids[id_]: value for id_, value in packet.extensions.items() if id_ in self.extension_ids
            },
        )
        if is_newest and forwarded.descriptor:
            self._count(slot.counted, forwarded.descriptor)
        slot.sent[forwarded.sequence] = forwarded
        return forwarded

    @staticmethod
    def _count(counted: Counted, sent: Descriptor) -> None:
        if sent.picture_id is not None:
            counted.picture_id = sent.picture_id
        if sent.tl0 is not None:
            counted.tl0 = sent.tl0
        if sent.key_index is not None:
            counted.key_index = sent.key_index
