"""Passing signs: clapping, laughing. Told together ten times a second, and not kept.

Pure decisions on a RoomState, called by conduct.py and, when time has passed, by decide.py.
"""

from signaling.live import messages as wire
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker

INTERVAL = 0.1


def react(state: RoomState, by: Asker, request: wire.React) -> None:
    wait = state.limits.reactions.take(by.seat.participant, state.now)
    if wait > 0.0:
        state.fail(by.link, request.id, "too_many", "two a second", wait)
        return
    state.send(by.link, wire.Done(re=request.id))
    state.passing.reactions.waiting.append(
        wire.ReactionSign(participant=by.seat.participant, reaction=request.reaction)
    )
    say_reactions(state)


def say_reactions(state: RoomState) -> None:
    mark = state.passing.reactions
    if not mark.waiting or state.now < mark.next_at:
        return
    reacted = wire.Reacted(reactions=mark.waiting)
    mark.waiting, mark.next_at = [], state.now + INTERVAL
    for link, _ in state.connected():
        state.send(link, reacted)
