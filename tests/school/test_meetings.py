"""Meetings of parents as people meet them, on a real database: the day, the way in, and who is refused how."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from school.parts import RoomRole
from school.people import Guardianship, Kinship, Member
from school.permissions import Action, Standing, may
from school.refusals import RefusalCode, Refused
from school.schedule import EARLY_START, Hourly, Lesson, RoomKind, Weekly, number_in_day, occurrence, occurrences_of_day
from school.store import Store
from school.usecases import conduct, lessons
from school.usecases.founding import found_school
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    CLASS_TEACHER,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    FIVE_B,
    MAPLE,
    MOTHER,
    MOTHER_OF_TIMUR,
    NOON,
    POLINA,
    TEACHER,
    TIMUR,
    ZONE,
    hourly,
    lesson,
    meeting,
    person,
    pupil,
    roster,
)

DURING = NOON
"""12:30 of the meeting that is held 12:00–12:40."""
STARTS = NOON - timedelta(minutes=30)
BELL = NOON + timedelta(minutes=10)
MOSCOW = ZoneInfo(ZONE)


@pytest.fixture
async def school(empty_store: Store) -> Store:
    """Beside a lesson of 5А at the same time, the meeting of 5А; that of 5Б is held on Thursdays."""
    of_b = meeting("meeting-b", school_class=FIVE_B, teacher=COLLEAGUE, repeats=Weekly(frozenset({4})))
    await found_school(empty_store, roster(lesson(), meeting(), of_b))
    return empty_store


async def refusal_of(store: Store, member: Member, lesson_id: str = "meeting", now: datetime = DURING) -> Refused:
    with pytest.raises(Refused) as caught:
        await lessons.admission(store, member, lesson_id, now)
    return caught.value


async def meetings_of_day(store: Store, member: Member, now: datetime = DURING) -> list[tuple[str, str | None]]:
    day = await lessons.today(store, member, now)
    return [(view.lesson.id, view.action) for view in day if view.lesson.kind is RoomKind.MEETING]


class TestTheDay:
    async def test_of_parents_shows_the_meetings_of_their_childrens_classes(self, school: Store) -> None:
        assert await meetings_of_day(school, MOTHER, STARTS - timedelta(hours=3)) == [("meeting", None)]
        assert await meetings_of_day(school, MOTHER) == [("meeting", "wait")]
        assert await meetings_of_day(school, MOTHER_OF_TIMUR) == []
        assert await meetings_of_day(school, MOTHER_OF_TIMUR, DURING + timedelta(days=3)) == [("meeting-b", "wait")]

    async def test_of_its_leader_shows_the_button_to_start_it(self, school: Store) -> None:
        assert await meetings_of_day(school, CLASS_TEACHER) == [("meeting", "start")]
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        assert await meetings_of_day(school, CLASS_TEACHER) == [("meeting", "join")]
        assert await meetings_of_day(school, MOTHER) == [("meeting", "join")]

    async def test_of_the_leadership_shows_it_while_it_is_going_on(self, school: Store) -> None:
        leadership = (DIRECTOR, DEPUTY, ADMINISTRATOR)
        for member in leadership:
            assert await meetings_of_day(school, member, STARTS - timedelta(hours=3)) == []
            assert await meetings_of_day(school, member) == [("meeting", "wait")]
        await lessons.start(school, CLASS_TEACHER, "meeting", STARTS)
        for member in leadership:
            assert await meetings_of_day(school, member) == [("meeting", "join")]

    async def test_of_pupils_and_other_staff_shows_none(self, school: Store) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        for member in (ARTYOM, POLINA, TIMUR, TEACHER, person("nobody")):
            assert await meetings_of_day(school, member) == []

    async def test_of_whoever_was_named_a_cohost_shows_it(self, school: Store) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        await conduct.name_cohost(school, CLASS_TEACHER, "meeting", TEACHER.id, DURING, on=True)
        assert await meetings_of_day(school, TEACHER) == [("meeting", "join")]

    async def test_of_the_class_keeps_its_lesson_beside_the_meeting(self, school: Store) -> None:
        assert [view.lesson.id for view in await lessons.today(school, ARTYOM, DURING)] == ["maths"]
        both = {view.lesson.id for view in await lessons.today(school, CLASS_TEACHER, DURING)}
        assert both == {"maths", "meeting"}


class TestTheTimetable:
    @pytest.mark.parametrize("of_meeting", [meeting(), meeting(repeats=Hourly())], ids=["weekly", "hourly"])
    def test_lets_lessons_and_meetings_of_one_hour_stand_side_by_side(self, of_meeting: Lesson) -> None:
        rows = [lesson(), lesson("own", teacher=CLASS_TEACHER, school_class=FIVE_B), of_meeting]
        held = occurrences_of_day(rows, NOON, MOSCOW)
        assert {row.id for row, _ in held} == {"maths", "own", "meeting"}

    def test_lets_an_hourly_lesson_take_the_place_of_lessons_only(self) -> None:
        held = occurrences_of_day([lesson(), hourly(), meeting()], NOON, MOSCOW)
        assert {row.id for row, _ in held} == {"always", "meeting"}

    def test_gives_a_meeting_no_number_among_the_lessons(self) -> None:
        for row in (meeting(), meeting(repeats=Hourly())):
            found = occurrence(row, NOON, MOSCOW)
            assert found is not None
            assert number_in_day(row, found, MOSCOW) == 0


class TestTheWayIn:
    @pytest.mark.parametrize(
        ("member", "room_role", "host"),
        [
            (CLASS_TEACHER, "teacher", True),
            (MOTHER, "parent", False),
            (DIRECTOR, "staff", False),
            (DEPUTY, "staff", False),
            (ADMINISTRATOR, "staff", False),
        ],
        ids=lambda value: value.id if isinstance(value, Member) else str(value),
    )
    async def test_is_open_to_everybody_of_the_meeting(
        self, school: Store, member: Member, room_role: RoomRole, host: bool
    ) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        admitted = await lessons.admission(school, member, "meeting", DURING)
        assert (admitted.room_role, admitted.host, admitted.expected) == (room_role, host, True)
        assert admitted.view.room_role == room_role

    @pytest.mark.parametrize(
        ("member", "code"),
        [
            (MOTHER_OF_TIMUR, "wrong_meeting"),
            (POLINA, "pupils_not_in_meetings"),
            (TIMUR, "pupils_not_in_meetings"),
            (TEACHER, "not_a_member"),
            (COLLEAGUE, "not_a_member"),
            (person("nobody"), "not_a_member"),
        ],
        ids=lambda value: value if isinstance(value, str) else value.id,
    )
    async def test_is_closed_to_everybody_else(self, school: Store, member: Member, code: RefusalCode) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        refusal = await refusal_of(school, member)
        assert (refusal.code, refusal.lesson) == (code, None)

    async def test_opens_as_early_and_closes_as_that_of_a_lesson(self, school: Store) -> None:
        for moment, code in ((STARTS - EARLY_START - timedelta(seconds=1), "not_open_yet"), (BELL, "ended")):
            with pytest.raises(Refused) as caught:
                await lessons.start(school, CLASS_TEACHER, "meeting", moment)
            assert caught.value.code == code
        assert (await refusal_of(school, MOTHER, now=STARTS)).code == "not_open_yet"
        view = await lessons.start(school, CLASS_TEACHER, "meeting", STARTS - EARLY_START)
        assert (view.room, view.action) == ("open", "join")

    async def test_is_shut_for_a_parent_who_was_removed(self, school: Store) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        await conduct.remove(school, CLASS_TEACHER, "meeting", MOTHER.id, "conduct", DURING)
        assert (await refusal_of(school, MOTHER)).code == "removed"


class TestHowPeopleAreCalled:
    async def test_a_parent_is_called_by_their_child_of_this_class(self, school: Store) -> None:
        async with school.write() as tx:
            vanya = pupil("vanya", "Дроздов", "Ваня", FIVE_B)
            await tx.people.add(vanya)
            await tx.people.add_guardianship(MAPLE.id, Guardianship(MOTHER.id, vanya.id, Kinship.MOTHER, "Вани"))
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        admitted = await lessons.admission(school, MOTHER, "meeting", DURING)
        assert (admitted.short_name, admitted.about) == ("Ольга, мама Полины", "мама Полины")

    async def test_staff_are_called_by_their_post_and_pupils_by_nothing_more(self, school: Store) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", DURING)
        await lessons.start(school, TEACHER, "maths", DURING)
        for member, room in ((CLASS_TEACHER, "meeting"), (DIRECTOR, "meeting"), (DIRECTOR, "maths")):
            admitted = await lessons.admission(school, member, room, DURING)
            assert (admitted.short_name, admitted.about) == ("Марина Сергеевна", member.post)
        admitted = await lessons.admission(school, POLINA, "maths", DURING)
        assert (admitted.short_name, admitted.about) == ("Полина Дроздова", "")


class TestARefusedParent:
    async def test_is_shown_their_own_next_meeting_and_their_childs_class(self, school: Store) -> None:
        refusal = await refusal_of(school, MOTHER_OF_TIMUR)
        assert refusal.own_class_name == "5Б"
        assert refusal.own_lesson is not None
        assert refusal.own_lesson.lesson.id == "meeting-b"
        assert refusal.own_lesson.occurrence.starts_at == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
        assert (refusal.own_lesson.when, refusal.own_lesson.action) == ("ahead", None)

    async def test_is_shown_that_of_today_while_it_lasts_and_the_one_after_it_afterwards(self, school: Store) -> None:
        today = await refusal_of(school, MOTHER, "meeting-b", STARTS)
        assert today.own_lesson is not None
        assert (today.own_lesson.when, today.own_lesson.action) == ("now", "wait")
        for moment in (BELL, BELL + timedelta(hours=5)):
            later = await refusal_of(school, MOTHER, "meeting-b", moment)
            assert later.own_lesson is not None
            assert later.own_lesson.occurrence.starts_at == STARTS + timedelta(days=7)

    async def test_is_shown_the_next_one_when_that_of_today_was_ended(self, school: Store) -> None:
        await lessons.start(school, CLASS_TEACHER, "meeting", STARTS)
        opened = await refusal_of(school, MOTHER, "meeting-b")
        assert opened.own_lesson is not None
        assert (opened.own_lesson.room, opened.own_lesson.action) == ("open", "join")
        await conduct.end(school, CLASS_TEACHER, "meeting", DURING)
        ended = await refusal_of(school, MOTHER, "meeting-b")
        assert ended.own_lesson is not None
        assert ended.own_lesson.occurrence.starts_at == STARTS + timedelta(days=7)

    async def test_of_a_meeting_that_is_always_held_is_shown_the_next_hour_when_this_one_was_ended(
        self, empty_store: Store
    ) -> None:
        always = meeting("always", school_class=FIVE_B, teacher=COLLEAGUE, repeats=Hourly())
        await found_school(empty_store, roster(meeting(), always))
        await lessons.start(empty_store, COLLEAGUE, "always", DURING)
        await conduct.end(empty_store, COLLEAGUE, "always", DURING)
        refusal = await refusal_of(empty_store, MOTHER_OF_TIMUR)
        assert refusal.own_lesson is not None
        assert refusal.own_lesson.occurrence.starts_at == DURING + timedelta(minutes=30)

    async def test_without_a_meeting_of_their_own_is_shown_none(self, empty_store: Store) -> None:
        await found_school(empty_store, roster(meeting()))
        refusal = await refusal_of(empty_store, MOTHER_OF_TIMUR)
        assert (refusal.code, refusal.own_lesson, refusal.own_class_name) == ("wrong_meeting", None, "5Б")


def test_a_meeting_is_led_by_whom_the_timetable_names() -> None:
    assert may(CLASS_TEACHER, Action.LEAD, meeting(), Standing()).allowed
    assert not may(CLASS_TEACHER, Action.LEAD, meeting(teacher=COLLEAGUE), Standing()).allowed
    assert meeting().starts == time(12, 0)
