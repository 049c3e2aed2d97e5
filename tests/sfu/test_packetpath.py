"""The border of the packet path, seen from Python through real UDP on the loopback.

A `Remote` is a client made of aioice's STUN and pylibsrtp's SRTP: code that shares nothing with ours.
"""

import select
import socket
import struct
from collections.abc import Iterator
from typing import TypeVar

import pytest
from aioice import stun
from pylibsrtp import Policy, Session

from sfu import packetpath as native

DEADLINE = 5.0
# Reports wake the waiter every 200 ms.
WAITS = 25
PROFILES: dict[native.Profile, tuple[int, int]] = {
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 12),
    "AES128_CM_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 14),
}
E = TypeVar("E")


def codecs(*, opus: int, audio_level: int) -> native.Codecs:
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


def rtp(payload_type: int, sequence: int, ssrc: int, payload: bytes, extensions: bytes = b"") -> bytes:
    first = 0x90 if extensions else 0x80
    block = struct.pack("!HH", 0xBEDE, len(extensions) // 4) + extensions if extensions else b""
    return struct.pack("!BBHII", first, payload_type, sequence, sequence * 960, ssrc) + block + payload


def events_until(path: native.PacketPath, kind: type[E]) -> E:
    """The first event of a kind; everything before it is let go."""
    for _ in range(WAITS):
        select.select([path.fileno()], [], [], DEADLINE)
        for event in path.drain():
            if isinstance(event, kind):
                return event
    pytest.fail(f"no {kind.__name__} came")


class Remote:
    """One client: a socket, ICE credentials, SRTP in both directions."""

    def __init__(self, path: native.PacketPath, number: int) -> None:
        self.path = path
        self.number = number
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.connect(("127.0.0.1", path.port))
        self.socket.settimeout(DEADLINE)
        self.ufrag, self.password = f"srv{number}", "p" * 24

    def check(self, *, key: bytes | None = None) -> None:
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self.ufrag}:cli{self.number}"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = 7
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(key or self.password.encode())
        request.add_fingerprint()
        self.socket.send(bytes(request))

    def join(self, profile: native.Profile) -> None:
        self.path.add_peer(self.number, self.ufrag, self.password, f"cli{self.number}")
        self.check()
        answer = stun.parse_message(self.socket.recv(2048))
        assert answer.check_message_integrity(self.password.encode())
        assert answer.message_class == stun.Class.RESPONSE
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == self.socket.getsockname()
        srtp_profile, salt_size = PROFILES[profile]
        ours, theirs = bytes([self.number]) * 16, bytes([self.number + 100]) * 16
        salt = bytes(range(salt_size))
        self.path.set_keys(self.number, profile, theirs, salt, ours, salt)
        self.sender = Session(Policy(key=theirs + salt, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=srtp_profile))
        self.receiver = Session(Policy(key=ours + salt, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=srtp_profile))

    def send(self, packet: bytes) -> None:
        self.socket.send(self.sender.protect(packet))

    def receive(self) -> bytes:
        """The next RTP packet, decrypted."""
        while True:
            datagram = self.socket.recv(2048)
            if 128 <= datagram[0] <= 191 and not 192 <= datagram[1] <= 223:
                return self.receiver.unprotect(datagram)

    def receive_control(self) -> bytes:
        """The next RTCP compound, decrypted."""
        while True:
            datagram = self.socket.recv(2048)
            if 128 <= datagram[0] <= 191 and 192 <= datagram[1] <= 223:
                return self.receiver.unprotect_rtcp(datagram)

    def hears_nothing(self) -> bool:
        ready, _, _ = select.select([self.socket], [], [], 0.2)
        return not ready


@pytest.fixture
def path() -> Iterator[native.PacketPath]:
    opened = native.PacketPath(["127.0.0.1"], 0)
    yield opened
    opened.close()


@pytest.fixture
def remotes(path: native.PacketPath) -> Iterator[tuple[Remote, Remote]]:
    pair = (Remote(path, 1), Remote(path, 2))
    yield pair
    for remote in pair:
        remote.socket.close()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_track_reaches_a_slot_with_its_source_and_the_receivers_numbers(
    path: native.PacketPath, remotes: tuple[Remote, Remote], profile: native.Profile
) -> None:
    publisher, viewer = remotes
    publisher.join(profile)
    viewer.join(profile)
    path.set_codecs(1, codecs(opus=111, audio_level=1))
    path.set_codecs(2, codecs(opus=109, audio_level=5))
    path.add_track(1, 10, 4242, "audio", "0", [], [])
    path.open_track(10, True)
    path.add_slot(2, 20, "audio", 5555, 0)
    path.map_slot(20, 10, 0)
    mid = bytes([4 << 4]) + b"0"
    level = bytes([1 << 4, 30])
    publisher.send(rtp(111, 7, 999, b"opus one", mid + level))
    publisher.send(rtp(111, 8, 999, b"opus two", level + b"\0\0"))
    first, second = viewer.receive(), viewer.receive()
    first_byte, payload_type, sequence, timestamp, ssrc, csrc = struct.unpack_from("!BBHIII", first)
    assert (first_byte, payload_type, ssrc, csrc) == (0x91, 109, 5555, 4242)
    assert first[16:24] == bytes([0xBE, 0xDE, 0, 1, 5 << 4, 30, 0, 0])
    assert first.endswith(b"opus one")
    assert second.endswith(b"opus two")
    assert struct.unpack_from("!HI", second, 2) == (sequence + 1, (timestamp + 960) % 2**32)
    assert events_until(path, native.Levels).levels == [(10, 30)]
    report = events_until(path, native.Report)
    assert [(slot.peer, slot.slot, slot.track, slot.layer) for slot in report.slots] == [(2, 20, 10, 0)]
    assert {peer.peer for peer in report.peers} == {1, 2}
    assert [(track.track, len(track.layers)) for track in report.tracks] == [(10, 1)]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_video_slot_asks_the_publisher_for_a_keyframe_and_shows_it(
    path: native.PacketPath, remotes: tuple[Remote, Remote], profile: native.Profile
) -> None:
    publisher, viewer = remotes
    publisher.join(profile)
    viewer.join(profile)
    for number in (1, 2):
        path.set_codecs(number, codecs(opus=111, audio_level=1))
    path.add_track(1, 10, 4242, "video", "0", [], [(700, 701)])
    path.open_track(10, True)
    path.add_slot(2, 20, "video", 5555, 5556)
    path.map_slot(20, 10, 0)
    request = publisher.receive_control()
    assert request[:4] == bytes([0x81, 206, 0, 2])
    assert struct.unpack_from("!I", request, 8) == (700,)
    frame = bytes([0x10, 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02]) + b"picture"
    publisher.send(rtp(96, 7, 700, frame))
    shown = viewer.receive()
    assert shown.endswith(frame)
    assert struct.unpack_from("!II", shown, 8) == (5555, 4242)
    report = events_until(path, native.Report)
    assert [(layer.width, layer.height) for layer in report.tracks[0].layers] == [(1280, 720)]
    lost = struct.pack("!BBHIIHH", 0x81, 205, 3, 9, 5555, struct.unpack_from("!H", shown, 2)[0], 0)
    viewer.socket.send(viewer.sender.protect_rtcp(lost))
    again = viewer.receive()
    assert (again[1] & 0x7F, struct.unpack_from("!I", again, 8)) == (97, (5556,))
    assert again[16:] == shown[2:4] + frame


def test_dtls_goes_up_and_down_only_for_validated_addresses(
    path: native.PacketPath, remotes: tuple[Remote, Remote]
) -> None:
    known, stranger = remotes
    known.join("AEAD_AES_128_GCM")
    assert events_until(path, native.Connected).peer == 1
    stranger.socket.send(b"\x16 from nowhere")
    known.socket.send(b"\x16 client hello")
    datagram = events_until(path, native.Datagram)
    assert (datagram.peer, datagram.data) == (1, b"\x16 client hello")
    path.send_datagrams(1, [b"\x16 server hello", b"\x16 done"])
    assert [known.socket.recv(2048), known.socket.recv(2048)] == [b"\x16 server hello", b"\x16 done"]
    assert stranger.hears_nothing()
    assert path.counters()["dropped_unvalidated"] == 1


def test_a_check_with_a_wrong_password_is_not_answered(path: native.PacketPath, remotes: tuple[Remote, Remote]) -> None:
    remote, _ = remotes
    path.add_peer(1, remote.ufrag, remote.password, "cli1")
    remote.check(key=b"guessed")
    assert remote.hears_nothing()
    assert path.counters()["dropped_stun"] == 1


def test_a_removed_peer_is_a_stranger(path: native.PacketPath, remotes: tuple[Remote, Remote]) -> None:
    remote, _ = remotes
    remote.join("AEAD_AES_128_GCM")
    path.remove_peer(1)
    path.remove_peer(1)
    remote.check()
    remote.socket.send(b"\x16 client hello")
    assert remote.hears_nothing()


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
