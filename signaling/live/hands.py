"""The queue of raised hands and the answers by yes and no: one's own, and what a host does about them.

Pure decisions on a RoomState, called by conduct.py; by transport.py with who is heard, and by decide.py when time has
passed: a hand whose person has spoken goes down by itself.
"""

from collections.abc import Collection

from school.audit import Deed
from signaling.live import messages as wire
from signaling.live import powers
from signaling.live.cards import announce_in_turn
from signaling.live.deeds import concerned, record
from signaling.live.passing import Speech
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker
from signaling.live.seats import Seat

# A word in between is no answer yet.
SPOKEN_SECONDS = 2.0
# A pause to think is not the end of it.
SILENT_SECONDS = 3.0


def raise_hand(state: RoomState, by: Asker, request: wire.RaiseHand) -> None:
    seat = by.seat
    state.send(by.link, wire.Done(re=request.id))
    if request.up == (seat.hand is not None):
        return
    if request.up:
        seat.hand = state.unix_now
        if seat.participant in state.passing.speaking.latest:
            state.passing.speeches[seat.participant] = Speech(speaks_since=state.now)
    else:
        put_down(state, seat)
    told = announce_in_turn(state, seat, state.limits.cards)
    # The room waits for what is written now: a flood of hands must not make it wait for each of them.
    state.keep(now=request.up and told)


def set_answer(state: RoomState, by: Asker, request: wire.SetAnswer) -> None:
    seat = by.seat
    state.send(by.link, wire.Done(re=request.id))
    if request.answer == seat.answer:
        return
    seat.answer = request.answer
    state.keep(now=False)
    announce_in_turn(state, seat, state.limits.cards)


def lower_hand(state: RoomState, by: Asker, request: wire.LowerHand) -> None:
    if request.participant is not None:
        target = concerned(state, by, request, request.participant)
        if target is None:
            return
        targets, member = [target], target.person.member
    else:
        within = [each for each in state.seats.values() if powers.reaches(wire.LowerHand, each.person.role)]
        targets, member = within, None
    _lower(state, targets)
    record(state, by, wire.Done(re=request.id), Deed.HAND_LOWERED, member)


def clear_answers(state: RoomState, by: Asker, request: wire.ClearAnswers) -> None:
    """For the next question."""
    for each in state.seats.values():
        if each.answer is not None:
            each.answer = None
            if each.present:
                state.announce_changed(each)
    record(state, by, wire.Done(re=request.id), Deed.ANSWERS_CLEARED, None)


def put_down(state: RoomState, seat: Seat) -> None:
    """Told to nobody: the caller does that."""
    seat.hand = None
    state.passing.speeches.pop(seat.participant, None)


def hear(state: RoomState, speaking: Collection[str]) -> None:
    """Who has voice from this moment on."""
    speeches = state.passing.speeches
    for participant in speaking:
        if state.seats[participant].hand is not None:
            speech = speeches.setdefault(participant, Speech())
            if speech.speaks_since is None:
                speech.speaks_since, speech.silent_since = state.now, None
    for participant, speech in speeches.items():
        if speech.speaks_since is not None and participant not in speaking:
            speech.spoken += state.now - speech.speaks_since
            speech.speaks_since, speech.silent_since = None, state.now


def lower_after_speaking(state: RoomState) -> None:
    over = [
        (participant, speech)
        for participant, speech in state.passing.speeches.items()
        if speech.silent_since is not None and state.now >= speech.silent_since + SILENT_SECONDS
    ]
    for participant, speech in over:
        del state.passing.speeches[participant]
        if speech.spoken >= SPOKEN_SECONDS:
            _lower(state, [state.seats[participant]])
            state.keep(now=False)


def due(state: RoomState) -> list[float]:
    return [
        speech.silent_since + SILENT_SECONDS
        for speech in state.passing.speeches.values()
        if speech.silent_since is not None
    ]


def _lower(state: RoomState, seats: list[Seat]) -> None:
    for seat in seats:
        if seat.hand is not None:
            put_down(state, seat)
            if seat.present:
                state.announce_changed(seat)
