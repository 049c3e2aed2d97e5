"""What the server says unasked; those of the room are numbered by `seq`."""

from typing import Literal

import msgspec

from signaling.live.messages.values import (
    ChatMessage,
    Id,
    Mid,
    Participant,
    ReactionSign,
    RoomInfo,
    TrackKind,
    Waiting,
)


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


class ChatSaid(RoomEvent, frozen=True, kw_only=True, tag="chat_said"):
    message: ChatMessage


class ChatRemoved(RoomEvent, frozen=True, kw_only=True, tag="chat_removed"):
    message: Id
    by: Literal["author", "host"]


class DoorChanged(RoomEvent, frozen=True, kw_only=True, tag="door_changed"):
    """To hosts: everybody who waits at the door, longest first."""

    waiting: list[Waiting]


class Reacted(Event, frozen=True, kw_only=True, tag="reacted"):
    """Passing signs of the last moments, at most ten times a second."""

    reactions: list[ReactionSign]


class PleaseTurnOn(Event, frozen=True, kw_only=True, tag="please_turn_on"):
    """To one person: a host asks for it; only this person's press turns it on."""

    kind: Literal["microphone", "camera"]
    by: Id


class AtTheDoor(Event, frozen=True, kw_only=True, tag="at_the_door"):
    """To somebody who has asked to join and waits to be let in: `joined` (or `closed`) follows by itself. Said again
    when it changes. Nothing of the room is shown. `waiting`: how many wait, this person included."""

    host: str
    expected: bool
    waiting: int


class ThisDevice(Event, frozen=True, kw_only=True, tag="this_device"):
    """To one of a person's devices. `others`: how many more of this person are in. `sound`: the lesson is heard, and
    spoken to, here. `taken`: kinds that have just gone to another device, whose page switches them off here."""

    others: int
    sound: bool
    taken: list[TrackKind]


class YourLink(Event, frozen=True, kw_only=True, tag="your_link"):
    """To one device: how its line carries, on change. `held_back`: pictures of others for which it has no room."""

    quality: Literal["good", "weak"]
    held_back: Literal["none", "fewer", "all"]


class Restarting(Event, frozen=True, kw_only=True, tag="restarting"):
    """The server is being restarted in an orderly way: the connection will close, `resume` brings everything back."""


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
    another tab. `signed_out`: the person signed out, or somebody else signed in, in this browser. `declined`: not let
    in at the door."""

    reason: Literal["removed", "ended", "elsewhere", "left", "lost", "signed_out", "declined"]
