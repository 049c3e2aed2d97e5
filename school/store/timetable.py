"""Lessons of the timetable, and what happened in their occurrences, as rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, Table, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from school.schedule import Course, Hourly, Lesson, Occurrence, Repeats, RoomKind, Weekly
from school.store.tables import cohosts, courses, lessons, removals

_EVERY_DAY = sum(1 << weekday for weekday in range(1, 8))


class TimetableRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, lesson: Lesson) -> None:
        await self._connection.execute(
            insert(lessons).values(
                id=lesson.id,
                school_id=lesson.school_id,
                class_id=lesson.class_id,
                teacher_id=lesson.teacher_id,
                number=lesson.number,
                subject=lesson.subject,
                topic=lesson.topic,
                starts=lesson.starts,
                ends=lesson.ends,
                repeats=_kind(lesson.repeats),
                weekdays=_bits(lesson.repeats),
                kind=lesson.kind.value,
            )
        )

    async def find(self, school_id: str, lesson_id: str) -> Lesson | None:
        found = await self._lessons((lessons.c.school_id == school_id) & (lessons.c.id == lesson_id))
        return found[0] if found else None

    async def find_anywhere(self, lesson_id: str) -> Lesson | None:
        """For the room of this lesson itself, which asks for nobody."""
        found = await self._lessons(lessons.c.id == lesson_id)
        return found[0] if found else None

    async def several(self, school_id: str, lesson_ids: Iterable[str]) -> dict[str, Lesson]:
        found = await self._lessons((lessons.c.school_id == school_id) & lessons.c.id.in_(list(lesson_ids)))
        return {lesson.id: lesson for lesson in found}

    async def meetings_of(self, school_id: str, class_ids: Iterable[str]) -> list[Lesson]:
        return await self._lessons(
            (lessons.c.school_id == school_id)
            & (lessons.c.kind == RoomKind.MEETING.value)
            & lessons.c.class_id.in_(list(class_ids))
        )

    async def of_weekday(self, school_id: str, weekday: int) -> list[Lesson]:
        """Everything that may be held on this ISO weekday."""
        bit = 1 << weekday
        return await self._lessons((lessons.c.school_id == school_id) & (lessons.c.weekdays.op("&")(bit) != 0))

    async def courses_of(self, lesson: Lesson, since: datetime) -> list[Course]:
        """What is stored of one lesson whose bell is not before `since`."""
        return await self._courses((courses.c.lesson_id == lesson.id) & (courses.c.ends_at > since))

    async def last_course(self, lesson: Lesson) -> Course | None:
        """The newest that was opened."""
        opened = courses.alias()
        newest = select(func.max(opened.c.starts_at)).where(opened.c.lesson_id == lesson.id).scalar_subquery()
        found = await self._courses((courses.c.lesson_id == lesson.id) & (courses.c.starts_at == newest))
        return found[0] if found else None

    async def courses_of_school(self, school_id: str, since: datetime) -> dict[str, list[Course]]:
        """The same of every lesson, by lesson id."""
        found: defaultdict[str, list[Course]] = defaultdict(list)
        for course in await self._courses((courses.c.school_id == school_id) & (courses.c.ends_at > since)):
            found[course.occurrence.lesson_id].append(course)
        return found

    async def open(self, lesson: Lesson, held: Occurrence, now: datetime) -> None:
        """Started, for the first time or again; the first time is the one that is kept."""
        row = upsert(courses).values(
            lesson_id=lesson.id,
            starts_at=held.starts_at,
            school_id=lesson.school_id,
            ends_at=held.ends_at,
            started_at=now,
            ended_at=None,
        )
        await self._connection.execute(
            row.on_conflict_do_update(
                index_elements=[courses.c.lesson_id, courses.c.starts_at],
                set_={"ended_at": None},
            )
        )

    async def end(self, held: Occurrence, now: datetime) -> None:
        """Ended for all: whom the teacher had sent out is free of it, and nobody is a co-host any more."""
        await self._connection.execute(
            update(courses)
            .where(courses.c.lesson_id == held.lesson_id, courses.c.starts_at == held.starts_at)
            .values(ended_at=now)
        )
        for table in (removals, cohosts):
            await self._connection.execute(
                delete(table).where(table.c.lesson_id == held.lesson_id, table.c.starts_at == held.starts_at)
            )

    async def remove(self, lesson: Lesson, held: Occurrence, member_id: str, now: datetime) -> None:
        await self._connection.execute(
            upsert(removals)
            .values(
                lesson_id=lesson.id,
                starts_at=held.starts_at,
                member_id=member_id,
                school_id=lesson.school_id,
                removed_at=now,
            )
            .on_conflict_do_nothing()
        )

    async def name_cohost(self, lesson: Lesson, held: Occurrence, member_id: str, now: datetime) -> None:
        await self._connection.execute(
            insert(cohosts).values(
                lesson_id=lesson.id,
                starts_at=held.starts_at,
                member_id=member_id,
                school_id=lesson.school_id,
                named_at=now,
            )
        )

    async def end_cohost(self, held: Occurrence, member_id: str) -> None:
        await self._connection.execute(
            delete(cohosts).where(
                cohosts.c.lesson_id == held.lesson_id,
                cohosts.c.starts_at == held.starts_at,
                cohosts.c.member_id == member_id,
            )
        )

    async def _lessons(self, condition: ColumnElement[bool]) -> list[Lesson]:
        rows = await self._connection.execute(select(lessons).where(condition))
        return [_lesson(row) for row in rows.mappings()]

    async def _courses(self, condition: ColumnElement[bool]) -> list[Course]:
        rows = (await self._connection.execute(select(courses).where(condition))).mappings().all()
        if not rows:
            return []
        removed = await self._people_of_courses(removals, condition)
        hosts = await self._people_of_courses(cohosts, condition)
        return [
            Course(
                Occurrence(row["lesson_id"], row["starts_at"], row["ends_at"]),
                row["started_at"],
                row["ended_at"],
                frozenset(removed[row["lesson_id"], row["starts_at"]]),
                frozenset(hosts[row["lesson_id"], row["starts_at"]]),
            )
            for row in rows
        ]

    async def _people_of_courses(
        self, table: Table, condition: ColumnElement[bool]
    ) -> defaultdict[tuple[str, datetime], set[str]]:
        """Members in this table, by lesson and start of the course."""
        rows = await self._connection.execute(
            select(table)
            .join(courses, (courses.c.lesson_id == table.c.lesson_id) & (courses.c.starts_at == table.c.starts_at))
            .where(condition)
        )
        found: defaultdict[tuple[str, datetime], set[str]] = defaultdict(set)
        for row in rows.mappings():
            found[row["lesson_id"], row["starts_at"]].add(row["member_id"])
        return found


def _lesson(row: RowMapping) -> Lesson:
    columns = dict(row)
    weekdays = columns.pop("weekdays")
    columns["kind"] = RoomKind(columns["kind"])
    columns["repeats"] = Hourly() if columns["repeats"] == "hourly" else Weekly(_days(weekdays))
    return Lesson(**columns)


def _kind(repeats: Repeats) -> str:
    return "hourly" if isinstance(repeats, Hourly) else "weekly"


def _bits(repeats: Repeats) -> int:
    return _EVERY_DAY if isinstance(repeats, Hourly) else sum(1 << weekday for weekday in repeats.weekdays)


def _days(bits: int) -> frozenset[int]:
    return frozenset(weekday for weekday in range(1, 8) if bits & 1 << weekday)
