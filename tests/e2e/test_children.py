"""Children are not left alone: media flow with an adult of the school only; never one to one if the school says so."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e.acts import choose_for_class, until_said, until_text
from tests.e2e.browsers import press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(240)

PACKETS = "zvonokTest.received()"


@pytest.fixture
async def strict_school() -> AsyncIterator[DemoSchool]:
    """Three seconds after the last adult; one adult and one child are never alone."""
    settings = {"ZVONOK_CHILDREN_MINUTES_WITHOUT_ADULT": "0.05", "ZVONOK_CHILDREN_TWO_ADULTS": "stop"}
    demo = await DemoSchool.start(settings=settings)
    yield demo
    await demo.stop()


async def test_media_stop_when_the_last_adult_is_gone_and_come_back_with_the_teacher(
    chromium: Chromium, strict_school: DemoSchool
) -> None:
    async with Classroom(strict_school) as room:
        teacher = await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        await room.pupil_joins(chromium, 1)
        await room.everybody_sees(room.pupil(0), room.pupil(1))
        await press(teacher, "Завершить урок")
        await press(teacher, "Выйти, урок продолжится")
        await until_said(first, "Учител")
        await until_text(first, "нет взрослого", within_s=8)
        await first.evaluate("new Promise((done) => setTimeout(done, 500))")
        before = await first.evaluate(PACKETS)
        await first.evaluate("new Promise((done) => setTimeout(done, 1000))")
        assert await first.evaluate(PACKETS) == before
        await press(teacher, "Вернуться")
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        await until_tile_shows(first, room.pupil(1).name, colour_of(room.pupil(1)))


async def test_one_adult_and_one_child_are_not_alone_where_the_school_says_so(
    chromium: Chromium, strict_school: DemoSchool
) -> None:
    async with Classroom(strict_school) as room:
        teacher = await room.teacher_starts(chromium)
        await room.pupil_joins(chromium, 0)
        await until_said(teacher, "один на один")
        assert await teacher.evaluate(PACKETS) == 0
        await room.pupil_joins(chromium, 1)
        await room.everybody_sees(room.teacher, room.pupil(0), room.pupil(1))


async def test_pupils_cameras_are_for_the_teacher_only_when_the_teacher_says_so(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await room.pupil_joins(chromium, 0)
        other = await room.pupil_joins(chromium, 1)
        name = room.pupil(0).name
        await until_tile_shows(other, name, colour_of(room.pupil(0)))
        await choose_for_class(teacher, "Камеры учеников видит только учитель", role="menuitemcheckbox")
        gone = f"zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}') && tile.pixel === null)"
        await until(other, gone, "tile without a picture", 3)
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))
        await until_tile_shows(other, room.teacher.name, colour_of(room.teacher))
