"""When lessons are held: pure arithmetic from a timetable row and a moment to occurrences.

A lesson is a row of the timetable; an occurrence is one holding of it, named by (lesson id, start). What
happened in an occurrence (`Course`) is stored under that name. Called by the use cases with the clock's
reading; never reads a clock itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

EARLY_START = timedelta(minutes=15)
"""How long before the bell the teacher may open the room. Longer: rooms stand open in the break before."""
OVERRUN = timedelta(hours=1)
"""How long after the bell a lesson that nobody ended is still going on. Longer: a forgotten room stays open;
shorter: a pupil whose network drops after the bell is not let in again."""


@dataclass(frozen=True)
class Weekly:
    """On these days of the week, Monday is 1."""

    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise ValueError("weekdays are 1…7, at least one")


@dataclass(frozen=True)
class Hourly:
    """Every hour on every day, from full hour to full hour of the school's clock."""


Repeats = Weekly | Hourly


class RoomKind(StrEnum):
    LESSON = "lesson"
    MEETING = "meeting"


@dataclass(frozen=True)
class Lesson:
    """A row of the timetable of a class: a lesson, or a meeting of its parents, which the class teacher leads.
    `number`: which lesson of the day. `starts` and `ends` are times of day of one day; an hourly lesson uses
    none of the three."""

    id: str
    school_id: str
    class_id: str
    teacher_id: str
    number: int
    subject: str
    topic: str
    starts: time
    ends: time
    repeats: Repeats
    kind: RoomKind = RoomKind.LESSON

    def __post_init__(self) -> None:
        if isinstance(self.repeats, Weekly) and self.ends <= self.starts:
            raise ValueError("a lesson ends on the day on which it starts")


# The first lesson of a day begins in this hour, and there are no more than so many.
_FIRST_HOUR = 8
_LAST_NUMBER = 7

When = Literal["done", "now", "ahead"]
RoomState = Literal["closed", "open", "ended"]


@dataclass(frozen=True)
class Occurrence:
    lesson_id: str
    starts_at: datetime
    ends_at: datetime

    def when(self, now: datetime) -> When:
        if now < self.starts_at:
            return "ahead"
        return "now" if now < self.ends_at else "done"

    def overlaps(self, other: "Occurrence") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Course:
    """What happened in an occurrence. `started_at`: when it was first opened. `removed`: members who were sent out,
    `cohosts`: staff who lead it together with its teacher, both until it ends."""

    occurrence: Occurrence
    started_at: datetime | None = None
    ended_at: datetime | None = None
    removed: frozenset[str] = frozenset()
    cohosts: frozenset[str] = frozenset()

    @property
    def latest_end(self) -> datetime:
        """When it is over if nobody ends it."""
        return self.occurrence.ends_at + OVERRUN

    def running(self, now: datetime) -> bool:
        """Its teacher opened it and did not end it, and the bell was not too long ago."""
        return self.started_at is not None and self.ended_at is None and now < self.latest_end

    def room(self, now: datetime) -> RoomState:
        if self.started_at is None:
            return "closed"
        return "open" if self.running(now) else "ended"

    def when(self, now: datetime) -> When:
        return "now" if self.running(now) else self.occurrence.when(now)

    def may_start(self, now: datetime) -> bool:
        return self.occurrence.starts_at - EARLY_START <= now < self.occurrence.ends_at


def occurrence(lesson: Lesson, now: datetime, zone: ZoneInfo) -> Occurrence | None:
    """The holding of the school's day that `now` is in, or of this hour; None when there is none on that day."""
    local = now.astimezone(zone)
    match lesson.repeats:
        case Hourly():
            return _hour_of(lesson, local)
        case Weekly(weekdays):
            return _on(lesson, local, zone) if local.isoweekday() in weekdays else None


def occurrence_or_next(lesson: Lesson, now: datetime, zone: ZoneInfo) -> Occurrence:
    """The holding of today, or the first one on a later day."""
    local = now.astimezone(zone)
    match lesson.repeats:
        case Hourly():
            return _hour_of(lesson, local)
        case Weekly(weekdays):
            days = min((weekday - local.isoweekday()) % 7 for weekday in weekdays)
            return _on(lesson, local + timedelta(days=days), zone)


def occurrence_after(lesson: Lesson, held: Occurrence, zone: ZoneInfo) -> Occurrence:
    """The holding that comes next."""
    match lesson.repeats:
        case Hourly():
            return _hour_of(lesson, held.ends_at.astimezone(zone))
        case Weekly():
            return occurrence_or_next(lesson, held.ends_at + timedelta(days=1), zone)


def course_in_force(lesson: Lesson, recent: Iterable[Course], now: datetime, zone: ZoneInfo) -> Course:
    """The one that is going on, past its bell too, or else the one that the timetable has for today or next.

    `recent`: what is stored of this lesson and is not older than its `OVERRUN`.
    """
    stored = list(recent)
    running = [course for course in stored if course.running(now)]
    if running:
        return max(running, key=lambda course: course.occurrence.starts_at)
    expected = occurrence_or_next(lesson, now, zone)
    return next((course for course in stored if course.occurrence == expected), Course(expected))


def occurrences_of_day(lessons: Iterable[Lesson], now: datetime, zone: ZoneInfo) -> list[tuple[Lesson, Occurrence]]:
    """The school's day in order of time. An hourly lesson takes the place of what stands at its hour in the
    timetable of its class and of its teacher. Meetings are of parents and in nobody's way."""
    held = [(lesson, found) for lesson in lessons if (found := occurrence(lesson, now, zone)) is not None]
    hourly = [
        (lesson, found)
        for lesson, found in held
        if isinstance(lesson.repeats, Hourly) and lesson.kind is RoomKind.LESSON
    ]
    kept = [(lesson, found) for lesson, found in held if not _displaced(lesson, found, hourly)]
    return sorted(kept, key=lambda pair: (pair[1].starts_at, pair[0].number, pair[0].id))


def number_in_day(lesson: Lesson, held: Occurrence, zone: ZoneInfo) -> int:
    """Which lesson of the day it is; an hourly one counts the hours of a school's day. A meeting is none: 0."""
    if lesson.kind is RoomKind.MEETING:
        return 0
    if isinstance(lesson.repeats, Weekly):
        return lesson.number
    hour = held.starts_at.astimezone(zone).hour
    return min(max(hour - _FIRST_HOUR + 1, 1), _LAST_NUMBER)


def _displaced(lesson: Lesson, held: Occurrence, hourly: Sequence[tuple[Lesson, Occurrence]]) -> bool:
    if isinstance(lesson.repeats, Hourly) or lesson.kind is RoomKind.MEETING:
        return False
    return any(
        held.overlaps(other) and (lesson.class_id == hour.class_id or lesson.teacher_id == hour.teacher_id)
        for hour, other in hourly
    )


def _hour_of(lesson: Lesson, local: datetime) -> Occurrence:
    """Counted back in absolute time from the reading of the school's clock, so that the hour that a change of
    clocks repeats is an hour of its own."""
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    starts_at = local.astimezone(UTC) - past
    return Occurrence(lesson.id, starts_at, starts_at + timedelta(hours=1))


def _on(lesson: Lesson, day: datetime, zone: ZoneInfo) -> Occurrence:
    """The length is that of the timetable, whatever the clocks do that night."""
    starts_at = datetime.combine(day.date(), lesson.starts, tzinfo=zone).astimezone(UTC)
    length = datetime.combine(day.date(), lesson.ends) - datetime.combine(day.date(), lesson.starts)
    return Occurrence(lesson.id, starts_at, starts_at + length)
