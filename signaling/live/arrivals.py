"""From an offer to a seat: the way in of somebody whom no door holds up.

Pure decisions on a RoomState, called by entrance.py and door_queue.py, and by transport.py with the node's answer. It
must not know how a connection or the node is reached.
"""

from signaling.live import handover
from signaling.live import messages as wire
from signaling.live.commands import Ask, Enter, KeepPresence, Link, Person, Seated, Shut
from signaling.live.devices import Arrival, Device, Transport, displaced, offered
from signaling.live.restrictions import closed_for_a_newcomer
from signaling.live.room_state import Question, RoomState
from signaling.live.seats import Seat
from signaling.live.supervision import review
from signaling.tickets import digest


def arrive(state: RoomState, command: Enter) -> Seat:
    """A seat is taken when the node has answered the offer; until then nobody sees it."""
    person, join = command.person, command.join
    seat = state.seat_of_member(person.member)
    if seat is None:
        closed = closed_for_a_newcomer(state.rules, person.role)
        seat = Seat(command.participant, person, {}, closed=closed)
        state.add_seat(seat)
    if person.role != "observer" and not seat.sources:
        seat.sources = state.numbers.take()
    for earlier in displaced(seat.arrivals, command.login):
        state.effects.append(Shut(earlier.link, "elsewhere"))
        give_up_arrival(state, seat, earlier)
    transport = Transport(seat.next_connection(), join.offer.connection, offered(join.offer))
    arrival = Arrival(command.link, join.id, person, command.login, command.session, join.media, transport)
    seat.arrivals.append(arrival)
    state.push()
    state.keep(now=False)
    ask = state.ask(Question(seat, arrival, transport, command.link, join.id))
    state.effects.append(Ask(ask, seat.participant, transport.connection, join.offer))
    return seat


def take_seat(state: RoomState, seat: Seat, arrival: Arrival, answer: str) -> Device:
    """The first device of a person is the person's coming; of another one beside it nobody hears."""
    before = seat.card() if seat.present else None
    seat.arrivals.remove(arrival)
    replaced, hears, withheld = seat.giving_way_to(arrival.login), seat.hears(arrival), seat.withheld(arrival)
    if replaced is not None:
        state.shut(replaced, "elsewhere")
        state.take_device(seat, replaced)
    adopt(state, seat, arrival.person)
    device = Device(
        login=arrival.login,
        session_digest=digest(arrival.session),
        sound=hears,
        layout=seat.layout if replaced is None else replaced.layout,
        transports=[arrival.transport],
        highest=arrival.transport.number,
    )
    seat.known, seat.gone_since = True, None
    state.add_device(seat, device)
    handover.begin(state, seat, device, seat.effective(arrival.media, arrival.transport.publish), withheld)
    state.bind(seat, device, arrival.link)
    _tell_the_others(state, seat, before, arrival.link, replaced)
    # The books may have changed since the other device came in.
    for link in seat.links():
        state.effects.append(Seated(link, seat.person.role))
    state.send(
        arrival.link,
        wire.Joined(
            re=arrival.re,
            session=arrival.session,
            you=seat.participant,
            answer=answer,
            snapshot=_snapshot_after_review(state, seat, arrival.link),
            layout=device.layout,
        ),
    )
    handover.say_again(state, seat, device)
    state.push()
    state.keep(now=False)
    return device


def _tell_the_others(
    state: RoomState, seat: Seat, before: wire.Participant | None, link: Link, replaced: Device | None
) -> None:
    if before is None:
        joined = wire.ParticipantJoined(seq=state.log.next_seq(), participant=seat.card())
        state.announce(joined, apart_from=link)
        state.effects.append(KeepPresence(seat.person.member, "came", state.unix_now, seat.person.role == "observer"))
    elif replaced is not None or seat.card() != before:
        state.announce_changed(seat, apart_from=link)


def adopt(state: RoomState, seat: Seat, person: Person) -> None:
    """The person as the school's books have them from now on: an observer sends nothing, staff is held back by
    nothing."""
    seat.person = person
    if person.role == "observer":
        seat.sources = {}
        for device in seat.devices:
            device.media = wire.Media()
        for _, transport in seat.all_transports():
            transport.publish = frozenset()
    elif not seat.sources:
        seat.sources = state.numbers.take()
    if seat.staff:
        seat.closed, seat.floor, seat.muted = frozenset(), False, False


def _snapshot_after_review(state: RoomState, seat: Seat, link: Link) -> wire.RoomSnapshot:
    """The newcomer's snapshot holds what the newcomer has changed, so the event of it is for the others."""
    before = len(state.effects)
    review(state)
    state.effects[before:] = [each for each in state.effects[before:] if getattr(each, "link", None) != link]
    return state.snapshot(seat)


def give_up_arrival(state: RoomState, seat: Seat, arrival: Arrival) -> None:
    if arrival in seat.arrivals:
        seat.arrivals.remove(arrival)
        state.withdraw(arrival)
        state.push()


def send_slots(state: RoomState, device: Device, transport: Transport) -> None:
    """To that device only: what others see is nobody's business."""
    if not transport.slots or device.link is None:
        return
    slots = [wire.SlotMapping(mid=slot.mid, source=slot.source) for slot in transport.slots]
    state.send(device.link, wire.SlotsMapped(connection=transport.number, slots=slots))
