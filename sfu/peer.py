"""One client's transport: credentials → handshake → keys → tracks and slots. It turns an offer into commands
to the packet path and an answer, carries DTLS datagrams between both, and knows in which state its link is.
`room.py` owns peers and decides what flows; there is no policy here. Time and randomness are passed in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sfu.dtls import DtlsEndpoint, DtlsIdentity
from sfu.layers import Layer
from sfu.messages import TrackKind
from sfu.packetpath import Codecs, Kind, MediaPath
from sfu.sdp import Extension, MediaSection, OfferError, ParsedOffer
from sfu.sdp_answer import STAGE, LocalTransport, SlotLine, write_answer

Link = Literal["waiting", "connected", "silent", "failed"]

# A browser needs a second; one that has not come by then will not.
CONNECT_LIMIT_S = 30.0
# Three layers of a 720p camera and a shared screen; a REMB of 5 Mbit/s opened all layers of Chromium and Firefox.
SEND_LIMIT_BPS = 6_000_000

_MEDIA_KIND: dict[TrackKind, Kind] = {
    "microphone": "audio",
    "screen_sound": "audio",
    "camera": "video",
    "screen": "video",
}


class NodeTransport(msgspec.Struct, frozen=True):
    """What all peers of a node share. `ids` gives numbers that are never used twice in the process."""

    path: MediaPath
    identity: DtlsIdentity
    addresses: tuple[str, ...]
    port: int
    ids: Iterator[int]
    random_bytes: Callable[[int], bytes]


class IceCredentials(msgspec.Struct, frozen=True):
    """Of one ICE session: a restart makes others on both sides (RFC 8445 §9)."""

    local_ufrag: str
    local_pwd: str
    remote_ufrag: str


class OfferPlan(msgspec.Struct, frozen=True):
    """What the client said its m-lines are for, by MID."""

    publish: Mapping[TrackKind, str]
    audio_slots: Sequence[str]
    video_slots: Sequence[str]


class Track(msgspec.Struct):
    """`is_open` is the last word to the packet path, `carries_media` and `layers` what its last report said."""

    id: int
    source: int
    kind: TrackKind
    mid: str
    is_open: bool = False
    carries_media: bool = False
    layers: tuple[Layer, ...] = ()


class Slot(msgspec.Struct):
    """One outgoing stream. `source` has its place here, also while it is paused; `track` and `layer` are the last
    word to the packet path."""

    id: int
    kind: Kind
    mid: str
    line: SlotLine
    source: int = 0
    track: int = 0
    layer: int = 0


class Peer:
    """`link` is «failed» with a `failure` when the transport is gone for good, without one after long silence."""

    def __init__(self, node: NodeTransport, participant: str, connection: int, now: float) -> None:
        self.id = next(node.ids)
        self.participant = participant
        self.connection = connection
        self.link: Link = "waiting"
        self.failure = ""
        self.tracks: dict[TrackKind, Track] = {}
        self.audio_slots: list[Slot] = []
        self.video_slots: list[Slot] = []
        self._node = node
        self._created_at = now
        self._offer: ParsedOffer | None = None
        self._publish: Mapping[TrackKind, str] = {}
        self._dtls: DtlsEndpoint | None = None
        self._session_id = int.from_bytes(node.random_bytes(7), "big")
        self._version = 0
        self._ice = IceCredentials("", "", "")

    @property
    def slots(self) -> list[Slot]:
        return self.audio_slots + self.video_slots

    # ── negotiation ──

    def answer(self, offer: ParsedOffer, plan: OfferPlan, sources: Mapping[TrackKind, int]) -> str:
        """Take an offer, the first or a later one of the same connection. Raises OfferError, and then has no effect."""
        _check_plan(offer, plan)
        known = self._offer
        if known is not None and known.fingerprints != offer.fingerprints:
            raise OfferError("the certificate changed: a new DTLS association needs a new connection")
        if self.failure:
            raise OfferError("the transport of this connection has failed: it needs a new connection")
        self._offer, self._publish = offer, plan.publish
        if known is None:
            ice = self._ice = self._draw_credentials(offer.ufrag)
            self._node.path.add_peer(self.id, ice.local_ufrag, ice.local_pwd, ice.remote_ufrag)
            self._node.path.set_send_limit(self.id, SEND_LIMIT_BPS)
        elif (known.ufrag, known.pwd) != (offer.ufrag, offer.pwd):
            ice = self._ice = self._draw_credentials(offer.ufrag)
            self._node.path.restart_ice(self.id, ice.local_ufrag, ice.local_pwd, ice.remote_ufrag)
        self._node.path.set_codecs(self.id, _codecs(offer))
        self.add_tracks(sources)
        self.audio_slots = self._slots_for("audio", plan.audio_slots, self.audio_slots)
        self.video_slots = self._slots_for("video", plan.video_slots, self.video_slots)
        self._version += 1
        slots = {slot.mid: slot.line for slot in self.slots}
        return write_answer(offer, self._local_transport(), list(plan.publish.values()), slots)

    def add_tracks(self, sources: Mapping[TrackKind, int]) -> None:
        """Tell the packet path of every offered track whose source number is known."""
        if self._offer is None:
            return
        for kind, mid in self._publish.items():
            known = self.tracks.get(kind)
            if kind not in sources or (known is not None and known.mid == mid):
                continue
            if known is not None:
                self._node.path.open_track(known.id, is_open=False)
            track = Track(next(self._node.ids), sources[kind], kind, mid)
            self.tracks[kind] = track
            section = self._offer.section(mid)
            ssrcs = _layer_ssrcs(section)
            self._node.path.add_track(
                self.id, track.id, track.source, _MEDIA_KIND[kind], mid, list(section.rids), list(ssrcs)
            )

    def _draw_credentials(self, remote_ufrag: str) -> IceCredentials:
        return IceCredentials(self._node.random_bytes(8).hex(), self._node.random_bytes(16).hex(), remote_ufrag)

    def _slots_for(self, kind: Kind, mids: Sequence[str], known: Sequence[Slot]) -> list[Slot]:
        by_mid = {slot.mid: slot for slot in known}
        slots = []
        for index, mid in enumerate(mids):
            slot = by_mid.pop(mid, None)
            slots.append(slot if slot is not None else self._new_slot(kind, mid, is_stage=index == 0))
        for gone in by_mid.values():
            self._node.path.map_slot(gone.id, 0, 0)
        return slots

    def _new_slot(self, kind: Kind, mid: str, *, is_stage: bool) -> Slot:
        assert self._offer is not None  # noqa: S101 - slots come with an offer
        has_rtx = self._offer.section(mid).vp8_rtx != 0
        ssrc = self._draw_ssrc()
        rtx_ssrc = self._draw_ssrc() if has_rtx else 0
        slot = Slot(next(self._node.ids), kind, mid, SlotLine(ssrc, rtx_ssrc, STAGE if is_stage else f"slot-{mid}"))
        self._node.path.add_slot(self.id, slot.id, kind, ssrc, rtx_ssrc)
        return slot

    def _draw_ssrc(self) -> int:
        """Random, since an SSRC that can be guessed can be spoofed; never 0, which the border uses for «none»."""
        return int.from_bytes(self._node.random_bytes(4), "big") or 1

    def _local_transport(self) -> LocalTransport:
        return LocalTransport(
            ufrag=self._ice.local_ufrag,
            pwd=self._ice.local_pwd,
            fingerprint=self._node.identity.fingerprint,
            addresses=self._node.addresses,
            port=self._node.port,
            session_id=self._session_id,
            version=self._version,
        )

    # ── transport ──

    def start_handshake(self, now: float) -> None:
        """The peer passed an authenticated check: from here on the handshake has its ten seconds."""
        if self._dtls is None and self._offer is not None and self.link == "waiting":
            self._dtls = DtlsEndpoint(self._node.identity, self._offer.fingerprints, now)

    def receive(self, datagram: bytes, now: float) -> None:
        self.start_handshake(now)
        if self._dtls is None:
            return
        self._send(self._dtls.receive(datagram, now))
        self._follow_handshake(self._dtls)

    def poll(self, now: float) -> None:
        if self._dtls is None:
            if self.link == "waiting" and now - self._created_at > CONNECT_LIMIT_S:
                self._fail("no_connection")
            return
        due = self._dtls.next_timeout
        if due is not None and now >= due:
            self._send(self._dtls.poll(now))
            self._follow_handshake(self._dtls)

    def close(self) -> None:
        self._node.path.remove_peer(self.id)

    def _send(self, datagrams: Sequence[bytes]) -> None:
        if datagrams:
            self._node.path.send_datagrams(self.id, datagrams)

    def _follow_handshake(self, dtls: DtlsEndpoint) -> None:
        if self.link != "waiting":
            return
        if dtls.state == "failed":
            self._fail(dtls.failure)
        elif dtls.keys is not None:
            keys, dtls.keys = dtls.keys, None
            self._node.path.set_keys(
                self.id, keys.profile, keys.receive_key, keys.receive_salt, keys.send_key, keys.send_salt
            )
            self.link = "connected"

    def _fail(self, failure: str) -> None:
        self.failure = failure
        self.link = "failed"
        self._node.path.remove_peer(self.id)


def _check_plan(offer: ParsedOffer, plan: OfferPlan) -> None:
    named = [*plan.publish.values(), *plan.audio_slots, *plan.video_slots]
    if len(set(named)) != len(named):
        raise OfferError("a MID was named for two purposes")
    for kind, mid in plan.publish.items():
        section = offer.section(mid)
        _check_codec(section, _MEDIA_KIND[kind])
        if not section.sends:
            raise OfferError("an m-line that was named as a track does not send")
    for slot_kind, mids in (("audio", plan.audio_slots), ("video", plan.video_slots)):
        for mid in mids:
            section = offer.section(mid)
            _check_codec(section, slot_kind)
            if not section.receives:
                raise OfferError("an m-line that was named as a slot does not receive")
    if not named:
        raise OfferError("the offer has neither tracks nor slots")


def _check_codec(section: MediaSection, kind: str) -> None:
    if section.kind != kind:
        raise OfferError("an m-line is of another kind than it was named for")
    if kind == "audio" and not section.opus:
        raise OfferError("an audio m-line does not offer Opus")
    if kind == "video" and not section.vp8:
        raise OfferError("a video m-line does not offer VP8")


def _layer_ssrcs(section: MediaSection) -> tuple[tuple[int, int], ...]:
    """Announced SSRCs by layer: Firefox lists them in the order of its RIDs, others bind theirs by MID and RID."""
    if section.rids:
        return section.ssrcs if len(section.ssrcs) == len(section.rids) else ()
    return section.ssrcs[:1]


def _codecs(offer: ParsedOffer) -> Codecs:
    """One number for each thing in the whole BUNDLE group; the parser has seen to that."""
    sections = [offer.section(mid) for mid in offer.bundled]

    def number(name: Extension) -> int:
        return next((section.extensions[name].id for section in sections if name in section.extensions), 0)

    return Codecs(
        opus=next((section.opus for section in sections if section.opus), 0),
        vp8=next((section.vp8 for section in sections if section.vp8), 0),
        vp8_rtx=next((section.vp8_rtx for section in sections if section.vp8_rtx), 0),
        mid=number("mid"),
        rid=number("rid"),
        repaired_rid=number("repaired_rid"),
        audio_level=number("audio_level"),
        transport_cc=number("transport_cc"),
        abs_send_time=number("abs_send_time"),
        video_orientation=number("video_orientation"),
    )
