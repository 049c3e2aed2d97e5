"""A small room on a real packet path for tests of bad input and of moves: a publisher with sound and simulcast video, a
viewer, and an intruder who has a seat and keys of its own. `goes_on()` is the question that each of those
tests ends with.
"""

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sfu.packetpath import Codecs, PacketPath
from tests.sfu.camera import Encoding, Ids, Shape
from tests.sfu.slow_forwarder import Packet, parse_packet
from tests.sfu.srtp_client import PROFILES, SrtpClient, clients, opened_socket

PUBLISHER, VIEWER, INTRUDER = 1, 2, 3
VIDEO, AUDIO, VIDEO_SLOT, AUDIO_SLOT = 10, 12, 20, 22
VIDEO_SSRC, VIDEO_RTX_SSRC, AUDIO_SSRC = 5001, 5002, 5005
LAYER_SSRCS = [(101, 201), (102, 202), (103, 203)]
SOUND_SSRC = 104
VIDEO_IDS, SOUND_IDS = Ids(media=96, rtx=97), Ids(media=111, audio_level=1)
CODECS = Codecs(
    opus=111,
    vp8=96,
    vp8_rtx=97,
    mid=4,
    rid=10,
    repaired_rid=11,
    audio_level=1,
    transport_cc=0,
    abs_send_time=0,
    video_orientation=0,
)


class SmallRoom:
    def __init__(self, path: PacketPath, people: list[SrtpClient]) -> None:
        self.path = path
        self.publisher, self.viewer, self.intruder = people
        self.random = random.Random(7)  # noqa: S311 - a repeatable test
        self.layers = [
            Encoding(VIDEO_IDS, ssrc, rtx_ssrc, True, Shape(), self.random) for ssrc, rtx_ssrc in LAYER_SSRCS
        ]
        self.sound = Encoding(SOUND_IDS, SOUND_SSRC, 0, False, Shape(), self.random)
        path.add_track(PUBLISHER, VIDEO, 4242, "video", "1", ["l", "m", "h"], LAYER_SSRCS)
        path.add_track(PUBLISHER, AUDIO, 4243, "audio", "0", [], [(SOUND_SSRC, 0)])
        for track in (VIDEO, AUDIO):
            path.open_track(track, True)
        path.add_slot(VIEWER, VIDEO_SLOT, "video", VIDEO_SSRC, VIDEO_RTX_SSRC)
        path.add_slot(VIEWER, AUDIO_SLOT, "audio", AUDIO_SSRC, 0)
        path.map_slot(AUDIO_SLOT, AUDIO, 0)
        self.viewer.settle()

    def show(self, layer: int) -> None:
        """All layers are on the air, and the viewer sees one."""
        self.publish(is_keyframe=False)
        self.path.map_slot(VIDEO_SLOT, VIDEO, layer)
        self.viewer.settle()
        self.publish(is_keyframe=True)
        assert [packet.ssrc for packet in self.seen()] == [VIDEO_SSRC]

    def publish(self, *, is_keyframe: bool, packets: int = 1) -> None:
        for encoding in self.layers:
            self.publisher.send(*encoding.frame(packets, is_keyframe=is_keyframe))

    def seen(self) -> list[Packet]:
        """What the viewer got since it was asked last, without sound."""
        return [packet for packet in map(parse_packet, self.viewer.take().rtp) if packet.ssrc != AUDIO_SSRC]

    def goes_on(self) -> None:
        """Sound and the shown picture still reach the viewer, and are counted."""
        before = self.counters()
        self.viewer.take()
        self.publisher.send(*self.sound.frame(1, is_keyframe=False), *self.sound.frame(1, is_keyframe=False))
        heard = [packet for packet in map(parse_packet, self.viewer.take().rtp) if packet.ssrc == AUDIO_SSRC]
        assert [packet.csrcs for packet in heard] == [(4243,)] * 2
        assert heard[1].sequence == (heard[0].sequence + 1) % 2**16
        after = self.counters()
        assert after["forwarded_packets"] == before["forwarded_packets"] + 2
        assert after["received_packets"] > before["received_packets"]

    def counters(self) -> dict[str, int]:
        """Totals of everything before."""
        return self.viewer.counters()


@contextmanager
def stranger(path: PacketPath) -> Iterator[socket.socket]:
    """A socket whose address passed no check."""
    with opened_socket(path) as opened:
        yield opened


def answers(opened: socket.socket) -> list[bytes]:
    """What lies at a socket; whoever asks has fenced the path before."""
    opened.setblocking(False)
    found = []
    try:
        while True:
            found.append(opened.recv(65_536))
    except BlockingIOError:
        return found
    finally:
        opened.setblocking(True)


@contextmanager
def small_room() -> Iterator[SmallRoom]:
    with ExitStack() as stack:
        path = PacketPath(["127.0.0.1"], 0)
        stack.callback(path.close)
        profiles = (PROFILES[0], PROFILES[1], PROFILES[0])
        yield SmallRoom(path, stack.enter_context(clients(path, CODECS, *profiles)))
