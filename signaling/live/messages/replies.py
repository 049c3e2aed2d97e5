"""The answers to requests."""

import msgspec

from signaling.live.messages.values import (
    ErrorCode,
    Id,
    Layout,
    RoomSnapshot,
)


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    re: int


class Joined(Reply, frozen=True, kw_only=True, tag="joined"):
    """`session` resumes this seat; `you` is the own participant id. `layout` as this person last set it here."""

    session: str
    you: Id
    answer: str
    snapshot: RoomSnapshot
    layout: Layout


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


class RestrictedReply(Reply, frozen=True, kw_only=True, tag="restricted"):
    """`participants`: whose track was on and has been cut; the page may ask them to turn it on again."""

    participants: list[Id]


class Failed(Reply, frozen=True, kw_only=True, tag="failed"):
    """`message` is for logs of a developer; people get words of the client's catalogue by `code`."""

    code: ErrorCode
    message: str
    retry_after: float | None = None
