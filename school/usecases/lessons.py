"""Lessons: the day of a person, the card of one lesson, the way into its room, and the powers of its teacher.

Called by signaling. Each use of a power leaves an audit entry in the same transaction. Presence is no
business of this file: it knows whether a room is open, not who is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from school.audit import AuditEntry, Deed
from school.lesson_view import LessonAction, LessonView
from school.people import Member
from school.permissions import Action, Reason, may
from school.refusals import NotFound, RefusalCode, Refused
from school.schedule import (
    Course,
    Lesson,
    Occurrence,
    course_in_force,
    number_in_day,
    occurrences_of_day,
)
from school.store import Store, Transaction
from school.structure import SchoolClass
from school.usecases.people import describe_in

RoomRole = Literal["teacher", "pupil", "observer"]
RemovalReason = Literal["noise", "conduct", "stranger", "other"]

_LONGEST_DAY = timedelta(hours=26)
_ROLES: tuple[tuple[RoomRole, Action], ...] = (
    ("teacher", Action.TEACH_LESSON),
    ("pupil", Action.ATTEND_LESSON),
    ("observer", Action.OBSERVE_LESSON),
)
_REFUSALS: dict[Reason, RefusalCode] = {
    Reason.WRONG_CLASS: "wrong_class",
    Reason.PARENTS_NOT_IN_LESSONS: "parents_not_in_lessons",
    Reason.NOT_A_MEMBER: "not_a_member",
    Reason.NOT_ALLOWED: "not_allowed",
}


@dataclass(frozen=True)
class Admission:
    room_role: RoomRole
    view: LessonView


@dataclass(frozen=True)
class _Found:
    """A lesson that this person may know of, with what happened in it."""

    lesson: Lesson
    course: Course
    view: LessonView
    room_role: RoomRole


@dataclass(frozen=True)
class _Names:
    classes: Mapping[str, SchoolClass]
    teachers: Mapping[str, Member]
    zone: ZoneInfo


async def today(store: Store, member: Member, now: datetime) -> list[LessonView]:
    """The day of the person: what they teach or attend, and what they may observe while it is going on."""
    async with store.read() as tx:
        return await _day(tx, member, now)


async def card(store: Store, member: Member, lesson_id: str, now: datetime) -> LessonView:
    """The lesson before its room. Raises NotFound, or Refused for everybody who need not wait here."""
    async with store.read() as tx:
        found = await _find_for(tx, member, lesson_id, now)
        if found.view.action is None and _over(found):
            raise await _refused(tx, member, now, "ended", found.view)
        return found.view


async def admission(store: Store, member: Member, lesson_id: str, now: datetime) -> Admission:
    """The way into the room. Raises NotFound or Refused."""
    async with store.read() as tx:
        found = await _find_for(tx, member, lesson_id, now)
        if found.view.room == "open":
            return Admission(found.room_role, found.view)
        raise await _refused(tx, member, now, "ended" if _over(found) else "not_open_yet", found.view)


def may_in_room(member: Member, action: Action, view: LessonView) -> bool:
    """Whether this member has this power in the room of this lesson."""
    return may(member, action, view.lesson).allowed


async def start(store: Store, member: Member, lesson_id: str, now: datetime) -> LessonView:
    """Opens the room, for the first time or again while the hour of the lesson lasts; an open one stays open.

    Raises NotFound, or Refused: not_allowed, not_open_yet, ended.
    """
    async with store.write() as tx:
        found = await _found(tx, member, Action.START_LESSON, lesson_id, now)
        if found.view.room == "open":
            return found.view
        if not found.course.may_start(now):
            raise Refused("ended" if found.view.when == "done" else "not_open_yet", lesson=found.view)
        await tx.timetable.open(found.lesson, found.course.occurrence, now)
        await tx.audit.add(_entry(member, Deed.LESSON_STARTED, found, now))
        return (await _find_for(tx, member, lesson_id, now)).view


async def end(store: Store, member: Member, lesson_id: str, now: datetime) -> None:
    """Ends it for all; nothing happens when it is not going on. Raises NotFound, Refused(not_allowed)."""
    async with store.write() as tx:
        found = await _found(tx, member, Action.END_LESSON, lesson_id, now)
        if found.view.room == "open":
            await tx.timetable.end(found.course.occurrence, now)
            await tx.audit.add(_entry(member, Deed.LESSON_ENDED, found, now))


async def remove(
    store: Store, member: Member, lesson_id: str, removed_id: str, reason: RemovalReason, now: datetime
) -> None:
    """Sends a pupil out until the lesson ends. Raises NotFound, or Refused: not_allowed, ended."""
    async with store.write() as tx:
        found = await _running(tx, member, Action.REMOVE_PARTICIPANT, lesson_id, now)
        await _attendant(tx, found.lesson, removed_id)
        await tx.timetable.remove(found.lesson, found.course.occurrence, removed_id, now)
        await tx.audit.add(_entry(member, Deed.PARTICIPANT_REMOVED, found, now, removed_id, reason))


async def mute(store: Store, member: Member, lesson_id: str, muted_id: str, now: datetime) -> None:
    """Whether this teacher may mute this pupil at this moment, put down in the audit; the cut itself is the room's.

    Raises NotFound, or Refused: not_allowed, ended.
    """
    async with store.write() as tx:
        found = await _running(tx, member, Action.MUTE_PARTICIPANT, lesson_id, now)
        await _attendant(tx, found.lesson, muted_id)
        await tx.audit.add(_entry(member, Deed.PARTICIPANT_MUTED, found, now, muted_id))


async def _find_for(tx: Transaction, member: Member, lesson_id: str, now: datetime) -> _Found:
    """Raises NotFound, or Refused when the lesson is not this person's or they were removed from it."""
    lesson = await tx.timetable.find(member.school_id, lesson_id)
    if lesson is None:
        raise NotFound(lesson_id)
    role = _role_in(member, lesson)
    if role is None:
        reason = may(member, Action.ATTEND_LESSON, lesson).reason
        raise await _refused(tx, member, now, _REFUSALS[reason])
    zone = await _zone(tx, member)
    classes = await tx.structure.classes(member.school_id)
    teachers = await tx.people.several(member.school_id, [lesson.teacher_id])
    course = course_in_force(lesson, await tx.timetable.courses_of(lesson, now - _LONGEST_DAY), now, zone)
    view = _view(lesson, course, _Names(classes, teachers, zone), _action(member, role, course, now), now)
    if member.id in course.removed:
        raise await _refused(tx, member, now, "removed", view)
    return _Found(lesson, course, view, role)


async def _day(tx: Transaction, member: Member, now: datetime) -> list[LessonView]:
    zone = await _zone(tx, member)
    classes = await tx.structure.classes(member.school_id)
    lessons = await tx.timetable.of_weekday(member.school_id, now.astimezone(zone).isoweekday())
    courses = await tx.timetable.courses_of_school(member.school_id, now - _LONGEST_DAY)
    parts = [
        (lesson, role, _course_of_day(held, courses.get(lesson.id, []), now))
        for lesson, held in occurrences_of_day(lessons, now, zone)
        if (role := _role_in(member, lesson)) is not None
    ]
    shown = [part for part in parts if part[1] != "observer" or part[2].when(now) == "now"]
    teachers = await tx.people.several(member.school_id, {lesson.teacher_id for lesson, _, _ in shown})
    names = _Names(classes, teachers, zone)
    return [_view(lesson, course, names, _action(member, role, course, now), now) for lesson, role, course in shown]


def _course_of_day(held: Occurrence, stored: list[Course], now: datetime) -> Course:
    """What is still going on stands in the place of the next holding of the same lesson."""
    running = next((course for course in stored if course.running(now)), None)
    return running or next((course for course in stored if course.occurrence == held), Course(held))


def _view(lesson: Lesson, course: Course, names: _Names, action: LessonAction | None, now: datetime) -> LessonView:
    return LessonView(
        lesson=lesson,
        occurrence=course.occurrence,
        number=number_in_day(lesson, course.occurrence, names.zone),
        class_name=names.classes[lesson.class_id].name,
        teacher=names.teachers[lesson.teacher_id],
        room=course.room(now),
        when=course.when(now),
        action=action,
    )


def _action(member: Member, role: RoomRole, course: Course, now: datetime) -> LessonAction | None:
    if member.id in course.removed:
        return None
    if course.running(now):
        return "observe" if role == "observer" else "join"
    if not course.may_start(now):
        return None
    if role == "teacher":
        return "start"
    return "wait" if course.started_at is None else None


def _over(found: _Found) -> bool:
    return found.view.room == "ended" or found.view.when == "done"


def _role_in(member: Member, lesson: Lesson) -> RoomRole | None:
    return next((role for role, action in _ROLES if may(member, action, lesson).allowed), None)


async def _zone(tx: Transaction, member: Member) -> ZoneInfo:
    return ZoneInfo((await tx.structure.school(member.school_id)).zone)


async def _refused(
    tx: Transaction, member: Member, now: datetime, code: RefusalCode, lesson: LessonView | None = None
) -> Refused:
    """The refusal with the doors that are open for this person instead."""
    others = [view for view in await _day(tx, member, now) if view.when == "now" and view.action is not None]
    going_on = [view for view in others if lesson is None or view.lesson.id != lesson.lesson.id]
    going_on.sort(key=lambda view: view.room != "open")
    person = await describe_in(tx, member)
    return Refused(
        code,
        lesson=lesson,
        own_lesson=going_on[0] if going_on else None,
        own_class_name=person.class_name,
    )


async def _found(tx: Transaction, member: Member, action: Action, lesson_id: str, now: datetime) -> _Found:
    lesson = await tx.timetable.find(member.school_id, lesson_id)
    if lesson is None:
        raise NotFound(lesson_id)
    if not may(member, action, lesson).allowed:
        raise Refused("not_allowed")
    return await _find_for(tx, member, lesson_id, now)


async def _running(tx: Transaction, member: Member, action: Action, lesson_id: str, now: datetime) -> _Found:
    found = await _found(tx, member, action, lesson_id, now)
    if found.view.room != "open":
        raise Refused("ended", lesson=found.view)
    return found


async def _attendant(tx: Transaction, lesson: Lesson, member_id: str) -> None:
    """The powers of a teacher reach those who attend the lesson, not observers."""
    person = await tx.people.find(lesson.school_id, member_id)
    if person is None:
        raise NotFound(member_id)
    if not may(person, Action.ATTEND_LESSON, lesson).allowed:
        raise Refused("not_allowed")


def _entry(
    member: Member, deed: Deed, found: _Found, now: datetime, target_id: str = "", detail: str = ""
) -> AuditEntry:
    held = found.course.occurrence
    return AuditEntry(found.lesson.school_id, member.id, deed, held.lesson_id, held.starts_at, target_id, detail, now)
