"""Bad input at the UDP port, STUN and RTP, through real sockets: it is dropped without an answer, harms
nobody, costs no memory, and the room goes on.
"""

import os
import random
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from aioice import stun

from sfu.packetpath import Datagram
from tests.sfu.camera import Encoding, Shape, extension_block, padded, rtp
from tests.sfu.small_room import (
    INTRUDER,
    LAYER_SSRCS,
    SOUND_IDS,
    SOUND_SSRC,
    VIDEO_IDS,
    VIDEO_SSRC,
    SmallRoom,
    answers,
    small_room,
    stranger,
)
from tests.sfu.srtp_client import SrtpClient, binding_request

CLIENT_HELLO = bytes([22, 254, 253]) + bytes(10) + bytes([1]) + bytes(60)
RUBBISH = random.Random(11)  # noqa: S311 - a repeatable test


@pytest.fixture
def room() -> Iterator[SmallRoom]:
    with small_room() as opened:
        yield opened


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def send_all(room: SmallRoom, opened: socket.socket, datagrams: list[bytes]) -> None:
    """A few at a time, so that none is lost for want of room in the path's socket."""
    for start in range(0, len(datagrams), 100):
        for datagram in datagrams[start : start + 100]:
            opened.send(datagram)
        room.viewer.fence()


# ── the UDP port ──
def strange_datagrams() -> list[bytes]:
    first = [bytes([byte]) + RUBBISH.randbytes(length) for byte in range(256) for length in (0, 3, 11, 40)]
    short = [RUBBISH.randbytes(length) for length in range(13) for _ in range(4)]
    zeros = [bytes(length) for length in range(13)]
    return [*first, *short, *zeros, bytes([0x80]) + bytes(65_506), *(RUBBISH.randbytes(1400) for _ in range(50))]


def test_no_datagram_of_a_stranger_is_answered_or_forwarded(room: SmallRoom) -> None:
    datagrams = strange_datagrams()
    before = room.counters()
    with stranger(room.path) as opened:
        send_all(room, opened, datagrams)
        assert answers(opened) == []
    after = room.counters()
    names = [name for name in after if name.startswith("dropped_")]
    assert sum(after[name] - before[name] for name in names) == len(datagrams)
    assert room.seen() == []
    room.goes_on()


def test_rubbish_of_a_participant_reaches_nobody(room: SmallRoom) -> None:
    room.show(0)
    send_all(room, room.intruder.socket, strange_datagrams())
    assert room.seen() == []
    room.goes_on()


# ── STUN ──
def bad_checks(client: SrtpClient) -> list[bytes]:
    """Every one of them begins as the good check of a participant."""
    good = bytes(binding_request(client.username, client.key))
    half = binding_request(client.local_ufrag, client.key)
    foreign = binding_request(f"{client.local_ufrag}:somebody", client.key)
    unknown = binding_request("nobody:atall", client.key)
    turn = stun.Message(message_method=stun.Method.ALLOCATE, message_class=stun.Class.REQUEST)
    attributes = b"".join(struct.pack("!HHI", 0x8000 + n, 4, n) for n in range(1000))
    many = good[:2] + struct.pack("!H", len(good) - 20 + len(attributes)) + good[4:20] + attributes + good[20:]
    fewer = good[:2] + struct.pack("!H", len(good) - 20 + 1200) + good[4:20] + attributes[:1200] + good[20:]
    return [
        *(bytes(message) for message in (half, foreign, unknown, turn)),
        *(bytes(binding_request(client.username, key)) for key in ("", "wrong", client.key[:-1])),
        *(good[:2] + struct.pack("!H", length) + good[4:] for length in (0, 1, 4, len(good), 0xFFFC, 0xFFFF)),
        good[:4] + b"\x21\x12\xa4\x43" + good[8:],
        good[:-8],
        good[:-1] + bytes([good[-1] ^ 1]),
        *(good[:-10] + bytes([good[-10] ^ bit]) + good[-9:] for bit in (1, 128)),
        *(good[:length] for length in range(0, len(good), 3)),
        good[:20] + struct.pack("!HH", 8, 20) + bytes(20),
        many,
        fewer,
    ]


def test_a_bad_check_is_not_answered(room: SmallRoom) -> None:
    checks = bad_checks(room.intruder)
    before = room.counters()
    with stranger(room.path) as opened:
        send_all(room, opened, checks)
        assert answers(opened) == []
    after = room.counters()
    # The empty one is no STUN, and the one with a thousand attributes is longer than any datagram may be.
    expected = {"dropped_unknown": 1, "dropped_oversize": 1, "dropped_stun": len(checks) - 2}
    assert {name: after[name] - before[name] for name in expected} == expected
    room.goes_on()


def test_an_answer_is_never_longer_than_its_request(room: SmallRoom) -> None:
    client = room.intruder
    kinds = [("ICE-CONTROLLING", 7), ("ICE-CONTROLLED", 7), ("USE-CANDIDATE", None), ("PRIORITY", 1), ("SOFTWARE", "x")]
    answered = 0
    with stranger(room.path) as opened:
        for chosen in range(1 << len(kinds)):
            request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
            request.attributes["USERNAME"] = client.username
            request.attributes |= {name: value for n, (name, value) in enumerate(kinds) if chosen >> n & 1}
            request.add_message_integrity(client.key.encode())
            opened.send(bytes(request))
            room.viewer.fence()
            replies = answers(opened)
            assert sum(map(len, replies)) <= len(bytes(request))
            answered += len(replies)
    assert answered > 0
    room.goes_on()


def test_many_addresses_of_one_participant_leave_the_others_alone(room: SmallRoom) -> None:
    for _ in range(40):
        with stranger(room.path) as opened:
            opened.send(bytes(binding_request(room.intruder.username, room.intruder.key)))
            room.viewer.fence()
    room.goes_on()


# ── who passed no check ──
def test_a_stranger_can_neither_speak_nor_shake_hands(room: SmallRoom) -> None:
    """Even the publisher's own packets, with the right keys, are nothing from an address that passed no check."""
    room.show(0)
    room.path.drain()
    media = [room.publisher.seal(packet) for _ in range(5) for packet in room.layers[0].frame(1, is_keyframe=True)]
    pli = struct.pack("!BBHII", 0x81, 206, 2, 1, VIDEO_SSRC)
    before = room.counters()
    with stranger(room.path) as opened:
        send_all(room, opened, [*media, CLIENT_HELLO, room.viewer.seal_rtcp(pli), *([CLIENT_HELLO] * 500)])
        assert answers(opened) == []
    assert room.seen() == []
    after = room.counters()
    assert after["dropped_unvalidated"] == before["dropped_unvalidated"] + len(media) + 502
    assert after["keyframe_requests_received"] == before["keyframe_requests_received"]
    assert [event for event in room.path.drain() if isinstance(event, Datagram)] == []
    room.goes_on()


def claims(room: SmallRoom) -> list[bytes]:
    """The intruder's packets under every name of the publisher."""
    made: list[bytes] = []
    for (ssrc, rtx_ssrc), rid in zip(LAYER_SSRCS, (b"l", b"m", b"h"), strict=True):
        for shift in (0, 9000):
            encoding = Encoding(VIDEO_IDS, ssrc + shift, rtx_ssrc + shift, True, Shape(), room.random, b"1", rid)
            made += [*encoding.frame(2, is_keyframe=True), encoding.resend(0), encoding.probe()]
    sound = Encoding(SOUND_IDS, SOUND_SSRC, 0, False, Shape(), room.random)
    for sound.mid in (b"0", b"1", b""):
        made += sound.frame(1, is_keyframe=False)
    return made


@pytest.mark.parametrize("is_offered", [False, True])
def test_a_claim_to_the_names_of_another_has_no_effect_on_them(room: SmallRoom, is_offered: bool) -> None:
    if is_offered:
        room.path.add_track(INTRUDER, 30, 6666, "video", "1", ["l", "m", "h"], LAYER_SSRCS)
        room.path.add_track(INTRUDER, 31, 6667, "audio", "0", [], [(SOUND_SSRC, 0)])
        room.path.open_track(30, True)
        room.path.open_track(31, True)
    room.show(0)
    room.publish(is_keyframe=False)
    [before] = room.seen()
    room.intruder.send(*claims(room))
    assert room.viewer.take().rtp == []
    room.publish(is_keyframe=False)
    [after] = room.seen()
    assert (after.sequence, after.csrcs) == ((before.sequence + 1) % 2**16, before.csrcs)
    room.goes_on()


# ── SRTP ──
def test_a_replay_is_not_forwarded(room: SmallRoom) -> None:
    room.show(0)
    frames = [packet for _ in range(100) for packet in room.layers[0].frame(2, is_keyframe=False)]
    captured = [room.publisher.seal(packet) for packet in [*frames, *room.sound.frame(1, is_keyframe=False)]]
    send_all(room, room.publisher.socket, captured)
    assert len(room.viewer.take().rtp) == len(captured)
    before = room.counters()
    for _ in range(3):
        send_all(room, room.publisher.socket, captured)
    assert room.viewer.take().rtp == []
    assert room.counters()["dropped_replayed"] == before["dropped_replayed"] + 3 * len(captured)
    room.goes_on()


def test_a_packet_with_any_flipped_bit_is_not_forwarded_and_the_genuine_one_is(room: SmallRoom) -> None:
    room.show(0)
    [packet] = room.layers[0].frame(1, is_keyframe=True)
    sealed = room.publisher.seal(packet)
    tag = [
        sealed[:-n] + bytes([sealed[-n] ^ 1 << bit]) + sealed[len(sealed) - n + 1 :]
        for n in range(1, 17)
        for bit in range(8)
    ]
    elsewhere = [sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(1, len(sealed) - 16)]
    send_all(room, room.publisher.socket, [*tag, *elsewhere])
    assert room.seen() == []
    room.publisher.socket.send(sealed)
    assert len(room.seen()) == 1
    room.goes_on()


def test_a_packet_cut_short_is_dropped(room: SmallRoom) -> None:
    room.show(0)
    [packet] = room.layers[0].frame(1, is_keyframe=True)
    sealed = room.publisher.seal(packet)
    send_all(room, room.publisher.socket, [sealed[:length] for length in range(len(sealed))])
    assert room.seen() == []
    room.goes_on()


@pytest.mark.parametrize("is_authentic", [False, True])
def test_ten_thousand_ssrcs_take_no_memory_and_displace_nobody(room: SmallRoom, is_authentic: bool) -> None:
    room.show(0)
    room.goes_on()
    ssrcs = RUBBISH.sample(range(10_000, 2**32), 10_000)
    plain = [rtp((96, False), 1, 1, ssrc) + bytes(40) for ssrc in ssrcs]
    datagrams = (
        [room.publisher.seal(packet) for packet in plain]
        if is_authentic
        else [packet + RUBBISH.randbytes(16) for packet in plain]
    )
    send_all(room, room.publisher.socket, datagrams[:500])
    before = resident_bytes()
    send_all(room, room.publisher.socket, datagrams[500:])
    assert resident_bytes() - before <= 2 << 20
    assert room.seen() == []
    room.publish(is_keyframe=False)
    assert len(room.seen()) == 1
    room.goes_on()


# ── RTP that is authentic and wrong ──
def test_authentic_packets_that_are_not_well_formed_are_dropped(room: SmallRoom) -> None:
    room.show(0)
    encoding = room.layers[0]

    def packet(payload: bytes, payload_type: int = 96, extensions: bytes = b"") -> bytes:
        return (
            rtp((payload_type, True), encoding.next_sequence(), encoding.timestamp, encoding.ssrc, extensions) + payload
        )

    frame = bytes([0x90, 0xF0, 0x80, 1, 1, 0, 0x10]) + bytes(20)
    lying_padding = [bytes([0xA0]) + packet(bytes(20) + bytes([count]))[1:] for count in (0, 22, 200, 255)]
    descriptors = [packet(frame[:length]) for length in range(1, 6)] + [
        packet(b"\xff" * length) for length in range(1, 4)
    ]
    types = [packet(frame, payload_type) for payload_type in (0, 95, 97, 111, 127)]
    lies = [packet(frame, extensions=struct.pack("!HH", 0x1000, 2) + bytes([4, 200, 1, 2, 10, 255, 1, 2]))]
    for wrong in [*lying_padding, *types]:
        room.publisher.send(wrong)
        assert room.seen() == []
    for strange in [*descriptors, *lies]:
        room.publisher.send(strange)
        room.viewer.take()
    room.publish(is_keyframe=True)
    assert len(room.seen()) == 1
    room.goes_on()


def test_wild_jumps_of_sequence_and_time_are_no_gap_of_the_viewer(room: SmallRoom) -> None:
    room.show(0)
    room.publish(is_keyframe=True)
    highest = room.seen()[-1].sequence
    for step in (2**15 - 2, 600, 2**14, 2**15 - 2):
        room.layers[0].sequence += step
        room.layers[0].timestamp += 2**31 - 1
        room.publish(is_keyframe=True)
        [packet] = room.seen()
        assert packet.sequence == (highest + 1) % 2**16
        highest = packet.sequence
    room.goes_on()


def test_padding_of_every_length_is_left_out_without_a_gap(room: SmallRoom) -> None:
    room.show(0)
    room.publish(is_keyframe=False)
    [before] = room.seen()
    for length in (1, 2, 254, 255):
        header = rtp((96, False), room.layers[0].next_sequence(), room.layers[0].timestamp, 101)
        room.publisher.send(padded(header + extension_block([], two_byte=False), length))
    room.publish(is_keyframe=False)
    [after] = room.seen()
    assert after.sequence == (before.sequence + 1) % 2**16
    room.goes_on()
