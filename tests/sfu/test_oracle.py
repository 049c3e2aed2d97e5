"""The native packet path against the slow forwarder: random sequences of what publishers, viewers and the
media node do go through real sockets and SRTP on one side, through plain Python on the other, and what the
viewer decrypts has to be the same, packet by packet.
"""

import random
import struct
import time
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfu.packetpath import Codecs, PacketPath, Profile
from tests.sfu.camera import Encoding, Ids, Shape
from tests.sfu.slot_check import SlotCheck
from tests.sfu.slow_forwarder import Forwarded, Layer, SlowForwarder, Track, parse_packet
from tests.sfu.srtp_client import PROFILES, SrtpClient

VIEWER = 3
VIDEO_SLOTS = {20: (5001, 5002), 21: (5003, 5004)}
AUDIO_SLOT, AUDIO_SSRC = 22, 5005
VIDEO, AUDIO = {1: 10, 2: 11}, {1: 12, 2: 13}
PUBLISHER_OF = {10: 1, 11: 2, 12: 1, 13: 2}
RIDS = ["l", "m", "h"]
# A layer that is silent for a second counts as gone, and another takes its place: an example in which the
# machine stood still for so long ends early.
PAUSE_S = 0.8
# A keyframe is young for half a second; the clocks of this test and of the packet path do not agree to the millisecond.
YOUNG_S, OLD_S = 0.4, 0.7

PUBLISHER_IDS = {
    1: (Ids(media=96, rtx=97, video_orientation=3), Ids(media=111, audio_level=1)),
    2: (Ids(media=100, rtx=101, mid=20, rid=21, repaired_rid=22, video_orientation=23, unknown=30, two_byte=True),
        Ids(media=63, mid=20, audio_level=24, unknown=30, two_byte=True)),
}  # fmt: skip
VIEWER_VP8, VIEWER_RTX, VIEWER_OPUS, VIEWER_LEVEL, VIEWER_ORIENTATION, VIEWER_SEND_TIME = 120, 121, 109, 5, 6, 7
PASSED_ON = {3: VIEWER_ORIENTATION, 23: VIEWER_ORIENTATION, 1: VIEWER_LEVEL, 24: VIEWER_LEVEL}


# ── what happens ──
@dataclass(frozen=True)
class Frame:
    """Every layer of a track sends a frame; the fates are those of the packets in turn: how often each comes,
    and how many others overtake it."""

    track: int
    keyframes: int
    packets: int
    fates: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Probe:
    track: int
    layer: int
    by_rtx: bool


@dataclass(frozen=True)
class Resend:
    track: int
    layer: int
    back: int


@dataclass(frozen=True)
class Map:
    slot: int
    track: int
    layer: int


@dataclass(frozen=True)
class Open:
    track: int
    is_open: bool


@dataclass(frozen=True)
class Nack:
    """The viewer asks for a packet again that it has had, the `back` last ones aside."""

    slot: int
    back: int


Action = Frame | Probe | Resend | Map | Open | Nack

layers = st.integers(0, 2)
fates = st.sampled_from([(1, 0)] * 7 + [(0, 0), (0, 0), (2, 0), (1, 1), (1, 2), (1, 5), (2, 3)])
video_tracks = st.sampled_from([10, 10, 11])
frames = st.builds(
    Frame,
    st.sampled_from([10, 10, 10, 11, 11, 12, 13]),
    st.sampled_from([0, 0, 0, 1, 2, 4, 7]),
    st.integers(1, 3),
    st.lists(fates, max_size=9).map(tuple),
)
others = st.one_of(
    st.builds(Map, st.sampled_from([20, 20, 21]), st.sampled_from([10, 10, 10, 11, 11, 0]), layers),
    st.builds(Map, st.just(AUDIO_SLOT), st.sampled_from([12, 13, 0]), st.just(0)),
    st.builds(Probe, video_tracks, layers, st.booleans()),
    st.builds(Resend, video_tracks, layers, st.integers(0, 7)),
    st.builds(Nack, st.sampled_from([20, 21]), st.integers(0, 10)),
    st.builds(Open, st.sampled_from([10, 11, 12, 13]), st.booleans()),
)
BEGINNING: list[Action] = [
    Map(20, 10, 2),
    Map(21, 11, 1),
    Map(AUDIO_SLOT, 12, 0),
    Frame(10, 7, 2, ()),
    Frame(11, 7, 1, ()),
]
REOPENING: list[Action] = [Open(track, True) for track in PUBLISHER_OF]


def in_sequence(rounds: list[tuple[list[Action], list[Action]]]) -> list[Action]:
    """A track that was closed is opened some rounds later, so that a sequence does not end in silence."""
    played = list(BEGINNING)
    for index, (between, media) in enumerate(rounds):
        played += [*between, *media, *(REOPENING if index % 4 == 3 else [])]
    return played


rounds = st.tuples(st.lists(others, max_size=3), st.lists(frames, min_size=2, max_size=4))
actions = st.lists(rounds, min_size=4, max_size=14).map(in_sequence)
shapes = st.builds(Shape, st.sampled_from([15, 15, 7, 0]), st.booleans(), st.booleans(), st.booleans())


def publisher_codecs(video: Ids, audio: Ids) -> Codecs:
    return Codecs(
        opus=audio.media,
        vp8=video.media,
        vp8_rtx=video.rtx,
        mid=video.mid,
        rid=video.rid,
        repaired_rid=video.repaired_rid,
        audio_level=audio.audio_level,
        transport_cc=0,
        abs_send_time=0,
        video_orientation=video.video_orientation,
    )


def viewer_codecs(*, has_send_time: bool) -> Codecs:
    return Codecs(
        opus=VIEWER_OPUS,
        vp8=VIEWER_VP8,
        vp8_rtx=VIEWER_RTX,
        mid=4,
        rid=10,
        repaired_rid=11,
        audio_level=VIEWER_LEVEL,
        transport_cc=0,
        abs_send_time=VIEWER_SEND_TIME if has_send_time else 0,
        video_orientation=VIEWER_ORIENTATION,
    )


# ── playing it on both stages ──
@dataclass
class Held:
    """A packet that others overtake."""

    overtakers: int
    track: int
    plain: bytes
    sealed: bytes


class Play:
    """One random sequence on both stages."""

    def __init__(self, path: PacketPath, profiles: tuple[Profile, Profile], shape: Shape, seed: int) -> None:
        self.path = path
        self.random = random.Random(seed)  # noqa: S311 - a repeatable test
        self.is_announced = self.random.random() < 0.5
        self.has_send_time = self.random.random() < 0.5
        self.clients = {n: SrtpClient(path, n, profiles[n == VIEWER]) for n in (1, 2, VIEWER)}
        self.viewer = self.clients[VIEWER]
        self.shape = shape
        self.encodings: dict[tuple[int, int], Encoding] = {}
        self.oracle = SlowForwarder({}, [*VIDEO_SLOTS, AUDIO_SLOT], PASSED_ON)
        send_time_id = VIEWER_SEND_TIME if self.has_send_time else 0
        self.checks = {
            slot: SlotCheck(ssrc, VIEWER_VP8, True, send_time_id) for slot, (ssrc, _) in VIDEO_SLOTS.items()
        } | {AUDIO_SLOT: SlotCheck(AUDIO_SSRC, VIEWER_OPUS, False, send_time_id)}
        self.expected: list[Forwarded] = []
        self.held: list[Held] = []
        self.heard: dict[tuple[int, int], float] = {}
        self.keyframes: dict[tuple[int, int], int | None] = {}
        self.keyed: dict[tuple[int, int], float] = {}
        self.asked: set[tuple[int, int]] = set()
        self.rtx_numbers: dict[int, int] = {}
        self.compared = 0
        self.began = time.perf_counter()

    def close(self) -> None:
        for client in self.clients.values():
            client.socket.close()

    # ── setting up ──
    def set_up(self) -> None:
        for number in (1, 2):
            self.clients[number].join(publisher_codecs(*PUBLISHER_IDS[number]))
            self.publish(number)
        self.viewer.join(viewer_codecs(has_send_time=self.has_send_time))
        for slot, (ssrc, rtx_ssrc) in VIDEO_SLOTS.items():
            self.path.add_slot(VIEWER, slot, "video", ssrc, rtx_ssrc)
        self.path.add_slot(VIEWER, AUDIO_SLOT, "audio", AUDIO_SSRC, 0)
        self.viewer.settle()
        for (track, _), encoding in self.encodings.items():
            for packet in encoding.frame(1, is_keyframe=True):
                self.deliver(track, packet, self.clients[PUBLISHER_OF[track]].seal(packet))
        self.compare()

    def publish(self, number: int) -> None:
        """Both publishers chose the same SSRCs and MIDs: that is their good right."""
        video_ids, audio_ids = PUBLISHER_IDS[number]
        ssrcs = [(101, 201), (102, 202), (103, 203)]
        announced = ssrcs if self.is_announced else []
        self.path.add_track(number, VIDEO[number], 900 + number, "video", "1", RIDS, announced)
        self.path.add_track(number, AUDIO[number], 910 + number, "audio", "0", [], [(104, 0)])
        for index, (ssrc, rtx_ssrc) in enumerate(ssrcs):
            encoding = Encoding(video_ids, ssrc, rtx_ssrc, True, self.shape, self.random)
            if not self.is_announced:
                encoding.mid, encoding.rid = b"1", RIDS[index].encode()
            self.encodings[VIDEO[number], index] = encoding
        self.encodings[AUDIO[number], 0] = Encoding(audio_ids, 104, 0, False, self.shape, self.random)
        video_layers = [Layer(ssrc, rtx_ssrc) for ssrc, rtx_ssrc in ssrcs]
        self.oracle.tracks[VIDEO[number]] = Track(900 + number, True, video_layers, video_ids.media, video_ids.rtx)
        self.oracle.tracks[AUDIO[number]] = Track(910 + number, False, [Layer(104, 0)], audio_ids.media, 0)
        for track in (VIDEO[number], AUDIO[number]):
            self.path.open_track(track, True)

    # ── playing ──
    def play(self, action: Action) -> None:
        match action:
            case Frame():
                self.send_frame(action)
            case Probe(track, layer, by_rtx):
                encoding = self.encodings[track, layer]
                self.send(track, encoding.rtx_probe() if by_rtx else encoding.probe(), 1, 0)
            case Resend(track, layer, back):
                self.send(track, self.encodings[track, layer].resend(back), 1, 0)
            case Map(slot, track, layer):
                self.map_slot(slot, track, layer)
            case Open(track, is_open):
                self.path.open_track(track, is_open)
                self.oracle.open_track(track, is_open)
                self.viewer.settle()
            case Nack(slot, back):
                self.ask_again(slot, back)
        self.compare()

    def map_slot(self, slot: int, track: int, layer: int) -> None:
        """Not while a keyframe is about to be old: whether it is then is a matter of milliseconds."""
        age = time.perf_counter() - self.keyed.get((track, layer), self.began)
        if track in VIDEO.values() and YOUNG_S < age < OLD_S:
            return
        self.path.map_slot(slot, track, layer)
        self.expected += self.oracle.map_slot(slot, track, layer, is_young=age <= YOUNG_S)
        self.viewer.settle()

    def send_frame(self, frame: Frame) -> None:
        encodings = [encoding for (track, _), encoding in self.encodings.items() if track == frame.track]
        fate = iter(frame.fates)
        for index, encoding in enumerate(encodings):
            for packet in encoding.frame(frame.packets, is_keyframe=bool(frame.keyframes >> index & 1)):
                self.send(frame.track, packet, *next(fate, (1, 0)))

    def send(self, track: int, plain: bytes, times: int, overtakers: int) -> None:
        sealed = self.clients[PUBLISHER_OF[track]].seal(plain)
        for _ in range(times):
            if overtakers:
                self.held.append(Held(overtakers, track, plain, sealed))
            else:
                self.deliver(track, plain, sealed)

    def deliver(self, track: int, plain: bytes, sealed: bytes) -> None:
        publisher = PUBLISHER_OF[track]
        now = time.perf_counter()
        self.clients[publisher].socket.send(sealed)
        heard, forwarded = self.oracle.arrive([VIDEO[publisher], AUDIO[publisher]], plain)
        self.expected += forwarded
        if heard and heard[0] in VIDEO.values():
            self.heard[heard] = now
            keyframe = self.oracle.tracks[heard[0]].layers[heard[1]].keyframe
            if keyframe != self.keyframes.get(heard):
                self.keyframes[heard], self.keyed[heard] = keyframe, now
        for held in self.held:
            held.overtakers -= 1
        due = [held for held in self.held if held.overtakers == 0]
        self.held = [held for held in self.held if held.overtakers > 0]
        for held in due:
            self.deliver(held.track, held.plain, held.sealed)

    def ask_again(self, slot: int, back: int) -> None:
        """Each packet once: how soon a second request is answered is a matter of time."""
        numbers = sorted(self.oracle.slots[slot].sent)[-1 - back :]
        if not numbers or (slot, numbers[0]) in self.asked:
            return
        self.asked.add((slot, numbers[0]))
        check, (ssrc, rtx_ssrc) = self.checks[slot], VIDEO_SLOTS[slot]
        number = (numbers[0] + check.origin.values["sequence"]) % 2**16
        self.viewer.send_rtcp(struct.pack("!BBHIIHH", 0x81, 205, 3, 1, ssrc, number, 0))
        expected = self.oracle.slots[slot].sent[numbers[0]]
        [packet] = [parse_packet(data) for data in self.viewer.take().rtp]
        assert (packet.ssrc, packet.payload_type, packet.marker) == (rtx_ssrc, VIEWER_RTX, expected.marker)
        assert packet.payload[:2] == struct.pack("!H", number)
        check.compare_content(packet, packet.payload[2:], expected)
        assert packet.sequence == self.rtx_numbers.get(slot, packet.sequence)
        self.rtx_numbers[slot] = (packet.sequence + 1) % 2**16

    def compare(self) -> None:
        received = [parse_packet(data) for data in self.viewer.take().rtp]
        expected, self.expected = self.expected, []
        for slot, check in self.checks.items():
            came = [packet for packet in received if packet.ssrc == check.ssrc]
            wanted = [forwarded for forwarded in expected if forwarded.slot == slot]
            assert len(came) == len(wanted)
            for packet, forwarded in zip(came, wanted, strict=True):
                check.compare(packet, forwarded, time.perf_counter() - self.began)
        assert len(received) == len(expected)
        self.compared += len(received)

    def stood_still(self) -> bool:
        now = time.perf_counter()
        return any(now - heard > PAUSE_S for heard in self.heard.values())


def play(profiles: tuple[Profile, Profile], shape: Shape, seed: int, sequence: list[Action]) -> int:
    """How many packets came and were compared."""
    path = PacketPath(["127.0.0.1"], 0)
    stage = Play(path, profiles, shape, seed)
    try:
        stage.set_up()
        for action in sequence:
            if stage.stood_still():
                break
            stage.play(action)
        return stage.compared
    finally:
        stage.close()
        path.close()


@pytest.mark.parametrize("profiles", [(PROFILES[0], PROFILES[1]), (PROFILES[1], PROFILES[0])], ids=lambda p: p[0])
def test_the_viewer_gets_what_the_slow_forwarder_says(profiles: tuple[Profile, Profile]) -> None:
    compared = 0

    @settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(shape=shapes, seed=st.integers(0, 2**32), sequence=actions)
    def holds(shape: Shape, seed: int, sequence: list[Action]) -> None:
        nonlocal compared
        compared += play(profiles, shape, seed, sequence)

    holds()
    assert compared > 1000
