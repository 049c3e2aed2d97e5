"""The attendance of a room, on a real database: who is on the sheet, in what order, and who may see it."""

from datetime import timedelta

import pytest

from school.audit import Deed
from school.people import Member
from school.refusals import NotFound, Refused
from school.schedule import OVERRUN
from school.store import Store
from school.structure import School
from school.usecases import attendance, conduct, lessons, live_rooms
from school.usecases.attendance import Sheet
from school.usecases.founding import found_school
from tests.school.audit_rows import audit_of
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    BIRCH,
    CLASS_TEACHER,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    EVERYBODY,
    MAPLE,
    MOTHER,
    NOON,
    POLINA,
    TEACHER,
    ZONE,
    lesson,
    meeting,
    person,
    roster,
)

DURING = NOON
STARTS = NOON - timedelta(minutes=30)
BELL = NOON + timedelta(minutes=10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def open_store(empty_store: Store) -> Store:
    await found_school(empty_store, roster(lesson(), meeting()))
    await lessons.start(empty_store, TEACHER, "maths", STARTS)
    await lessons.start(empty_store, CLASS_TEACHER, "meeting", STARTS)
    return empty_store


async def was_in(store: Store, member: Member, came: int, left: int | None, room: str = "maths") -> None:
    """Minutes after the beginning."""
    await live_rooms.came(store, room, STARTS, member.id, STARTS + came * MINUTE)
    if left is not None:
        await live_rooms.left(store, room, STARTS, member.id, STARTS + left * MINUTE)


def short(sheet: Sheet) -> list[tuple[str, str, str, bool, int]]:
    return [(row.member.id, row.room_role, row.record.status, row.expected, row.record.minutes) for row in sheet.rows]


async def test_the_sheet_of_a_lesson_holds_its_class_and_whoever_else_was_in(open_store: Store) -> None:
    await was_in(open_store, TEACHER, 0, None)
    await was_in(open_store, POLINA, 12, None)
    await was_in(open_store, DIRECTOR, 5, 10)
    sheet = await attendance.sheet(open_store, TEACHER, "maths", DURING)
    assert sorted(short(sheet)) == [
        ("artyom", "pupil", "never", True, 0),
        ("director", "observer", "gone", False, 5),
        ("polina", "pupil", "late", True, 18),
        ("teacher", "teacher", "here", True, 30),
    ]
    assert (sheet.zone, sheet.view.class_name, sheet.view.occurrence.starts_at) == (ZONE, "5А", STARTS)


async def test_it_stands_in_the_order_of_the_list(open_store: Store) -> None:
    await was_in(open_store, TEACHER, 0, None)
    sheet = await attendance.sheet(open_store, TEACHER, "maths", DURING)
    assert [row.member.family_name for row in sheet.rows] == ["Белов", "Дроздова", "Орлова"]


async def test_the_sheet_of_a_meeting_holds_the_parents_of_the_class_by_their_children(open_store: Store) -> None:
    await was_in(open_store, MOTHER, 0, 20, "meeting")
    await was_in(open_store, DEPUTY, 0, None, "meeting")
    sheet = await attendance.sheet(open_store, CLASS_TEACHER, "meeting", DURING)
    assert short(sheet) == [("mother", "parent", "gone", True, 20), ("deputy", "staff", "here", False, 30)]
    assert [row.about for row in sheet.rows] == ["мама Полины", DEPUTY.post]


async def test_nobody_is_late_for_a_lesson_that_its_teacher_opened_late(store: Store) -> None:
    await lessons.start(store, TEACHER, "maths", STARTS + 10 * MINUTE)
    await was_in(store, POLINA, 11, None)
    sheet = await attendance.sheet(store, TEACHER, "maths", DURING)
    assert [row.record.status for row in sheet.rows] == ["never", "here"]


async def test_who_came_before_a_lesson_was_ended_and_opened_again_is_in_time(open_store: Store) -> None:
    await was_in(open_store, POLINA, 0, 10)
    await conduct.end(open_store, TEACHER, "maths", STARTS + 10 * MINUTE)
    await lessons.start(open_store, TEACHER, "maths", STARTS + 12 * MINUTE)
    await was_in(open_store, POLINA, 12, None)
    sheet = await attendance.sheet(open_store, TEACHER, "maths", DURING)
    assert (sheet.rows[1].record.status, sheet.rows[1].record.minutes) == ("here", 28)


async def test_it_is_there_after_the_end_until_the_next_one_is_held(open_store: Store) -> None:
    await was_in(open_store, POLINA, 0, 30)
    await conduct.end(open_store, TEACHER, "maths", DURING)
    for later in (MINUTE, timedelta(hours=5), timedelta(days=3)):
        sheet = await attendance.sheet(open_store, TEACHER, "maths", DURING + later)
        assert sheet.view.occurrence.starts_at == STARTS
        assert [row.record.status for row in sheet.rows] == ["never", "here"]


async def test_whom_nobody_saw_leaving_was_in_until_the_room_closed(open_store: Store) -> None:
    await was_in(open_store, POLINA, 0, None)
    sheet = await attendance.sheet(open_store, TEACHER, "maths", BELL + OVERRUN + timedelta(hours=2))
    assert sheet.rows[1].record.stays[0].left_at == BELL + OVERRUN


async def test_before_anything_was_held_nobody_was_there(store: Store) -> None:
    sheet = await attendance.sheet(store, TEACHER, "maths", STARTS - timedelta(hours=1))
    assert {row.record.status for row in sheet.rows} == {"never"}


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("maths", {TEACHER.id, CLASS_TEACHER.id, DIRECTOR.id, DEPUTY.id, ADMINISTRATOR.id}),
        ("meeting", {CLASS_TEACHER.id, DIRECTOR.id, DEPUTY.id, ADMINISTRATOR.id}),
    ],
)
async def test_it_is_for_those_who_lead_and_answer_for_it(open_store: Store, room: str, allowed: set[str]) -> None:
    for member in EVERYBODY:
        if member.id in allowed:
            await attendance.sheet(open_store, member, room, DURING)
            continue
        for asked in (attendance.sheet(open_store, member, room, DURING), _file(open_store, member, room)):
            with pytest.raises(Refused) as caught:
                await asked
            assert caught.value.code == "not_allowed"


async def test_a_cohost_sees_it_too(open_store: Store) -> None:
    await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=True)
    await was_in(open_store, COLLEAGUE, 0, None)
    sheet = await attendance.sheet(open_store, COLLEAGUE, "maths", DURING)
    assert ("colleague", "staff", "here", True, 30) in short(sheet)


async def test_it_does_not_exist_for_another_school(open_store: Store) -> None:
    async with open_store.write() as tx:
        await tx.structure.add_school(School(BIRCH.id, BIRCH.name, BIRCH.zone))
    stranger = person(DIRECTOR.id, *DIRECTOR.appointments, school=BIRCH)
    for asked in (attendance.sheet(open_store, stranger, "maths", DURING), _file(open_store, stranger, "maths")):
        with pytest.raises(NotFound):
            await asked


async def test_a_file_of_it_has_one_row_in_the_audit_and_a_refused_one_none(open_store: Store) -> None:
    before = await audit_of(open_store, MAPLE.id)
    with pytest.raises(Refused):
        await _file(open_store, ARTYOM, "maths")
    assert await audit_of(open_store, MAPLE.id) == before
    await _file(open_store, DIRECTOR, "maths")
    (entry,) = (await audit_of(open_store, MAPLE.id))[len(before) :]
    assert (entry.actor_id, entry.deed, entry.detail, entry.starts_at) == (
        DIRECTOR.id,
        Deed.ATTENDANCE_DOWNLOADED,
        "csv",
        STARTS,
    )


async def _file(store: Store, member: Member, room: str) -> Sheet:
    return await attendance.download(store, member, room, "csv", DURING)
