"""A packet path that moves no packet and remembers what it was told, as state: tests look at the outcome, not at
the order of calls. Reports are ordinary values of the shapes that `sfu/packetpath.py` names."""

import itertools
import random
from collections.abc import Sequence

import msgspec

from sfu.dtls import DtlsIdentity
from sfu.packetpath import Codecs, Kind, Profile
from sfu.peer import NodeTransport


class LayerValue(msgspec.Struct, frozen=True):
    bitrate_bps: int
    width: int
    height: int


class TrackValue(msgspec.Struct, frozen=True):
    track: int
    layers: list[LayerValue]


class PeerValue(msgspec.Struct, frozen=True):
    peer: int
    silent_ms: int
    remb_bps: int = -1
    fraction_lost: float = 0.0
    fraction_lost_down: float = 0.0
    fraction_lost_up: float = 0.0
    rtt_ms: int = -1


class SlotValue(msgspec.Struct, frozen=True):
    slot: int
    track: int
    layer: int


class ReportValue(msgspec.Struct, frozen=True):
    peers: list[PeerValue]
    tracks: list[TrackValue]
    slots: list[SlotValue]


class PathTrack(msgspec.Struct):
    peer: int
    source: int
    kind: Kind
    mid: str
    rids: list[str]
    ssrcs: list[tuple[int, int]]
    is_open: bool = False


class PathSlot(msgspec.Struct):
    peer: int
    kind: Kind
    ssrc: int
    rtx_ssrc: int
    track: int = 0
    layer: int = 0


class PathDouble:
    def __init__(self) -> None:
        self.credentials: dict[int, list[tuple[str, str, str]]] = {}
        self.codecs: dict[int, Codecs] = {}
        self.tracks: dict[int, PathTrack] = {}
        self.slots: dict[int, PathSlot] = {}
        self.keys: dict[int, tuple[Profile, bytes, bytes, bytes, bytes]] = {}
        self.sent: dict[int, list[bytes]] = {}
        self.keyframes: list[tuple[int, int]] = []
        self.send_limits: dict[int, int] = {}
        self.commands = 0

    def add_peer(self, peer: int, local_ufrag: str, local_pwd: str, remote_ufrag: str) -> None:
        self.commands += 1
        self.credentials[peer] = [(local_ufrag, local_pwd, remote_ufrag)]

    def restart_ice(self, peer: int, local_ufrag: str, local_pwd: str, remote_ufrag: str) -> None:
        self.commands += 1
        self.credentials[peer].append((local_ufrag, local_pwd, remote_ufrag))

    def remove_peer(self, peer: int) -> None:
        self.commands += 1
        self.credentials.pop(peer, None)
        self.tracks = {number: track for number, track in self.tracks.items() if track.peer != peer}
        self.slots = {number: slot for number, slot in self.slots.items() if slot.peer != peer}

    def send_datagrams(self, peer: int, datagrams: Sequence[bytes]) -> None:
        self.sent.setdefault(peer, []).extend(datagrams)

    def set_keys(
        self, peer: int, profile: Profile, receive_key: bytes, receive_salt: bytes, send_key: bytes, send_salt: bytes
    ) -> None:
        self.commands += 1
        self.keys[peer] = (profile, receive_key, receive_salt, send_key, send_salt)

    def set_codecs(self, peer: int, codecs: Codecs) -> None:
        self.commands += 1
        self.codecs[peer] = codecs

    def add_track(  # noqa: PLR0913 - the shape of the native call
        self,
        peer: int,
        track: int,
        source: int,
        kind: Kind,
        mid: str,
        rids: Sequence[str],
        ssrcs: Sequence[tuple[int, int]],
    ) -> None:
        self.commands += 1
        self.tracks[track] = PathTrack(peer, source, kind, mid, list(rids), list(ssrcs))

    def open_track(self, track: int, is_open: bool) -> None:
        self.commands += 1
        if track in self.tracks:
            self.tracks[track].is_open = is_open

    def request_keyframe(self, track: int, layer: int) -> None:
        self.keyframes.append((track, layer))

    def set_send_limit(self, peer: int, bitrate_bps: int) -> None:
        self.commands += 1
        self.send_limits[peer] = bitrate_bps

    def add_slot(self, peer: int, slot: int, kind: Kind, ssrc: int, rtx_ssrc: int) -> None:
        self.commands += 1
        self.slots[slot] = PathSlot(peer, kind, ssrc, rtx_ssrc)

    def map_slot(self, slot: int, track: int, layer: int) -> None:
        self.commands += 1
        if slot in self.slots:
            self.slots[slot].track, self.slots[slot].layer = track, layer

    # ── what tests ask ──

    def carried(self, peer: int) -> dict[Kind, list[int]]:
        """Source on each slot of a peer, by kind, in the order in which the slots were made."""
        found: dict[Kind, list[int]] = {"audio": [], "video": []}
        for slot in self.slots.values():
            if slot.peer == peer:
                found[slot.kind].append(self.tracks[slot.track].source if slot.track else 0)
        return found

    def open_sources(self) -> set[int]:
        return {track.source for track in self.tracks.values() if track.is_open}


def node_on(path: PathDouble, identity: DtlsIdentity) -> NodeTransport:
    dice = random.Random(7)  # noqa: S311 - repeatable numbers, not secrets
    return NodeTransport(path, identity, ("192.0.2.2", "2001:db8::1"), 5000, itertools.count(1), dice.randbytes)
