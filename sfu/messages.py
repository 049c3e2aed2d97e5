"""Every message on the control connection between signaling and a media node.

One WebSocket (Unix socket on one machine), one JSON object a frame, signaling is the client. Signaling
says what *should* be: `SetRoom` carries the whole desired state of a room and may be sent again at any
time; a node that restarts is brought there by the same message. Only an offer is a question, since its
answer comes from the node. Ids are opaque strings here: the node knows nothing of a school.
"""

from typing import Literal

import msgspec

TrackKind = Literal["microphone", "camera", "screen", "screen_sound"]


class ControlMessage(msgspec.Struct, frozen=True, tag_field="type", kw_only=True, forbid_unknown_fields=False):
    """Base of all control messages; the tag is the snake_case name."""


# ── signaling → node ──


class Hello(ControlMessage, frozen=True, kw_only=True, tag="hello"):
    """First message. What an older epoch says is refused from then on: the newer connection takes over."""

    epoch: int


class ViewedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One picture that a participant wants, most wanted first in its list; size of its tile in CSS pixels × density."""

    source: int
    width: int
    height: int


class DesiredPeer(msgspec.Struct, frozen=True, kw_only=True):
    """What one participant's connection may send and wants to see.

    `publish`: the kinds of track that may flow from it; any other is dropped at the node.
    `sources`: the number of each of its tracks, carried in the CSRC of forwarded packets.
    `hears`: false for a device whose person hears and speaks through another one: it gets no sound.
    """

    participant: str
    connection: int
    sources: dict[TrackKind, int]
    publish: list[TrackKind]
    view: list[ViewedTrack]
    hears: bool = True


class SetRoom(ControlMessage, frozen=True, kw_only=True, tag="set_room"):
    """The whole desired state of a room. Peers that are not listed are closed, both directions, at once.

    `flow`: false while no media may flow at all (no adult of the school is in).
    `echo`: a test of a line. Each peer is sent its own tracks and nobody else's: its microphone on the first audio
    slot, and its camera, at the largest layer that arrives, on as many video slots as `view` has entries.
    """

    room: str
    flow: bool
    peers: list[DesiredPeer]
    echo: bool = False


class CloseRoom(ControlMessage, frozen=True, kw_only=True, tag="close_room"):
    room: str


class Offer(ControlMessage, frozen=True, kw_only=True, tag="offer"):
    """A browser's offer. The peer has to be in the room's desired state already.

    A known (participant, connection) is an ICE restart or a renegotiation of that very connection; an
    unknown one is a new transport beside any older one of the participant.
    `publish`: MID of each kind that the offer sends; `audio_slots`, `video_slots`: MIDs that receive.
    """

    request: int
    room: str
    participant: str
    connection: int
    sdp: str
    publish: dict[TrackKind, str]
    audio_slots: list[str]
    video_slots: list[str]


# ── node → signaling ──


class Ready(ControlMessage, frozen=True, kw_only=True, tag="ready"):
    """Answer to `Hello`. `incarnation` is new for every start of the process."""

    node: str
    incarnation: str
    media_port: int


class Answer(ControlMessage, frozen=True, kw_only=True, tag="answer"):
    request: int
    sdp: str


class OfferRefused(ControlMessage, frozen=True, kw_only=True, tag="offer_refused"):
    """`code` is one of the closed list of the wire protocol: `bad_offer`, `unknown_peer`, `overloaded`."""

    request: int
    code: Literal["bad_offer", "unknown_peer", "overloaded"]
    message: str


class PeerLink(ControlMessage, frozen=True, kw_only=True, tag="peer_link"):
    """The transport of a connection: `connected` (SRTP keys are in), `silent` (nothing authenticated for some
    seconds), `heard` (again after silence), `failed` (DTLS failed or silence beyond the limit)."""

    room: str
    participant: str
    connection: int
    link: Literal["connected", "silent", "heard", "failed"]


class LinkQuality(ControlMessage, frozen=True, kw_only=True, tag="link_quality"):
    """How the line of a connection carries, on change and not more often than the line really changes. `weak`: it
    loses, or does not hold what its person asks to see. `held_back`: pictures of others
    that the line has no room for."""

    room: str
    participant: str
    connection: int
    quality: Literal["good", "weak"]
    held_back: Literal["none", "fewer", "all"]


class SlotMapping(msgspec.Struct, frozen=True, kw_only=True):
    """What the slot of this MID carries from now on; `source` 0 is nothing."""

    mid: str
    source: int


class SlotsMapped(ControlMessage, frozen=True, kw_only=True, tag="slots_mapped"):
    """All slots of one connection, whenever one of them changed."""

    room: str
    participant: str
    connection: int
    slots: list[SlotMapping]


class Speaking(ControlMessage, frozen=True, kw_only=True, tag="speaking"):
    """Microphone sources with voice at the moment, loudest first; sent on change, at most ten times a second."""

    room: str
    sources: list[int]


ToNode = Hello | SetRoom | CloseRoom | Offer
FromNode = Ready | Answer | OfferRefused | PeerLink | LinkQuality | SlotsMapped | Speaking

_encoder = msgspec.json.Encoder()
_to_node: msgspec.json.Decoder[ToNode] = msgspec.json.Decoder(ToNode)
_from_node: msgspec.json.Decoder[FromNode] = msgspec.json.Decoder(FromNode)


def encode(message: ControlMessage) -> str:
    return _encoder.encode(message).decode()


def decode_to_node(frame: str | bytes) -> ToNode:
    """Raises msgspec.DecodeError (ValidationError included) for anything but a message to the node."""
    return _to_node.decode(frame)


def decode_from_node(frame: str | bytes) -> FromNode:
    """Raises msgspec.DecodeError (ValidationError included) for anything but a message of the node."""
    return _from_node.decode(frame)
