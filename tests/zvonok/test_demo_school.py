"""The demo school: its people, its day, its two lessons and its meeting that are always going on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from school.people import Role
from school.refusals import Refused
from school.schedule import Hourly, RoomKind
from school.store import Store
from school.usecases import lessons
from school.usecases.people import MemberCard, all_people
from zvonok.demo_school import lesson_that_is_on, meeting_that_is_on, roster, seed

ZONE = "Europe/Moscow"
WEEK = [datetime(2026, 11, 22, 21, 34, tzinfo=UTC) + timedelta(hours=5 * step) for step in range(34)]
"""Each day of the week and each hour of the day, from Monday 00:34 in Moscow on."""
NOW = datetime(2026, 11, 23, 9, 34, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'demo.sqlite3'}") as opened:
        await seed(opened, ZONE)
        yield opened


def of(cards: list[MemberCard], role: Role, class_name: str | None = None) -> list[MemberCard]:
    return [card for card in cards if card.member.main_role is role and (class_name in (None, card.class_name))]


async def test_its_people_are_those_of_the_list_in_its_order(store: Store) -> None:
    assert [(str(card.member.main_role), card.class_name) for card in await all_people(store)] == [
        ("administrator", None),
        ("director", None),
        ("deputy", None),
        ("class_teacher", "5А"),
        ("teacher", None),
        *[("pupil", "5А")] * 10,
        ("pupil", "5Б"),
        ("parent", "5А"),
        ("parent", "5А"),
        ("parent", "5Б"),
    ]


async def test_seeding_again_changes_nothing(store: Store) -> None:
    before = await all_people(store)
    await seed(store, ZONE)
    assert await all_people(store) == before


def test_ids_are_drawn_anew_for_each_school() -> None:
    one, other = roster(ZONE), roster(ZONE)
    assert {member.id for member in one.members}.isdisjoint(member.id for member in other.members)
    assert {lesson.id for lesson in one.lessons}.isdisjoint(lesson.id for lesson in other.lessons)


async def test_a_lesson_of_each_class_can_be_started_at_any_hour_of_the_week(store: Store) -> None:
    cards = await all_people(store)
    (mathematician,), (philologist,) = of(cards, Role.TEACHER), of(cards, Role.CLASS_TEACHER)
    for teacher, class_name in ((mathematician, "5А"), (philologist, "5Б")):
        found = set()
        for now in WEEK:
            day = await lessons.today(store, teacher.member, now)
            (view,) = [one for one in day if one.action == "start" and one.lesson.kind is RoomKind.LESSON]
            assert (view.class_name, view.when) == (class_name, "now")
            found.add(view.lesson.id)
        assert len(found) == 1


async def test_nobody_has_two_lessons_of_their_own_at_once(store: Store) -> None:
    for card in await all_people(store):
        if card.member.main_role not in (Role.PUPIL, Role.TEACHER):
            continue
        for now in WEEK:
            day = await lessons.today(store, card.member, now)
            assert len([view for view in day if view.when == "now"]) == 1
            assert all(before.occurrence.ends_at <= after.occurrence.starts_at for before, after in pairwise(day))


async def test_other_lessons_stand_around_it(store: Store) -> None:
    pupil = of(await all_people(store), Role.PUPIL, "5А")[0]
    day = await lessons.today(store, pupil.member, NOW)
    assert {view.when for view in day} == {"done", "now", "ahead"}


async def test_the_lesson_to_look_at_is_that_of_5a(store: Store) -> None:
    view = await lesson_that_is_on(store, await all_people(store), NOW)
    assert view is not None
    assert isinstance(view.lesson.repeats, Hourly)
    assert (view.class_name, view.teacher.full_name) == ("5А", "Марина Сергеевна Орлова")


async def test_the_class_teacher_of_5a_teaches_5b_and_observes_5a(store: Store) -> None:
    (class_teacher,) = of(await all_people(store), Role.CLASS_TEACHER)
    actions = {
        (view.lesson.kind, view.class_name): view.action
        for view in await lessons.today(store, class_teacher.member, NOW)
        if view.when == "now"
    }
    assert actions == {
        (RoomKind.LESSON, "5А"): "wait",
        (RoomKind.LESSON, "5Б"): "start",
        (RoomKind.MEETING, "5А"): "start",
    }


async def test_a_meeting_of_5a_is_always_on_and_takes_no_lessons_place(store: Store) -> None:
    cards = await all_people(store)
    (class_teacher,), parent = of(cards, Role.CLASS_TEACHER), of(cards, Role.PARENT, "5А")[0]
    for now in WEEK:
        view = await meeting_that_is_on(store, cards, now)
        assert view is not None
        assert (view.class_name, view.teacher, view.when) == ("5А", class_teacher.member, "now")
        assert [one.lesson.id for one in await lessons.today(store, parent.member, now)] == [view.lesson.id]


async def test_a_parent_of_5b_is_refused_at_it_and_shown_their_own(store: Store) -> None:
    cards = await all_people(store)
    view = await meeting_that_is_on(store, cards, NOW)
    assert view is not None
    with pytest.raises(Refused) as caught:
        await lessons.card(store, of(cards, Role.PARENT, "5Б")[0].member, view.lesson.id, NOW)
    assert (caught.value.code, caught.value.own_class_name) == ("wrong_meeting", "5Б")
    assert caught.value.own_lesson is not None
    assert caught.value.own_lesson.class_name == "5Б"
    assert caught.value.own_lesson.occurrence.starts_at > NOW
