"""Looks after who is in whenever somebody came or went, or time has passed: whether media may flow.

Pure decisions on a RoomState by the rules of adults.py; called by entrance.py, arrivals.py and decide.py.
"""

from signaling.live.adults import Present
from signaling.live.commands import RecordOneToOne
from signaling.live.devices import Presence
from signaling.live.room_state import RoomState
from signaling.live.seats import Seat


def review(state: RoomState) -> None:
    seats = state.present()
    before = state.clock.present
    present = Present(
        counting=any(seat.person.adult for seat in seats),
        adults=sum(seat.staff for seat in seats),
        children=sum(_is_child(seat) for seat in seats),
        heard=any(seat.person.adult and seat.presence is Presence.HERE for seat in seats),
    )
    state.clock.see(present, state.now)
    if present.one_to_one and not before.one_to_one and _is_to_be_known(state):
        adult = next(seat.person.member for seat in seats if seat.staff)
        child = next(seat.person.member for seat in seats if _is_child(seat))
        state.effects.append(RecordOneToOne(adult, child))
    flow = state.flow_at_the_moment()
    if flow == state.flow:
        return
    state.flow = flow
    state.announce_room()
    state.push()
    state.keep(now=False)


def _is_child(seat: Seat) -> bool:
    return seat.person.role == "pupil"


def _is_to_be_known(state: RoomState) -> bool:
    return state.settings.kind == "lesson" and state.settings.two_adults == "log"
