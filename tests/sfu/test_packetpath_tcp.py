"""ICE-TCP at the border of the packet path, through real connections on the loopback (RFC 6544, RFC 4571): who is in
over TCP is in as by UDP, and whoever misuses a connection harms nobody.
"""

import random
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from sfu.packetpath import Datagram, PacketPath, PacketPathError
from tests.sfu.camera import extension_block, rtp
from tests.sfu.slow_forwarder import parse_packet
from tests.sfu.small_room import AUDIO_SSRC, CODECS, VIDEO_SSRC, SmallRoom, small_room
from tests.sfu.srtp_client import PROFILES, SrtpClient, binding_request
from tests.sfu.tcp_client import TcpSocket, framed

RUBBISH = random.Random(17)  # noqa: S311 - a repeatable test
STRANGER_LIMIT_S = 10
SOUND_ID = 111


@pytest.fixture
def room() -> Iterator[SmallRoom]:
    with small_room() as opened:
        yield opened


@contextmanager
def connection(path: PacketPath) -> Iterator[TcpSocket]:
    opened = TcpSocket.connect_to(path)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def tcp_client(room: SmallRoom, number: int, receive_bytes: int = 1 << 22) -> Iterator[SrtpClient]:
    """Somebody more in the room, who is in over TCP."""
    client = SrtpClient(
        room.path, number, PROFILES[0], lambda path: TcpSocket.connect_to(path, receive_bytes=receive_bytes)
    )
    try:
        client.join(CODECS)
        yield client
    finally:
        client.socket.close()


def sees(room: SmallRoom, client: SrtpClient) -> None:
    """Adds a slot with the picture of the smallest layer, and one with the sound."""
    room.path.add_slot(client.number, 30, "video", 7001, 7002)
    room.path.add_slot(client.number, 32, "audio", 7005, 0)
    room.path.map_slot(30, 10, 0)
    room.path.map_slot(32, 12, 0)
    client.settle()


# ── in over TCP ──
def test_media_go_both_ways_over_tcp(room: SmallRoom) -> None:
    with tcp_client(room, 4) as client:
        sees(room, client)
        room.publish(is_keyframe=True, packets=3)
        room.publisher.send(*room.sound.frame(1, is_keyframe=False))
        room.publisher.fence()
        seen = [parse_packet(packet).ssrc for packet in client.take().rtp]
        assert (seen.count(7001), seen.count(7005)) == (3, 1)
        room.path.add_track(4, 40, 4444, "audio", "0", [], [(900, 0)])
        room.path.open_track(40, True)
        room.path.map_slot(22, 40, 0)
        client.settle()
        room.viewer.take()
        client.send(rtp((SOUND_ID, False), 1, 960, 900, extension_block([(1, b"\x1e")], two_byte=False)) + b"hello")
        client.fence()
        [heard] = [packet for packet in map(parse_packet, room.viewer.take().rtp) if packet.ssrc == AUDIO_SSRC]
        assert heard.csrcs == (4444,)


def test_a_handshake_goes_up_and_down_over_tcp(room: SmallRoom) -> None:
    with tcp_client(room, 4) as client:
        room.path.drain()
        client.socket.send(b"\x16 client hello")
        client.fence()
        assert [(e.peer, e.data) for e in room.path.drain() if isinstance(e, Datagram)] == [(4, b"\x16 client hello")]
        room.path.send_datagrams(4, [b"\x16 server hello"])
        client.settle()
        assert client.take().dtls == [b"\x16 server hello"]


def test_datagrams_may_be_cut_anywhere_on_their_way(room: SmallRoom) -> None:
    with tcp_client(room, 4) as client:
        request = binding_request(client.username, client.key)
        for byte in framed(bytes(request)):
            client.socket.sendall(bytes([byte]))
        client.fence()


def test_the_port_is_one_for_both_and_a_taken_one_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PacketPathError, match=f"TCP 127.0.0.1:{port}"):
            PacketPath(["127.0.0.1"], port)


def test_a_port_whose_connections_have_just_ended_can_be_opened_again() -> None:
    with small_room() as room, tcp_client(room, 4):
        port = room.path.port
        room.path.close()
    PacketPath(["127.0.0.1"], port).close()


# ── strangers ──
def test_nothing_of_an_unchecked_connection_is_answered_or_carried_up(room: SmallRoom) -> None:
    before = room.counters()
    room.path.drain()
    with connection(room.path) as opened:
        hello = bytes([22, 254, 253]) + bytes(60)
        opened.sendall(framed(hello, b"\x80\x60" + bytes(40), b"\x80\xc8" + bytes(40)))
        opened.send(bytes(binding_request(room.viewer.username, "guessed")))
        opened.send(hello)
        until_counted(room, "dropped_unvalidated", before["dropped_unvalidated"] + 4)
        opened.setblocking(False)
        with pytest.raises(BlockingIOError):
            opened.recv(1)
    assert [event for event in room.path.drain() if isinstance(event, Datagram)] == []
    room.goes_on()


def until_counted(room: SmallRoom, name: str, total: int) -> dict[str, int]:
    """Connections are read in no order that a fence of another one could know: asked again until it is so."""
    for _ in range(500):
        counters = room.counters()
        if counters[name] >= total:
            return counters
    pytest.fail(f"{name} did not come to {total}")


@pytest.mark.parametrize(
    "rubbish", [b"\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"\x05\xdd"]
)
def test_who_announces_more_than_a_datagram_is_closed_at_once(room: SmallRoom, rubbish: bytes) -> None:
    with connection(room.path) as opened:
        opened.sendall(rubbish)
        assert opened.is_closed(within_s=5)
    room.goes_on()


def test_rubbish_within_the_lengths_costs_nobody_anything(room: SmallRoom) -> None:
    room.show(0)
    with connection(room.path) as opened, tcp_client(room, 4) as member:
        for _ in range(200):
            junk = [RUBBISH.randbytes(RUBBISH.randrange(1500)) for _ in range(5)]
            opened.sendall(framed(*junk, b""))
            member.socket.send(RUBBISH.randbytes(RUBBISH.randrange(1, 1500)))
        member.fence()
    assert room.seen() == []
    room.goes_on()


def test_three_thousand_connections_that_say_nothing_hold_up_nobody(room: SmallRoom) -> None:
    room.show(0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    try:
        with ExitStack() as stack:
            for number in range(3000):
                opened = socket.create_connection(("127.0.0.1", room.path.port))
                stack.callback(opened.close)
                if number % 300 == 0:
                    room.publish(is_keyframe=False)
                    assert len(room.seen()) == 1
            counters = until_counted(room, "tcp_refused", 1)
            assert counters["tcp_accepted"] - counters["tcp_closed"] <= 512
            with tcp_client(room, 4) as late:
                late.fence()
            room.goes_on()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_stranger_is_closed_after_ten_seconds_and_a_member_is_not(room: SmallRoom) -> None:
    with connection(room.path) as opened, tcp_client(room, 4) as member:
        assert opened.is_closed(within_s=STRANGER_LIMIT_S + 5)
        member.fence()


# ── members ──
def test_a_removed_peers_connection_is_closed_after_its_last_datagrams(room: SmallRoom) -> None:
    with tcp_client(room, 4) as client:
        room.path.send_datagrams(4, [b"\x15 goodbye"])
        room.path.remove_peer(4)
        assert client.socket.recv(100) == b"\x15 goodbye"
        with pytest.raises(ConnectionError):
            client.socket.recv(1)
    room.goes_on()


def show_much(room: SmallRoom, frames: int = 14 * 20) -> None:
    """A keyframe, and more of one layer than kernel and path hold for a reader, though no more than is allowed."""
    room.publish(is_keyframe=True)
    for _ in range(frames // 20):
        room.publisher.send(*(room.layers[0].large_frame(1000) for _ in range(20)))
        room.publisher.fence()


def test_who_reads_nothing_loses_pictures_and_delays_nobody(room: SmallRoom) -> None:
    room.show(0)
    with tcp_client(room, 4, receive_bytes=4096) as sleeper:
        sees(room, sleeper)
        before = room.counters()
        show_much(room)
        assert len(room.seen()) == 1 + 14 * 20
        after = room.counters()
        assert after["tcp_full"] == before["tcp_full"] + 1
        assert after["tcp_dropped_packets"] > before["tcp_dropped_packets"]
        assert after["keyframe_requests_sent"] <= before["keyframe_requests_sent"] + 1
        room.path.remove_peer(4)
    room.goes_on()


def test_who_reads_again_gets_a_keyframe_and_a_picture_without_a_gap(room: SmallRoom) -> None:
    with tcp_client(room, 4, receive_bytes=4096) as sleeper:
        sees(room, sleeper)
        show_much(room)
        stale = [packet for packet in map(parse_packet, sleeper.hears(0.5).rtp) if packet.ssrc == 7001]
        room.publish(is_keyframe=False)
        room.publish(is_keyframe=True, packets=3)
        room.publish(is_keyframe=False, packets=3)
        room.publisher.fence()
        shown = [packet for packet in map(parse_packet, sleeper.take().rtp) if packet.ssrc == 7001]
        assert len(stale) < 14 * 20
        assert len(shown) == 6
        assert [(packet.sequence - shown[0].sequence) % 2**16 for packet in shown] == list(range(6))


def test_what_waited_too_long_begins_anew_though_the_next_read_takes_everything(room: SmallRoom) -> None:
    room.show(0)
    with tcp_client(room, 4, receive_bytes=4096) as sleeper:
        sees(room, sleeper)
        before = room.counters()
        show_much(room, frames=60)
        room.viewer.hears(0.3)
        stale = [packet for packet in map(parse_packet, sleeper.hears(0.5).rtp) if packet.ssrc == 7001]
        assert len(stale) < 1 + 60
        assert room.counters()["tcp_full"] == before["tcp_full"] + 1
        room.publish(is_keyframe=False)
        room.publisher.fence()
        assert 7001 not in [parse_packet(packet).ssrc for packet in sleeper.take().rtp]
        room.publish(is_keyframe=True)
        room.publisher.fence()
        assert 7001 in [parse_packet(packet).ssrc for packet in sleeper.take().rtp]


def test_who_goes_from_udp_to_tcp_and_back_misses_nothing_from_there_on(room: SmallRoom) -> None:
    room.show(0)
    room.viewer.hears(2.1)  # a nomination over UDP that is so old is no rival any more
    left = room.viewer.move(open_socket=TcpSocket.connect_to)
    room.publish(is_keyframe=False)
    room.publisher.fence()
    assert [packet.ssrc for packet in room.seen()] == [VIDEO_SSRC]
    left.close()
    room.viewer.move().close()
    room.publish(is_keyframe=False)
    assert [packet.ssrc for packet in room.seen()] == [VIDEO_SSRC]
    room.goes_on()


def test_a_connection_that_breaks_leaves_the_seat_and_the_next_one_takes_it(room: SmallRoom) -> None:
    with tcp_client(room, 4) as client:
        sees(room, client)
        client.move(open_socket=TcpSocket.connect_to).close()
        room.publish(is_keyframe=True)
        room.publisher.fence()
        assert 7001 in [parse_packet(packet).ssrc for packet in client.take().rtp]
