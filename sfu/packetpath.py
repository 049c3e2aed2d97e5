"""The typed face of the native packet path and its only importer. `PacketPath` is the real one, made by
`node.py`; `MediaPath` names the commands that rooms and peers give it, and the report types what they read
of its events, so that both can be driven without a socket. No decision is made here.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from sfu._packetpath import (  # noqa: TID251 - this module is the one importer
    SOURCE_DIGEST,
    Codecs,
    Connected,
    Datagram,
    Levels,
    Moved,
    PacketPath,
    PacketPathError,
    Report,
)

__all__ = [
    "SOURCE_DIGEST",
    "Codecs",
    "Connected",
    "Datagram",
    "Levels",
    "Moved",
    "PacketPath",
    "PacketPathError",
    "Report",
]

Kind = Literal["audio", "video"]
Profile = Literal["AEAD_AES_128_GCM", "AES128_CM_SHA1_80"]
Event = Datagram | Connected | Moved | Report | Levels


class MediaPath(Protocol):
    """The commands of `sfu/_packetpath.pyi`, where they are explained."""

    def add_peer(self, peer: int, local_ufrag: str, local_pwd: str, remote_ufrag: str) -> None: ...
    def restart_ice(self, peer: int, local_ufrag: str, local_pwd: str, remote_ufrag: str) -> None: ...
    def remove_peer(self, peer: int) -> None: ...
    def send_datagrams(self, peer: int, datagrams: Sequence[bytes]) -> None: ...
    def set_keys(
        self, peer: int, profile: Profile, receive_key: bytes, receive_salt: bytes, send_key: bytes, send_salt: bytes
    ) -> None: ...
    def set_codecs(self, peer: int, codecs: Codecs) -> None: ...
    def add_track(  # noqa: PLR0913 - the shape of the native call
        self,
        peer: int,
        track: int,
        source: int,
        kind: Kind,
        mid: str,
        rids: Sequence[str],
        ssrcs: Sequence[tuple[int, int]],
    ) -> None: ...
    def open_track(self, track: int, is_open: bool) -> None: ...  # noqa: FBT001 - the shape of the native call
    def request_keyframe(self, track: int, layer: int) -> None: ...
    def set_send_limit(self, peer: int, bitrate_bps: int) -> None: ...
    def add_slot(self, peer: int, slot: int, kind: Kind, ssrc: int, rtx_ssrc: int) -> None: ...
    def map_slot(self, slot: int, track: int, layer: int) -> None: ...


class LayerArrival(Protocol):
    @property
    def bitrate_bps(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


class TrackArrival(Protocol):
    @property
    def track(self) -> int: ...
    @property
    def layers(self) -> Sequence[LayerArrival]: ...


class PeerArrival(Protocol):
    @property
    def peer(self) -> int: ...
    @property
    def silent_ms(self) -> int: ...
    @property
    def remb_bps(self) -> int: ...
    @property
    def fraction_lost(self) -> float: ...
    @property
    def fraction_lost_down(self) -> float: ...
    @property
    def fraction_lost_up(self) -> float: ...
    @property
    def rtt_ms(self) -> int: ...


class SlotState(Protocol):
    @property
    def slot(self) -> int: ...
    @property
    def track(self) -> int: ...
    @property
    def layer(self) -> int: ...


class PathReport(Protocol):
    @property
    def peers(self) -> Sequence[PeerArrival]: ...
    @property
    def tracks(self) -> Sequence[TrackArrival]: ...
    @property
    def slots(self) -> Sequence[SlotState]: ...
