"""What a page may ask. Each is answered once, by a reply of `re` = `id`; the sender is the session."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from signaling.live.messages.values import (
    ChatText,
    Id,
    Layout,
    Media,
    MediaOffer,
    Reaction,
    Restricted,
    ViewedTrack,
)


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    id: Annotated[int, Meta(ge=0, le=2**53)]


class Join(Request, frozen=True, kw_only=True, tag="join"):
    """First request of a connection (or `resume`). `media`: what is on at the door. From another browser of the same
    person it becomes a second device of the same seat. From the same browser it is refused with `already_here` while
    another tab is in, unless `take_over` says that its person wants it here."""

    ticket: Annotated[str, Meta(max_length=128)]
    offer: MediaOffer
    media: Media
    take_over: bool = False


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


class TakeSound(Request, frozen=True, kw_only=True, tag="take_sound"):
    """Hear the lesson on this device; the person's other device falls silent and its microphone goes off."""


class SetView(Request, frozen=True, kw_only=True, tag="set_view"):
    """What is on this page, most wanted first; nothing else is sent to it."""

    tracks: Annotated[list[ViewedTrack], Meta(max_length=64)]


class SetLayout(Request, frozen=True, kw_only=True, tag="set_layout"):
    layout: Layout


class RaiseHand(Request, frozen=True, kw_only=True, tag="raise_hand"):
    """One's own, up or down."""

    up: bool


class SetAnswer(Request, frozen=True, kw_only=True, tag="set_answer"):
    """One's own yes or no to what was asked aloud; null takes it back."""

    answer: Literal["yes", "no"] | None


class React(Request, frozen=True, kw_only=True, tag="react"):
    reaction: Reaction


class SendChat(Request, frozen=True, kw_only=True, tag="send_chat"):
    """`key`: chosen by the page, the same again when it repeats the message after a reconnect: kept once. Goes to whom
    the room's `chat` setting says; hosts always write to all."""

    key: Id
    text: ChatText


class RemoveChat(Request, frozen=True, kw_only=True, tag="remove_chat"):
    """One's own message; a host, any."""

    message: Id


class Report(Request, frozen=True, kw_only=True, tag="report"):
    """To the school's administrator, with who, when and which room. Nobody in the room learns of it."""

    participant: Id | None
    category: Literal["insult", "stranger", "picture", "technical", "other"]
    text: Annotated[str, Meta(max_length=2000)]


# Of hosts only, from here to EndLesson; others get `failed` `not_allowed`. They do not reach staff.


class Restrict(Request, frozen=True, kw_only=True, tag="restrict"):
    """Cuts at the node. `off`: now, its person may turn it on again. `closed`: until it is opened. `open`: its person
    may turn it on; it does not turn on. Without `participant`: everybody but staff, `closed` and `open` also those who
    come later. Answered by `restricted`."""

    participant: Id | None
    kind: Restricted
    how: Literal["off", "closed", "open"]


class GiveFloor(Request, frozen=True, kw_only=True, tag="give_floor"):
    """The microphone may be on, and the hand goes down. It is the person's page that turns it on."""

    participant: Id


class TakeFloor(Request, frozen=True, kw_only=True, tag="take_floor"):
    """Cut at the node, and closed again where microphones are closed. Null: from everybody who has it."""

    participant: Id | None


class LowerHand(Request, frozen=True, kw_only=True, tag="lower_hand"):
    """Null: all hands."""

    participant: Id | None


class ClearAnswers(Request, frozen=True, kw_only=True, tag="clear_answers"):
    pass


class AskToTurnOn(Request, frozen=True, kw_only=True, tag="ask_to_turn_on"):
    """A request, never an act: each of these people is asked on their own page."""

    participants: Annotated[list[Id], Meta(min_length=1, max_length=500)]
    kind: Literal["microphone", "camera"]


class SetRoom(Request, frozen=True, kw_only=True, tag="set_room"):
    """Settings that are given replace the ones in force. The others are set by `restrict`."""

    door: Literal["list", "knock"] | None = None
    locked: bool | None = None
    chat: Literal["all", "hosts", "off"] | None = None
    pupils_cameras: Literal["all", "hosts"] | None = None


class SetSpotlight(Request, frozen=True, kw_only=True, tag="set_spotlight"):
    """Shown large to everybody, in this order; empty ends it."""

    participants: Annotated[list[Id], Meta(max_length=4)]


class Admit(Request, frozen=True, kw_only=True, tag="admit"):
    """Somebody at the door by `Waiting.id`; null: all who are expected."""

    waiting: Id | None


class Decline(Request, frozen=True, kw_only=True, tag="decline"):
    waiting: Id


class SetHost(Request, frozen=True, kw_only=True, tag="set_host"):
    """Makes an adult of the school who is in a co-host of this room, or no longer; never its teacher."""

    participant: Id
    host: bool


class RemoveParticipant(Request, frozen=True, kw_only=True, tag="remove_participant"):
    """Out of this lesson until it ends, through every reconnect."""

    participant: Id
    reason: Literal["noise", "conduct", "stranger", "other"]


class EndLesson(Request, frozen=True, kw_only=True, tag="end_lesson"):
    """For all."""


class Leave(Request, frozen=True, kw_only=True, tag="leave"):
    pass
