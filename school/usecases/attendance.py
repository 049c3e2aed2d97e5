"""The attendance of one lesson or meeting: everybody of its list and whoever else was in.

Called by signaling for the page and for the files. The arithmetic is in school/attendance.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from school.attendance import Hours, Record, record_of
from school.audit import AuditEntry, Deed
from school.lesson_view import LessonView
from school.parts import Part, RoomRole, part_in
from school.people import Guardianship, Member, Role
from school.permissions import Action, Standing, may
from school.refusals import Refused
from school.schedule import Course, Lesson, RoomKind
from school.store import Store, Transaction
from school.usecases.admitting import about_in
from school.usecases.finding import names_for, tie_of, view_of

FileKind = Literal["csv", "xlsx"]


@dataclass(frozen=True)
class SheetRow:
    """`expected`: on the list, or a host. `about`: the words under the name."""

    member: Member
    about: str
    room_role: RoomRole
    expected: bool
    record: Record


@dataclass(frozen=True)
class Sheet:
    """Of the holding that goes on, or else of the last one that was held. `zone`: in which its times are read."""

    view: LessonView
    zone: str
    now: datetime
    rows: list[SheetRow]


async def sheet(store: Store, member: Member, lesson_id: str, now: datetime) -> Sheet:
    """In the order of the list: family name, given name. Raises NotFound, or Refused: not_allowed."""
    async with store.read() as tx:
        return await _sheet(tx, member, lesson_id, now)


async def download(store: Store, member: Member, lesson_id: str, kind: FileKind, now: datetime) -> Sheet:
    """The same for a file that leaves the school's pages, which the audit keeps."""
    async with store.write() as tx:
        made = await _sheet(tx, member, lesson_id, now)
        held = made.view.occurrence
        await tx.audit.add(
            AuditEntry(
                member.school_id, member.id, Deed.ATTENDANCE_DOWNLOADED, held.lesson_id, held.starts_at, "", kind, now
            )
        )
        return made


async def _sheet(tx: Transaction, member: Member, lesson_id: str, now: datetime) -> Sheet:
    tie = await tie_of(tx, member, lesson_id, now)
    lesson, course = tie.lesson, tie.course
    if not may(member, Action.SEE_ATTENDANCE, lesson, tie.standing).allowed:
        raise Refused("not_allowed")
    if course.started_at is None:
        course = await tx.timetable.last_course(lesson) or course
    names = await names_for(tx, lesson.school_id, [lesson])
    view = view_of(lesson, course, names, now)
    return Sheet(view, names.zone.key, now, await _rows(tx, lesson, course, now))


async def _rows(tx: Transaction, lesson: Lesson, course: Course, now: datetime) -> list[SheetRow]:
    held = course.occurrence
    noted = await tx.stays.of_room(held.lesson_id, held.starts_at)
    listed, families = await _list(tx, lesson)
    others = await tx.people.several(lesson.school_id, noted.keys() - listed.keys())
    hours = _hours(course, now)
    rows = []
    for person in (listed | others).values():
        children = families.get(person.id, [])
        part = _part(person, lesson, Standing(course.cohosts, _classes(lesson, children)))
        expected = part.host or person.id in listed
        kept = record_of(noted.get(person.id, ()), hours)
        rows.append(SheetRow(person, about_in(person, part, children), part.room_role, expected, kept))
    return sorted(rows, key=lambda row: (row.member.family_name, row.member.given_name, row.member.id))


def _hours(course: Course, now: datetime) -> Hours:
    held = course.occurrence
    begins_at = held.starts_at if course.started_at is None else max(held.starts_at, course.started_at)
    closed_at = course.ended_at
    if closed_at is None and now >= course.latest_end:
        closed_at = course.latest_end
    return Hours(begins_at, held.ends_at, closed_at, now)


async def _list(tx: Transaction, lesson: Lesson) -> tuple[dict[str, Member], dict[str, list[Guardianship]]]:
    """Who is expected: the pupils of the class, or their parents with the children that each has in it."""
    pupils = {one.id: one for one in await tx.people.in_class(lesson.school_id, lesson.class_id, Role.PUPIL)}
    if lesson.kind is RoomKind.LESSON:
        return pupils, {}
    families: defaultdict[str, list[Guardianship]] = defaultdict(list)
    for guardianship in await tx.people.guardians_of(pupils):
        families[guardianship.guardian_id].append(guardianship)
    return await tx.people.several(lesson.school_id, families), families


def _classes(lesson: Lesson, children: Iterable[Guardianship]) -> frozenset[str]:
    return frozenset({lesson.class_id}) if children else frozenset()


def _part(person: Member, lesson: Lesson, standing: Standing) -> Part:
    """Somebody who was in and has no part any more is shown as a visitor."""
    return part_in(person, lesson, standing) or Part("observer", host=False)
