"""A parent meeting: its people enter by the door, the host sees who they are; others find their own."""

import pytest

from tests.e2e.acts import open_class, until_in, until_text
from tests.e2e.browsers import Camera, find, press, see, until_tile_shows
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(240)


async def test_parents_of_the_class_are_let_in_by_the_host(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        leader = school.person("class_teacher", 0, "5А")
        mother = school.person("parent", 0, "5А")
        early = await room.sign_in(chromium, mother, Camera("#20a0a0"))
        await early.goto(school.meeting_url)
        await until_text(early, "Родительское собрание")
        assert await find(early, "button", "Выйти") == 0
        host = await room.sign_in(chromium, leader, Camera("#c02020"))
        await host.goto(school.meeting_url)
        await press(host, "Начать собрание")
        await see(host, "Завершить собрание", role="button")
        await see(early, "Вас скоро впустят")
        await until_text(early, "Ирина Павловна")
        await open_class(host)
        await until_text(host, "За дверью")
        await until_text(host, "мама Полины")
        await press(host, "Впустить")
        await until_in(early)
        await until_tile_shows(early, leader.name, "#c02020")
        await until_tile_shows(host, "Ольга", "#20a0a0")


async def test_parent_of_another_class_is_refused_and_may_ask_the_administrator(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        tab = await room.sign_in(chromium, school.person("parent", 0, "5Б"))
        await tab.goto(school.meeting_url)
        await see(tab, "Это собрание другого класса")
        await press(tab, "Мой ребёнок учится в этом классе")
        await until_text(tab, "администратор")
        administrator = await room.sign_in(chromium, school.person("administrator"))
        await until_text(administrator, school.person("parent", 0, "5Б").name)


async def test_pupil_is_not_in_meetings(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await room.sign_in(chromium, room.pupil(0))
        await tab.goto(school.meeting_url)
        await until_text(tab, "Собрание — для родителей")
        assert await find(tab, "button", "Войти") == 0


async def test_host_declines_and_the_person_is_told(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        host = await room.sign_in(chromium, school.person("class_teacher", 0, "5А"))
        await host.goto(school.meeting_url)
        await press(host, "Начать собрание")
        mother = await room.sign_in(chromium, school.person("parent", 0, "5А"), Camera("#20a0a0"))
        await mother.goto(school.meeting_url)
        await press(mother, "Войти")
        await see(mother, "Вас скоро впустят")
        await open_class(host)
        await press(host, "Не впускать")
        await see(mother, "Вас не впустили")


async def test_all_who_are_expected_are_let_in_by_one_press(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        host = await room.sign_in(chromium, school.person("class_teacher", 0, "5А"))
        await host.goto(school.meeting_url)
        await press(host, "Начать собрание")
        parents = []
        for number in range(2):
            parent = await room.sign_in(chromium, school.person("parent", number, "5А"), Camera("#20a0a0"))
            await parent.goto(school.meeting_url)
            await press(parent, "Войти")
            await see(parent, "Вас скоро впустят")
            parents.append(parent)
        await open_class(host)
        await press(host, "Впустить двоих")
        for parent in parents:
            await until_in(parent)
