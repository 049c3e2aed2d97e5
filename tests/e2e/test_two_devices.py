"""One person with a laptop and a tablet, and with two tabs of one browser."""

from tests.e2e.acts import choose, open_class, until_in, until_said
from tests.e2e.browsers import Camera, Tab, find, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool

TABLET = Camera("#d0d020")
MUTED = "document.querySelector('[aria-label^=\"Микрофон выключен\"]') !== null"


async def hears(tab: Tab) -> bool:
    """Whether sound comes within a second: an open microphone is forwarded also in silence."""
    before = await tab.evaluate("zvonokTest.received('audio')")
    await tab.evaluate("new Promise((done) => setTimeout(done, 1000))")
    return bool(await tab.evaluate("zvonokTest.received('audio')") > before + 5)


async def test_tablet_stays_beside_the_laptop_with_one_sound(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        laptop = await room.pupil_joins(chromium, 0)
        pupil = room.pupil(0)
        tablet = await chromium.tab(TABLET)
        room.tabs["tablet"] = tablet
        await tablet.goto(pupil.login_url)
        await tablet.goto(school.lesson_url)
        await press(tablet, "Войти")
        await until_in(tablet)
        await until_tile_shows(tablet, room.teacher.name, colour_of(room.teacher))
        await until_tile_shows(laptop, room.teacher.name, colour_of(room.teacher))
        names = f"zvonokTest.tiles().filter((tile) => tile.name.startsWith('{pupil.name}')).length"
        assert await teacher.evaluate(names) == 1
        await until_said(tablet, "на другом вашем устройстве")
        assert await hears(laptop)
        assert not await hears(tablet)
        await press(tablet, "Слушать здесь")
        await until(tablet, "await zvonokTest.received('audio') > 10", "sound on the tablet")
        await until_said(laptop, "на другом вашем устройстве")
        await until(laptop, MUTED, "microphone that is off")
        assert not await hears(laptop)
        await press(tablet, "Выйти")
        await until_tile_shows(teacher, pupil.name, colour_of(pupil))
        await until(laptop, "await zvonokTest.received('audio') > 10", "sound on the laptop again")
        assert await find(laptop, "button", "Выйти") == 1


async def test_removed_person_is_out_on_both_devices(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        laptop = await room.pupil_joins(chromium, 0)
        tablet = await chromium.tab(TABLET)
        room.tabs["tablet"] = tablet
        await tablet.goto(room.pupil(0).login_url)
        await tablet.goto(school.lesson_url)
        await press(tablet, "Войти")
        await until_in(tablet)
        await choose(teacher, room.pupil(0).name, "Удалить с урока")
        await press(teacher, "Удалить")
        for tab in (laptop, tablet):
            await see(tab, "Учитель удалил вас с урока")


async def test_second_tab_asks_before_it_takes_over(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        assert isinstance(first, ChromiumTab)
        await press(first, "Микрофон")
        await until(first, MUTED, "microphone that is off")
        second = ChromiumTab(await first.page.context.new_page())
        await second.goto(school.lesson_url)
        await press(second, "Войти")
        await see(second, "Урок открыт в другой вкладке")
        await until_in(first)
        await press(second, "Перейти сюда")
        await until_in(second)
        await see(first, "Урок открыт в другом окне")
        await until_tile_shows(second, room.teacher.name, colour_of(room.teacher))
        await press(first, "Вернуться сюда")
        await until_in(first)
        await see(second, "Урок открыт в другом окне")
        assert await first.evaluate(MUTED)


async def test_coming_back_does_not_start_a_lesson_that_was_ended_meanwhile(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        first = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(first, ChromiumTab)
        second = ChromiumTab(await first.page.context.new_page())
        await second.goto(school.lesson_url)
        await press(second, "Начать урок")
        await press(second, "Перейти сюда")
        await see(first, "Урок открыт в другом окне")
        await press(second, "Завершить урок")
        await press(second, "Завершить для всех")
        await see(pupil, "Урок закончился")
        await press(first, "Вернуться сюда")
        await see(first, "Начать урок", role="button")
        assert await find(pupil, "button", "Выйти") == 0


async def test_data_saver_asks_for_one_picture_or_for_none(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        await room.pupil_joins(chromium, 1)
        await until_tile_shows(first, room.teacher.name, colour_of(room.teacher))
        await until_tile_shows(first, room.pupil(1).name, colour_of(room.pupil(1)))
        await press(first, "Вид")
        await press(first, "Одна", role="menuitemradio")
        dark = f"zvonokTest.tiles().some((tile) => tile.name.startsWith('{room.pupil(1).name}') && !tile.pixel)"
        await until(first, dark, "tile without a picture")
        await until_tile_shows(first, room.teacher.name, colour_of(room.teacher))
        await press(first, "Вид")
        await press(first, "Только звук", role="menuitemradio")
        await until_said(first, "Сейчас только звук")
        await until(first, "zvonokTest.tiles().every((tile) => !tile.pixel)", "no picture")
        before = await first.evaluate("zvonokTest.received('video')")
        assert await hears(first)
        assert await first.evaluate("zvonokTest.received('video')") <= before + 2
        await open_class(first)
        await press(first, "Показать")
        await until_tile_shows(first, room.teacher.name, colour_of(room.teacher))
