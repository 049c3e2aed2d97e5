"""A viewer changes its address in the middle of a lesson (RFC 8445 §8 and §9), through real sockets: what it
is sent follows it, and only it can say where to. Who asks what an address still gets fences with another
client, as a check of the viewer's own would name its address anew.
"""

import struct
from collections.abc import Iterator

import pytest

from sfu.packetpath import Moved
from tests.sfu.slow_forwarder import Packet
from tests.sfu.small_room import VIDEO_RTX_SSRC, VIDEO_SSRC, VIEWER, SmallRoom, answers, small_room, stranger
from tests.sfu.srtp_client import binding_request


@pytest.fixture
def room() -> Iterator[SmallRoom]:
    with small_room() as opened:
        opened.show(0)
        opened.viewer.settle()
        opened.path.drain()
        yield opened


def moved(room: SmallRoom) -> list[int]:
    """The peers that moved since it was asked last; an event may come a moment after the answer to its check."""
    room.publisher.settle()
    return [event.peer for event in room.path.drain() if isinstance(event, Moved)]


def next_picture(room: SmallRoom) -> Packet:
    """The next packet of the viewer's picture, which came to the address that it has."""
    room.publish(is_keyframe=False)
    room.publisher.fence()
    [packet] = room.seen()
    assert packet.ssrc == VIDEO_SSRC
    return packet


def test_a_nominated_check_from_another_address_takes_the_media_there(room: SmallRoom) -> None:
    before = next_picture(room)
    with room.viewer.move() as left:
        assert moved(room) == [VIEWER]
        answers(left)
        after = next_picture(room)
        assert (after.sequence, after.csrcs) == ((before.sequence + 1) % 2**16, before.csrcs)
        assert next_picture(room).sequence == (before.sequence + 2) % 2**16
        room.goes_on()
        assert answers(left) == []
    assert moved(room) == []


def test_a_viewer_that_moved_is_heard_at_its_new_address(room: SmallRoom) -> None:
    lost = next_picture(room)
    with room.viewer.move() as left:
        answers(left)
        room.viewer.send_rtcp(struct.pack("!BBHIIHH", 0x81, 205, 3, 9, VIDEO_SSRC, lost.sequence, 0))
        [again] = room.seen()
        assert (again.ssrc, again.payload[:2]) == (VIDEO_RTX_SSRC, struct.pack("!H", lost.sequence))
        assert answers(left) == []


def test_a_check_with_a_wrong_key_moves_nothing(room: SmallRoom) -> None:
    before = next_picture(room)
    with stranger(room.path) as opened:
        opened.send(bytes(binding_request(room.viewer.username, "wrong")))
        room.publisher.fence()
        assert moved(room) == []
        assert next_picture(room).sequence == (before.sequence + 1) % 2**16
        assert answers(opened) == []
    assert moved(room) == []
    room.goes_on()


def test_a_check_that_nominates_nothing_is_answered_and_moves_nothing(room: SmallRoom) -> None:
    before = next_picture(room)
    with stranger(room.path) as opened:
        opened.send(bytes(binding_request(room.viewer.username, room.viewer.key, nominates=False)))
        room.publisher.fence()
        assert len(answers(opened)) == 1
        assert moved(room) == []
        assert next_picture(room).sequence == (before.sequence + 1) % 2**16
        assert answers(opened) == []


@pytest.mark.parametrize("nominates", [True, False])
def test_the_first_check_with_the_credentials_of_a_restart_takes_the_media_along(
    room: SmallRoom, nominates: bool
) -> None:
    before = next_picture(room)
    older = bytes(binding_request(room.viewer.username, room.viewer.key))
    room.viewer.restart_ice(generation=1)
    with room.viewer.move(nominates=nominates) as left:
        assert moved(room) == [VIEWER]
        answers(left)
        left.send(older)
        room.publisher.fence()
        assert moved(room) == []
        assert next_picture(room).sequence == (before.sequence + 1) % 2**16
        assert answers(left) == []
    assert moved(room) == []
