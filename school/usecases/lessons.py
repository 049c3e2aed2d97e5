"""Lessons and meetings: the day of a person, the card of one, the way into its room, and its start.

Called by signaling. Presence is no business of this file: it knows whether a room is open, not who is in it. What
is done in a room is in conduct.py.
"""

from collections.abc import Iterable
from datetime import datetime

from school.audit import Deed
from school.lesson_view import LessonView
from school.people import Member
from school.permissions import Action
from school.refusals import Refused
from school.schedule import Lesson
from school.store import Store
from school.usecases.admitting import Admission, admission_of
from school.usecases.auditing import entry_of
from school.usecases.finding import (
    Found,
    day_of,
    find_all_in,
    find_for,
    find_with,
    refused,
)

__all__ = ["Admission", "admission", "admissions", "card", "start", "today"]


async def today(store: Store, member: Member, now: datetime) -> list[LessonView]:
    """The day of the person: what they lead or attend, and what they may visit while it is going on."""
    async with store.read() as tx:
        return await day_of(tx, member, now)


async def card(store: Store, member: Member, lesson_id: str, now: datetime) -> LessonView:
    """The lesson before its room. Raises NotFound, or Refused for everybody who need not wait here."""
    async with store.read() as tx:
        found = await find_for(tx, member, lesson_id, now)
        if found.view.action is None and _over(found):
            raise await refused(tx, member, now, "ended", found.view)
        return found.view


async def admission(store: Store, member: Member, lesson_id: str, now: datetime) -> Admission:
    """The way into the room. Raises NotFound or Refused."""
    async with store.read() as tx:
        found = await find_for(tx, member, lesson_id, now)
        if found.view.room == "open":
            return await admission_of(tx, member, found)
        raise await refused(tx, member, now, "ended" if _over(found) else "not_open_yet", found.view)


async def admissions(store: Store, members: Iterable[Member], lesson: Lesson, now: datetime) -> dict[str, Admission]:
    """The same for many of its school at once, by member; whoever may not come in is left out."""
    async with store.read() as tx:
        found = await find_all_in(tx, members, lesson, now)
        return {member.id: await admission_of(tx, member, one) for member, one in found}


async def start(store: Store, member: Member, lesson_id: str, now: datetime) -> LessonView:
    """Opens the room, for the first time or again while the hour of the lesson lasts; an open one stays open.

    Raises NotFound, or Refused: not_allowed, not_open_yet, ended.
    """
    async with store.write() as tx:
        found = await find_with(tx, member, Action.START, lesson_id, now)
        if found.view.room == "open":
            return found.view
        if not found.course.may_start(now):
            raise Refused("ended" if found.view.when == "done" else "not_open_yet", lesson=found.view)
        await tx.timetable.open(found.lesson, found.course.occurrence, now)
        await tx.audit.add(entry_of(member, Deed.LESSON_STARTED, found, now))
        return (await find_for(tx, member, lesson_id, now)).view


def _over(found: Found) -> bool:
    return found.view.room == "ended" or found.view.when == "done"
