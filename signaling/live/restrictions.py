"""What hosts do about the microphones, cameras and screens of others: cut, close, open, and the floor.

Pure decisions on a RoomState, called by conduct.py. A cut is made in the desired state of the room, so that the node
drops what a browser goes on sending; turning on is never done for somebody, only asked for.
"""

from typing import Final, Literal

import msgspec

from school.audit import Deed
from signaling.live import messages as wire
from signaling.live import powers
from signaling.live.deeds import concerned, record
from signaling.live.event_log import Audience
from signaling.live.hands import put_down
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker
from signaling.live.seats import Seat

How = Literal["off", "closed", "open"]

_DEEDS: Final[dict[tuple[wire.Restricted, How], Deed]] = {
    ("microphone", "off"): Deed.PARTICIPANT_MUTED,
    ("microphone", "closed"): Deed.MICROPHONE_CLOSED,
    ("microphone", "open"): Deed.MICROPHONE_OPENED,
    ("camera", "off"): Deed.CAMERA_STOPPED,
    ("camera", "closed"): Deed.CAMERA_CLOSED,
    ("camera", "open"): Deed.CAMERA_OPENED,
    ("screen", "off"): Deed.SCREEN_STOPPED,
    ("screen", "closed"): Deed.SHARING_CLOSED,
    ("screen", "open"): Deed.SHARING_OPENED,
}
_OFF: Final[dict[wire.Restricted, dict[str, bool]]] = {
    "camera": {"camera": False},
    "screen": {"screen": False, "screen_sound": False, "screen_paused": False},
}


def closed_for_a_newcomer(rules: wire.RoomSettings, role: wire.RoomRole) -> frozenset[wire.Restricted]:
    """What somebody who has not been in yet may not turn on."""
    if not powers.reaches(wire.Restrict, role):
        return frozenset()
    in_force: dict[wire.Restricted, str] = {
        "microphone": rules.microphones,
        "camera": rules.cameras,
        "screen": rules.sharing,
    }
    return frozenset(kind for kind, how in in_force.items() if how == "closed")


def restrict(state: RoomState, by: Asker, request: wire.Restrict) -> None:
    kind, how = request.kind, request.how
    if request.participant is not None:
        target = concerned(state, by, request, request.participant)
        if target is None:
            return
        cut = _restrict_one(state, target, kind, how)
        member = target.person.member
    else:
        cut, member = _restrict_all(state, kind, how), None
    state.push()
    reply = wire.RestrictedReply(re=request.id, participants=cut)
    record(state, by, reply, _DEEDS[kind, how], member)


def give_floor(state: RoomState, by: Asker, request: wire.GiveFloor) -> None:
    target = concerned(state, by, request, request.participant)
    if target is None:
        return
    target.floor = True
    put_down(state, target)
    if target.present:
        state.announce_changed(target)
    record(state, by, wire.Done(re=request.id), Deed.FLOOR_GIVEN, target.person.member)


def take_floor(state: RoomState, by: Asker, request: wire.TakeFloor) -> None:
    targets, member = [each for each in state.seats.values() if each.floor], None
    if request.participant is not None:
        target = concerned(state, by, request, request.participant)
        if target is None:
            return
        targets, member = [target], target.person.member
    for each in targets:
        each.floor = False
        if each.is_on("microphone"):
            mute(each)
        if each.present:
            state.announce_changed(each)
    state.push()
    record(state, by, wire.Done(re=request.id), Deed.FLOOR_TAKEN, member)


def ask_to_turn_on(state: RoomState, by: Asker, request: wire.AskToTurnOn) -> None:
    """Whoever may and has it off is asked; only their own press turns it on."""
    participants = list(dict.fromkeys(request.participants))
    if len(participants) == 1 and concerned(state, by, request, participants[0]) is None:
        return
    asked = [each for participant in participants if (each := _to_ask(state, participant, request.kind)) is not None]
    please = wire.PleaseTurnOn(kind=request.kind, by=by.seat.participant)
    for target in asked:
        state.tell(target, please)
    member = asked[0].person.member if len(asked) == 1 else None
    detail = request.kind if member is not None else f"{request.kind} {len(asked)}"
    record(state, by, wire.Done(re=request.id), Deed.ASKED_TO_TURN_ON, member, detail)


def mute(seat: Seat) -> None:
    """Until its person turns the microphone on after having seen this very mute."""
    seat.muted = True
    seat.mutes += 1
    seat.restrain()


def _restrict_one(state: RoomState, target: Seat, kind: wire.Restricted, how: How) -> list[str]:
    on = target.is_on(kind)
    if how == "off" and kind == "microphone":
        mute(target)
    else:
        _apply(target, kind, how)
    if target.present:
        state.announce_changed(target)
    return [target.participant] if on and how != "open" else []


def _restrict_all(state: RoomState, kind: wire.Restricted, how: How) -> list[str]:
    """Whose picture or sound has been cut concerns everybody; a right alone, its person and the hosts: in a room of
    hundreds the others would be told of nothing else."""
    cut: list[str] = []
    for each in state.seats.values():
        if not powers.reaches(wire.Restrict, each.person.role) or each.removed:
            continue
        before = each.rights
        on = how != "open" and each.is_on(kind)
        if on:
            cut.append(each.participant)
        if how != "off" or on:
            _apply(each, kind, how)
        if each.present and on:
            state.announce_changed(each)
        elif each.present and each.rights != before:
            state.announce_changed(each, to=Audience(hosts_only=True, and_also=each.participant))
    if how != "off":
        _set_rule(state, kind, how)
    return cut


def _apply(seat: Seat, kind: wire.Restricted, how: How) -> None:
    on = seat.is_on(kind)
    if how == "open":
        seat.closed -= {kind}
    elif how == "closed":
        seat.closed |= {kind}
    if kind == "microphone" and how != "off":
        seat.floor = False
    if how != "open" and on:
        _cut(seat, kind)


def _cut(seat: Seat, kind: wire.Restricted) -> None:
    if kind == "microphone":
        mute(seat)
        return
    seat.turn_off(_OFF[kind])


def _set_rule(state: RoomState, kind: wire.Restricted, how: Literal["closed", "open"]) -> None:
    field = {"microphone": "microphones", "camera": "cameras", "screen": "sharing"}[kind]
    rules = msgspec.structs.replace(state.rules, **{field: how})
    if rules != state.rules:
        state.rules = rules
        state.announce_room()


def _to_ask(state: RoomState, participant: str, kind: Literal["microphone", "camera"]) -> Seat | None:
    target = state.seats.get(participant)
    if target is None or not target.present or not powers.reaches(wire.AskToTurnOn, target.person.role):
        return None
    closed = getattr(target.rights, kind) == "closed"
    return None if closed or getattr(target.media, kind) else target
