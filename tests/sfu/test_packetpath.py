"""The border of the packet path, seen from Python through real UDP on the loopback. Order is promised among
commands and among datagrams, not between the two: what waits for what is said by `fence` and `settle`.
"""

import select
import struct
from collections.abc import Iterator
from typing import TypeVar

import pytest

from sfu import packetpath as native
from tests.sfu.camera import extension_block, rtp
from tests.sfu.small_room import answers, stranger
from tests.sfu.srtp_client import PROFILES, SrtpClient, binding_request, clients

DEADLINE = 5.0
# Reports wake the waiter every 200 ms.
WAITS = 25
E = TypeVar("E")


def codecs(*, opus: int = 111, audio_level: int = 1) -> native.Codecs:
    return native.Codecs(
        opus=opus,
        vp8=96,
        vp8_rtx=97,
        mid=4,
        rid=10,
        repaired_rid=11,
        audio_level=audio_level,
        transport_cc=0,
        abs_send_time=0,
        video_orientation=0,
    )


def events_until(path: native.PacketPath, kind: type[E]) -> E:
    """The first event of a kind; everything before it is let go."""
    for _ in range(WAITS):
        select.select([path.fileno()], [], [], DEADLINE)
        for event in path.drain():
            if isinstance(event, kind):
                return event
    pytest.fail(f"no {kind.__name__} came")


def next_report(path: native.PacketPath) -> native.Report:
    """A report made after this call."""
    path.drain()
    return events_until(path, native.Report)


@pytest.fixture
def path() -> Iterator[native.PacketPath]:
    opened = native.PacketPath(["127.0.0.1"], 0)
    yield opened
    opened.close()


@pytest.fixture
def profile() -> native.Profile:
    return PROFILES[0]


@pytest.fixture
def pair(path: native.PacketPath, profile: native.Profile) -> Iterator[tuple[SrtpClient, SrtpClient]]:
    with clients(path, codecs(), profile, profile) as (first, second):
        yield first, second


@pytest.mark.parametrize("profile", PROFILES)
def test_a_track_reaches_a_slot_with_its_source_and_the_receivers_numbers(
    path: native.PacketPath, pair: tuple[SrtpClient, SrtpClient]
) -> None:
    publisher, viewer = pair
    path.set_codecs(2, codecs(opus=109, audio_level=5))
    path.add_track(1, 10, 4242, "audio", "0", [], [])
    path.open_track(10, True)
    path.add_slot(2, 20, "audio", 5555, 0)
    path.map_slot(20, 10, 0)
    viewer.settle()
    level = (1, bytes([30]))
    publisher.send(rtp((111, False), 7, 960, 999, extension_block([(4, b"0"), level], two_byte=False)) + b"opus one")
    publisher.send(rtp((111, False), 8, 1920, 999, extension_block([level], two_byte=False)) + b"opus two")
    first, second = viewer.take().rtp
    first_byte, payload_type, sequence, timestamp, ssrc, csrc = struct.unpack_from("!BBHIII", first)
    assert (first_byte, payload_type, ssrc, csrc) == (0x91, 109, 5555, 4242)
    assert first[16:24] == bytes([0xBE, 0xDE, 0, 1, 5 << 4, 30, 0, 0])
    assert first.endswith(b"opus one")
    assert second.endswith(b"opus two")
    assert struct.unpack_from("!HI", second, 2) == (sequence + 1, (timestamp + 960) % 2**32)
    assert events_until(path, native.Levels).levels == [(10, 30)]
    report = next_report(path)
    assert [(slot.peer, slot.slot, slot.track, slot.layer) for slot in report.slots] == [(2, 20, 10, 0)]
    assert {peer.peer for peer in report.peers} == {1, 2}
    assert [(track.track, len(track.layers)) for track in report.tracks] == [(10, 1)]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_video_slot_asks_the_publisher_for_a_keyframe_and_shows_it(
    path: native.PacketPath, pair: tuple[SrtpClient, SrtpClient]
) -> None:
    publisher, viewer = pair
    path.add_track(1, 10, 4242, "video", "0", [], [(700, 701)])
    path.open_track(10, True)
    path.add_slot(2, 20, "video", 5555, 5556)
    path.map_slot(20, 10, 0)
    viewer.settle()
    request = publisher.take().rtcp[0]
    assert request[:4] == bytes([0x81, 206, 0, 2])
    assert struct.unpack_from("!I", request, 8) == (700,)
    frame = bytes([0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02]) + b"picture"
    publisher.send(rtp((96, False), 7, 6720, 700) + frame)
    [shown] = viewer.take().rtp
    assert shown.endswith(frame)
    assert struct.unpack_from("!II", shown, 8) == (5555, 4242)
    report = next_report(path)
    assert [(layer.width, layer.height) for layer in report.tracks[0].layers] == [(1280, 720)]
    lost = struct.pack("!BBHIIHH", 0x81, 205, 3, 9, 5555, struct.unpack_from("!H", shown, 2)[0], 0)
    viewer.send_rtcp(lost)
    [again] = viewer.take().rtp
    assert (again[1] & 0x7F, struct.unpack_from("!I", again, 8)) == (97, (5556,))
    assert again[16:] == shown[2:4] + frame


def test_dtls_goes_up_and_down_only_for_validated_addresses(
    path: native.PacketPath, pair: tuple[SrtpClient, SrtpClient]
) -> None:
    known, other = pair
    assert events_until(path, native.Connected).peer == known.number
    before = known.counters()
    with stranger(path) as opened:
        opened.send(b"\x16 from nowhere")
        known.socket.send(b"\x16 client hello")
        datagram = events_until(path, native.Datagram)
        assert (datagram.peer, datagram.data) == (known.number, b"\x16 client hello")
        path.send_datagrams(known.number, [b"\x16 server hello", b"\x16 done"])
        known.settle()
        assert known.take().dtls == [b"\x16 server hello", b"\x16 done"]
        assert answers(opened) == []
    assert other.take().dtls == []
    assert known.counters()["dropped_unvalidated"] == before["dropped_unvalidated"] + 1


def test_a_check_with_a_wrong_password_is_not_answered(
    path: native.PacketPath, pair: tuple[SrtpClient, SrtpClient]
) -> None:
    known, other = pair
    before = other.counters()
    with stranger(path) as opened:
        opened.send(bytes(binding_request(known.username, "guessed")))
        other.fence()
        assert answers(opened) == []
    assert other.counters()["dropped_stun"] == before["dropped_stun"] + 1


def test_a_removed_peer_is_a_stranger(path: native.PacketPath, pair: tuple[SrtpClient, SrtpClient]) -> None:
    removed, other = pair
    path.remove_peer(removed.number)
    path.remove_peer(removed.number)
    before = other.counters()
    path.drain()
    answers(removed.socket)
    removed.socket.send(bytes(binding_request(removed.username, removed.key)))
    removed.socket.send(b"\x16 client hello")
    after = other.counters()
    assert answers(removed.socket) == []
    assert [event for event in path.drain() if isinstance(event, native.Datagram)] == []
    for name in ("dropped_stun", "dropped_unvalidated"):
        assert after[name] == before[name] + 1


def test_a_port_in_use_is_named_in_the_error(path: native.PacketPath) -> None:
    with pytest.raises(native.PacketPathError, match=f"127.0.0.1:{path.port}"):
        native.PacketPath(["127.0.0.1"], path.port)


def test_all_addresses_share_one_port() -> None:
    both = native.PacketPath(["127.0.0.1", "::1"], 0)
    assert both.port > 0
    both.close()


def test_closing_twice_and_commands_afterwards_do_no_harm() -> None:
    path = native.PacketPath(["127.0.0.1"], 0)
    path.close()
    path.close()
    path.remove_peer(1)
    assert path.drain() == []


def test_keys_of_a_wrong_size_and_unknown_names_are_refused(path: native.PacketPath) -> None:
    with pytest.raises(ValueError, match="size"):
        path.set_keys(1, "AEAD_AES_128_GCM", b"k" * 16, b"s" * 14, b"k" * 16, b"s" * 12)
    with pytest.raises(ValueError, match="kind"):
        path.add_slot(1, 2, "text", 3, 4)  # type: ignore[arg-type]  # what the types forbid is refused too
