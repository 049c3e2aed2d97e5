"""Reports from inside a room to the school's administrator: nobody in the room learns of them.

Pure decisions on a RoomState, called by conduct.py.
"""

from signaling.live import messages as wire
from signaling.live import powers
from signaling.live.commands import RecordReport
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker


def take_report(state: RoomState, by: Asker, request: wire.Report) -> None:
    """About somebody who is or was in, or about the lesson."""
    about: str | None = None
    if request.participant is not None:
        target = state.seats.get(request.participant)
        if target is None or not target.known or not powers.reaches(wire.Report, target.person.role):
            state.fail(by.link, request.id, "not_found", "nobody here has this id")
            return
        about = target.person.member
    wait = state.limits.reports.take(by.seat.participant, state.now)
    if wait > 0.0:
        state.fail(by.link, request.id, "too_many", "slow down", wait)
        return
    author, text = by.seat.person.member, request.text.strip()
    state.effects.append(RecordReport(by.link, request.id, author, about, request.category, text))
