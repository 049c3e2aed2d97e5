"""The media connections of the seats: offers and their answers, a swap to a second one, and what the node reports.

Pure decisions on a RoomState, called by decide.py and conduct.py. Connections are numbered twice: as the page counts
them, and (plus the seat's base) as the node knows them.
"""

from sfu import messages as node
from signaling.live import messages as wire
from signaling.live.commands import Answered, Ask, NotAnswered, ResetMedia, TurnedAway
from signaling.live.entrance import give_up_arrival, send_slots, take_seat
from signaling.live.room_state import Question, RoomState
from signaling.live.seats import MAX_TRANSPORTS, Seat, Transport, offered

SPEAKING_INTERVAL = 0.1


def reoffer(state: RoomState, seat: Seat, request: wire.Reoffer) -> None:
    link, offer = seat.link, request.offer
    connection = seat.base + offer.connection
    transport = seat.transport(connection)
    if link is None:
        return
    if transport is None:
        if connection <= seat.highest:
            state.fail(link, request.id, "bad_offer", "numbers of connections grow")
            return
        transport = Transport(connection, offered(offer))
        seat.highest = connection
        seat.transports.append(transport)
        if len(seat.transports) > MAX_TRANSPORTS:
            del seat.transports[1:-1]
    transport.publish = offered(offer)
    state.push()
    ask = state.ask(Question(seat, transport, None, link, request.id))
    state.effects.append(Ask(ask, seat.participant, connection, offer))


def settle(state: RoomState, seat: Seat, request: wire.Settle) -> None:
    link = seat.link
    settled = seat.transport(seat.base + request.connection)
    if link is None:
        return
    if settled is None or not settled.answered:
        state.fail(link, request.id, "bad_request", "no such connection")
        return
    seat.transports = [each for each in seat.transports if each.connection >= settled.connection]
    state.push()
    state.send(link, wire.Done(re=request.id))


def answered(state: RoomState, command: Answered) -> None:
    question = state.questions.pop(command.ask, None)
    if question is None:
        return
    seat, transport = question.seat, question.transport
    transport.answered, transport.failed = True, False
    if question.arrival is not None:
        take_seat(state, seat, question.arrival, command.sdp)
        send_slots(state, seat, transport)
    elif transport in seat.transports and seat.link == question.link:
        connection = transport.connection - seat.base
        state.send(question.link, wire.Reoffered(re=question.re, connection=connection, answer=command.sdp))


def not_answered(state: RoomState, command: NotAnswered) -> None:
    question = state.questions.pop(command.ask, None)
    if question is None:
        return
    failed = wire.Failed(re=question.re, code=command.code, message=command.message, retry_after=command.retry_after)
    state.send(question.link, failed)
    if question.arrival is not None:
        give_up_arrival(state, question.seat, question.arrival)
        state.effects.append(TurnedAway(question.link))
    elif not question.transport.answered and question.transport in question.seat.transports:
        question.seat.transports.remove(question.transport)
        state.push()


def reset_media(state: RoomState, command: ResetMedia) -> None:
    """The node is a new one and has none of the connections that the one before had answered. Offers that are on
    their way are put to the new one."""
    for seat in state.seats.values():
        seat.transports = [each for each in seat.transports if not each.answered]
        state.send(seat.link, wire.MediaReset(epoch=command.epoch))
    state.speaking.waiting = []
    state.push()


def peer_link(state: RoomState, report: node.PeerLink) -> None:
    seat = state.seats.get(report.participant)
    if seat is None or not seat.transports or seat.transports[-1].connection != report.connection:
        return
    newest = seat.transports[-1]
    newest.failed = report.link == "failed"
    if report.link == "failed":
        state.send(seat.link, wire.PleaseReoffer(reason="ice"))
    elif report.link == "silent":
        state.send(seat.link, wire.PleaseReoffer(reason="silent"))


def slots_mapped(state: RoomState, report: node.SlotsMapped) -> None:
    seat = state.seats.get(report.participant)
    if seat is None:
        return
    transport = next((each for each in seat.all_transports() if each.connection == report.connection), None)
    if transport is None:
        return
    transport.slots = report.slots
    if transport in seat.transports:
        send_slots(state, seat, transport)


def speaking(state: RoomState, report: node.Speaking) -> None:
    owners = {seat.sources["microphone"]: seat for seat in state.present() if "microphone" in seat.sources}
    heard = [owners[source] for source in report.sources if source in owners]
    state.speaking.waiting = [seat.participant for seat in heard if seat.media.microphone]
    say_speaking(state)


def say_speaking(state: RoomState) -> None:
    """The last word at most ten times a second, and none twice."""
    mark = state.speaking
    if mark.waiting is None or state.now < mark.next_at:
        return
    participants, mark.waiting = mark.waiting, None
    if participants == mark.said:
        return
    mark.said, mark.next_at = participants, state.now + SPEAKING_INTERVAL
    for seat in state.present():
        state.send(seat.link, wire.Speaking(participants=participants))
