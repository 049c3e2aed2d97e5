"""A pupil on a telephone, upright and lying, by touches alone; and a browser that plays nothing before a touch."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e.acts import open_class, until_chat_has, until_in, until_text, write
from tests.e2e.browsers import PATIENCE_S, Camera, clock, until, until_tile_shows
from tests.e2e.chromium import ARGUMENTS, Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool
from tests.e2e.states import LYING, PHONE
from tests.e2e.synthetic import full_class

pytestmark = pytest.mark.timeout(180)

# As people have it: sound waits for a touch.
BY_TOUCH = [argument for argument in ARGUMENTS if "autoplay" not in argument]
HEARD = """(await zvonokTest.stats()).filter(({type}) => type === 'inbound-rtp')
    .reduce((all, {totalAudioEnergy}) => all + (totalAudioEnergy ?? 0), 0)"""
PLAYS = """(() => {
  const players = [...document.querySelectorAll('audio')];
  return players.length > 0 && players.every((one) => !one.paused);
})()"""
WAITS = "document.body.innerText.includes('Браузер ждёт нажатия')"


@pytest.fixture
async def strict() -> AsyncIterator[Chromium]:
    browser = await Chromium.start(arguments=BY_TOUCH)
    yield browser
    await browser.close()


async def touched(tab: ChromiumTab, words: str) -> None:
    """The button that is under the finger gets it: nothing may lie over it."""
    await tab.page.get_by_role("button", name=words).first.tap()


async def swiped(tab: ChromiumTab, begin: tuple[int, int], end: tuple[int, int]) -> None:
    cdp = await tab.page.context.new_cdp_session(tab.page)
    for kind, points in (("touchStart", [begin]), ("touchMove", [end]), ("touchEnd", [])):
        at = [{"x": x, "y": y} for x, y in points]
        await cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    await cdp.detach()


async def quietly(tab: ChromiumTab, condition: str) -> bool:
    """Asked without the leave to play that Playwright gives with every other question."""
    cdp = await tab.page.context.new_cdp_session(tab.page)
    asked = {"expression": f"(async () => Boolean({condition}))()", "awaitPromise": True, "returnByValue": True}
    answer = await cdp.send("Runtime.evaluate", asked)
    await cdp.detach()
    return answer["result"].get("value") is True


async def until_quietly(tab: ChromiumTab, condition: str, what: str) -> None:
    began = clock()
    while not await quietly(tab, condition):
        assert clock() - began < PATIENCE_S, what
        await tab.page.wait_for_timeout(100)


async def fits(tab: ChromiumTab) -> bool:
    """Nothing stands out to the side."""
    return bool(await tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))


async def test_a_pupil_takes_part_by_touch_upright_and_lying(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        assert isinstance(teacher, ChromiumTab)
        pupil = room.pupil(0)
        tab = await chromium.tab(Camera(colour_of(pupil)), width=PHONE[0], height=PHONE[1], phone=True)
        room.tabs[pupil.id] = tab
        await tab.goto(pupil.login_url)
        await touched(tab, "Войти")
        await tab.page.wait_for_url(school.lesson_url)
        await touched(tab, "Войти")
        await until_in(tab)
        await until_tile_shows(tab, room.teacher.name, colour_of(room.teacher))
        assert await fits(tab)
        await touched(tab, "Поднять руку")
        await open_class(teacher)
        await until_text(teacher, "Подняли руку")
        await touched(tab, "Чат")
        await tab.page.get_by_role("textbox").tap()
        await tab.page.keyboard.type("Я с телефона")
        await touched(tab, "Отправить")
        await until_chat_has(teacher, "Я с телефона")
        await write(teacher, "Вижу вас")
        await until_chat_has(tab, "Вижу вас")
        await touched(tab, "Закрыть чат")
        await touched(tab, "Микрофон")
        await until_text(tab, "Вас не слышно: микрофон выключен")
        await touched(tab, "Включить")
        await until(tab, "!document.body.innerText.includes('Вас не слышно')", "microphone that is on again")
        await tab.page.set_viewport_size({"width": LYING[0], "height": LYING[1]})
        await until_tile_shows(tab, room.teacher.name, colour_of(room.teacher))
        assert await fits(tab)
        await touched(tab, "Выйти")
        await until_text(tab, "Вы вышли")


async def test_a_swipe_turns_the_page(chromium: Chromium) -> None:
    async with full_class(8) as school:
        person = [one for one in school.people if one.role == "pupil" and one.class_name == "5А"][-1]
        tab = await chromium.tab(Camera("#2020c0"), width=PHONE[0], height=PHONE[1], phone=True)
        await tab.goto(person.login_url)
        await tab.goto(school.lesson_url)
        await touched(tab, "Войти")
        await until(tab, "document.querySelector('[aria-label=\"Страница 1 из 2\"]')", "two pages")
        await swiped(tab, (300, 400), (60, 400))
        await until(tab, "document.querySelector('[aria-label=\"Страница 2 из 2\"]')", "second page")
        await swiped(tab, (60, 400), (300, 400))
        await until(tab, "document.querySelector('[aria-label=\"Страница 1 из 2\"]')", "first page")
        await tab.close()


async def test_the_touch_that_joins_starts_the_sound_and_after_a_reload_any_touch(
    strict: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(strict)
        pupil = room.pupil(0)
        tab = await strict.tab(Camera(colour_of(pupil)), width=PHONE[0], height=PHONE[1], phone=True)
        room.tabs[pupil.id] = tab
        await tab.goto(pupil.login_url)
        await tab.goto(school.lesson_url)
        await touched(tab, "Войти")
        await until_quietly(tab, f"{PLAYS} && {HEARD} > 0.001", "the teacher, heard after the touch that joins")
        assert not await quietly(tab, WAITS)
        await tab.page.reload()
        await until_quietly(tab, f"{WAITS} && !{PLAYS}", "the browser waits for a touch, and the page says so")
        await touched(tab, "Включить звук")
        await until_quietly(tab, f"{PLAYS} && {HEARD} > 0.001", "the teacher, heard again")
        await until_quietly(tab, f"!({WAITS})", "nothing more to say")
