"""What a live room remembers, as a text that outlives the process: a pure codec, called by room.py and restoring.py.

Member ids stand for people, and no names: those, and what everybody may, are asked of the school again. Times are Unix
seconds, since the next process counts its own from another zero. Chat is kept apart, message by message.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from school.chat import ChatLine
from sfu import messages as node
from signaling.live import adults
from signaling.live import messages as wire
from signaling.live.commands import Person
from signaling.live.devices import LOST_SECONDS, Device, Presence, Transport
from signaling.live.event_log import EventLog
from signaling.live.room_state import RoomState
from signaling.live.seats import Seat

# Far beyond what the last process may have said after its last state was written, so that whoever resumes is shown
# the whole room.
SEQ_STEP: Final = 100_000


class Origin(msgspec.Struct, frozen=True):
    """What a room is called between the processes, and when it began, in Unix seconds: a lesson that is started again
    in its hour is another room, with a chat of its own."""

    room: str
    opened_at: float


class KeptTransport(msgspec.Struct, frozen=True, kw_only=True):
    connection: int
    number: int
    publish: list[wire.TrackKind]
    answered: bool
    failed: bool
    slots: list[node.SlotMapping]
    line: wire.YourLink


class KeptDevice(msgspec.Struct, frozen=True, kw_only=True):
    """Of `devices.Device`, everything but what belongs to the connections of one process."""

    login: str
    session_digest: str
    media: wire.Media
    sound: bool
    taken: list[wire.TrackKind]
    layout: wire.Layout
    view: list[wire.ViewedTrack]
    transports: list[KeptTransport]
    highest: int
    told: wire.ThisDevice | None
    told_line: wire.YourLink | None


class KeptSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Of `seats.Seat`, everything but its person and what belongs to the connections of one process. With a device in
    it, its person was in."""

    participant: str
    member: str
    role: wire.RoomRole
    sources: dict[wire.TrackKind, int]
    muted: bool
    mutes: int
    closed: list[wire.Restricted]
    floor: bool
    hand: float | None
    answer: Literal["yes", "no"] | None
    layout: wire.Layout
    known: bool
    removed: bool
    said: list[str]
    highest: int
    devices: list[KeptDevice]

    @property
    def present(self) -> bool:
        return bool(self.devices)


class KeptClock(msgspec.Struct, frozen=True, kw_only=True):
    counting: bool
    adults: int
    children: int
    left_at: float | None
    company_left_at: float | None
    unheard_since: float | None


class KeptRoom(msgspec.Struct, frozen=True, kw_only=True):
    """`incarnation`: of the media node that has its connections. `unsaid`: ids of chat messages that have been taken
    away, by whom; their rows follow a moment later."""

    origin: Origin
    incarnation: str | None
    seq: int
    rules: wire.RoomSettings
    spotlight: list[str]
    unsaid: dict[str, Literal["author", "host"]]
    clock: KeptClock
    seats: list[KeptSeat]


_decoder: Final = msgspec.json.Decoder(KeptRoom)


def dump(state: RoomState, origin: Origin, incarnation: str | None) -> str:
    offset, clock = state.settings.unix_offset, state.clock
    kept = KeptRoom(
        origin=origin,
        incarnation=incarnation,
        seq=state.log.seq,
        rules=state.rules,
        spotlight=state.spotlight,
        unsaid={line.id: line.removed for line in state.chat if line.removed is not None},
        clock=KeptClock(
            counting=clock.present.counting,
            adults=clock.present.adults,
            children=clock.present.children,
            left_at=_moved(clock.left_at, offset),
            company_left_at=_moved(clock.company_left_at, offset),
            unheard_since=_moved(clock.unheard_since, offset),
        ),
        seats=[_kept_seat(seat) for seat in state.seats.values()],
    )
    return msgspec.json.encode(kept).decode()


def read(text: str) -> KeptRoom:
    """Raises msgspec.DecodeError for anything that `dump` of this version has not written."""
    return _decoder.decode(text)


def restore(state: RoomState, kept: KeptRoom, persons: Mapping[str, Person], chat: Sequence[ChatLine]) -> None:
    """Into a state that nothing has happened in yet. Whoever was in has lost the network, and as long as ever to come
    back. A seat whose member nobody knows any more is left out."""
    offset = state.settings.unix_offset
    state.rules, state.spotlight = kept.rules, list(kept.spotlight)
    for each in kept.seats:
        if each.member in persons:
            state.add_seat(_seat(each, persons[each.member], state.now))
    state.numbers.keep_clear_of(number for each in kept.seats for number in each.sources.values())
    state.chat = [
        _said(state, line, persons)
        for line in chat
        if line.author_id in persons and line.at.timestamp() >= kept.origin.opened_at
    ]
    state.clock = adults.Clock(
        adults.Present(kept.clock.counting, kept.clock.adults, kept.clock.children),
        _moved(kept.clock.left_at, -offset),
        _moved(kept.clock.company_left_at, -offset),
        _unheard_since(state, kept.clock),
    )
    state.log = EventLog(kept.seq + SEQ_STEP)
    state.flow = state.flow_at_the_moment()


def _kept_seat(seat: Seat) -> KeptSeat:
    return KeptSeat(
        participant=seat.participant,
        member=seat.person.member,
        role=seat.person.role,
        sources=seat.sources,
        muted=seat.muted,
        mutes=seat.mutes,
        closed=sorted(seat.closed),
        floor=seat.floor,
        hand=seat.hand,
        answer=seat.answer,
        layout=seat.layout,
        known=seat.known,
        removed=seat.removed,
        said=seat.said,
        highest=seat.highest,
        devices=[_kept_device(device) for device in seat.devices],
    )


def _kept_device(device: Device) -> KeptDevice:
    return KeptDevice(
        login=device.login,
        session_digest=device.session_digest,
        media=device.media,
        sound=device.sound,
        taken=sorted(device.taken),
        layout=device.layout,
        view=device.view,
        transports=[
            KeptTransport(
                connection=each.connection,
                number=each.number,
                publish=sorted(each.publish),
                answered=each.answered,
                failed=each.failed,
                slots=each.slots,
                line=each.line,
            )
            for each in device.transports
        ],
        highest=device.highest,
        told=device.told,
        told_line=device.told_line,
    )


def _seat(kept: KeptSeat, person: Person, now: float) -> Seat:
    return Seat(
        participant=kept.participant,
        person=person,
        sources=kept.sources,
        muted=kept.muted,
        mutes=kept.mutes,
        closed=frozenset(kept.closed),
        floor=kept.floor,
        hand=kept.hand,
        answer=kept.answer,
        layout=kept.layout,
        known=kept.known,
        removed=kept.removed,
        said=list(kept.said),
        highest=kept.highest,
        devices=[_device(each, now) for each in kept.devices],
        gone_since=now if kept.devices else None,
    )


def _device(kept: KeptDevice, now: float) -> Device:
    return Device(
        login=kept.login,
        session_digest=kept.session_digest,
        presence=Presence.LOST,
        gone_at=now + LOST_SECONDS,
        media=kept.media,
        sound=kept.sound,
        taken=frozenset(kept.taken),
        layout=kept.layout,
        view=kept.view,
        transports=[
            Transport(
                each.connection, each.number, frozenset(each.publish), each.answered, each.failed, each.slots, each.line
            )
            for each in kept.transports
        ],
        highest=kept.highest,
        told=kept.told,
        told_line=kept.told_line,
    )


def _said(state: RoomState, line: ChatLine, persons: Mapping[str, Person]) -> wire.ChatMessage:
    """Whoever has no seat here any more is a name and no participant."""
    seat = state.seat_of_member(line.author_id)
    return wire.ChatMessage(
        id=line.id,
        author="" if seat is None else seat.participant,
        name=persons[line.author_id].short_name,
        text=line.text,
        at=line.at.timestamp(),
        to=line.to,
        removed=line.removed,
    )


def _unheard_since(state: RoomState, clock: KeptClock) -> float | None:
    """Whoever was really there until the restart is not any more from this moment."""
    if clock.unheard_since is None:
        return state.now if clock.counting else None
    return clock.unheard_since - state.settings.unix_offset


def _moved(at: float | None, by: float) -> float | None:
    return None if at is None else at + by
