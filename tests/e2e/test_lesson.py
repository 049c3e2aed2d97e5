"""A lesson in Chromium: the teacher and three pupils, what each tile really shows, and the teacher's powers."""

import asyncio

import pytest
from playwright.async_api import Route

from tests.e2e.acts import open_tile_menu, until_in, until_said, until_text
from tests.e2e.browsers import Camera, find, looks_like, press, see, tiles, until, until_tile_shows
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import COLOURS, DemoSchool

pytestmark = pytest.mark.timeout(240)


async def test_teacher_and_three_pupils_see_each_other_under_their_own_names(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        for number in range(3):
            await room.pupil_joins(chromium, number)
        people = [room.teacher, *(room.pupil(number) for number in range(3))]
        await room.everybody_sees(*people)
        for tab in room.tabs.values():
            for name, pixel in (await tiles(tab)).items():
                person = next(one for one in people if name.startswith(one.name))
                assert looks_like(pixel, colour_of(person)), (name, pixel)


async def test_teacher_is_live_after_two_clicks_and_pupil_in_after_one(chromium: Chromium, school: DemoSchool) -> None:
    """The goals are three from the own page, and two from the link."""
    async with Classroom(school) as room:
        teacher = await room.sign_in(chromium, room.teacher)
        await press(teacher, "Начать урок")
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        pupil = await room.sign_in(chromium, room.pupil(0))
        await pupil.goto(school.lesson_url)
        await press(pupil, "Войти")
        await until_in(pupil)
        await room.everybody_sees(room.teacher, room.pupil(0))


async def test_everybody_hears_the_teacher(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        heard = """(await zvonokTest.stats()).some(
            (s) => s.type === 'inbound-rtp' && s.kind === 'audio' && s.totalAudioEnergy > 0.001)"""
        await until(pupil, heard, "sound of the teacher")


async def test_screen_is_shared_beside_the_camera(chromium: Chromium, school: DemoSchool) -> None:
    camera = Camera("#c02020", screen_colour="#a0a000")
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, camera)
        pupil = await room.pupil_joins(chromium, 0)
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        await press(teacher, "Показать экран")
        await until(
            pupil,
            "zvonokTest.tiles().every((tile) => !tile.pixel || tile.pixel[1] < 120 || tile.pixel[0] < 120)",
            "end of the shared screen",
        )


async def test_microphone_and_camera_are_toggles_that_others_see(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))
        await press(pupil, "Камера")
        await until(
            teacher,
            f"zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}') && !tile.pixel)",
            "tile without a picture",
        )
        await press(pupil, "Камера")
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))


async def test_teacher_mutes_one_at_the_server(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await open_tile_menu(teacher, name)
        await press(teacher, "Выключить микрофон", role="menuitem")
        off = """[...document.querySelectorAll('button[aria-pressed=false]')].some(
            (b) => (b.getAttribute('aria-label') ?? b.textContent).trim().startsWith('Микрофон'))"""
        await until(pupil, off, "microphone that is off")


async def test_teacher_removes_a_pupil_until_the_lesson_ends(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))
        await open_tile_menu(teacher, name)
        await press(teacher, "Удалить с урока", role="menuitem")
        await press(teacher, "Удалить")
        await see(pupil, "Учитель удалил вас с урока", within_s=3)
        await until(teacher, f"!zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}'))", "no tile", 3)
        await pupil.goto(school.lesson_url)
        await see(pupil, "Учитель удалил вас с урока")


async def test_teacher_ends_the_lesson_for_all_and_may_start_it_again(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Завершить урок")
        await press(teacher, "Завершить для всех")
        await see(pupil, "Урок закончился")
        await teacher.goto(school.url)
        await press(teacher, "Начать урок")
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        await press(pupil, "Войти")
        await until_in(pupil)


async def test_pupil_waits_until_the_teacher_is_in_and_is_let_in(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        pupil = await room.sign_in(chromium, room.pupil(0))
        await pupil.goto(school.lesson_url)
        await until(pupil, "document.body.innerText.includes('Математика')", "card of the lesson")
        assert await find(pupil, "button", "Выйти") == 0
        await room.teacher_starts(chromium)
        await until_in(pupil)
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))


async def test_a_slow_way_in_is_shown_from_the_press_on(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await chromium.tab(Camera("#c02020"))
        room.tabs["slow"] = tab
        asked: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
        await tab.page.route("**/ticket", lambda route: asked.set_result(route))
        await tab.goto(room.teacher.login_url)
        await tab.goto(school.lesson_url)
        await press(tab, "Начать урок")
        way_in = await asked
        await until_text(tab, "Входим в урок")
        await see(tab, "Выйти", role="button")
        await way_in.continue_()
        await see(tab, "Завершить урок", role="button")


@pytest.mark.parametrize("waits", [False, True])
async def test_devices_that_are_allowed_late_are_seen_and_heard_all_the_same(
    waits: bool, chromium: Chromium, school: DemoSchool
) -> None:
    late = Camera(COLOURS["Артём Белов"], answer_ms=3000)
    async with Classroom(school) as room:
        if waits:
            pupil = await room.sign_in(chromium, room.pupil(0), late)
            await pupil.goto(school.lesson_url)
            await until(pupil, "document.body.innerText.includes('Учитель скоро')", "waiting card")
        teacher = await room.teacher_starts(chromium)
        if not waits:
            await room.pupil_joins(chromium, 0, late)
        await until_tile_shows(teacher, room.pupil(0).name, colour_of(room.pupil(0)))
        on = f"zvonokTest.tiles().some((tile) => tile.name.startsWith('{room.pupil(0).name}, микрофон включён'))"
        await until(teacher, on, "microphone that is on")


async def test_leaving_and_closing_the_page_look_different_to_the_others(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        leaving = await room.pupil_joins(chromium, 0)
        await room.pupil_joins(chromium, 1)
        await press(leaving, "Выйти")
        await until_said(teacher, f"Выходит {room.pupil(0).name}")
        await room.tabs.pop(room.pupil(1).id).close()
        await until_said(teacher, f"Страница урока закрыта: {room.pupil(1).name}")
