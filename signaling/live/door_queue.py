"""The queue at the door: who waits, who is let in, who is not.

Pure decisions on a RoomState, called by entrance.py for whoever comes and goes, by conduct.py with what hosts ask, and
by decide.py when time has passed. Whoever waits has no seat: nothing of the room is sent there, and nothing of them
is in it.
"""

from school.audit import Deed
from signaling.live import messages as wire
from signaling.live.arrivals import arrive
from signaling.live.commands import ClosedReason, Enter, Link, Person, Shut, TurnedAway
from signaling.live.deeds import record
from signaling.live.devices import displaced
from signaling.live.event_log import HOSTS
from signaling.live.room_state import Knock, RoomState
from signaling.live.seating import Asker
from signaling.live.seats import STAFF_ROLES, Seat

MOST_WAITING = 200
RETRY_SECONDS = 30.0
# The whole queue is told each time; twice a second is soon enough for a person who looks at it.
INTERVAL = 0.5


def must_wait(state: RoomState, person: Person, seat: Seat | None) -> bool:
    """Not who is of the school's staff here, nor who has been in already or was let in."""
    if person.role in STAFF_ROLES or _has_been_in(seat):
        return False
    return not person.expected or is_shut_to(state, seat)


def is_shut_to(state: RoomState, seat: Seat | None) -> bool:
    """Whether somebody of the list would have to wait at this moment."""
    return not _has_been_in(seat) and (state.rules.locked or state.rules.door == "knock")


def _has_been_in(seat: Seat | None) -> bool:
    """Or was let in: such a person does not wait again."""
    return seat is not None and seat.known


def wait(state: RoomState, command: Enter) -> None:
    """The same person once, with one place for every browser; another tab of one takes its part of the place over."""
    key = _place_of(state, command.person.member)
    if key is None and len(state.door) >= MOST_WAITING:
        state.fail(command.link, command.join.id, "too_many", "the door is full", RETRY_SECONDS)
        state.effects.append(TurnedAway(command.link))
        return
    if key is None:
        state.door[command.participant] = Knock([command], state.unix_now)
    else:
        enters = state.door[key].enters
        for earlier in displaced(enters, command.login):
            state.effects.append(Shut(earlier.link, "elsewhere"))
            enters.remove(earlier)
        enters.append(command)
    state.passing.door.changed = True
    if not say_queue(state):
        _tell(state, command, len(state.door))


def admit(state: RoomState, by: Asker, request: wire.Admit) -> None:
    if request.waiting is None:
        chosen = [key for key, knock in state.door.items() if knock.person.expected]
        member, detail = None, str(len(chosen))
    elif request.waiting in state.door:
        chosen = [request.waiting]
        member, detail = state.door[request.waiting].person.member, ""
    else:
        state.fail(by.link, request.id, "not_found", "nobody waits under this id")
        return
    for key in chosen:
        _let_in(state, key)
    say_queue(state)
    record(state, by, wire.Done(re=request.id), Deed.ADMITTED, member, detail)


def decline(state: RoomState, by: Asker, request: wire.Decline) -> None:
    if request.waiting not in state.door:
        state.fail(by.link, request.id, "not_found", "nobody waits under this id")
        return
    member = state.door[request.waiting].person.member
    _send_away(state, request.waiting, "declined")
    record(state, by, wire.Done(re=request.id), Deed.DECLINED, member)


def let_in_whoever_may(state: RoomState) -> None:
    """After the rules of the door have changed."""
    for key, knock in list(state.door.items()):
        if not must_wait(state, knock.person, None):
            _let_in(state, key)
    say_queue(state)


def forget(state: RoomState, link: Link) -> None:
    """The connection is gone, and its person with the last one."""
    for key, knock in list(state.door.items()):
        _strike(state, key, [each for each in knock.enters if each.link == link])
    say_queue(state)


def clear_place(state: RoomState, member: str, reason: ClosedReason) -> None:
    """This person has no business at the door any more."""
    key = _place_of(state, member)
    if key is not None:
        _send_away(state, key, reason)


def logins_of(state: RoomState, member: str) -> set[str]:
    """The browsers with which this person waits."""
    key = _place_of(state, member)
    return set() if key is None else {each.login for each in state.door[key].enters}


def let_in_with(state: RoomState, command: Enter) -> None:
    """Whoever goes in by one browser does not wait at another one."""
    key = _place_of(state, command.person.member)
    if key is None:
        return
    for earlier in [each for each in state.door[key].enters if each.login == command.login]:
        state.effects.append(Shut(earlier.link, "elsewhere"))
        _strike(state, key, [earlier])
    if key in state.door:
        _let_in(state, key)
    say_queue(state)


def send_home(state: RoomState, login: str) -> None:
    """The browser's session is over."""
    for key, knock in list(state.door.items()):
        enters = [each for each in knock.enters if each.login == login]
        for enter in enters:
            state.effects.append(Shut(enter.link, "signed_out"))
        _strike(state, key, enters)
    say_queue(state)


def close(state: RoomState) -> None:
    for knock in state.door.values():
        for enter in knock.enters:
            state.effects.append(Shut(enter.link, "ended"))
    state.door.clear()


def say_queue(state: RoomState) -> bool:
    """To the hosts who waits, and to those how many they are. Whether it was time to."""
    mark = state.passing.door
    if not mark.changed or state.now < mark.next_at:
        return False
    mark.changed, mark.next_at = False, state.now + INTERVAL
    tell_hosts(state)
    for knock in state.door.values():
        for enter in knock.enters:
            _tell(state, enter, len(state.door))
    return True


def tell_hosts(state: RoomState) -> None:
    state.announce(wire.DoorChanged(seq=state.log.next_seq(), waiting=state.waiting()), to=HOSTS)


def _let_in(state: RoomState, key: str) -> None:
    knock = state.door.pop(key)
    state.passing.door.changed = True
    for enter in knock.enters:
        arrive(state, enter).known = True


def _send_away(state: RoomState, key: str, reason: ClosedReason) -> None:
    for enter in state.door.pop(key).enters:
        state.effects.append(Shut(enter.link, reason))
    state.passing.door.changed = True
    say_queue(state)


def _place_of(state: RoomState, member: str) -> str | None:
    return next((key for key, knock in state.door.items() if knock.person.member == member), None)


def _strike(state: RoomState, key: str, enters: list[Enter]) -> None:
    """Out of the place, which goes with the last one."""
    if enters:
        knock = state.door[key]
        knock.enters = [each for each in knock.enters if each not in enters]
        state.passing.door.changed = True
        if not knock.enters:
            del state.door[key]


def _tell(state: RoomState, enter: Enter, waiting: int) -> None:
    expected = enter.person.expected
    state.send(enter.link, wire.AtTheDoor(host=state.settings.teacher, expected=expected, waiting=waiting))
