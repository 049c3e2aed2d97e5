"""The border between Python and the native packet path: everything that crosses it, and nothing else.

Calls are commands: they are queued to the worker thread, return at once, and take effect in the order
of the calls. Every command is idempotent, an unknown id is ignored (it may just have been removed).
Events come back through `drain()`, when `fileno()` is readable. The worker never takes the GIL.

Ids: `peer`, `track` and `slot` are numbers that the caller chose (u64, unique in the process, never
reused); `source` is the number that the CSRC of each forwarded packet carries (u32, RFC 3550 §5.1).
Layers are counted from 0, the smallest picture. Times are milliseconds, rates bits per second.
"""

from collections.abc import Sequence
from typing import Literal, final

Kind = Literal["audio", "video"]
Profile = Literal["AEAD_AES_128_GCM", "AES128_CM_SHA1_80"]

SOURCE_DIGEST: str
"""Of the sources that the library was built from (`sfu/native/build.rs`): a test compares it with the tree."""

class PacketPathError(OSError):
    """A socket could not be opened (the text names address and port)."""

@final
class Codecs:
    """Payload types and header extension ids that one peer's offer chose (RFC 8285); 0 is «not negotiated»."""

    def __new__(
        cls,
        *,
        opus: int,
        vp8: int,
        vp8_rtx: int,
        mid: int,
        rid: int,
        repaired_rid: int,
        audio_level: int,
        transport_cc: int,
        abs_send_time: int,
        video_orientation: int,
    ) -> Codecs: ...

@final
class Datagram:
    """A DTLS datagram from an address that passed an authenticated check of `peer`."""

    peer: int
    data: bytes

@final
class Connected:
    """`peer` passed its first authenticated check: there is an address to send to."""

    peer: int

@final
class Moved:
    """The address in use of `peer` changed (nomination, rebinding, ICE restart, or its connection ended)."""

    peer: int

@final
class LayerReport:
    """One simulcast layer as it arrives: `bitrate_bps` over the last second, 0 when silent."""

    bitrate_bps: int
    width: int
    height: int

@final
class TrackReport:
    track: int
    layers: list[LayerReport]

@final
class SlotReport:
    """What a slot forwards at this moment; `track` is 0 and `layer` −1 when it forwards nothing."""

    peer: int
    slot: int
    track: int
    layer: int

@final
class PeerReport:
    """`silent_ms`: since the last authenticated packet. `remb_bps`: −1 until the peer said one.
    `fraction_lost`: 0…1, the worst receiver report of the last second; `fraction_lost_down`: of all packets that these
    reports tell of; `fraction_lost_up`: of all packets that the peer sent, by our own. `rtt_ms`: −1 until known."""

    peer: int
    silent_ms: int
    remb_bps: int
    fraction_lost: float
    fraction_lost_down: float
    fraction_lost_up: float
    rtt_ms: int

@final
class Report:
    """Every 200 ms while there are peers. A report that was not drained is replaced by the next one."""

    peers: list[PeerReport]
    tracks: list[TrackReport]
    slots: list[SlotReport]

@final
class Levels:
    """Every 50 ms while audio arrives: loudest RFC 6464 level of each audio track since the last one,
    as (track, −dBov 0…127; 0 is loudest). Tracks that are closed or silent are left out."""

    levels: list[tuple[int, int]]

Event = Datagram | Connected | Moved | Report | Levels

@final
class PacketPath:
    """One worker thread with one UDP socket and one TCP listener per address, all on the same port.

    Over TCP each datagram follows its length (RFC 4571): the candidates are passive (RFC 6544), and everything that
    is said of datagrams and addresses here holds for connections too. One that passes no authenticated check within
    10 s, is silent for 60 s, breaks the framing, or belongs to a removed peer is closed; of strangers 512 an address
    are kept, in all 2048 connections (fewer where the process may open fewer files). What waits for a slow reader waits
    200 ms at most: then its pictures are dropped until it has read what it was sent, and begin anew with a keyframe.

    `addresses`: IP literals to bind; `port`: 0 picks one that is free on all of them, for both.
    Raises PacketPathError.
    """

    port: int

    def __new__(cls, addresses: Sequence[str], port: int) -> PacketPath: ...
    def fileno(self) -> int:
        """An eventfd that is readable while `drain()` has events."""

    def drain(self) -> list[Event]: ...
    def close(self) -> None:
        """Stop the worker and close the sockets; returns when both are done. May be called again."""

    def counters(self) -> dict[str, int]:
        """Totals since the start, by name of the metric (`received_packets`, `forwarded_packets`, `dropped_…`, `tcp_…`:
        connections at this moment are `tcp_accepted` less `tcp_closed`)."""

    # ── one peer's transport ──
    def add_peer(self, peer: int, local_ufrag: str, local_pwd: str, remote_ufrag: str) -> None:
        """Answer checks `local_ufrag:remote_ufrag` (RFC 8445 §7.3, lite) with `local_pwd` as the key."""

    def restart_ice(self, peer: int, local_ufrag: str, local_pwd: str, remote_ufrag: str) -> None:
        """Add credentials; the older ones end at the first check that uses the newer (RFC 8445 §9)."""

    def remove_peer(self, peer: int) -> None:
        """Forget the peer, its tracks and slots: nothing is received from it or sent to it any more."""

    def send_datagrams(self, peer: int, datagrams: Sequence[bytes]) -> None:
        """Send DTLS datagrams (each ≤ 1200 bytes) to the address in use; dropped while there is none."""

    def set_keys(
        self, peer: int, profile: Profile, receive_key: bytes, receive_salt: bytes, send_key: bytes, send_salt: bytes
    ) -> None:
        """SRTP master keys (RFC 5764 §4.2); the first call counts, others are ignored.
        Raises ValueError on wrong sizes."""

    def set_codecs(self, peer: int, codecs: Codecs) -> None: ...

    # ── what a peer sends ──
    def add_track(
        self,
        peer: int,
        track: int,
        source: int,
        kind: Kind,
        mid: str,
        rids: Sequence[str],
        ssrcs: Sequence[tuple[int, int]],
    ) -> None:
        """A track is closed until `open_track`. `rids`: RIDs from the smallest picture up, empty without
        simulcast. `ssrcs`: (SSRC, RTX SSRC or 0) that the offer announced, one per layer; unannounced
        SSRCs are bound by the MID and RID extensions, within this peer only."""

    def open_track(self, track: int, is_open: bool) -> None:
        """A closed track is dropped at arrival, after authentication."""

    def request_keyframe(self, track: int, layer: int) -> None:
        """PLI to the publisher, limited per layer (500 ms)."""

    def set_send_limit(self, peer: int, bitrate_bps: int) -> None:
        """What the peer may send at most, told to it by REMB; 0 is no limit."""

    # ── what a peer receives ──
    def add_slot(self, peer: int, slot: int, kind: Kind, ssrc: int, rtx_ssrc: int) -> None:
        """`rtx_ssrc` is 0 for audio. A slot is empty until `map_slot`."""

    def map_slot(self, slot: int, track: int, layer: int) -> None:
        """Forward `track` at `layer` onto the slot; track 0 empties it. Another track stops the old one at
        once and starts at the new one's keyframe: one of the last half second is sent again from the cache with what
        followed it, another is asked for. Another layer goes on with the old one until its keyframe."""
