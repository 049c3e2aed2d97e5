"""Every message on the WebSocket between a browser and signaling (sub-protocol `zvonok.v1`), typed.

JSON text frames. A request `{type, id, …}` is answered once by a reply `{type, re: id, …}`; anything else that
the server says is an event. Room events carry `seq`, which grows by one an event: a client that resumes
says the last one it saw. `speaking` and `slots_mapped` carry none, the next one replaces the last.
The sender of a request is the session of its connection; no request says who sent it. PROTOCOL.md is the
readable form; the JSON Schema and the browser's types in web/src/protocol/ are generated from here.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

SUBPROTOCOL = "zvonok.v1"
MAX_MESSAGE_BYTES = 64 * 1024
MAX_OFFER_MESSAGE_BYTES = 256 * 1024

TrackKind = Literal["microphone", "camera", "screen", "screen_sound"]
RoomRole = Literal["teacher", "pupil", "observer"]
ErrorCode = Literal[
    "bad_request",  # the message is not one of this protocol's; the connection stays
    "unsupported",  # a type that this server does not know
    "bad_offer",  # the SDP cannot be answered
    "ticket_refused",  # forged, used or too old
    "session_refused",  # nothing to resume: join again with a new ticket
    "not_allowed",  # the role does not reach
    "not_found",  # no such participant in this room
    "too_many",  # a rate or a limit; retry_after says when
    "overloaded",  # the media node takes no more
    "media_unavailable",  # no media node at the moment; a media_reset follows when there is one
]
Id = Annotated[str, Meta(max_length=64)]
Mid = Annotated[str, Meta(max_length=16)]
Source = Annotated[int, Meta(ge=1, le=0xFFFFFFFF)]
Pixels = Annotated[int, Meta(ge=0, le=8192)]


# ── parts ──


class MediaOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A PeerConnection's offer. `connection` counts the PeerConnections of one client from 1; the same number
    again is an ICE restart of it. `publish` names the MID of each kind that is sent; observers send none."""

    connection: Annotated[int, Meta(ge=1, le=1_000_000)]
    sdp: str
    publish: dict[TrackKind, Mid]
    audio_slots: Annotated[list[Mid], Meta(max_length=16)]
    video_slots: Annotated[list[Mid], Meta(max_length=32)]


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """Which of a participant's tracks are on."""

    microphone: bool = False
    camera: bool = False
    screen: bool = False
    screen_sound: bool = False


class ViewedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is on the page, with the size of its tile in device pixels."""

    source: Source
    width: Pixels
    height: Pixels


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A member in the room as everybody sees them. `name` is the full name, `short_name` what a tile shows;
    `office` is set for observers. `link` is `lost` while the network of a participant is gone. `mute` is the number of
    the teacher's mute that is in force, 0 while there is none: the node drops the microphone already, and its person's
    page switches it off."""

    id: Id
    name: str
    short_name: str
    initials: str
    role: RoomRole
    verified: bool
    office: Literal["director", "administrator", "class_teacher"] | None
    sources: dict[TrackKind, int]
    media: Media
    mute: int
    link: Literal["here", "lost"]


class RoomInfo(msgspec.Struct, frozen=True, kw_only=True):
    """`flow` false: no media, since no adult of the school is in. `media_stops_at` (Unix seconds): when the last
    adult has left, the moment at which media will stop."""

    lesson: Id
    title: str
    class_name: str
    ends_at: float
    flow: bool
    media_stops_at: float | None


class RoomSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    seq: int
    room: RoomInfo
    participants: list[Participant]


# ── requests ──


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    id: Annotated[int, Meta(ge=0, le=2**53)]


class Join(Request, frozen=True, kw_only=True, tag="join"):
    """First request of a connection (or `resume`). `media`: what is on at the door."""

    ticket: Annotated[str, Meta(max_length=128)]
    offer: MediaOffer
    media: Media


class Resume(Request, frozen=True, kw_only=True, tag="resume"):
    """After a lost WebSocket: the same seat, with what was missed since `last_seq`."""

    session: Annotated[str, Meta(max_length=128)]
    last_seq: int


class Reoffer(Request, frozen=True, kw_only=True, tag="reoffer"):
    """Same `connection`: ICE restart. A greater one: a second PeerConnection beside the first, which is closed by
    `settle`."""

    offer: MediaOffer


class Settle(Request, frozen=True, kw_only=True, tag="settle"):
    """Pictures of `connection` are shown: the node closes the older connections of this participant."""

    connection: int


class SetMedia(Request, frozen=True, kw_only=True, tag="set_media"):
    """What this participant sends. Turning the microphone on ends the mute by the teacher that its person has seen
    (`mute_seen`), never one that crossed this request on its way."""

    media: Media
    mute_seen: Annotated[int, Meta(ge=0, le=2**53)] = 0


class SetView(Request, frozen=True, kw_only=True, tag="set_view"):
    """What is on this page, most wanted first; nothing else is sent to it."""

    tracks: Annotated[list[ViewedTrack], Meta(max_length=64)]


class MuteParticipant(Request, frozen=True, kw_only=True, tag="mute_participant"):
    participant: Id


class RemoveParticipant(Request, frozen=True, kw_only=True, tag="remove_participant"):
    """Out of this lesson until it ends, through every reconnect."""

    participant: Id
    reason: Literal["noise", "conduct", "stranger", "other"]


class EndLesson(Request, frozen=True, kw_only=True, tag="end_lesson"):
    """For all."""


class Leave(Request, frozen=True, kw_only=True, tag="leave"):
    pass


ClientMessage = (
    Join | Resume | Reoffer | Settle | SetMedia | SetView | MuteParticipant | RemoveParticipant | EndLesson | Leave
)


# ── replies ──


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    re: int


class Joined(Reply, frozen=True, kw_only=True, tag="joined"):
    """`session` resumes this seat; `you` is the own participant id."""

    session: str
    you: Id
    answer: str
    snapshot: RoomSnapshot


class Resumed(Reply, frozen=True, kw_only=True, tag="resumed"):
    """`snapshot` is null when the missed events follow one by one. `media_lost`: the media node no longer
    has this seat's connection, so the client makes a new PeerConnection (as after `media_reset`)."""

    snapshot: RoomSnapshot | None
    media_lost: bool


class Reoffered(Reply, frozen=True, kw_only=True, tag="reoffered"):
    connection: int
    answer: str


class Done(Reply, frozen=True, kw_only=True, tag="done"):
    pass


class Failed(Reply, frozen=True, kw_only=True, tag="failed"):
    """`message` is for logs of a developer; people get words of the client's catalogue by `code`."""

    code: ErrorCode
    message: str
    retry_after: float | None = None


# ── events ──


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    pass


class RoomEvent(Event, frozen=True, kw_only=True):
    seq: int


class ParticipantJoined(RoomEvent, frozen=True, kw_only=True, tag="participant_joined"):
    participant: Participant


class ParticipantChanged(RoomEvent, frozen=True, kw_only=True, tag="participant_changed"):
    """The participant as a whole, after any change."""

    participant: Participant


class ParticipantLeft(RoomEvent, frozen=True, kw_only=True, tag="participant_left"):
    """`left`: pressed leave. `closed`: closed the page. `lost`: the network did not come back.
    `removed`: by the teacher."""

    participant: Id
    how: Literal["left", "closed", "lost", "removed"]


class RoomChanged(RoomEvent, frozen=True, kw_only=True, tag="room_changed"):
    room: RoomInfo


class Speaking(Event, frozen=True, kw_only=True, tag="speaking"):
    """Participants with voice at the moment, loudest first."""

    participants: list[Id]


class SlotMapping(msgspec.Struct, frozen=True, kw_only=True):
    mid: Mid
    source: int


class SlotsMapped(Event, frozen=True, kw_only=True, tag="slots_mapped"):
    """What each receive slot of `connection` carries; source 0 is nothing. The CSRC of the packets is the truth:
    a tile shows a picture only while that number is the one of its person."""

    connection: int
    slots: list[SlotMapping]


class MediaReset(Event, frozen=True, kw_only=True, tag="media_reset"):
    """The media node is a new one: make a new PeerConnection, send `reoffer`, swap at its first decoded frame."""

    epoch: int


class PleaseReoffer(Event, frozen=True, kw_only=True, tag="please_reoffer"):
    """`silent`: the node hears nothing from this client. `ice`: it should look for another way."""

    reason: Literal["silent", "ice"]


class Closed(Event, frozen=True, kw_only=True, tag="closed"):
    """Last message of a connection; the close code says the same. `elsewhere`: the person opened the lesson in
    another tab. `signed_out`: the person signed out, or somebody else signed in, in this browser."""

    reason: Literal["removed", "ended", "elsewhere", "left", "lost", "signed_out"]


ServerMessage = (
    Joined
    | Resumed
    | Reoffered
    | Done
    | Failed
    | ParticipantJoined
    | ParticipantChanged
    | ParticipantLeft
    | RoomChanged
    | Speaking
    | SlotsMapped
    | MediaReset
    | PleaseReoffer
    | Closed
)

CLOSE_CODES: dict[str, int] = {
    "left": 4400,
    "signed_out": 4401,
    "removed": 4403,
    "lost": 4408,
    "elsewhere": 4409,
    "ended": 4410,
}
CLOSE_PROTOCOL = 4422  # a frame that is not of this protocol, again and again
CLOSE_SLOW = 1013  # the client does not read

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)


def encode(message: Reply | Event) -> str:
    return _encoder.encode(message).decode()


def decode(frame: str | bytes) -> ClientMessage:
    """Raises msgspec.DecodeError (ValidationError included) for anything but a request of this protocol."""
    try:
        return _decoder.decode(frame)
    except (RecursionError, UnicodeError) as error:
        raise msgspec.DecodeError(type(error).__name__) from error
