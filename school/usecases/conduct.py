"""What is done in a room: the powers of its hosts, co-hosts, the end, and what is reported to the administrator.

Called by signaling when its room has acted, or a page asks. Each use of a power leaves one audit entry in the
transaction that checks it; a refused one leaves none. What a power does to sound and pictures is the room's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import uuid4

from school.audit import AuditEntry, Deed
from school.parts import part_in
from school.people import Member
from school.permissions import Action, Reason, Standing, may, may_read_reports
from school.refusals import NotFound, Refused
from school.reports import AT_THE_DOOR, Report, ReportCategory
from school.schedule import Lesson, Occurrence
from school.store import Store, Transaction
from school.structure import SchoolClass
from school.usecases.admitting import Admission, admission_of
from school.usecases.auditing import entry_of
from school.usecases.finding import Found, classes_of_children, course_of, find_for, find_running, find_with, tie_of

RemovalReason = Literal["noise", "conduct", "stranger", "other"]

POWERS = frozenset(Deed) - {
    Deed.LESSON_STARTED,
    Deed.LESSON_ENDED,
    Deed.PARTICIPANT_REMOVED,
    Deed.COHOST_NAMED,
    Deed.COHOST_ENDED,
    Deed.OBSERVER_CAME,
    Deed.ONE_TO_ONE,
    Deed.REPORTED,
    Deed.ATTENDANCE_DOWNLOADED,
}
"""Deeds that are nothing but a power over a room; the others have a function of their own."""
_REACH_STAFF = frozenset({Deed.ADMITTED, Deed.CHAT_REMOVED, Deed.SPOTLIGHT_SET})
_MOST_REPORTS = 500


@dataclass(frozen=True)
class ReportView:
    """A report as the administrator reads it."""

    report: Report
    author: Member
    about: Member | None
    lesson: Lesson
    class_name: str


@dataclass(frozen=True)
class Use:
    """Of a power: `target_id` is the member concerned, None for the class as a whole."""

    deed: Deed
    target_id: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class Complaint:
    """What somebody says to the administrator, about a member or about nobody."""

    about_id: str | None
    category: ReportCategory
    text: str


async def use_power(store: Store, member: Member, lesson_id: str, use: Use, now: datetime) -> None:
    """Whether this host may do this at this moment, put down in the audit; the deed itself is the room's.

    Raises NotFound, or Refused: not_allowed, ended.
    """
    async with store.write() as tx:
        found = await find_running(tx, member, Action.USE_POWER, lesson_id, now)
        if use.deed not in POWERS:
            raise Refused("not_allowed")
        if use.target_id is not None:
            await _target(tx, found, use.target_id, reaches_staff=use.deed in _REACH_STAFF)
        await tx.audit.add(entry_of(member, use.deed, found, now, use.target_id or "", use.detail))


async def remove(
    store: Store, member: Member, lesson_id: str, removed_id: str, reason: RemovalReason, now: datetime
) -> None:
    """Sends a pupil or a parent out until it ends. Raises NotFound, or Refused: not_allowed, ended."""
    async with store.write() as tx:
        found = await find_running(tx, member, Action.REMOVE_PARTICIPANT, lesson_id, now)
        await _target(tx, found, removed_id, reaches_staff=False)
        await tx.timetable.remove(found.lesson, found.course.occurrence, removed_id, now)
        await tx.audit.add(entry_of(member, Deed.PARTICIPANT_REMOVED, found, now, removed_id, reason))


async def end(store: Store, member: Member, lesson_id: str, now: datetime) -> None:
    """Ends it for all; nothing happens when it is not going on. Raises NotFound, Refused(not_allowed)."""
    async with store.write() as tx:
        found = await find_with(tx, member, Action.END, lesson_id, now)
        if found.view.room == "open":
            await tx.timetable.end(found.course.occurrence, now)
            await tx.audit.add(entry_of(member, Deed.LESSON_ENDED, found, now))


async def name_cohost(
    store: Store, member: Member, lesson_id: str, target_id: str, now: datetime, *, on: bool
) -> Admission:
    """What the target is from this moment on. Raises NotFound, or Refused: not_allowed, ended; not_a_member for
    somebody who is a co-host no longer and was nothing else here."""
    async with store.write() as tx:
        found = await find_running(tx, member, Action.NAME_COHOST, lesson_id, now)
        target = await tx.people.find(found.lesson.school_id, target_id)
        if target is None:
            raise NotFound(target_id)
        if target.id == found.lesson.teacher_id or not (target.verified and target.is_adult_of_school):
            raise Refused("not_allowed")
        if (target.id in found.course.cohosts) != on:
            await _change_cohost(tx, member, found, target, now, on=on)
        named = await _admission_if_any(tx, target, lesson_id, now)
    if named is None:
        raise Refused("not_a_member")
    return named


async def observer_came(store: Store, member: Member, lesson_id: str, now: datetime) -> None:
    """Staff who look at a lesson of others. Raises NotFound, or Refused: not_allowed, ended."""
    async with store.write() as tx:
        found = await find_running(tx, member, Action.OBSERVE, lesson_id, now)
        await tx.audit.add(entry_of(member, Deed.OBSERVER_CAME, found, now))


async def one_to_one(store: Store, lesson_id: str, adult_id: str, child_id: str, now: datetime) -> None:
    """One adult and one child are alone in the room, which the school wants to know. Raises NotFound."""
    async with store.write() as tx:
        lesson = await tx.timetable.find_anywhere(lesson_id)
        if lesson is None:
            raise NotFound(lesson_id)
        held = (await course_of(tx, lesson, now)).occurrence
        await tx.audit.add(
            AuditEntry(lesson.school_id, adult_id, Deed.ONE_TO_ONE, lesson.id, held.starts_at, child_id, "", now)
        )


async def report(store: Store, member: Member, lesson_id: str, complaint: Complaint, now: datetime) -> None:
    """From inside the room to the administrator. Raises NotFound or Refused."""
    async with store.write() as tx:
        found = await find_for(tx, member, lesson_id, now)
        if complaint.about_id is not None and await tx.people.find(member.school_id, complaint.about_id) is None:
            raise NotFound(complaint.about_id)
        held = found.course.occurrence
        written = _report(member, held, complaint.category, now)
        await tx.reports.add(replace(written, about_id=complaint.about_id, text=complaint.text))
        await tx.audit.add(entry_of(member, Deed.REPORTED, found, now, complaint.about_id or "", complaint.category))


async def question(store: Store, member: Member, lesson_id: str, now: datetime) -> None:
    """A parent who is refused at a meeting says that their child is in this class; once, until it is seen.

    Raises NotFound, or Refused: not_allowed for everybody else.
    """
    async with store.write() as tx:
        tie = await tie_of(tx, member, lesson_id, now)
        if may(member, Action.ATTEND, tie.lesson, tie.standing).reason is not Reason.WRONG_MEETING:
            raise Refused("not_allowed")
        if await tx.reports.unseen_of(lesson_id, member.id, AT_THE_DOOR):
            return
        held = tie.course.occurrence
        await tx.reports.add(_report(member, held, AT_THE_DOOR, now))
        await tx.audit.add(
            AuditEntry(member.school_id, member.id, Deed.REPORTED, lesson_id, held.starts_at, "", AT_THE_DOOR, now)
        )


async def reports(store: Store, member: Member) -> list[ReportView]:
    """Of the administrator's school, unseen first, then the newest. Raises Refused(not_allowed)."""
    if not may_read_reports(member):
        raise Refused("not_allowed")
    async with store.read() as tx:
        found = await tx.reports.of_school(member.school_id, _MOST_REPORTS)
        concerned = {one.author_id for one in found} | {one.about_id for one in found if one.about_id is not None}
        people = await tx.people.several(member.school_id, concerned)
        lessons = await tx.timetable.several(member.school_id, {one.lesson_id for one in found})
        classes = await tx.structure.classes(member.school_id)
        return [_report_view(one, people, lessons, classes) for one in found]


async def mark_seen(store: Store, member: Member, report_id: str, now: datetime) -> None:
    """Raises Refused(not_allowed), NotFound."""
    if not may_read_reports(member):
        raise Refused("not_allowed")
    async with store.write() as tx:
        if await tx.reports.find(member.school_id, report_id) is None:
            raise NotFound(report_id)
        await tx.reports.mark_seen(report_id, now)


async def _target(tx: Transaction, found: Found, target_id: str, *, reaches_staff: bool) -> None:
    """Raises NotFound, or Refused: not_allowed."""
    person = await tx.people.find(found.lesson.school_id, target_id)
    if person is None:
        raise NotFound(target_id)
    if reaches_staff and person.is_adult_of_school:
        return
    standing = Standing(found.course.cohosts, await classes_of_children(tx, person))
    part = part_in(person, found.lesson, standing)
    if part is None or not part.within_powers:
        raise Refused("not_allowed")


async def _change_cohost(
    tx: Transaction, member: Member, found: Found, target: Member, now: datetime, *, on: bool
) -> None:
    held = found.course.occurrence
    if on:
        await tx.timetable.name_cohost(found.lesson, held, target.id, now)
    else:
        await tx.timetable.end_cohost(held, target.id)
    deed = Deed.COHOST_NAMED if on else Deed.COHOST_ENDED
    await tx.audit.add(entry_of(member, deed, found, now, target.id))


async def _admission_if_any(tx: Transaction, target: Member, lesson_id: str, now: datetime) -> Admission | None:
    try:
        return await admission_of(tx, target, await find_for(tx, target, lesson_id, now))
    except Refused:
        return None


def _report(author: Member, held: Occurrence, category: ReportCategory, now: datetime) -> Report:
    """About nobody, without a text."""
    return Report(
        id=uuid4().hex,
        school_id=author.school_id,
        lesson_id=held.lesson_id,
        starts_at=held.starts_at,
        author_id=author.id,
        about_id=None,
        category=category,
        text="",
        at=now,
    )


def _report_view(
    one: Report, people: Mapping[str, Member], lessons: Mapping[str, Lesson], classes: Mapping[str, SchoolClass]
) -> ReportView:
    lesson = lessons[one.lesson_id]
    return ReportView(
        report=one,
        author=people[one.author_id],
        about=None if one.about_id is None else people[one.about_id],
        lesson=lesson,
        class_name=classes[lesson.class_id].name,
    )
