"""Meetings, attendance and reports over HTTP: who is told what, who gets a file, what reaches the administrator."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import unquote
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
import pytest
from openpyxl import load_workbook

from school.audit import Deed
from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.schedule import Hourly, Lesson, RoomKind, Weekly
from school.usecases import conduct, lessons, live_rooms
from signaling.api import documents
from signaling.api.context import Context
from signaling.live import messages as wire
from tests.school.audit_rows import audit_of
from tests.signaling.browser import Browser
from tests.signaling.conftest import BrowserOf
from tests.signaling.town import Town

ROOM_PATHS = ("attendance", "attendance.csv", "attendance.xlsx")


@dataclass(frozen=True)
class Meetings:
    """Of 5А always, led by its class teacher; of 5Б at the full hour in another week's day."""

    of_a: str
    of_b: str
    mother_of_timur: Member


def _meeting(leader: Member, class_id: str, repeats: Hourly | Weekly) -> Lesson:
    return Lesson(
        id=uuid4().hex,
        school_id=leader.school_id,
        class_id=class_id,
        teacher_id=leader.id,
        number=0,
        subject="Родительское собрание",
        topic="Четверть",
        starts=time(0),
        ends=time(23, 59),
        repeats=repeats,
        kind=RoomKind.MEETING,
    )


@pytest.fixture
async def meetings(server: Context, town: Town) -> Meetings:
    (class_a,), (class_b,) = town.artyom.classes_as(Role.PUPIL), town.timur.classes_as(Role.PUPIL)
    today = server.wall_clock().astimezone(ZoneInfo("Europe/Moscow"))
    tomorrow = (today + timedelta(days=1)).isoweekday()
    of_a = _meeting(town.class_teacher, class_a, Hourly())
    of_b = _meeting(town.orlova, class_b, Weekly(frozenset({tomorrow})))
    mother = Member(
        uuid4().hex,
        town.timur.school_id,
        "Ахметова",
        "Гульнара",
        "",
        frozenset({Appointment(Role.PARENT)}),
        verified=True,
        post="",
    )
    async with server.store.write() as tx:
        await tx.people.add(mother)
        await tx.people.add_guardianship(
            mother.school_id, Guardianship(mother.id, town.timur.id, Kinship.MOTHER, "Тимура")
        )
        for meeting in (of_a, of_b):
            await tx.timetable.add(meeting)
    return Meetings(of_a.id, of_b.id, mother)


async def answer_of(browser: Browser, path: str) -> tuple[int, bytes]:
    async with browser.http.get(path, allow_redirects=False) as response:
        return response.status, await response.read()


async def code_of(browser: Browser, path: str) -> tuple[int, str]:
    status, body = await answer_of(browser, path)
    return status, msgspec.json.decode(body, type=documents.Refusal).code


async def posted(browser: Browser, path: str, **headers: str) -> tuple[int, str | None]:
    status, body = await browser.post(path, **headers)
    return status, msgspec.json.decode(body, type=documents.Refusal).code if body else None


# ── meetings ──


async def test_a_parent_sees_waits_for_and_enters_the_meeting_of_their_childs_class(
    browser_of: BrowserOf, town: Town, meetings: Meetings
) -> None:
    leader, parent = await browser_of(town.class_teacher), await browser_of(town.parent)
    (shown,) = (await parent.get("/api/today", documents.Today)).lessons
    assert (shown.id, shown.kind, shown.number, shown.action) == (meetings.of_a, "meeting", 0, "wait")
    assert (await parent.refusal(meetings.of_a)).code == "not_open_yet"
    await leader.start(meetings.of_a)
    card = await parent.get(f"/api/lessons/{meetings.of_a}", documents.LessonCard)
    assert card.lesson is not None
    assert (card.room_role, card.lesson.action, card.lesson.teacher_name) == (
        "parent",
        "join",
        "Ирина Павловна Смирнова",
    )
    assert await parent.ticket(meetings.of_a)


async def test_a_lesson_says_that_it_is_one(browser_of: BrowserOf, town: Town) -> None:
    (shown,) = (await (await browser_of(town.artyom)).get("/api/today", documents.Today)).lessons
    assert shown.kind == "lesson"


async def test_a_parent_of_another_class_is_refused_and_shown_their_own_meeting(
    browser_of: BrowserOf, town: Town, meetings: Meetings
) -> None:
    await (await browser_of(town.class_teacher)).start(meetings.of_a)
    parent = await browser_of(meetings.mother_of_timur)
    refusal = await parent.refusal(meetings.of_a)
    assert (refusal.code, refusal.own_class_name) == ("wrong_meeting", "5Б")
    assert refusal.own_lesson is not None
    assert (refusal.own_lesson.id, refusal.own_lesson.kind, refusal.own_lesson.when) == (
        meetings.of_b,
        "meeting",
        "ahead",
    )
    status, body = await answer_of(parent, f"/api/lessons/{meetings.of_a}")
    assert (status, "Смирнова" in body.decode()) == (200, False), "nothing is told of the meeting itself"


async def test_pupils_and_other_staff_are_refused(browser_of: BrowserOf, town: Town, meetings: Meetings) -> None:
    await (await browser_of(town.class_teacher)).start(meetings.of_a)
    for member, code in (
        (town.artyom, "pupils_not_in_meetings"),
        (town.timur, "pupils_not_in_meetings"),
        (town.orlova, "not_a_member"),
        (town.stranger, "not_found"),
    ):
        assert (await (await browser_of(member)).refusal(meetings.of_a)).code == code


async def test_only_its_leader_starts_it(browser_of: BrowserOf, town: Town, meetings: Meetings) -> None:
    for member in (town.parent, meetings.mother_of_timur, town.artyom, town.director, town.orlova):
        path = f"/api/lessons/{meetings.of_a}/start"
        assert await posted(await browser_of(member), path) == (403, "not_allowed")


# ── attendance ──


@pytest.fixture
async def held(server: Context, town: Town) -> datetime:
    """The lesson of 5А is going on: Полина is in, Артём was."""
    now = server.wall_clock()
    view = await lessons.start(server.store, town.orlova, town.lesson, now)
    starts_at = view.occurrence.starts_at
    for member in (town.polina, town.artyom):
        await live_rooms.came(server.store, town.lesson, starts_at, member.id, now)
    await live_rooms.left(server.store, town.lesson, starts_at, town.artyom.id, now)
    return starts_at


async def test_the_attendance_is_shown_to_the_teacher(browser_of: BrowserOf, town: Town, held: datetime) -> None:
    teacher = await browser_of(town.orlova)
    sheet = await teacher.get(f"/api/lessons/{town.lesson}/attendance", documents.AttendanceSheet)
    assert (sheet.zone, sheet.lesson.id, sheet.lesson.starts_at) == ("Europe/Moscow", town.lesson, held.timestamp())
    assert [(row.name, row.status, row.role, row.expected) for row in sheet.rows] == [
        ("Артём Белов", "gone", "pupil", True),
        ("Полина Дроздова", "here", "pupil", True),
        ("Егор Зайцев", "never", "pupil", True),
    ]
    assert [len(row.stays) for row in sheet.rows] == [1, 1, 0]
    assert sheet.rows[1].stays[0].left_at is None


async def test_a_row_names_the_seat_in_the_room_also_of_whoever_has_left(browser_of: BrowserOf, town: Town) -> None:
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await pupil.enter(town.lesson)
    path = f"/api/lessons/{town.lesson}/attendance"
    seats = {row.name: row.participant for row in (await teacher.get(path, documents.AttendanceSheet)).rows}
    assert seats["Артём Белов"] == bench.me
    assert seats["Егор Зайцев"] is None
    await bench.socket.close()
    await desk.until(wire.ParticipantLeft)
    seats = {row.name: row.participant for row in (await teacher.get(path, documents.AttendanceSheet)).rows}
    assert seats["Артём Белов"] == bench.me


async def test_it_comes_as_files_with_a_russian_name_and_each_is_kept_in_the_audit(
    browser_of: BrowserOf, server: Context, town: Town, held: datetime
) -> None:
    teacher = await browser_of(town.orlova)
    async with teacher.http.get(f"/api/lessons/{town.lesson}/attendance.csv") as response:
        assert (response.content_type, response.charset) == ("text/csv", "utf-8")
        assert response.headers["Cache-Control"] == "no-store"
        name = unquote(response.headers["Content-Disposition"].rpartition("''")[2])
        assert name.startswith("Посещаемость 5А Математика ")
        assert name.endswith(".csv")
        table = list(csv.reader(io.StringIO((await response.read()).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [line[0] for line in table[1:]] == ["Белов Артём", "Дроздова Полина", "Зайцев Егор"]
    async with teacher.http.get(f"/api/lessons/{town.lesson}/attendance.xlsx") as response:
        assert response.content_type.endswith("spreadsheetml.sheet")
        page = load_workbook(io.BytesIO(await response.read())).active
    assert page is not None
    assert page.title.startswith("5А ")
    assert await _downloads(server, town) == [(town.orlova.id, "csv"), (town.orlova.id, "xlsx")]


async def test_it_is_for_those_who_answer_for_the_class(browser_of: BrowserOf, town: Town, held: datetime) -> None:
    for member in (town.class_teacher, town.director, town.administrator):
        browser = await browser_of(member)
        for path in ROOM_PATHS:
            assert (await answer_of(browser, f"/api/lessons/{town.lesson}/{path}"))[0] == 200


async def test_others_get_nothing_of_it_and_nothing_is_audited(
    browser_of: BrowserOf, server: Context, town: Town, held: datetime
) -> None:
    refused: Sequence[tuple[Member | None, tuple[int, str]]] = (
        (None, (401, "signed_out")),
        (town.polina, (403, "not_allowed")),
        (town.timur, (403, "not_allowed")),
        (town.parent, (403, "not_allowed")),
        (town.stranger, (404, "not_found")),
    )
    for member, expected in refused:
        browser = await browser_of(member)
        for path in ROOM_PATHS:
            assert await code_of(browser, f"/api/lessons/{town.lesson}/{path}") == expected
    assert await code_of(await browser_of(town.orlova), "/api/lessons/unknown/attendance.csv") == (404, "not_found")
    assert await _downloads(server, town) == []


async def test_it_is_only_read(browser_of: BrowserOf, server: Context, town: Town, held: datetime) -> None:
    teacher = await browser_of(town.orlova)
    for path in ROOM_PATHS:
        assert (await posted(teacher, f"/api/lessons/{town.lesson}/{path}"))[0] == 405
    async with teacher.http.head(f"/api/lessons/{town.lesson}/attendance.csv") as response:
        assert response.status in (404, 405)
    assert await _downloads(server, town) == []


async def _downloads(server: Context, town: Town) -> list[tuple[str, str]]:
    entries = await audit_of(server.store, town.orlova.school_id)
    return [(entry.actor_id, entry.detail) for entry in entries if entry.deed is Deed.ATTENDANCE_DOWNLOADED]


# ── reports ──


async def test_the_question_of_a_refused_parent_reaches_the_administrator(
    browser_of: BrowserOf, town: Town, meetings: Meetings
) -> None:
    parent, administrator = await browser_of(meetings.mother_of_timur), await browser_of(town.administrator)
    for _ in range(2):
        assert await posted(parent, f"/api/lessons/{meetings.of_a}/question") == (204, None)
    (report,) = await administrator.get("/api/reports", list[documents.ReportCard])
    assert (report.category, report.author_name, report.about_name, report.class_name, report.seen) == (
        "wrong_class",
        "Гульнара Ахметова",
        None,
        "5А",
        False,
    )
    assert (report.lesson, report.title) == (meetings.of_a, "Родительское собрание")
    assert await posted(administrator, f"/api/reports/{report.id}/seen") == (204, None)
    (seen,) = await administrator.get("/api/reports", list[documents.ReportCard])
    assert seen.seen


async def test_nobody_else_asks_it(browser_of: BrowserOf, town: Town, meetings: Meetings) -> None:
    for member, expected in (
        (None, (401, "signed_out")),
        (town.parent, (403, "not_allowed")),
        (town.artyom, (403, "not_allowed")),
        (town.orlova, (403, "not_allowed")),
        (town.stranger, (404, "not_found")),
    ):
        assert await posted(await browser_of(member), f"/api/lessons/{meetings.of_a}/question") == expected
    parent = await browser_of(meetings.mother_of_timur)
    assert await posted(parent, f"/api/lessons/{town.lesson}/question") == (403, "not_allowed")


async def test_a_report_from_a_room_is_read_by_the_administrator_only(
    browser_of: BrowserOf, server: Context, town: Town, held: datetime
) -> None:
    now = server.wall_clock()
    await conduct.report(
        server.store, town.polina, town.lesson, conduct.Complaint(town.artyom.id, "insult", "дразнится"), now
    )
    (report,) = await (await browser_of(town.administrator)).get("/api/reports", list[documents.ReportCard])
    assert (report.author_name, report.about_name, report.text) == ("Полина Дроздова", "Артём Белов", "дразнится")
    for member in (town.orlova, town.director, town.class_teacher, town.polina, town.parent):
        browser = await browser_of(member)
        assert await code_of(browser, "/api/reports") == (403, "not_allowed")
        assert await posted(browser, f"/api/reports/{report.id}/seen") == (403, "not_allowed")
    assert await code_of(await browser_of(None), "/api/reports") == (401, "signed_out")
    assert await posted(await browser_of(town.administrator), "/api/reports/unknown/seen") == (404, "not_found")


async def test_posts_that_are_not_of_a_page_of_this_site_change_nothing(
    browser_of: BrowserOf, town: Town, meetings: Meetings
) -> None:
    parent, administrator = await browser_of(meetings.mother_of_timur), await browser_of(town.administrator)
    path = f"/api/lessons/{meetings.of_a}/question"
    for headers in ({"X-Zvonok": ""}, {"Content-Type": "text/plain"}, {"Origin": "https://evil.example"}):
        status, code = await posted(parent, path, **headers)
        assert (status in (400, 403, 415), code) == (True, "bad_request")
        status, code = await posted(administrator, "/api/reports/any/seen", **headers)
        assert (status in (400, 403, 415), code) == (True, "bad_request")
    assert await administrator.get("/api/reports", list[documents.ReportCard]) == []
    for browser, wrong in ((parent, path), (administrator, "/api/reports/any/seen")):
        assert (await answer_of(browser, wrong))[0] in (404, 405)
    assert (await posted(administrator, "/api/reports"))[0] == 405
