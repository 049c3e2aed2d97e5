"""What a publisher's encoder and packetizer make, for tests: frames of VP8 with every shape of payload
descriptor, sound, padding and retransmissions (RFC 4588), as plain RTP. It writes every field by itself, so
that neither the packet path nor its oracle is asked what is right.
"""

import random
import struct
from dataclasses import dataclass, field

TICKS_OF_A_FRAME = {True: 3000, False: 960}


@dataclass(frozen=True)
class Ids:
    """Payload types and extension ids of a publisher's offer."""

    media: int
    rtx: int = 0
    mid: int = 4
    rid: int = 10
    repaired_rid: int = 11
    audio_level: int = 0
    video_orientation: int = 0
    unknown: int = 14
    two_byte: bool = False


@dataclass(frozen=True)
class Shape:
    """Which optional fields the payload descriptor has."""

    picture_bits: int = 15
    has_tl0: bool = True
    has_temporal: bool = True
    has_key_index: bool = True


def rtp(first: tuple[int, bool], sequence: int, timestamp: int, ssrc: int, extensions: bytes = b"") -> bytes:
    """A header; `first` is payload type and marker."""
    payload_type, marker = first
    flags = 0x90 if extensions else 0x80
    return (
        struct.pack("!BBHII", flags, payload_type | marker << 7, sequence % 2**16, timestamp % 2**32, ssrc) + extensions
    )


def extension_block(elements: list[tuple[int, bytes]], *, two_byte: bool) -> bytes:
    if not elements:
        return b""
    if two_byte:
        body = b"".join(bytes([id_, len(value)]) + value for id_, value in elements)
    else:
        body = b"".join(bytes([id_ << 4 | len(value) - 1]) + value for id_, value in elements)
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", 0x1000 if two_byte else 0xBEDE, len(body) // 4) + body


def padded(packet: bytes, count: int) -> bytes:
    return bytes([packet[0] | 0x20]) + packet[1:] + bytes(count - 1) + bytes([count])


@dataclass
class Encoding:
    """One layer of a track as it is sent. `names`: MID, RID and when they are said."""

    ids: Ids
    ssrc: int
    rtx_ssrc: int
    is_video: bool
    shape: Shape
    random: random.Random
    mid: bytes = b""
    rid: bytes = b""
    sequence: int = 0
    rtx_sequence: int = 0
    timestamp: int = 0
    picture_id: int = 0
    tl0: int = 0
    key_index: int = 0
    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        # High enough that a few frames wrap them, and the first packets do not.
        self.sequence = 2**16 - self.random.randrange(6, 60)
        self.rtx_sequence = self.random.randrange(2**15)
        self.timestamp = 2**32 - self.random.randrange(5, 60) * 3000
        self.picture_id = 2**self.shape.picture_bits - self.random.randrange(1, 30) if self.shape.picture_bits else 0
        self.tl0 = 256 - self.random.randrange(1, 30)
        self.key_index = self.random.randrange(32)

    def frame(self, packets: int, *, is_keyframe: bool) -> list[bytes]:
        """The next frame; sound has one packet."""
        self.timestamp += TICKS_OF_A_FRAME[self.is_video]
        made = self._pictures(packets, is_keyframe) if self.is_video else [self.random.randbytes(30)]
        frame = []
        for index, payload in enumerate(made):
            is_last = index == len(made) - 1
            packet = self._packet((self.ids.media, is_last), self.next_sequence(), self.ssrc, self._extensions())
            packet += payload
            frame.append(padded(packet, self.random.randrange(1, 9)) if self.random.random() < 0.2 else packet)
        self.sent += frame
        return frame

    def large_frame(self, size: int) -> bytes:
        """One packet with so many bytes of picture, for questions of bytes."""
        self.timestamp += TICKS_OF_A_FRAME[True]
        [payload] = self._pictures(1, is_keyframe=False)
        packet = self._packet((self.ids.media, True), self.next_sequence(), self.ssrc, self._extensions())
        self.sent.append(packet + payload + self.random.randbytes(size - len(payload)))
        return self.sent[-1]

    def probe(self) -> bytes:
        """Padding alone, as a browser sends it on the media stream; it has a sequence number of its own."""
        packet = self._packet((self.ids.media, False), self.next_sequence(), self.ssrc, self._extensions())
        return padded(packet, self.random.randrange(1, 256))

    def rtx_probe(self) -> bytes:
        return padded(self._rtx_header(False), self.random.randrange(1, 256))

    def resend(self, back: int) -> bytes:
        """The packet before the `back` last ones again, wrapped."""
        original = self.sent[-1 - back % len(self.sent)]
        at = 12 + 4 * (original[0] & 15)
        if original[0] & 0x10:
            at += 4 + 4 * struct.unpack_from("!H", original, at + 2)[0]
        end = len(original) - (original[-1] if original[0] & 0x20 else 0)
        header = self._rtx_header(original[1] >= 128, struct.unpack_from("!I", original, 4)[0])
        return header + original[2:4] + original[at:end]

    def _rtx_header(self, marker: bool, timestamp: int | None = None) -> bytes:
        self.rtx_sequence += 1
        names = [(self.ids.mid, self.mid), (self.ids.repaired_rid, self.rid)]
        block = extension_block([name for name in names if name[1]], two_byte=self.ids.two_byte)
        at = self.timestamp if timestamp is None else timestamp
        return rtp((self.ids.rtx, marker), self.rtx_sequence, at, self.rtx_ssrc, block)

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence

    def _packet(self, first: tuple[int, bool], sequence: int, ssrc: int, extensions: bytes) -> bytes:
        """A header, now and then with CSRCs of the publisher's own."""
        header = rtp(first, sequence, self.timestamp, ssrc, extensions)
        if self.random.random() > 0.1:
            return header
        return bytes([header[0] | 2]) + header[1:12] + self.random.randbytes(8) + header[12:]

    def _extensions(self) -> bytes:
        elements = [(self.ids.mid, self.mid), (self.ids.rid, self.rid)]
        if self.ids.audio_level and not self.is_video:
            elements.append((self.ids.audio_level, bytes([self.random.randrange(128)])))
        if self.ids.video_orientation and self.is_video and self.random.random() < 0.5:
            elements.append((self.ids.video_orientation, bytes([self.random.randrange(4)])))
        if self.random.random() < 0.3:
            elements.append((self.ids.unknown, self.random.randbytes(3)))
        return extension_block([element for element in elements if element[1]], two_byte=self.ids.two_byte)

    def _pictures(self, packets: int, is_keyframe: bool) -> list[bytes]:
        temporal = 0 if is_keyframe else self.random.randrange(3)
        self.picture_id += 1
        self.tl0 += temporal == 0
        self.key_index += is_keyframe
        made = []
        for index in range(packets):
            # Later partitions may look like the start of a keyframe to who forgets the partition's number.
            partition = 0 if index == 0 else self.random.randrange(4)
            starts = index == 0 or partition != 0
            first = bytes([0x10 if is_keyframe else 0x11]) if index == 0 else bytes([self.random.randrange(256)])
            frame = first + self.random.randbytes(self.random.randrange(12, 60))
            made.append(self._descriptor(partition, starts, temporal) + frame)
        return made

    def _descriptor(self, partition: int, starts: bool, temporal: int) -> bytes:
        shape = self.shape
        flags = (shape.picture_bits > 0) << 7 | shape.has_tl0 << 6 | shape.has_temporal << 5 | shape.has_key_index << 4
        written = bytes([(flags > 0) << 7 | (temporal == 2) << 5 | starts << 4 | partition])
        written += bytes([flags]) if flags else b""
        if shape.picture_bits == 15:
            written += struct.pack("!H", 0x8000 | self.picture_id % 2**15)
        elif shape.picture_bits == 7:
            written += bytes([self.picture_id % 2**7])
        if shape.has_tl0:
            written += bytes([self.tl0 % 256])
        if flags & 0x30:
            last = (temporal << 6 | (temporal == 1) << 5) * shape.has_temporal
            written += bytes([last | (self.key_index % 32) * shape.has_key_index])
        return written
