"""A node's rooms on a packet path that moves nothing, with clients that make real handshakes: tests say who is
in and what arrives, and look at what is mapped and what signaling was told."""

from sfu.dtls import DtlsIdentity
from sfu.messages import (
    Answer,
    DesiredPeer,
    FromNode,
    LinkQuality,
    Offer,
    OfferRefused,
    PeerLink,
    SetRoom,
    SlotsMapped,
    Speaking,
    TrackKind,
    ViewedTrack,
)
from sfu.rooms import Rooms
from sfu.sdp import Fingerprint
from tests.sfu.dtls_client import DtlsClient
from tests.sfu.offers import FINGERPRINT, offer_message, recorded
from tests.sfu.path_double import LayerValue, PathDouble, PeerValue, ReportValue, SlotValue, TrackValue, node_on

ROOM = "5a"
KINDS: list[TrackKind] = ["microphone", "camera", "screen", "screen_sound"]
CAMERA_LAYERS = [LayerValue(150_000, 320, 180), LayerValue(500_000, 640, 360), LayerValue(2_000_000, 1280, 720)]


def source(participant: str, kind: TrackKind) -> int:
    """A number that tests can say without looking it up: anna's microphone is 970, her camera 971."""
    return ord(participant[0]) * 10 + KINDS.index(kind)


def wanted(
    participant: str,
    *,
    connection: int = 1,
    publish: tuple[TrackKind, ...] = ("microphone", "camera"),
    view: tuple[int, ...] = (),
    size: tuple[int, int] = (320, 180),
    hears: bool = True,
) -> DesiredPeer:
    return DesiredPeer(
        participant=participant,
        connection=connection,
        sources={kind: source(participant, kind) for kind in KINDS},
        publish=list(publish),
        view=[ViewedTrack(source=number, width=size[0], height=size[1]) for number in view],
        hears=hears,
    )


class Stage:
    def __init__(self, server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> None:
        self.path = PathDouble()
        self.rooms = Rooms(node_on(self.path, server_identity))
        self.now = 0.0
        self.told: list[FromNode] = []
        self._client_identity = client_identity
        self._levels: dict[int, int] = {}

    # ── signaling says ──

    def set_room(self, *peers: DesiredPeer, flow: bool = True, room: str = ROOM, echo: bool = False) -> None:
        self.told += self.rooms.handle(SetRoom(room=room, flow=flow, peers=list(peers), echo=echo), self.now)

    def offer(self, message: Offer) -> Answer | OfferRefused:
        first, *rest = self.rooms.handle(message, self.now)
        self.told += rest
        assert isinstance(first, Answer | OfferRefused)
        return first

    def browser_offer(self, participant: str, connection: int = 1, fingerprint: Fingerprint | None = None) -> Offer:
        announced = fingerprint or self._client_identity.fingerprint
        sdp = recorded("chromium-restart")
        begin = sdp.index("a=fingerprint:sha-256 ") + len("a=fingerprint:sha-256 ")
        recorded_digest = sdp[begin : begin + len(FINGERPRINT)]
        return offer_message(sdp.replace(recorded_digest, announced.digest.hex(":").upper()), participant, connection)

    def join(self, participant: str, connection: int = 1) -> int:
        """Offer, check, handshake; gives the peer's number."""
        assert isinstance(self.offer(self.browser_offer(participant, connection)), Answer)
        peer = self.peer(participant, connection)
        self.handshake(peer, DtlsClient(self._client_identity, self.now))
        return peer

    def peer(self, participant: str, connection: int = 1) -> int:
        return self.rooms.rooms[ROOM].peers[participant, connection].id

    def handshake(self, peer: int, client: DtlsClient) -> None:
        datagrams = client.start(self.now)
        for _ in range(4):
            self.path.sent[peer] = []
            for datagram in datagrams:
                self.rooms.receive(peer, datagram, self.now)
            datagrams = [d for sent in self.path.sent[peer] for d in client.receive(sent, self.now)]
        self.tick(0.05)

    # ── the packet path says ──

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.told += self.rooms.poll(self.now)

    def report(
        self,
        silent_ms: dict[int, int] | None = None,
        sending: tuple[int, ...] = (),
        remb_bps: int = -1,
        lost: float = 0.0,
        lost_up: dict[int, float] | None = None,
    ) -> None:
        """All peers heard just now, unless `silent_ms` says otherwise; the sources of `sending` arrive."""
        silent = silent_ms or {}
        self.rooms.observe_report(
            ReportValue(
                peers=[
                    PeerValue(
                        peer, silent.get(peer, 0), remb_bps, lost, lost, (lost_up or {}).get(peer, 0.0), rtt_ms=40
                    )
                    for peer in self.path.credentials
                ],
                tracks=[
                    TrackValue(number, CAMERA_LAYERS if track.kind == "video" else [LayerValue(32_000, 0, 0)])
                    for number, track in self.path.tracks.items()
                    if track.source in sending
                ],
                slots=[SlotValue(number, slot.track, slot.layer) for number, slot in self.path.slots.items()],
            )
        )
        self.tick(0.2)

    def speak(self, seconds: float, *sources: int, level: int = 30) -> None:
        for _ in range(round(seconds / 0.05)):
            levels = [(number, level) for number, track in self.path.tracks.items() if track.source in sources]
            self.rooms.observe_levels(levels, self.now)
            self.tick(0.05)

    # ── what signaling was told ──

    def links(self, participant: str, connection: int = 1) -> list[str]:
        return [
            m.link
            for m in self.told
            if isinstance(m, PeerLink) and (m.participant, m.connection) == (participant, connection)
        ]

    def last_mapping(self, participant: str) -> dict[str, int]:
        mapped = [m for m in self.told if isinstance(m, SlotsMapped) and m.participant == participant]
        return {slot.mid: slot.source for slot in mapped[-1].slots if slot.source}

    def line(self, participant: str) -> list[tuple[str, str]]:
        return [
            (m.quality, m.held_back) for m in self.told if isinstance(m, LinkQuality) and m.participant == participant
        ]

    def speaking(self) -> list[list[int]]:
        return [m.sources for m in self.told if isinstance(m, Speaking)]


ANNA_MIC, ANNA_CAMERA = source("anna", "microphone"), source("anna", "camera")
BORIS_MIC, BORIS_CAMERA = source("boris", "microphone"), source("boris", "camera")
ANNA = wanted("anna", view=(BORIS_CAMERA,))
BORIS = wanted("boris", view=(ANNA_CAMERA,))
