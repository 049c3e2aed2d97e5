"""Compares what a viewer decrypted of one slot with what the slow forwarder says: equal where the contract
settles the value, and in the right relation where the packet path is free (where numbers begin, timestamps
from one stint to the next).
"""

from dataclasses import dataclass, field

from tests.sfu.slow_forwarder import Forwarded, Packet, nearest, parse_descriptor

TICKS_OF_A_MS = {True: 90, False: 48}


@dataclass
class Origin:
    """Where the packet path let a slot's numbers begin, learned from the first packet that shows it."""

    values: dict[str, int] = field(default_factory=dict)

    def relative(self, name: str, seen: int, expected: int, bits: int) -> int:
        """What `seen` is, counted as the oracle counts; modulo, near to the expected."""
        start = self.values.setdefault(name, (seen - expected) % (1 << bits))
        return nearest(seen - start, bits, expected)


@dataclass
class SlotCheck:
    """Compares what came on one slot with what the oracle says."""

    ssrc: int
    payload_type: int
    is_video: bool
    send_time_id: int
    origin: Origin = field(default_factory=Origin)
    stint: int = 0
    highest_timestamp: int | None = None

    def compare(self, packet: Packet, expected: Forwarded, since_start_s: float) -> None:
        assert (packet.ssrc, packet.payload_type, packet.marker) == (self.ssrc, self.payload_type, expected.marker)
        assert self.origin.relative("sequence", packet.sequence, expected.sequence, 16) == expected.sequence
        self.compare_content(packet, packet.payload, expected)
        self.compare_time(packet.timestamp, expected, since_start_s)

    def compare_content(self, packet: Packet, payload: bytes, expected: Forwarded) -> None:
        """All that a retransmission has in common with the first transmission."""
        assert packet.csrcs == (expected.source,)
        extensions = dict(packet.extensions)
        assert len(extensions.pop(self.send_time_id, b"")) == 3 * (self.send_time_id > 0)
        assert extensions == expected.extensions
        if expected.descriptor is None:
            assert payload == expected.frame
            return
        seen, frame = parse_descriptor(payload)
        assert frame == expected.frame
        wanted = expected.descriptor
        flags = (wanted.non_reference, wanted.starts, wanted.partition, wanted.temporal)
        assert (seen.non_reference, seen.starts, seen.partition, seen.temporal) == flags
        pairs = [
            ("picture id", seen.picture_id, wanted.picture_id, 15),
            ("TL0", seen.tl0, wanted.tl0, 8),
            ("key index", seen.key_index, wanted.key_index, 5),
        ]
        for name, value, expected_value, bits in pairs:
            assert (value is None) == (expected_value is None), name
            if value is not None and expected_value is not None:
                assert self.origin.relative(name, value, expected_value, bits) == expected_value, name

    def compare_time(self, timestamp: int, expected: Forwarded, since_start_s: float) -> None:
        """Inside a stint the source's steps; from one to the next forward, and not further than time went."""
        if expected.stint == self.stint:
            offset = self.origin.values["timestamp"]
            assert (timestamp - expected.timestamp) % 2**32 == offset
        else:
            if self.highest_timestamp is not None:
                step = (timestamp - self.highest_timestamp) % 2**32
                assert 0 < step <= TICKS_OF_A_MS[self.is_video] * (since_start_s * 1000 + 1000)
            self.stint = expected.stint
            self.highest_timestamp = timestamp
            self.origin.values["timestamp"] = (timestamp - expected.timestamp) % 2**32
        assert self.highest_timestamp is not None
        if (timestamp - self.highest_timestamp) % 2**32 < 2**31:
            self.highest_timestamp = timestamp
