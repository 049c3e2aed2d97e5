"""Every message on the WebSocket between a browser and signaling (sub-protocol `zvonok.v1`), typed.

JSON text frames. A request `{type, id, …}` is answered once by a reply `{type, re: id, …}`; anything else that
the server says is an event. Room events carry `seq`, which grows by one an event: a client that resumes
says the last one it saw. `speaking` and `slots_mapped` carry none, the next one replaces the last.
The sender of a request is the session of its connection; no request says who sent it. PROTOCOL.md is the
readable form; the JSON Schema and the browser's types in web/src/protocol/ are generated from here.
"""

import msgspec

from signaling.live.messages.events import (
    AtTheDoor,
    ChatRemoved,
    ChatSaid,
    Closed,
    DoorChanged,
    Event,
    MediaReset,
    ParticipantChanged,
    ParticipantJoined,
    ParticipantLeft,
    PleaseReoffer,
    PleaseTurnOn,
    Reacted,
    Restarting,
    RoomChanged,
    RoomEvent,
    SlotMapping,
    SlotsMapped,
    Speaking,
    ThisDevice,
    YourLink,
)
from signaling.live.messages.replies import (
    Done,
    Failed,
    Joined,
    Reoffered,
    Reply,
    RestrictedReply,
    Resumed,
)
from signaling.live.messages.requests import (
    Admit,
    AskToTurnOn,
    ClearAnswers,
    Decline,
    EndLesson,
    GiveFloor,
    Join,
    Leave,
    LowerHand,
    RaiseHand,
    React,
    RemoveChat,
    RemoveParticipant,
    Reoffer,
    Report,
    Request,
    Restrict,
    Resume,
    SendChat,
    SetAnswer,
    SetHost,
    SetLayout,
    SetMedia,
    SetRoom,
    SetSpotlight,
    Settle,
    SetView,
    TakeFloor,
    TakeSound,
)
from signaling.live.messages.values import (
    ChatMessage,
    ChatText,
    ErrorCode,
    Id,
    Layout,
    Media,
    MediaOffer,
    Mid,
    Participant,
    Pixels,
    Reaction,
    ReactionSign,
    Restricted,
    Rights,
    RoomInfo,
    RoomKind,
    RoomRole,
    RoomSettings,
    RoomSnapshot,
    Source,
    TrackKind,
    ViewedTrack,
    Waiting,
)

__all__ = [
    "CLOSE_CODES",
    "CLOSE_PROTOCOL",
    "CLOSE_SLOW",
    "MAX_MESSAGE_BYTES",
    "MAX_OFFER_MESSAGE_BYTES",
    "SUBPROTOCOL",
    "Admit",
    "AskToTurnOn",
    "AtTheDoor",
    "ChatMessage",
    "ChatRemoved",
    "ChatSaid",
    "ChatText",
    "ClearAnswers",
    "ClientMessage",
    "Closed",
    "Decline",
    "Done",
    "DoorChanged",
    "EndLesson",
    "ErrorCode",
    "Event",
    "Failed",
    "GiveFloor",
    "Id",
    "Join",
    "Joined",
    "Layout",
    "Leave",
    "LowerHand",
    "Media",
    "MediaOffer",
    "MediaReset",
    "Mid",
    "Participant",
    "ParticipantChanged",
    "ParticipantJoined",
    "ParticipantLeft",
    "Pixels",
    "PleaseReoffer",
    "PleaseTurnOn",
    "RaiseHand",
    "React",
    "Reacted",
    "Reaction",
    "ReactionSign",
    "RemoveChat",
    "RemoveParticipant",
    "Reoffer",
    "Reoffered",
    "Reply",
    "Report",
    "Request",
    "Restarting",
    "Restrict",
    "Restricted",
    "RestrictedReply",
    "Resume",
    "Resumed",
    "Rights",
    "RoomChanged",
    "RoomEvent",
    "RoomInfo",
    "RoomKind",
    "RoomRole",
    "RoomSettings",
    "RoomSnapshot",
    "SendChat",
    "ServerMessage",
    "SetAnswer",
    "SetHost",
    "SetLayout",
    "SetMedia",
    "SetRoom",
    "SetSpotlight",
    "SetView",
    "Settle",
    "SlotMapping",
    "SlotsMapped",
    "Source",
    "Speaking",
    "TakeFloor",
    "TakeSound",
    "ThisDevice",
    "TrackKind",
    "ViewedTrack",
    "Waiting",
    "YourLink",
    "decode",
    "encode",
]

SUBPROTOCOL = "zvonok.v1"
MAX_MESSAGE_BYTES = 64 * 1024
MAX_OFFER_MESSAGE_BYTES = 256 * 1024

ClientMessage = (
    Join
    | Resume
    | Reoffer
    | Settle
    | SetMedia
    | TakeSound
    | SetView
    | SetLayout
    | RaiseHand
    | SetAnswer
    | React
    | SendChat
    | RemoveChat
    | Report
    | Restrict
    | GiveFloor
    | TakeFloor
    | LowerHand
    | ClearAnswers
    | AskToTurnOn
    | SetRoom
    | SetSpotlight
    | Admit
    | Decline
    | SetHost
    | RemoveParticipant
    | EndLesson
    | Leave
)


ServerMessage = (
    Joined
    | Resumed
    | Reoffered
    | Done
    | RestrictedReply
    | Failed
    | ParticipantJoined
    | ParticipantChanged
    | ParticipantLeft
    | RoomChanged
    | ChatSaid
    | ChatRemoved
    | DoorChanged
    | Reacted
    | PleaseTurnOn
    | AtTheDoor
    | ThisDevice
    | YourLink
    | Restarting
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
    "declined": 4404,
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
