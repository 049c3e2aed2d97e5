"""Co-hosts: naming one, and no longer. The school's books decide, the room follows at once.

Pure decisions on a RoomState, called by conduct.py and, with the answer of the books, by decide.py.
"""

from signaling.live import arrivals, door_queue
from signaling.live import messages as wire
from signaling.live.commands import HostNamed, RecordHost, Seated
from signaling.live.deeds import concerned
from signaling.live.event_log import HOSTS
from signaling.live.room_state import RoomState
from signaling.live.seating import Asker


def set_host(state: RoomState, by: Asker, request: wire.SetHost) -> None:
    target = concerned(state, by, request, request.participant)
    if target is None:
        return
    host, member = by.seat.person.member, target.person.member
    state.effects.append(RecordHost(by.link, request.id, host, target.participant, member, request.host))


def host_named(state: RoomState, command: HostNamed) -> None:
    asked_by = state.seat_of_link(command.link)
    seat = state.seats.get(command.participant)
    if command.person is None or seat is None:
        if asked_by is not None:
            state.fail(command.link, command.re, "not_allowed", "not in the books of the school")
        return
    arrivals.adopt(state, seat, command.person)
    for arrival in seat.arrivals:
        arrival.person = command.person
    state.push()
    state.keep(now=True)
    for link in seat.links():
        state.effects.append(Seated(link, seat.person.role))
    if seat.present:
        state.announce_changed(seat)
    if seat.host:
        door_queue.tell_hosts(state)
        _tell_rights(state)
    if asked_by is not None:
        state.send(command.link, wire.Done(re=command.re))


def _tell_rights(state: RoomState) -> None:
    """What is closed is told to hosts when it changes: a new one has not heard of it."""
    for seat in state.present():
        if seat.closed or seat.floor:
            state.announce_changed(seat, to=HOSTS)
