"""What the messages are made of: kinds, limits, and the parts of a room as a page sees them. Data only."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

TrackKind = Literal["microphone", "camera", "screen", "screen_sound"]
RoomRole = Literal["teacher", "pupil", "parent", "staff", "observer"]
RoomKind = Literal["lesson", "meeting"]
Restricted = Literal["microphone", "camera", "screen"]
Reaction = Literal["clap", "like", "laugh", "wow", "puzzled"]
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
    "already_here",  # this browser is in the lesson in another tab: ask its person, then join with `take_over`
]
Id = Annotated[str, Meta(max_length=64)]
Mid = Annotated[str, Meta(max_length=16)]
Source = Annotated[int, Meta(ge=1, le=0xFFFFFFFF)]
Pixels = Annotated[int, Meta(ge=0, le=8192)]
ChatText = Annotated[str, Meta(min_length=1, max_length=2000)]


class MediaOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A PeerConnection's offer. `connection` counts the PeerConnections of one client from 1; the same number
    again is an ICE restart of it. `publish` names the MID of each kind that is sent; observers send none."""

    connection: Annotated[int, Meta(ge=1, le=1_000_000)]
    sdp: str
    publish: dict[TrackKind, Mid]
    audio_slots: Annotated[list[Mid], Meta(max_length=16)]
    video_slots: Annotated[list[Mid], Meta(max_length=32)]


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """Which of a participant's tracks are on. A paused screen stays on and its last picture stands; its page sends
    nothing of it until it goes on."""

    microphone: bool = False
    camera: bool = False
    screen: bool = False
    screen_sound: bool = False
    screen_paused: bool = False


class ViewedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is on the page, with the size of its tile in device pixels."""

    source: Source
    width: Pixels
    height: Pixels


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """What a participant may turn on. `closed`: not until a host opens it. `floor`: the microphone may be on since
    this person was given the floor, though it is closed for the others."""

    microphone: Literal["open", "closed", "floor"]
    camera: Literal["open", "closed"]
    screen: Literal["open", "closed"]


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A member in the room as everybody sees them. `name` is the full name, `short_name` what a tile shows, `about` the
    words under the name in a list («мама Вани», «учитель математики»; empty for pupils). `host`: has the powers over
    this room (its teacher, or a co-host). `office` is set for observers. `link` is `weak` while a participant's line
    loses or does not hold what is asked for, `lost` while it is gone. `mute` is the number of the teacher's mute that
    is in force, 0 while there is none: the node drops the microphone already, and its person's page switches it off.
    `hand`: since when (Unix seconds) it is up; the queue is in that order."""

    id: Id
    name: str
    short_name: str
    initials: str
    about: str
    role: RoomRole
    host: bool
    verified: bool
    office: Literal["director", "administrator", "class_teacher"] | None
    sources: dict[TrackKind, int]
    media: Media
    mute: int
    rights: Rights
    hand: float | None
    answer: Literal["yes", "no"] | None
    link: Literal["here", "weak", "lost"]


class RoomSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the hosts have set. `door`: people of the list enter by themselves, or everybody knocks. `locked`: whoever
    is not in waits at the door. `microphones`, `cameras`, `sharing`: for everybody but staff. `chat`: everybody writes
    to all, to the hosts only, or nobody. `pupils_cameras`: who sees the pupils' pictures."""

    door: Literal["list", "knock"]
    locked: bool
    microphones: Literal["open", "closed"]
    cameras: Literal["open", "closed"]
    sharing: Literal["open", "closed"]
    chat: Literal["all", "hosts", "off"]
    pupils_cameras: Literal["all", "hosts"]


class RoomInfo(msgspec.Struct, frozen=True, kw_only=True):
    """`flow` false: no media; `why_not` says by which rule: no adult of the school is in, or one adult and one
    child would be alone. `media_stops_at` (Unix seconds): when the last adult has left, the moment at which media will
    stop. `spotlight`: participants whom a host shows large to everybody."""

    lesson: Id
    kind: RoomKind
    title: str
    class_name: str
    starts_at: float
    ends_at: float
    flow: bool
    why_not: Literal["no_adult", "two_adults"] | None
    media_stops_at: float | None
    settings: RoomSettings
    spotlight: list[Id]


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`to`: everybody, or the hosts (its author sees it too). A removed message keeps its place, without its text."""

    id: Id
    author: Id
    name: str
    text: str
    at: float
    to: Literal["all", "hosts"]
    removed: Literal["author", "host"] | None


class ReactionSign(msgspec.Struct, frozen=True, kw_only=True):
    participant: Id
    reaction: Reaction


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody at the door, as hosts see them. `expected`: on the list of this room. `since`: Unix seconds."""

    id: Id
    name: str
    short_name: str
    initials: str
    about: str
    role: RoomRole
    expected: bool
    since: float


class RoomSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """`chat`: what this person may read, oldest first, the last 200. `waiting` is empty for everybody but hosts."""

    seq: int
    room: RoomInfo
    participants: list[Participant]
    chat: list[ChatMessage]
    waiting: list[Waiting]


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How this person looks at the room; kept with the seat. `pins`: tile keys, participant id or `id:screen`."""

    mode: Literal["grid", "speaker"] = "grid"
    pins: Annotated[list[Annotated[str, Meta(max_length=72)]], Meta(max_length=4)] = []
    hide_without_camera: bool = False
    self_view: bool = True
