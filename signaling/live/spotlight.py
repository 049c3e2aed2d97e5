"""Whom a host shows large to everybody.

Pure decisions on a RoomState, called by conduct.py, and by entrance.py for whoever goes.
"""

from school.audit import Deed
from signaling.live import messages as wire
from signaling.live.deeds import concerned, record
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker
from signaling.live.seats import Seat


def set_spotlight(state: RoomState, by: Asker, request: wire.SetSpotlight) -> None:
    """Only people who are in; one who is not, and nothing changes."""
    chosen: list[Seat] = []
    for participant in dict.fromkeys(request.participants):
        target = concerned(state, by, request, participant)
        if target is None:
            return
        if not target.present:
            state.fail(by.link, request.id, "not_found", "not in yet")
            return
        chosen.append(target)
    _show(state, [target.participant for target in chosen])
    member = chosen[0].person.member if len(chosen) == 1 else None
    detail = "" if len(chosen) == 1 else str(len(chosen))
    record(state, by, wire.Done(re=request.id), Deed.SPOTLIGHT_SET, member, detail)


def leave_the_stage(state: RoomState, seat: Seat) -> None:
    _show(state, [each for each in state.spotlight if each != seat.participant])


def _show(state: RoomState, participants: list[str]) -> None:
    if participants != state.spotlight:
        state.spotlight = participants
        state.announce_room()
