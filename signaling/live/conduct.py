"""What participants ask of the room: what they send and see, and the teacher's powers over others.

Pure decisions on a RoomState, called by decide.py with the seat of the connection that asked; whether its role
reaches was decided by the connection's session. Mute and removal are
cut in the desired state of the room, not by asking a browser.
"""

from collections.abc import Callable
from typing import Any, Final

from signaling.live import messages as wire
from signaling.live.commands import Act, Recorded, RecordEnd, RecordMute, RecordRemoval, Shut
from signaling.live.entrance import depart
from signaling.live.room_state import RoomState
from signaling.live.seats import Seat
from signaling.live.transport import reoffer, settle


def act(state: RoomState, command: Act) -> None:
    seat = state.seat_of_link(command.link)
    if seat is None:
        return
    _HANDLERS[type(command.request)](state, seat, command.request)


def recorded(state: RoomState, command: Recorded) -> None:
    if command.allowed:
        state.send(command.link, wire.Done(re=command.re))
    else:
        state.fail(command.link, command.re, "not_allowed", "not in the books of the school")
    if command.ends:
        state.finish()


def _set_media(state: RoomState, seat: Seat, request: wire.SetMedia) -> None:
    was_muted = seat.muted
    if request.media.microphone and request.mute_seen == seat.mutes:
        seat.muted = False
    publish = seat.transports[-1].publish if seat.transports else frozenset(seat.sources)
    media = seat.effective(request.media, publish)
    state.send(seat.link, wire.Done(re=request.id))
    if media != seat.media or was_muted != seat.muted:
        seat.media = media
        state.push()
        state.announce_changed(seat)


def _set_view(state: RoomState, seat: Seat, request: wire.SetView) -> None:
    if seat.view != request.tracks:
        seat.view = request.tracks
        state.push()
    state.send(seat.link, wire.Done(re=request.id))


def _leave(state: RoomState, seat: Seat, request: wire.Leave) -> None:
    link = seat.link
    state.send(link, wire.Done(re=request.id))
    state.shut(seat, link, "left")
    depart(state, seat, "left")


def _mute(state: RoomState, seat: Seat, request: wire.MuteParticipant) -> None:
    target = _target(state, seat, request.participant, request.id)
    if target is None or seat.link is None:
        return
    if target.person.role != "pupil":
        state.fail(seat.link, request.id, "not_allowed", "only pupils can be muted")
        return
    target.muted = True
    target.mutes += 1
    target.media = target.effective(target.media, frozenset(target.sources))
    state.push()
    state.announce_changed(target)
    state.effects.append(RecordMute(seat.link, request.id, seat.person.member, target.person.member))


def _remove(state: RoomState, seat: Seat, request: wire.RemoveParticipant) -> None:
    """Out at once; the school's books follow."""
    target = _target(state, seat, request.participant, request.id)
    if target is None or seat.link is None:
        return
    if target.person.role != "pupil":
        state.fail(seat.link, request.id, "not_allowed", "only pupils can be removed")
        return
    target.removed = True
    if target.arrival is not None:
        state.effects.append(Shut(target.arrival.link, "removed"))
    state.shut(target, target.link, "removed")
    depart(state, target, "removed")
    state.effects.append(RecordRemoval(seat.link, request.id, seat.person.member, target.person.member, request.reason))


def _end(state: RoomState, seat: Seat, request: wire.EndLesson) -> None:
    if seat.link is not None:
        state.effects.append(RecordEnd(seat.link, request.id, seat.person.member))


def _target(state: RoomState, seat: Seat, participant: str, re: int) -> Seat | None:
    """Whoever has a seat here, also while the network of that person is gone."""
    target = state.seats.get(participant)
    if target is not None and not target.removed and (target.present or target.arrival is not None):
        return target
    if seat.link is not None:
        state.fail(seat.link, re, "not_found", "nobody here has this id")
    return None


_HANDLERS: Final[dict[type[wire.Request], Callable[[RoomState, Seat, Any], None]]] = {
    wire.SetMedia: _set_media,
    wire.SetView: _set_view,
    wire.Reoffer: reoffer,
    wire.Settle: settle,
    wire.Leave: _leave,
    wire.MuteParticipant: _mute,
    wire.RemoveParticipant: _remove,
    wire.EndLesson: _end,
}
