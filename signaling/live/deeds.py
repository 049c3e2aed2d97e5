"""The use of a power: finding the person concerned, and putting it down in the school's books.

Pure. Called by the modules that decide on the requests of hosts, after conduct.py has made sure that a host asks.
"""

from school.audit import Deed
from signaling.live import messages as wire
from signaling.live import powers
from signaling.live.commands import RecordPower
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker
from signaling.live.seats import Seat


def concerned(state: RoomState, by: Asker, request: wire.Request, participant: str) -> Seat | None:
    """Whoever has a seat here, also while the network of that person is gone. None: has been answered."""
    target = state.seats.get(participant)
    if target is None or target.removed or not (target.present or target.arrivals):
        state.fail(by.link, request.id, "not_found", "nobody here has this id")
        return None
    if not powers.reaches(type(request), target.person.role):
        state.fail(by.link, request.id, "not_allowed", f"does not reach the role {target.person.role}")
        return None
    return target


def record(state: RoomState, by: Asker, reply: wire.Reply, deed: Deed, member: str | None, detail: str = "") -> None:
    """It has been carried out and outlives the process; who did it is answered when the books have it."""
    state.keep(now=True)
    state.effects.append(RecordPower(by.link, reply, by.seat.person.member, deed, member, detail))
