"""The teacher is in charge, with one hand: silence, the floor, cameras, the door, co-hosts, reports.

What the teacher cuts is cut at the server; what is to be turned on is turned on by its own person only.
"""

import pytest

from tests.e2e.acts import (
    choose,
    choose_for_class,
    keys,
    open_class,
    open_tile_menu,
    own_button,
    until_in,
    until_microphone,
    until_said,
    until_text,
)
from tests.e2e.browsers import find, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(240)

SOUND = "zvonokTest.received('audio')"


async def test_silence_for_all_is_one_press_and_taking_it_back_only_asks(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await until_microphone(teacher, name, "включён")
        await open_class(teacher)
        await press(teacher, "Тишина в классе")
        await until_microphone(teacher, name, "выключен", within_s=2)
        await until_text(teacher, "Вернуть")
        await press(teacher, "Вернуть")
        await until_text(pupil, "Учитель просит включить микрофон")
        assert await own_button(pupil, "Микрофон включён") is None, "nobody turns on another person's microphone"
        await press(pupil, "Включить")
        await until_microphone(teacher, name, "включён")


async def test_closed_microphone_opens_only_with_the_floor(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(pupil, ChromiumTab)
        name = room.pupil(0).name
        await until_microphone(teacher, name, "включён")
        await choose(teacher, name, "Закрыть микрофон")
        await until_said(pupil, "Учитель закрыл микрофон")
        await until_microphone(teacher, name, "выключен")
        await keys(pupil, "m")
        assert await own_button(pupil, "Микрофон включён") is None
        await press(pupil, "Поднять руку")
        await open_class(teacher)
        await press(teacher, "Дать слово")
        await until_microphone(teacher, name, "включён")
        assert await find(teacher, "button", "Дать слово") == 0, "the hand goes down with the floor"
        await choose(teacher, name, "Забрать слово")
        await until_microphone(teacher, name, "выключен")


async def test_node_forwards_nothing_of_a_closed_microphone(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await until(teacher, f"(await {SOUND}) > 50", "sound of the pupil")
        await choose(teacher, name, "Закрыть микрофон")
        await until_microphone(teacher, name, "выключен")
        await teacher.evaluate("new Promise((done) => setTimeout(done, 300))")
        before = await teacher.evaluate(SOUND)
        await teacher.evaluate("new Promise((done) => setTimeout(done, 1000))")
        assert await teacher.evaluate(SOUND) == before


async def test_cameras_off_for_all_and_closed_until_opened(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))
        await choose_for_class(teacher, "Закрыть камеры")
        gone = f"zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}') && tile.pixel === null)"
        await until(teacher, gone, "tile without a picture", 3)
        await until_said(pupil, "Учитель закрыл камер")
        await choose_for_class(teacher, "Открыть камеры")
        await until(pupil, "document.body.innerText.includes('Камера')", "camera button")
        await press(pupil, "Камера")
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))


async def test_locked_room_makes_late_people_wait_at_the_door(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await room.pupil_joins(chromium, 0)
        await choose_for_class(teacher, "Закрыть вход", role="menuitemcheckbox")
        late = await room.sign_in(chromium, room.pupil(1))
        await late.goto(school.lesson_url)
        await press(late, "Войти")
        await see(late, "Вас скоро впустят")
        assert await late.evaluate("zvonokTest.tiles().length") <= 1, "nothing of the room but the own picture"
        await open_class(teacher)
        await until_text(teacher, room.pupil(1).name)
        await press(teacher, f"Впустить: {room.pupil(1).name}")
        await until_in(late)
        await until_tile_shows(late, room.teacher.name, colour_of(room.teacher))


async def test_spotlight_shows_a_person_large_to_everybody(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await room.pupil_joins(chromium, 0)
        other = await room.pupil_joins(chromium, 1)
        name = room.pupil(0).name
        await until_tile_shows(other, name, colour_of(room.pupil(0)))
        width = f"document.querySelector('[role=group][aria-label^=\"{name}\"]').getBoundingClientRect().width"
        await choose(teacher, name, "Показать крупно всем")
        await until(other, f"({width}) > innerWidth / 2", f"large tile of {name}")
        await until_tile_shows(other, name, colour_of(room.pupil(0)))
        await choose(teacher, name, "Больше не показывать крупно")
        await until(other, f"({width}) < innerWidth / 2", f"usual tile of {name}")


async def test_director_becomes_a_co_host_and_keeps_the_lesson_when_the_teacher_leaves(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        director = school.person("director")
        observer = await room.sign_in(chromium, director)
        await observer.goto(school.lesson_url)
        await press(observer, "Войти")
        await until_in(observer)
        await press(teacher, "Завершить урок")
        await press(teacher, "Выйти, урок продолжится")
        await press(teacher, director.name)
        await see(observer, "Завершить урок", role="button")
        name = room.pupil(0).name
        await until_microphone(observer, name, "включён")
        await open_tile_menu(observer, name)
        await press(observer, "Выключить микрофон", role="menuitem")
        await until_microphone(observer, name, "выключен")
        await until_text(pupil, "Микрофон")


async def test_last_adult_is_warned_before_leaving_pupils_alone(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Завершить урок")
        await until_text(teacher, "Других взрослых здесь нет")
        await press(teacher, "Выйти, урок продолжится")
        await until_said(pupil, "Учител")


async def test_report_from_the_room_reaches_the_administrator(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(pupil, ChromiumTab)
        await press(pupil, "Ещё")
        await press(pupil, "Сообщить о проблеме", role="menuitem")
        await pupil.page.locator("dialog[open] textarea").fill("В чате пишут обидное")
        await press(pupil, "Отправить")
        await until_text(pupil, "Сообщение у администратора")
        administrator = await room.sign_in(chromium, school.person("administrator"))
        await until_text(administrator, "В чате пишут обидное")
        await until_text(administrator, room.pupil(0).name)
        await until_text(administrator, "Математика")


async def test_pupils_have_no_powers_on_their_page(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await room.pupil_joins(chromium, 1)
        await until_tile_shows(pupil, room.pupil(1).name, colour_of(room.pupil(1)))
        await open_class(pupil)
        for words in ("Тишина", "Дать слово", "Ещё действия для всех", "Впустить", "Скачать"):
            assert await find(pupil, "button", words) == 0, words
        for role in ("menuitem", "menuitemcheckbox"):
            assert await find(pupil, role, "Удалить") == 0


async def test_escape_closes_the_menu_of_a_panel_before_the_panel(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        assert isinstance(teacher, ChromiumTab)
        await open_class(teacher)
        await press(teacher, "Ещё действия для всех")
        await until(teacher, "document.querySelector(':popover-open')", "open menu")
        await keys(teacher, "Escape")
        await until(teacher, "!document.querySelector(':popover-open')", "closed menu")
        assert await find(teacher, "button", "Тишина в классе") == 1
        await keys(teacher, "Escape")
        await until(teacher, "!document.querySelector('aside.panel')", "closed panel")
