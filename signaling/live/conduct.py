"""What participants ask of the room: which decision a request leads to, and those about oneself and the end.

Pure decisions on a RoomState, called by decide.py with the connection that asked. Whether this person may ask is
looked up in powers.py before anything else; whether the school allows it is in its books. A new request is a new
handler and a new row here and there.
"""

from collections.abc import Callable
from typing import Any, Final

from signaling.live import chat, door_queue, handover, hands, powers, reactions, reports, restrictions, spotlight
from signaling.live import messages as wire
from signaling.live.arrivals import give_up_arrival
from signaling.live.cards import announce_in_turn
from signaling.live.commands import Act, Recorded, RecordEnd, RecordRemoval, Shut
from signaling.live.deeds import concerned
from signaling.live.entrance import depart, finish, leave
from signaling.live.hosts import set_host
from signaling.live.room_rules import set_room
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker
from signaling.live.transport import reoffer, settle


def act(state: RoomState, command: Act) -> None:
    by, request = state.asker(command.link), command.request
    if by is None:
        return
    if powers.may_ask(type(request), by.seat.person.role, host=by.seat.host):
        _HANDLERS[type(request)](state, by, request)
    else:
        state.fail(command.link, request.id, "not_allowed", "not for this person")


def recorded(state: RoomState, command: Recorded) -> None:
    if state.seat_of_link(command.link) is None:
        pass
    elif command.allowed:
        state.send(command.link, command.reply)
    else:
        state.fail(command.link, command.reply.re, "not_allowed", "not in the books of the school")
    if command.ends:
        finish(state)


def _set_media(state: RoomState, by: Asker, request: wire.SetMedia) -> None:
    seat, device = by.seat, by.device
    before, sent_before = seat.card(), device.media
    state.send(by.link, wire.Done(re=request.id))
    wanted = handover.uncrossed(state, by, request.media)
    if wanted.microphone and request.mute_seen == seat.mutes:
        seat.muted = False
    publish = frozenset(seat.sources) if device.newest is None else device.newest.publish
    handover.send_from(state, seat, device, seat.effective(wanted, publish))
    _after_a_change(state, by, before, changed=device.media != sent_before)


def _take_sound(state: RoomState, by: Asker, request: wire.TakeSound) -> None:
    before = by.seat.card()
    state.send(by.link, wire.Done(re=request.id))
    changed = not by.device.sound
    handover.take_sound(state, by.seat, by.device)
    _after_a_change(state, by, before, changed=changed)


def _after_a_change(state: RoomState, by: Asker, before: wire.Participant, *, changed: bool) -> None:
    """Others hear of it only if it is to be seen: from which device something comes is nobody's business."""
    visible = by.seat.card() != before
    if changed or visible:
        state.push()
        state.keep(now=False)
    if visible:
        announce_in_turn(state, by.seat, state.limits.media_cards)


def _set_view(state: RoomState, by: Asker, request: wire.SetView) -> None:
    if by.device.view != request.tracks:
        by.device.view = request.tracks
        state.push()
        state.keep(now=False)
    state.send(by.link, wire.Done(re=request.id))


def _set_layout(state: RoomState, by: Asker, request: wire.SetLayout) -> None:
    if by.device.layout != request.layout:
        by.device.layout = by.seat.layout = request.layout
        state.keep(now=False)
    state.send(by.link, wire.Done(re=request.id))


def _leave(state: RoomState, by: Asker, request: wire.Leave) -> None:
    state.send(by.link, wire.Done(re=request.id))
    state.shut(by.device, "left")
    leave(state, by.seat, by.device, "left")


def _remove(state: RoomState, by: Asker, request: wire.RemoveParticipant) -> None:
    """Out at once, on every device; the school's books follow."""
    target = concerned(state, by, request, request.participant)
    if target is None:
        return
    target.removed, target.floor = True, False
    for arrival in list(target.arrivals):
        state.effects.append(Shut(arrival.link, "removed"))
        give_up_arrival(state, target, arrival)
    for device in target.devices:
        state.shut(device, "removed")
    member, removed = by.seat.person.member, target.person.member
    door_queue.clear_place(state, removed, "removed")
    depart(state, target, "removed")
    state.keep(now=True)
    state.effects.append(RecordRemoval(by.link, request.id, member, removed, request.reason))


def _end(state: RoomState, by: Asker, request: wire.EndLesson) -> None:
    state.effects.append(RecordEnd(by.link, request.id, by.seat.person.member))


_HANDLERS: Final[dict[type[wire.Request], Callable[[RoomState, Asker, Any], None]]] = {
    wire.Reoffer: reoffer,
    wire.Settle: settle,
    wire.SetMedia: _set_media,
    wire.TakeSound: _take_sound,
    wire.SetView: _set_view,
    wire.SetLayout: _set_layout,
    wire.RaiseHand: hands.raise_hand,
    wire.SetAnswer: hands.set_answer,
    wire.React: reactions.react,
    wire.SendChat: chat.send_chat,
    wire.RemoveChat: chat.take_message_away,
    wire.Report: reports.take_report,
    wire.Restrict: restrictions.restrict,
    wire.GiveFloor: restrictions.give_floor,
    wire.TakeFloor: restrictions.take_floor,
    wire.LowerHand: hands.lower_hand,
    wire.ClearAnswers: hands.clear_answers,
    wire.AskToTurnOn: restrictions.ask_to_turn_on,
    wire.SetRoom: set_room,
    wire.SetSpotlight: spotlight.set_spotlight,
    wire.Admit: door_queue.admit,
    wire.Decline: door_queue.decline,
    wire.SetHost: set_host,
    wire.RemoveParticipant: _remove,
    wire.EndLesson: _end,
    wire.Leave: _leave,
}
