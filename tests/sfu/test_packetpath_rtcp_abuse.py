"""Bad input in RTCP, through real sockets: requests are answered within their budgets, lies and reports about
the streams of others change nothing, and nothing is ever sealed twice.
"""

import random
import struct
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from sfu.packetpath import PacketPath, Report
from tests.sfu.camera import Encoding
from tests.sfu.slow_forwarder import Packet, nearest, parse_packet
from tests.sfu.small_room import (
    CODECS,
    LAYER_SSRCS,
    PUBLISHER,
    VIDEO,
    VIDEO_RTX_SSRC,
    VIDEO_SLOT,
    VIDEO_SSRC,
    SmallRoom,
    small_room,
)
from tests.sfu.srtp_client import PROFILES, clients

RUBBISH = random.Random(13)  # noqa: S311 - a repeatable test
TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 205, 206
# The packet path's own figures: what a slot may resend at once, and per second whatever is sent.
INITIAL_CREDIT_BYTES, FLOOR_BYTES_PER_S = 30_000, 8_000


@pytest.fixture
def room() -> Iterator[SmallRoom]:
    with small_room() as opened:
        yield opened


def rtcp(count: int, packet_type: int, body: bytes, words: int | None = None) -> bytes:
    """`words`: what the length field says, when it lies."""
    length = len(body) // 4 if words is None else words
    return struct.pack("!BBH", 0x80 | count, packet_type, length) + body


def nack(ssrc: int, *items: tuple[int, int]) -> bytes:
    body = struct.pack("!II", 1, ssrc) + b"".join(struct.pack("!HH", number % 2**16, mask) for number, mask in items)
    return rtcp(1, TRANSPORT_FEEDBACK, body)


def pli(ssrc: int) -> bytes:
    return rtcp(1, PAYLOAD_FEEDBACK, struct.pack("!II", 1, ssrc))


def plis(received: list[bytes]) -> list[int]:
    """The media SSRCs of the PLIs in compound packets."""
    found = []
    for compound in received:
        at = 0
        while at < len(compound):
            first, packet_type, words = struct.unpack_from("!BBH", compound, at)
            if (first & 31, packet_type) == (1, PAYLOAD_FEEDBACK):
                found.append(struct.unpack_from("!I", compound, at + 8)[0])
            at += 4 + 4 * words
    return found


# ── storms ──
def test_a_storm_of_nacks_is_answered_within_the_budget(room: SmallRoom) -> None:
    room.show(0)
    began = time.perf_counter()
    sent: list[Packet] = []
    for _ in range(10):
        for _ in range(10):
            packet = room.layers[0].large_frame(1000)
            room.publisher.send(packet)
        sent += room.seen()
    assert len(sent) == 100
    first = sent[0].sequence
    before = room.counters()
    storm = nack(VIDEO_SSRC, *((first + n, 0xFFFF) for n in range(0, 102, 17)))
    resent: list[Packet] = []
    for _ in range(100):
        room.viewer.send_rtcp(*([storm] * 10))
        resent += room.seen()
    elapsed = time.perf_counter() - began
    assert {packet.ssrc for packet in resent} == {VIDEO_RTX_SSRC}
    budget = INITIAL_CREDIT_BYTES + 101 * 1100 / 5 + FLOOR_BYTES_PER_S * elapsed
    assert 20_000 < sum(len(packet.payload) for packet in resent) <= budget
    originals = [packet.payload[:2] for packet in resent]
    assert max(map(originals.count, originals)) <= 10
    after = room.counters()
    assert after["nacks_received"] - before["nacks_received"] == 1000 * 6 * 17
    assert after["resent_packets"] - before["resent_packets"] == len(resent)
    room.goes_on()


def test_nacks_for_what_was_never_sent_are_not_answered(room: SmallRoom) -> None:
    room.show(0)
    room.publish(is_keyframe=False)
    [last] = room.seen()
    room.viewer.send_rtcp(nack(VIDEO_SSRC, *((last.sequence + 1 + n, 0xFFFF) for n in range(0, 2**15 - 17, 1000))))
    room.viewer.send_rtcp(nack(VIDEO_RTX_SSRC, (last.sequence, 0)), nack(101, (room.layers[0].sequence, 0)))
    assert room.seen() == []
    room.goes_on()


def test_three_viewers_who_ask_all_the_time_get_two_keyframes_a_second() -> None:
    """Whatever number of viewers asks, for as long as they like."""
    with (
        closing(PacketPath(["127.0.0.1"], 0)) as path,
        clients(path, CODECS, *PROFILES, *PROFILES) as [publisher, *viewers],
    ):
        path.add_track(PUBLISHER, VIDEO, 4242, "video", "1", ["l", "m", "h"], LAYER_SSRCS)
        path.open_track(VIDEO, True)
        began = time.perf_counter()
        for viewer in viewers:
            path.add_slot(viewer.number, viewer.number + 100, "video", VIDEO_SSRC, VIDEO_RTX_SSRC)
            path.map_slot(viewer.number + 100, VIDEO, 0)
        asked: list[int] = []
        while time.perf_counter() - began < 1.8:
            for viewer in viewers:
                viewer.send_rtcp(*([pli(VIDEO_SSRC)] * 10))
            asked += plis(publisher.take().rtcp)
        elapsed = time.perf_counter() - began
        assert set(asked) == {LAYER_SSRCS[0][0]}
        assert 2 <= len(asked) <= 1 + elapsed / 0.5


# ── lies ──
def lies() -> list[bytes]:
    remb = b"REMB" + bytes([255, 0, 4, 0])
    statuses = struct.pack("!IIHHI", 1, VIDEO_SSRC, 0, 65535, 0)
    runs = [struct.pack("!H", symbol << 13 | 8191) for symbol in range(4)]
    sender_report = struct.pack("!IQIII", 101, 2**64 - 1, 2**32 - 1, 1, 1)
    return [
        rtcp(15, PAYLOAD_FEEDBACK, struct.pack("!II", 1, 0) + remb),
        rtcp(15, PAYLOAD_FEEDBACK, struct.pack("!II", 1, 0) + remb + struct.pack("!I", VIDEO_SSRC)),
        *(rtcp(15, TRANSPORT_FEEDBACK, statuses + run * 2 * count) for run in runs for count in (0, 1, 4, 100)),
        *(rtcp(1, TRANSPORT_FEEDBACK, struct.pack("!II", 1, VIDEO_SSRC), words) for words in (0, 1, 3, 255, 65535)),
        *(rtcp(31, packet_type, RUBBISH.randbytes(24)) for packet_type in range(192, 224)),
        *(rtcp(count, 201, struct.pack("!I", 1)) for count in range(32)),
        rtcp(0, 200, sender_report),
        rtcp(31, 200, sender_report),
        rtcp(0, 200, struct.pack("!IQIII", 101, 0, 0, 0, 0)),
        rtcp(1, 202, bytes([0, 0, 0, 1, 1, 255, 0, 0])),
        rtcp(0, 207, RUBBISH.randbytes(400)),
        rtcp(1, PAYLOAD_FEEDBACK, struct.pack("!I", 1)),
        rtcp(31, 203, struct.pack("!I", 9)),
        bytes([0x80, 201, 0, 1, 0, 0, 0, 1]) + rtcp(2, 77, bytes(8), 9000),
        rtcp(1, 201, struct.pack("!II", 1, VIDEO_SSRC) + b"\xff" * 20),
    ]


def test_lies_in_authentic_rtcp_harm_nobody(room: SmallRoom) -> None:
    room.show(0)
    for client in (room.viewer, room.publisher, room.intruder):
        client.send_rtcp(*lies())
        room.viewer.fence()
    room.viewer.take()
    room.publish(is_keyframe=True)
    assert [packet.csrcs for packet in room.seen()] == [(4242,)]
    room.goes_on()


def test_srtcp_cut_short_damaged_or_repeated_has_no_effect(room: SmallRoom) -> None:
    room.show(0)
    room.publish(is_keyframe=False)
    [last] = room.seen()
    request = room.viewer.seal_rtcp(nack(VIDEO_SSRC, (last.sequence, 0)))
    for length in range(len(request)):
        room.viewer.socket.send(request[:length])
    for length in range(29):
        room.viewer.socket.send((bytes([0x80, 201]) + RUBBISH.randbytes(27))[:length])
    for place in range(2, len(request)):
        room.viewer.socket.send(request[:place] + bytes([request[place] ^ 1]) + request[place + 1 :])
    assert room.seen() == []
    room.viewer.socket.send(request)
    assert [packet.ssrc for packet in room.seen()] == [VIDEO_RTX_SSRC]
    before = room.counters()
    for _ in range(50):
        room.viewer.socket.send(request)
    after = room.counters()
    assert after["dropped_replayed"] == before["dropped_replayed"] + 50
    assert after["nacks_received"] == before["nacks_received"]
    room.goes_on()


# ── the streams of others ──
def test_the_goodbye_of_another_ends_nothing(room: SmallRoom) -> None:
    """A layer that said goodbye is silent, and the next keyframe of a lower one would take its place."""
    room.show(2)
    for ssrc, rtx_ssrc in LAYER_SSRCS:
        goodbye = rtcp(2, 203, struct.pack("!II", ssrc, rtx_ssrc))
        room.intruder.send_rtcp(goodbye)
        room.viewer.send_rtcp(goodbye, rtcp(1, 203, struct.pack("!I", VIDEO_SSRC)))
    shown_by(room, room.layers[2])
    room.goes_on()


def shown_by(room: SmallRoom, encoding: Encoding) -> None:
    for _ in range(3):
        room.publish(is_keyframe=True)
        [packet] = room.seen()
        assert parse_packet(encoding.sent[-1]).payload[-12:] == packet.payload[-12:]


def test_requests_and_reports_about_the_slots_of_another_have_no_effect(room: SmallRoom) -> None:
    room.show(0)
    room.publish(is_keyframe=False)
    [last] = room.seen()
    room.publisher.take()
    ssrcs = [VIDEO_SSRC, VIDEO_RTX_SSRC, *(ssrc for pair in LAYER_SSRCS for ssrc in pair)]
    for ssrc in ssrcs:
        room.intruder.send_rtcp(nack(ssrc, (last.sequence, 0xFFFF)), pli(ssrc))
        room.intruder.send_rtcp(rtcp(1, 201, struct.pack("!IIIIIII", 1, ssrc, 0xFF << 24, 0, 0, 0, 0)))
    assert room.seen() == []
    assert room.intruder.take().rtp == []
    assert plis(room.publisher.take().rtcp) == []
    assert room.counters()["resent_packets"] == 0
    report = newest_report(room)
    assert {(peer.peer, peer.fraction_lost) for peer in report.peers} == {(1, 0.0), (2, 0.0), (3, 0.0)}
    assert [(slot.slot, slot.track) for slot in report.slots if slot.slot == VIDEO_SLOT] == [(VIDEO_SLOT, VIDEO)]
    room.goes_on()


def newest_report(room: SmallRoom) -> Report:
    """The first that was made after this call."""
    room.path.drain()
    deadline = time.perf_counter() + 10
    while time.perf_counter() < deadline:
        room.viewer.hears(0.05)
        for event in room.path.drain():
            if isinstance(event, Report):
                return event
    pytest.fail("no report came")


# ── nonces ──
class Indices:
    """Every (SSRC, index) that was received, from the packets as they came, before any replay check."""

    def __init__(self) -> None:
        self.newest: dict[int, int] = {}
        self.seen: set[tuple[int, int]] = set()

    def note(self, sealed: bytes) -> None:
        sequence, _, ssrc = struct.unpack_from("!HII", sealed, 2)
        index = nearest(sequence, 16, self.newest.get(ssrc, sequence))
        assert (ssrc, index) not in self.seen
        self.seen.add((ssrc, index))
        self.newest[ssrc] = max(index, self.newest.get(ssrc, index))


@pytest.mark.parametrize("seed", range(8))
def test_no_index_is_sealed_twice_on_a_lossy_run(room: SmallRoom, seed: int) -> None:
    """Loss, late packets, resends, padding, switches of layer, closing and a viewer who asks for everything. No
    longer than the path admits of one track at once: the run takes no time."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable test
    room.show(0)
    room.publish(is_keyframe=False)
    indices, late = Indices(), []
    for sealed in room.viewer.take().sealed:
        indices.note(sealed)
    for _ in range(100):
        for encoding in room.layers:
            for packet in encoding.frame(1, is_keyframe=chance.random() < 0.3):
                sealed = room.publisher.seal(packet)
                fate = chance.random()
                if fate < 0.1:
                    late.append(sealed)
                elif fate > 0.2:
                    room.publisher.socket.send(sealed)
        chance.shuffle(late)
        for _ in range(len(late) // 2):
            room.publisher.socket.send(late.pop())
        change_something(room, chance)
        taken = room.viewer.take()
        for sealed in taken.sealed:
            indices.note(sealed)
        highest = indices.newest[VIDEO_SSRC]
        room.viewer.send_rtcp(nack(VIDEO_SSRC, *((highest - n, 0xFFFF) for n in range(0, 68, 17))))
    ssrcs = [ssrc for ssrc, _ in indices.seen]
    assert ssrcs.count(VIDEO_SSRC) > 50
    assert ssrcs.count(VIDEO_RTX_SSRC) > 30
    assert room.counters()["dropped_policed"] == 0
    room.goes_on()


def change_something(room: SmallRoom, chance: random.Random) -> None:
    encoding = chance.choice(room.layers)
    match chance.randrange(8):
        case 0:
            room.path.map_slot(VIDEO_SLOT, VIDEO, chance.randrange(3))
        case 1:
            room.publisher.send(encoding.probe())
        case 2:
            room.publisher.send(encoding.resend(chance.randrange(8)))
        case 3 if chance.random() < 0.2:
            room.path.map_slot(VIDEO_SLOT, 0, 0)
            room.path.map_slot(VIDEO_SLOT, VIDEO, 0)
        case 4 if chance.random() < 0.2:
            room.path.open_track(VIDEO, False)
            room.path.open_track(VIDEO, True)
        case _:
            pass
