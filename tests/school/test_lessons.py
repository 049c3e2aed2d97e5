"""Lessons as people meet them, on a real database: the day, the card, the way in, and what the teacher does."""

from datetime import datetime, timedelta

import pytest

from school.parts import RoomRole
from school.people import Member
from school.refusals import NotFound, RefusalCode, Refused
from school.schedule import EARLY_START, OVERRUN
from school.store import Store
from school.structure import School
from school.usecases import conduct, lessons
from school.usecases.founding import found_school
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    BIRCH,
    CLASS_TEACHER,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    FIVE_A,
    FIVE_B,
    MOTHER,
    NOON,
    TEACHER,
    TIMUR,
    hourly,
    lesson,
    person,
    roster,
)

DURING = NOON
"""12:30 of the lesson that is held 12:00–12:40."""
STARTS = NOON - timedelta(minutes=30)
BELL = NOON + timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def refusal_of(store: Store, member: Member, now: datetime = DURING, lesson_id: str = "maths") -> Refused:
    with pytest.raises(Refused) as caught:
        await lessons.admission(store, member, lesson_id, now)
    return caught.value


class TestTheDay:
    async def test_shows_teacher_and_pupils_their_lesson_and_what_to_do(self, store: Store) -> None:
        for member, action in ((TEACHER, "start"), (ARTYOM, "wait"), (CLASS_TEACHER, "wait"), (DIRECTOR, "wait")):
            (view,) = await lessons.today(store, member, DURING)
            assert (view.class_name, view.teacher, view.room, view.when) == ("5А", TEACHER, "closed", "now")
            assert view.action == action

    async def test_is_empty_for_whom_it_does_not_concern(self, store: Store) -> None:
        for member in (TIMUR, MOTHER, COLLEAGUE, person("nobody")):
            assert await lessons.today(store, member, DURING) == []

    async def test_shows_observers_what_is_going_on_and_nothing_else(self, store: Store) -> None:
        assert await lessons.today(store, DIRECTOR, STARTS - timedelta(hours=2)) == []
        assert len(await lessons.today(store, DIRECTOR, DURING)) == 1

    async def test_tells_done_from_ahead(self, store: Store) -> None:
        (ahead,) = await lessons.today(store, ARTYOM, STARTS - timedelta(hours=2))
        (done,) = await lessons.today(store, ARTYOM, BELL)
        assert (ahead.when, ahead.action) == ("ahead", None)
        assert (done.when, done.room, done.action) == ("done", "closed", None)

    async def test_offers_what_is_open(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        for member, action in ((TEACHER, "join"), (ARTYOM, "join"), (DEPUTY, "observe")):
            (view,) = await lessons.today(store, member, DURING)
            assert (view.room, view.action) == ("open", action)


class TestTheCard:
    async def test_is_there_before_the_lesson_so_that_pupils_can_wait(self, store: Store) -> None:
        view = await lessons.card(store, ARTYOM, "maths", STARTS - MINUTE)
        assert (view.when, view.room, view.action) == ("ahead", "closed", "wait")

    async def test_of_another_day_says_when_it_is_held_next(self, store: Store) -> None:
        view = await lessons.card(store, ARTYOM, "maths", DURING + timedelta(days=1))
        assert (view.when, view.action) == ("ahead", None)
        assert view.occurrence.starts_at == STARTS + timedelta(days=7)

    async def test_says_that_it_is_over(self, store: Store) -> None:
        with pytest.raises(Refused) as caught:
            await lessons.card(store, ARTYOM, "maths", BELL)
        assert caught.value.code == "ended"
        assert caught.value.lesson is not None

    async def test_of_a_lesson_that_was_ended_lets_its_teacher_start_again(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.end(store, TEACHER, "maths", DURING + MINUTE)
        view = await lessons.card(store, TEACHER, "maths", DURING + 2 * MINUTE)
        assert (view.room, view.action) == ("ended", "start")

    @pytest.mark.parametrize("lesson_id", ["", "unknown", "' OR 1=1 --", "maths\x00", "Математика" * 50])
    async def test_of_an_unknown_id_is_not_found(self, store: Store, lesson_id: str) -> None:
        with pytest.raises(NotFound):
            await lessons.card(store, TEACHER, lesson_id, DURING)


class TestTheWayIn:
    @pytest.mark.parametrize(
        ("member", "room_role"),
        [
            (TEACHER, "teacher"),
            (ARTYOM, "pupil"),
            (DIRECTOR, "observer"),
            (DEPUTY, "observer"),
            (ADMINISTRATOR, "observer"),
            (CLASS_TEACHER, "observer"),
        ],
        ids=lambda value: value if isinstance(value, str) else value.id,
    )
    async def test_is_open_to_everybody_of_the_lesson(self, store: Store, member: Member, room_role: RoomRole) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        assert (await lessons.admission(store, member, "maths", DURING)).room_role == room_role

    @pytest.mark.parametrize(
        ("member", "code"),
        [
            (TIMUR, "wrong_class"),
            (MOTHER, "parents_not_in_lessons"),
            (COLLEAGUE, "not_a_member"),
            (person("nobody"), "not_a_member"),
        ],
        ids=lambda value: value if isinstance(value, str) else value.id,
    )
    async def test_is_closed_to_everybody_else(self, store: Store, member: Member, code: RefusalCode) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        refusal = await refusal_of(store, member)
        assert (refusal.code, refusal.lesson) == (code, None)

    async def test_does_not_exist_for_members_of_another_school(self, store: Store) -> None:
        async with store.write() as tx:
            await tx.structure.add_school(School(BIRCH.id, BIRCH.name, BIRCH.zone))
        for member in (TEACHER, DIRECTOR, ARTYOM):
            stranger = person(member.id, *member.appointments, school=BIRCH)
            with pytest.raises(NotFound):
                await lessons.admission(store, stranger, "maths", DURING)

    async def test_is_not_open_before_the_teacher(self, store: Store) -> None:
        for member in (ARTYOM, DIRECTOR, TEACHER):
            assert (await refusal_of(store, member)).code == "not_open_yet"

    async def test_stays_open_past_the_bell_for_who_comes_back(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await lessons.admission(store, ARTYOM, "maths", BELL + OVERRUN - SECOND)
        assert (await refusal_of(store, ARTYOM, BELL + OVERRUN)).code == "ended"

    async def test_is_closed_once_the_lesson_was_ended(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.end(store, TEACHER, "maths", DURING)
        assert (await refusal_of(store, ARTYOM)).code == "ended"

    async def test_shows_the_own_lesson_that_is_going_on_instead(self, empty_store: Store) -> None:
        of_5b = hourly("of-5b", school_class=FIVE_B, teacher=COLLEAGUE)
        await found_school(empty_store, roster(hourly(), of_5b))
        await lessons.start(empty_store, COLLEAGUE, "of-5b", NOON)
        refusal = await refusal_of(empty_store, TIMUR, NOON, "always")
        assert refusal.own_class_name == "5Б"
        assert refusal.own_lesson is not None
        assert (refusal.own_lesson.lesson.id, refusal.own_lesson.action) == ("of-5b", "join")


class TestStarting:
    async def test_is_for_the_lessons_teacher_only(self, store: Store) -> None:
        for member in (ARTYOM, TIMUR, MOTHER, COLLEAGUE, DIRECTOR, CLASS_TEACHER, ADMINISTRATOR):
            with pytest.raises(Refused) as caught:
                await lessons.start(store, member, "maths", DURING)
            assert caught.value.code == "not_allowed"

    async def test_begins_a_little_before_its_time(self, store: Store) -> None:
        with pytest.raises(Refused) as caught:
            await lessons.start(store, TEACHER, "maths", STARTS - EARLY_START - SECOND)
        assert caught.value.code == "not_open_yet"
        view = await lessons.start(store, TEACHER, "maths", STARTS - EARLY_START)
        assert (view.room, view.action) == ("open", "join")

    async def test_is_over_with_the_bell(self, store: Store) -> None:
        with pytest.raises(Refused) as caught:
            await lessons.start(store, TEACHER, "maths", BELL)
        assert caught.value.code == "ended"

    async def test_again_after_it_was_ended_works_while_its_hour_lasts(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.end(store, TEACHER, "maths", DURING + MINUTE)
        view = await lessons.start(store, TEACHER, "maths", BELL - SECOND)
        assert view.room == "open"

    async def test_twice_changes_nothing(self, store: Store) -> None:
        first = await lessons.start(store, TEACHER, "maths", DURING)
        assert await lessons.start(store, TEACHER, "maths", DURING + MINUTE) == first

    async def test_at_the_full_hour_an_open_lesson_goes_on(self, store_that_is_always_on: Store) -> None:
        store, last_minute = store_that_is_always_on, NOON + timedelta(minutes=29)
        await lessons.start(store, TEACHER, "always", last_minute)
        for later in (2 * MINUTE, 30 * MINUTE, 60 * MINUTE):
            view = (await lessons.admission(store, ARTYOM, "always", last_minute + later)).view
            assert (view.room, view.when) == ("open", "now")
            assert [one.lesson.id for one in await lessons.today(store, ARTYOM, last_minute + later)] == ["always"]
        assert (await lessons.card(store, TEACHER, "always", last_minute + 62 * MINUTE)).action == "start"


async def test_a_lesson_of_the_class_is_that_of_the_class_and_not_of_the_teacher(empty_store: Store) -> None:
    await found_school(empty_store, roster(lesson("a"), lesson("b", school_class=FIVE_B)))
    assert [view.class_name for view in await lessons.today(empty_store, ARTYOM, DURING)] == [FIVE_A.name]
    assert sorted(view.class_name for view in await lessons.today(empty_store, TEACHER, DURING)) == ["5А", "5Б"]
