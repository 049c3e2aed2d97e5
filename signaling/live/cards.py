"""How often the others are told of one person's changes: a flood of one is a trickle for all.

Pure decisions on a RoomState; the modules that decide on one's own hand, answer, media and line use it, decide.py calls
it when time has passed. What comes too soon is told later, as it is by then.
"""

from signaling.buckets import BucketTable
from signaling.live.room_state import RoomState
from signaling.live.seats import Seat


def announce_in_turn(state: RoomState, seat: Seat, pace: BucketTable) -> bool:
    """Whether it is told at once. What waits for a slower pace does not hold up what may be told at once."""
    wait = pace.take(seat.participant, state.now)
    if wait == 0.0:
        state.announce_changed(seat)
        return True
    late = state.passing.late_cards
    late[seat.participant] = min(state.now + wait, late.get(seat.participant, state.now + wait))
    return False


def say_late(state: RoomState) -> None:
    due = [participant for participant, at in state.passing.late_cards.items() if state.now >= at]
    for participant in due:
        del state.passing.late_cards[participant]
        seat = state.seats[participant]
        for pace in (state.limits.cards, state.limits.media_cards, state.limits.link_cards):
            pace.take(participant, state.now)
        if seat.present:
            state.announce_changed(seat)
