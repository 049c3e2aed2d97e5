"""Who comes and who goes: join, resume, another tab, leave, a closed page, a lost network, sign-out.

Pure decisions on a RoomState, called by decide.py and by conduct.py. What the others see of it: `leave` is `left` at
once; a closed page is `closed` after a moment in which a reload comes back unseen; a lost network shows at once, and is
`lost` when it does not come back. It must not know how a connection or the node is reached.
"""

from typing import Final, Literal

from signaling.live import messages as wire
from signaling.live.commands import Ask, Drop, Enter, Link, Return, Seated, Shut, SignOut, TurnedAway
from signaling.live.room_state import Question, RoomState
from signaling.live.seats import CLOSING_SECONDS, LOST_SECONDS, Arrival, Presence, Seat, Transport, offered
from signaling.tickets import digest

# Taken over by the same page over another network: the old socket is dead, or will be.
_TAKEN_OVER: Final = "lost"


def enter(state: RoomState, command: Enter) -> None:
    """A seat is taken when the node has answered the offer; until then nobody sees it."""
    person, join = command.person, command.join
    if state.over:
        state.effects.append(Shut(command.link, "ended"))
        return
    seat = state.seat_of_member(person.member)
    if seat is not None and seat.removed:
        state.effects.append(Shut(command.link, "removed"))
        return
    publish = offered(join.offer)
    if person.role == "observer" and publish:
        state.fail(command.link, join.id, "not_allowed", "observers send nothing")
        state.effects.append(TurnedAway(command.link))
        return
    if seat is None:
        sources = {} if person.role == "observer" else state.numbers.take()
        seat = state.seats[command.participant] = Seat(command.participant, person, sources)
    if seat.arrival is not None:
        state.withdraw(seat.arrival)
        state.effects.append(Shut(seat.arrival.link, "elsewhere"))
    transport = Transport(seat.highest + join.offer.connection, publish)
    seat.arrival = Arrival(
        command.link, join.id, person, command.login, command.session, seat.highest, join.media, transport
    )
    seat.highest = transport.connection
    state.push()
    ask = state.ask(Question(seat, transport, seat.arrival, command.link, join.id))
    state.effects.append(Ask(ask, seat.participant, transport.connection, join.offer))


def take_seat(state: RoomState, seat: Seat, arrival: Arrival, answer: str) -> None:
    was_present = seat.present
    state.shut(seat, seat.link, "elsewhere")
    seat.arrival = None
    seat.person, seat.login, seat.session_digest = arrival.person, arrival.login, digest(arrival.session)
    seat.base, seat.transports, seat.view = arrival.base, [arrival.transport], []
    seat.media = seat.effective(arrival.media, arrival.transport.publish)
    seat.presence, seat.gone_at = Presence.HERE, None
    state.bind(seat, arrival.link)
    if was_present:
        state.announce_changed(seat, apart_from=arrival.link)
    else:
        joined = wire.ParticipantJoined(seq=state.log.next_seq(), participant=seat.card())
        state.announce(joined, apart_from=arrival.link)
    state.effects.append(Seated(arrival.link, seat.person.role))
    state.send(
        arrival.link,
        wire.Joined(
            re=arrival.re,
            session=arrival.session,
            you=seat.participant,
            answer=answer,
            snapshot=_snapshot_after_review(state, arrival.link),
        ),
    )
    state.push()


def _snapshot_after_review(state: RoomState, link: Link) -> wire.RoomSnapshot:
    """The newcomer's snapshot holds what the newcomer has changed, so the event of it is for the others."""
    before = len(state.effects)
    state.review_adults()
    state.effects[before:] = [each for each in state.effects[before:] if getattr(each, "link", None) != link]
    return state.snapshot()


def give_up_arrival(state: RoomState, seat: Seat, arrival: Arrival) -> None:
    if seat.arrival is arrival:
        seat.arrival = None
        state.withdraw(arrival)
        state.push()


def return_to_seat(state: RoomState, command: Return) -> None:
    resume = command.resume
    seat = state.seat_of_session(digest(resume.session))
    if seat is None or seat.login != command.login or state.over:
        state.fail(command.link, resume.id, "session_refused", "no such seat")
        state.effects.append(TurnedAway(command.link))
        return
    state.shut(seat, seat.link, _TAKEN_OVER)
    was_lost = seat.presence is Presence.LOST
    seat.presence, seat.gone_at = Presence.HERE, None
    if was_lost:
        state.announce_changed(seat)
    missed = state.log.since(resume.last_seq)
    media_lost = not any(transport.answered and not transport.failed for transport in seat.transports)
    state.bind(seat, command.link)
    state.effects.append(Seated(command.link, seat.person.role))
    snapshot = state.snapshot() if missed is None else None
    state.send(command.link, wire.Resumed(re=resume.id, snapshot=snapshot, media_lost=media_lost))
    for event in missed or []:
        state.send(command.link, event)
    for transport in seat.transports:
        send_slots(state, seat, transport)


def send_slots(state: RoomState, seat: Seat, transport: Transport) -> None:
    """To that participant only: what others see is nobody's business."""
    if not transport.slots or seat.link is None:
        return
    slots = [wire.SlotMapping(mid=slot.mid, source=slot.source) for slot in transport.slots]
    state.send(seat.link, wire.SlotsMapped(connection=transport.connection - seat.base, slots=slots))


def drop(state: RoomState, command: Drop) -> None:
    for seat in state.seats.values():
        if seat.arrival is not None and seat.arrival.link == command.link:
            give_up_arrival(state, seat, seat.arrival)
    seat_of_link = state.seat_of_link(command.link)
    if seat_of_link is None:
        return
    state.unbind(seat_of_link)
    if command.how == "closed":
        seat_of_link.presence, seat_of_link.gone_at = Presence.CLOSING, state.now + CLOSING_SECONDS
    else:
        seat_of_link.presence, seat_of_link.gone_at = Presence.LOST, state.now + LOST_SECONDS
        state.announce_changed(seat_of_link)


def depart(state: RoomState, seat: Seat, how: Literal["left", "closed", "lost", "removed"]) -> None:
    """Out of the room, media in both directions at once; what the seat remembers stays."""
    if seat.arrival is not None:
        give_up_arrival(state, seat, seat.arrival)
    if not seat.present:
        return
    state.unbind(seat)
    seat.presence, seat.gone_at, seat.session_digest = Presence.ABSENT, None, ""
    seat.transports, seat.view = [], []
    state.push()
    state.announce(wire.ParticipantLeft(seq=state.log.next_seq(), participant=seat.participant, how=how))
    state.review_adults()


def sign_out(state: RoomState, command: SignOut) -> None:
    """The browser's session is over: so is everything that it holds here."""
    for seat in list(state.seats.values()):
        if seat.arrival is not None and seat.arrival.login == command.login:
            state.effects.append(Shut(seat.arrival.link, "signed_out"))
            give_up_arrival(state, seat, seat.arrival)
        if seat.present and seat.login == command.login:
            state.shut(seat, seat.link, "signed_out")
            depart(state, seat, "left")


def depart_overdue(state: RoomState) -> None:
    for seat in state.present():
        if seat.gone_at is not None and state.now >= seat.gone_at:
            depart(state, seat, "closed" if seat.presence is Presence.CLOSING else "lost")
