"""The rooms of an earlier process go on: from the rows that it left, and what the school says of their people at this
moment, to live rooms. Called once by the composition root, before the port listens.

A room that cannot be read is left out and its people join a new one; nothing here keeps the process from serving.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from school.chat import ChatLine
from school.people import Member
from school.store import Store
from school.usecases import lessons, live_rooms
from signaling.faults import fault
from signaling.live import entrance, kept
from signaling.live.commands import KeepPresence, Person
from signaling.live.person import AdultRule, past_person, person_of
from signaling.live.room_state import RoomState
from signaling.live.rooms import LiveLesson, Rooms, live_lesson
from signaling.metrics import Metrics

_log = structlog.get_logger("restoring")


@dataclass(frozen=True, slots=True)
class School:
    """What is asked, at which moment, and by which rule adults count."""

    store: Store
    now: datetime
    adults: AdultRule


async def restore_rooms(rooms: Rooms, school: School, metrics: Metrics) -> None:
    for row in await live_rooms.kept_rooms(school.store, school.now):
        try:
            await _restore(rooms, school, row)
        except Exception as error:  # noqa: BLE001 - the border of a room: its fault must not keep the others away
            metrics.faults.labels(part="restoring").inc()
            _log.error("room_not_restored", **fault(error))


async def _restore(rooms: Rooms, school: School, row: live_rooms.KeptRoom) -> None:
    room = kept.read(row.state)
    lesson = live_lesson(row.view)
    chat = await _chat(school.store, lesson, room)
    concerned = {seat.member for seat in room.seats} | {line.author_id for line in chat}
    members = await _members(school.store, row.view.lesson.school_id, concerned)
    present = [members[seat.member] for seat in room.seats if seat.present and seat.member in members]
    admitted = await _admitted(school, row, present)
    roles = {seat.member: seat.role for seat in room.seats}
    past = {id_: past_person(member, roles.get(id_, "observer")) for id_, member in members.items()}
    state = rooms.state_for(lesson)
    kept.restore(state, room, past | admitted, chat)
    for seat in state.present():
        if seat.person.member not in admitted:
            entrance.depart(state, seat, "left")
    _say_presence(state)
    rooms.restored(lesson, room.origin, state, room.incarnation)
    _log.info("room_restored", room=room.origin.room, seats=len(room.seats), present=len(state.present()))


def _say_presence(state: RoomState) -> None:
    """What the last process had not yet written of who came and went; written once more, it changes nothing."""
    for seat in state.seats.values():
        if seat.known:
            what: Literal["came", "left"] = "came" if seat.present else "left"
            state.effects.append(KeepPresence(seat.person.member, what, state.unix_now))


async def _chat(store: Store, lesson: LiveLesson, room: kept.KeptRoom) -> list[ChatLine]:
    """What the last process had taken away, and not from its rows yet, is taken away before anybody reads it."""
    chat = await live_rooms.chat_of(store, lesson.lesson, lesson.starts_at)
    late = [line for line in chat if line.removed is None and line.id in room.unsaid]
    for line in late:
        await live_rooms.remove_chat(store, line.id, line.author_id if room.unsaid[line.id] == "author" else "")
    return await live_rooms.chat_of(store, lesson.lesson, lesson.starts_at) if late else chat


async def _members(store: Store, school_id: str, ids: Iterable[str]) -> dict[str, Member]:
    async with store.read() as tx:
        return dict(await tx.people.several(school_id, ids))


async def _admitted(school: School, row: live_rooms.KeptRoom, members: Iterable[Member]) -> dict[str, Person]:
    """Those who may be in at this moment."""
    by_id = {member.id: member for member in members}
    admitted = await lessons.admissions(school.store, by_id.values(), row.view.lesson, school.now)
    return {
        id_: person_of(by_id[id_], admission, school.adults)
        for id_, admission in admitted.items()
        if admission.view.occurrence.starts_at == row.starts_at
    }
