"""Who may ask what of a room, and of whom: one table for every request, and nothing that is not in it.

Pure. The session of a connection asks it for the role, the room for the host and for the person concerned. Nobody can
turn on, unmute or rename somebody else: there is no such request. Powers of hosts never reach staff, except that an
adult of the school can be made a co-host, never the teacher of the room.
"""

from dataclasses import dataclass
from typing import Final

from signaling.live import messages as wire

_Roles = frozenset[wire.RoomRole]

_EVERYBODY: Final = _Roles({"teacher", "pupil", "parent", "staff", "observer"})
_TAKE_PART: Final = _EVERYBODY - {"observer"}
_GUESTS: Final = _Roles({"pupil", "parent"})
_COLLEAGUES: Final = _Roles({"staff", "observer"})
_NOBODY: Final = _Roles()


@dataclass(frozen=True, slots=True)
class Rule:
    """`roles`: who may ask. `host`: and only when this person is a host of the room. `reaches`: which people it may be
    about."""

    roles: _Roles = _EVERYBODY
    host: bool = False
    reaches: _Roles = _NOBODY


_ALL: Final = Rule()
_ONE_S_OWN: Final = Rule(_TAKE_PART)
_HOST_OVER_ROOM: Final = Rule(host=True)
_HOST_OVER_GUESTS: Final = Rule(host=True, reaches=_GUESTS)

RULES: Final[dict[type[wire.Request], Rule]] = {
    wire.Reoffer: _ALL,
    wire.Settle: _ALL,
    wire.SetView: _ALL,
    wire.TakeSound: _ALL,
    wire.SetLayout: _ALL,
    wire.Leave: _ALL,
    wire.Report: Rule(reaches=_EVERYBODY),
    wire.SetMedia: _ONE_S_OWN,
    wire.RaiseHand: _ONE_S_OWN,
    wire.SetAnswer: _ONE_S_OWN,
    wire.React: _ONE_S_OWN,
    wire.SendChat: _ONE_S_OWN,
    wire.RemoveChat: _ONE_S_OWN,
    wire.Restrict: _HOST_OVER_GUESTS,
    wire.GiveFloor: _HOST_OVER_GUESTS,
    wire.TakeFloor: _HOST_OVER_GUESTS,
    wire.LowerHand: _HOST_OVER_GUESTS,
    wire.AskToTurnOn: _HOST_OVER_GUESTS,
    wire.RemoveParticipant: _HOST_OVER_GUESTS,
    wire.ClearAnswers: _HOST_OVER_ROOM,
    wire.SetRoom: _HOST_OVER_ROOM,
    wire.Admit: _HOST_OVER_ROOM,
    wire.Decline: _HOST_OVER_ROOM,
    wire.EndLesson: _HOST_OVER_ROOM,
    wire.SetSpotlight: Rule(host=True, reaches=_TAKE_PART),
    wire.SetHost: Rule(host=True, reaches=_COLLEAGUES),
}


def role_may_ask(request: type[wire.Request], role: wire.RoomRole) -> bool:
    return request in RULES and role in RULES[request].roles


def may_ask(request: type[wire.Request], role: wire.RoomRole, *, host: bool) -> bool:
    return role_may_ask(request, role) and (host or not RULES[request].host)


def reaches(request: type[wire.Request], target: wire.RoomRole) -> bool:
    """Whether a person of this role may be the one concerned."""
    return request in RULES and target in RULES[request].reaches
