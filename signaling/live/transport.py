"""The media connections of the devices: offers and their answers, a swap to a second one, and what the node reports.

Pure decisions on a RoomState, called by decide.py and conduct.py. Connections are numbered twice: as the page counts
them, and, all of one person in one row, as the node knows them.
"""

from sfu import messages as node
from signaling.live import hands, lines
from signaling.live import messages as wire
from signaling.live.arrivals import give_up_arrival, send_slots, take_seat
from signaling.live.commands import Answered, Ask, NotAnswered, ResetMedia, TurnedAway
from signaling.live.devices import GOOD_LINE, MAX_TRANSPORTS, Arrival, Device, Transport, offered
from signaling.live.room_state import Question, RoomState
from signaling.live.seating import Asker

SPEAKING_INTERVAL = 0.1


def reoffer(state: RoomState, by: Asker, request: wire.Reoffer) -> None:
    seat, device, offer = by.seat, by.device, request.offer
    transport, before = device.transport_of_page(offer.connection), seat.link
    if seat.person.role == "observer" and offer.publish:
        state.fail(by.link, request.id, "not_allowed", "observers send nothing")
        return
    if transport is None:
        if offer.connection <= device.highest:
            state.fail(by.link, request.id, "bad_offer", "numbers of connections grow")
            return
        transport = Transport(seat.next_connection(), offer.connection, offered(offer))
        device.highest = offer.connection
        device.transports.append(transport)
        if len(device.transports) > MAX_TRANSPORTS:
            del device.transports[1:-1]
    transport.publish = offered(offer)
    lines.follow(state, seat, device, before)
    state.push()
    state.keep(now=False)
    ask = state.ask(Question(seat, device, transport, by.link, request.id))
    state.effects.append(Ask(ask, seat.participant, transport.connection, offer))


def settle(state: RoomState, by: Asker, request: wire.Settle) -> None:
    device = by.device
    settled = device.transport_of_page(request.connection)
    if settled is None or not settled.answered:
        state.fail(by.link, request.id, "bad_request", "no such connection")
        return
    device.transports = [each for each in device.transports if each.connection >= settled.connection]
    state.push()
    state.keep(now=False)
    state.send(by.link, wire.Done(re=request.id))


def answered(state: RoomState, command: Answered) -> None:
    question = state.questions.pop(command.ask, None)
    if question is None:
        return
    of, transport = question.of, question.transport
    transport.answered, transport.failed = True, False
    state.keep(now=False)
    if isinstance(of, Arrival):
        device = take_seat(state, question.seat, of, command.sdp)
        send_slots(state, device, transport)
        lines.say_line(state, device)
    elif transport in of.transports and of.link == question.link:
        state.send(question.link, wire.Reoffered(re=question.re, connection=transport.number, answer=command.sdp))


def not_answered(state: RoomState, command: NotAnswered) -> None:
    question = state.questions.pop(command.ask, None)
    if question is None:
        return
    of, transport = question.of, question.transport
    if isinstance(of, Arrival) or of.link == question.link:
        state.fail(question.link, question.re, command.code, command.message, command.retry_after)
    if isinstance(of, Arrival):
        give_up_arrival(state, question.seat, of)
        state.effects.append(TurnedAway(question.link))
    elif not transport.answered and transport in of.transports:
        before = question.seat.link
        of.transports.remove(transport)
        lines.follow(state, question.seat, of, before)
        state.push()


def reset_media(state: RoomState, command: ResetMedia) -> None:
    """The node is a new one and has none of the connections that the one before had answered. Offers that are on
    their way are put to the new one."""
    for seat in state.seats.values():
        for device in seat.devices:
            before = seat.link
            device.transports = [each for each in device.transports if not each.answered]
            if device.link is not None:
                state.send(device.link, wire.MediaReset(epoch=command.epoch))
            lines.follow(state, seat, device, before)
    state.passing.speaking.waiting = []
    hands.hear(state, [])
    state.push()
    state.keep(now=False)


def peer_link(state: RoomState, report: node.PeerLink) -> None:
    """Of the connection that its page goes by."""
    seat = state.seats.get(report.participant)
    if seat is None:
        return
    for device in seat.devices:
        newest, before = device.newest, seat.link
        if newest is None or newest.connection != report.connection:
            continue
        newest.failed = report.link == "failed"
        if report.link == "failed":
            newest.line = GOOD_LINE
            lines.follow(state, seat, device, before)
            state.send(device.link, wire.PleaseReoffer(reason="ice"))
        elif report.link == "silent":
            state.send(device.link, wire.PleaseReoffer(reason="silent"))


def slots_mapped(state: RoomState, report: node.SlotsMapped) -> None:
    seat = state.seats.get(report.participant)
    if seat is None:
        return
    for of, transport in seat.all_transports():
        if transport.connection == report.connection:
            transport.slots = report.slots
            if isinstance(of, Device):
                send_slots(state, of, transport)


def speaking(state: RoomState, report: node.Speaking) -> None:
    owners = {seat.sources["microphone"]: seat for seat in state.present() if "microphone" in seat.sources}
    heard = [owners[source] for source in report.sources if source in owners]
    participants = [seat.participant for seat in heard if seat.media.microphone]
    state.passing.speaking.waiting = participants
    hands.hear(state, participants)
    say_speaking(state)


def say_speaking(state: RoomState) -> None:
    """The last word at most ten times a second, and none twice."""
    mark = state.passing.speaking
    if mark.waiting is None or state.now < mark.next_at:
        return
    participants, mark.waiting = mark.waiting, None
    if participants == mark.said:
        return
    mark.said, mark.next_at = participants, state.now + SPEAKING_INTERVAL
    speaking = wire.Speaking(participants=participants)
    for link, _ in state.connected():
        state.send(link, speaking)
