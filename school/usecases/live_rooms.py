"""What a live room writes down so that it survives its process, and for the attendance: state, chat, stays.

Called by the room itself, so no rights are asked here. A room is named by its occurrence; NotFound when there is no
such lesson.
"""

from dataclasses import dataclass
from datetime import datetime

from school.chat import SHOWN_LINES, ChatLine
from school.lesson_view import LessonView
from school.refusals import NotFound
from school.store import Store, Transaction
from school.store.rooms import RoomRow
from school.usecases.finding import LONGEST_DAY, names_for, view_of


@dataclass(frozen=True)
class KeptRoom:
    """`state`: as the room gave it; nobody else reads it."""

    view: LessonView
    starts_at: datetime
    state: str


async def keep_room(store: Store, lesson_id: str, starts_at: datetime, state: str, now: datetime) -> None:
    """In place of what was kept of this room before."""
    async with store.write() as tx:
        if not await tx.rooms.replace(lesson_id, starts_at, state, now):
            await tx.rooms.add(RoomRow(await _school_of(tx, lesson_id), lesson_id, starts_at, state), now)


async def kept_rooms(store: Store, now: datetime) -> list[KeptRoom]:
    """Of occurrences that are still going on; what is left of others is dropped."""
    async with store.write() as tx:
        found = []
        for row in await tx.rooms.kept():
            room = await _kept_room(tx, row, now)
            if room is None:
                await tx.rooms.forget(row.lesson_id, row.starts_at)
            else:
                found.append(room)
        return found


async def forget_room(store: Store, lesson_id: str, starts_at: datetime) -> None:
    async with store.write() as tx:
        await tx.rooms.forget(lesson_id, starts_at)


async def keep_chat(store: Store, line: ChatLine) -> None:
    """The same message again is kept once."""
    async with store.write() as tx:
        await tx.chat.add(await _school_of(tx, line.lesson_id), line)


async def remove_chat(store: Store, message_id: str, by: str) -> None:
    """`by`: a member, its author or a host. The text goes, its place stays."""
    async with store.write() as tx:
        await tx.chat.remove(message_id, by)


async def chat_of(store: Store, lesson_id: str, starts_at: datetime) -> list[ChatLine]:
    """The latest, oldest first."""
    async with store.read() as tx:
        return await tx.chat.latest(lesson_id, starts_at, SHOWN_LINES)


async def came(store: Store, lesson_id: str, starts_at: datetime, member_id: str, at: datetime) -> None:
    """Whoever is in already stays in."""
    async with store.write() as tx:
        await tx.stays.begin(await _school_of(tx, lesson_id), lesson_id, starts_at, member_id, at)


async def left(store: Store, lesson_id: str, starts_at: datetime, member_id: str, at: datetime) -> None:
    async with store.write() as tx:
        await tx.stays.finish(lesson_id, starts_at, member_id, at)


async def _kept_room(tx: Transaction, row: RoomRow, now: datetime) -> KeptRoom | None:
    lesson = await tx.timetable.find(row.school_id, row.lesson_id)
    if lesson is None:
        return None
    courses = await tx.timetable.courses_of(lesson, now - LONGEST_DAY)
    course = next((one for one in courses if one.occurrence.starts_at == row.starts_at and one.running(now)), None)
    if course is None:
        return None
    names = await names_for(tx, row.school_id, [lesson])
    return KeptRoom(view_of(lesson, course, names, now), row.starts_at, row.state)


async def _school_of(tx: Transaction, lesson_id: str) -> str:
    lesson = await tx.timetable.find_anywhere(lesson_id)
    if lesson is None:
        raise NotFound(lesson_id)
    return lesson.school_id
