"""A lesson or meeting as one member finds it: its course, what ties them to it, their part in it, and the refusal
where there is none.

Called by the other use cases inside their transactions. It changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from school.lesson_view import LessonAction, LessonView
from school.parts import Part, part_in
from school.people import Guardianship, Member, Role
from school.permissions import Action, Reason, Standing, may
from school.refusals import NotFound, RefusalCode, Refused
from school.schedule import (
    Course,
    Lesson,
    Occurrence,
    course_in_force,
    number_in_day,
    occurrence_after,
    occurrences_of_day,
)
from school.store import Transaction
from school.structure import SchoolClass
from school.usecases.people import describe_in

LONGEST_DAY = timedelta(hours=26)
_REFUSALS: dict[Reason, RefusalCode] = {
    Reason.WRONG_CLASS: "wrong_class",
    Reason.PARENTS_NOT_IN_LESSONS: "parents_not_in_lessons",
    Reason.WRONG_MEETING: "wrong_meeting",
    Reason.PUPILS_NOT_IN_MEETINGS: "pupils_not_in_meetings",
    Reason.NOT_A_MEMBER: "not_a_member",
    Reason.NOT_ALLOWED: "not_allowed",
}


@dataclass(frozen=True)
class Tie:
    """A lesson of the member's school, what happened in it, and what ties them to it. Nothing is said of rights."""

    lesson: Lesson
    course: Course
    standing: Standing


@dataclass(frozen=True)
class Found:
    """A lesson that this person may know of, with what happened in it."""

    lesson: Lesson
    course: Course
    part: Part
    view: LessonView


@dataclass(frozen=True)
class Names:
    classes: Mapping[str, SchoolClass]
    teachers: Mapping[str, Member]
    zone: ZoneInfo


async def find_for(tx: Transaction, member: Member, lesson_id: str, now: datetime) -> Found:
    """Raises NotFound, or Refused when the lesson is not this person's or they were removed from it."""
    return await _found(tx, member, await tie_of(tx, member, lesson_id, now), now)


async def find_with(tx: Transaction, member: Member, action: Action, lesson_id: str, now: datetime) -> Found:
    """The same for whoever has this right over it. Raises NotFound, or Refused: not_allowed."""
    tie = await tie_of(tx, member, lesson_id, now)
    if not may(member, action, tie.lesson, tie.standing).allowed:
        raise Refused("not_allowed")
    return await _found(tx, member, tie, now)


async def _found(tx: Transaction, member: Member, tie: Tie, now: datetime) -> Found:
    part = part_in(member, tie.lesson, tie.standing)
    if part is None:
        reason = may(member, Action.ATTEND, tie.lesson, tie.standing).reason
        raise await refused(tx, member, now, _REFUSALS[reason])
    names = await names_for(tx, member.school_id, [tie.lesson])
    view = view_for(member, part, tie.lesson, tie.course, names, now)
    if member.id in tie.course.removed:
        raise await refused(tx, member, now, "removed", view)
    return Found(tie.lesson, tie.course, part, view)


async def find_running(tx: Transaction, member: Member, action: Action, lesson_id: str, now: datetime) -> Found:
    """The same, while its room is open. Raises NotFound, or Refused: not_allowed, ended."""
    found = await find_with(tx, member, action, lesson_id, now)
    if found.view.room != "open":
        raise Refused("ended", lesson=found.view)
    return found


async def find_all_in(
    tx: Transaction, members: Iterable[Member], lesson: Lesson, now: datetime
) -> list[tuple[Member, Found]]:
    """For many of one school at once, those who have a part in it; nobody while its room is not open."""
    course = await course_of(tx, lesson, now)
    if not course.running(now):
        return []
    names = await names_for(tx, lesson.school_id, [lesson])
    found = []
    for member in members:
        part = part_in(member, lesson, Standing(course.cohosts, await classes_of_children(tx, member)))
        if part is not None and member.id not in course.removed:
            view = view_for(member, part, lesson, course, names, now)
            found.append((member, Found(lesson, course, part, view)))
    return found


async def tie_of(tx: Transaction, member: Member, lesson_id: str, now: datetime) -> Tie:
    """Raises NotFound."""
    lesson = await tx.timetable.find(member.school_id, lesson_id)
    if lesson is None:
        raise NotFound(lesson_id)
    course = await course_of(tx, lesson, now)
    return Tie(lesson, course, Standing(course.cohosts, await classes_of_children(tx, member)))


async def course_of(tx: Transaction, lesson: Lesson, now: datetime) -> Course:
    recent = await tx.timetable.courses_of(lesson, now - LONGEST_DAY)
    return course_in_force(lesson, recent, now, await zone_of(tx, lesson.school_id))


async def day_of(tx: Transaction, member: Member, now: datetime) -> list[LessonView]:
    """What they lead, teach or attend, and what they may visit while it is going on."""
    zone = await zone_of(tx, member.school_id)
    lessons = await tx.timetable.of_weekday(member.school_id, now.astimezone(zone).isoweekday())
    courses = await tx.timetable.courses_of_school(member.school_id, now - LONGEST_DAY)
    children_classes = await classes_of_children(tx, member)
    shown: list[tuple[Lesson, Course, Part]] = []
    for lesson, held in occurrences_of_day(lessons, now, zone):
        course = _course_of_day(held, courses.get(lesson.id, []), now)
        part = part_in(member, lesson, Standing(course.cohosts, children_classes))
        if part is not None and (not part.visits or course.when(now) == "now"):
            shown.append((lesson, course, part))
    names = await names_for(tx, member.school_id, [lesson for lesson, _, _ in shown])
    return [view_for(member, part, lesson, course, names, now) for lesson, course, part in shown]


def _course_of_day(held: Occurrence, stored: list[Course], now: datetime) -> Course:
    """What is still going on stands in the place of the next holding of the same lesson."""
    running = next((course for course in stored if course.running(now)), None)
    return running or next((course for course in stored if course.occurrence == held), Course(held))


def view_of(lesson: Lesson, course: Course, names: Names, now: datetime) -> LessonView:
    """As nobody in particular sees it."""
    return LessonView(
        lesson=lesson,
        occurrence=course.occurrence,
        number=number_in_day(lesson, course.occurrence, names.zone),
        class_name=names.classes[lesson.class_id].name,
        teacher=names.teachers[lesson.teacher_id],
        room=course.room(now),
        when=course.when(now),
        action=None,
        room_role=None,
    )


def view_for(member: Member, part: Part, lesson: Lesson, course: Course, names: Names, now: datetime) -> LessonView:
    view = view_of(lesson, course, names, now)
    return replace(view, action=_action(member, part, course, now), room_role=part.room_role)


async def names_for(tx: Transaction, school_id: str, lessons: Sequence[Lesson]) -> Names:
    return Names(
        classes=await tx.structure.classes(school_id),
        teachers=await tx.people.several(school_id, {lesson.teacher_id for lesson in lessons}),
        zone=await zone_of(tx, school_id),
    )


async def zone_of(tx: Transaction, school_id: str) -> ZoneInfo:
    return ZoneInfo((await tx.structure.school(school_id)).zone)


def _action(member: Member, part: Part, course: Course, now: datetime) -> LessonAction | None:
    if member.id in course.removed:
        return None
    if course.running(now):
        return "observe" if part.room_role == "observer" else "join"
    if not course.may_start(now):
        return None
    if part.room_role == "teacher":
        return "start"
    return "wait" if course.started_at is None else None


async def children_of(tx: Transaction, member: Member) -> list[tuple[Guardianship, Member]]:
    """The pupils of the school whose parent this member is."""
    if Role.PARENT not in member.roles:
        return []
    guardianships = await tx.people.guardianships_of([member.id])
    pupils = await tx.people.several(member.school_id, (guardianship.child_id for guardianship in guardianships))
    return [(one, pupils[one.child_id]) for one in guardianships if one.child_id in pupils]


async def classes_of_children(tx: Transaction, member: Member) -> frozenset[str]:
    return frozenset().union(*(child.classes_as(Role.PUPIL) for _, child in await children_of(tx, member)))


async def refused(
    tx: Transaction, member: Member, now: datetime, code: RefusalCode, lesson: LessonView | None = None
) -> Refused:
    """The refusal with the doors that are open for this person instead."""
    class_name = (await describe_in(tx, member)).class_name
    if code == "wrong_meeting":
        own = await _own_meeting(tx, member, now)
        class_name = class_name if own is None else own.class_name
    else:
        own = await _going_on(tx, member, now, lesson)
    return Refused(code, lesson=lesson, own_lesson=own, own_class_name=class_name)


async def _going_on(tx: Transaction, member: Member, now: datetime, besides: LessonView | None) -> LessonView | None:
    """One of theirs, an open one rather than one to wait for."""
    views = [
        view
        for view in await day_of(tx, member, now)
        if view.when == "now" and view.action is not None and (besides is None or view.lesson.id != besides.lesson.id)
    ]
    return min(views, key=lambda view: view.room != "open", default=None)


async def _own_meeting(tx: Transaction, member: Member, now: datetime) -> LessonView | None:
    """That of a class of the parent's children which goes on or comes first."""
    meetings = await tx.timetable.meetings_of(member.school_id, await classes_of_children(tx, member))
    names = await names_for(tx, member.school_id, meetings)
    views = []
    for meeting in meetings:
        course = await course_of(tx, meeting, now)
        if course.when(now) == "done" or course.room(now) == "ended":
            course = Course(occurrence_after(meeting, course.occurrence, names.zone))
        views.append(view_for(member, Part("parent", host=False), meeting, course, names, now))
    return min(views, key=lambda view: (view.room != "open", view.occurrence.starts_at), default=None)
