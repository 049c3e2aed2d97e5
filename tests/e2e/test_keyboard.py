"""A lesson without a mouse: the whole way of a teacher and of a pupil, and every key of the room (design §8)."""

import asyncio
import json

from tests.e2e.acts import own_button, until_chat_has, until_in, until_microphone, until_text
from tests.e2e.browsers import Camera, Tab, find, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firefox import Firefox

MOST_TABS = 90
# The name of what has the focus, and whether an eye can see that it has.
FOCUSED = """(() => {
  const node = document.activeElement;
  const labelled = document.getElementById(node.getAttribute('aria-labelledby'))?.textContent;
  const read = node.cloneNode(true);
  read.querySelectorAll('[aria-hidden=true]').forEach((part) => part.remove());
  const name = node.getAttribute('aria-label') ?? labelled ?? read.textContent;
  const {outlineStyle, outlineWidth} = getComputedStyle(node);
  return {
    name: name.replace(/[\\s\\u00a0\\u202f]+/g, ' ').trim(),
    // A window in the background draws no focus.
    seen: !document.hasFocus() || outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  };
})()"""


async def tab_to(tab: Tab, words: str) -> None:
    """By Tab alone, as far as it takes; the focus has to be seen there."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        await tab.key("Tab")
        focused = await tab.evaluate(FOCUSED)
        if focused["name"].startswith(words):
            assert focused["seen"], f"no focus is seen at «{words}»"
            return
        passed.append(focused["name"][:40])
    raise AssertionError(f"Tab does not come to «{words}»: {passed}")


async def press_by_key(tab: Tab, words: str) -> None:
    await tab_to(tab, words)
    await tab.key("Enter")


async def write_by_keys(tab: Tab, text: str) -> None:
    for letter in text:
        await tab.key(letter)


async def start_by_keys(room: Classroom, tab: Tab) -> None:
    await tab.goto(room.school.url)
    await until_text(tab, room.teacher.name)
    await press_by_key(tab, room.teacher.name)
    await until(tab, "document.querySelector('main h1')", "home")
    await until_text(tab, "Начать урок")
    await press_by_key(tab, "Начать урок")
    await until(tab, "location.pathname.startsWith('/lessons/')", "door")
    await until_text(tab, "Начать урок")
    await press_by_key(tab, "Начать урок")
    await see(tab, "Завершить урок", role="button")


async def join_by_keys(room: Classroom, tab: Tab, number: int) -> None:
    await tab.goto(room.school.url)
    await until_text(tab, room.pupil(number).name)
    await press_by_key(tab, room.pupil(number).name)
    await until_text(tab, "Войти в урок")
    await press_by_key(tab, "Войти в урок")
    await until(tab, "location.pathname.startsWith('/lessons/')", "door")
    await see(tab, "Войти", role="button")
    await press_by_key(tab, "Войти")
    await until_in(tab)


async def window(room: Classroom, browser: Chromium | Firefox, name: str) -> Tab:
    tab = room.tabs[name] = await browser.tab(Camera("#2020c0", frames=5))
    return tab


async def test_a_lesson_is_held_and_attended_by_keyboard(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher, pupil = [await window(room, chromium, name) for name in ("teacher", "pupil")]
        await start_by_keys(room, teacher)
        await join_by_keys(room, pupil, 0)

        await press_by_key(pupil, "Поднять руку")
        await until(teacher, "document.querySelector('.ctl button em')", "hand at the class button")
        await press_by_key(teacher, "Класс")
        await until_text(teacher, "Подняли руку")
        assert (await teacher.evaluate(FOCUSED))["name"].startswith("В классе")
        await press_by_key(teacher, f"Дать слово: {room.pupil(0).name}")
        await until_microphone(teacher, room.pupil(0).name, "включён")
        await press_by_key(teacher, "Тишина в классе")
        await until_microphone(teacher, room.pupil(0).name, "выключен")
        await teacher.key("Escape")
        await until(teacher, "!document.querySelector('aside.panel')", "closed panel")
        assert (await teacher.evaluate(FOCUSED))["name"].startswith("Класс")

        await press_by_key(pupil, "Чат")
        await write_by_keys(pupil, "may I go out")
        await pupil.key("Enter")
        await until_chat_has(teacher, "may I go out")
        await pupil.key("Escape")
        await press_by_key(pupil, "Выйти")
        await see(pupil, "Вы вышли с урока")

        await press_by_key(teacher, "Завершить урок")
        await see(teacher, "Завершить урок?")
        await press_by_key(teacher, "Завершить для всех")
        await see(teacher, "Урок закончился")


async def test_the_main_ways_work_by_keyboard_in_firefox(firefox: Firefox, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher, pupil = [await window(room, firefox, name) for name in ("teacher", "pupil")]
        await start_by_keys(room, teacher)
        await join_by_keys(room, pupil, 0)
        await press_by_key(pupil, "Поднять руку")
        await until(teacher, "document.querySelector('.ctl button em')", "hand at the class button")
        await press_by_key(teacher, "Класс")
        await press_by_key(teacher, f"Дать слово: {room.pupil(0).name}")
        await until_microphone(teacher, room.pupil(0).name, "включён")
        await press_by_key(pupil, "Выйти")
        await see(pupil, "Вы вышли с урока")


async def test_every_key_of_the_room_does_what_its_list_says(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await until_tile_shows(teacher, room.pupil(0).name, colour_of(room.pupil(0)))
        assert isinstance(teacher, ChromiumTab)
        assert isinstance(pupil, ChromiumTab)
        await the_page_has_the_keys(pupil, teacher)

        await toggles(teacher, "KeyM", "Микрофон")
        await toggles(teacher, "KeyV", "Камера")
        await toggles(teacher, "KeyS", "Показать экран")
        await opens(teacher, "KeyP", "aside.panel h2")
        await opens(teacher, "KeyC", "aside.panel [role=log]", closes_by="Escape")
        await teacher.key("g")
        await until(teacher, "document.querySelector('[aria-label^=\"Вид: говорящий\"]')", "speaker large")
        await teacher.key("g")
        await until(teacher, "document.querySelector('[aria-label^=\"Вид: сетка\"]')", "grid")
        await teacher.key("2")
        await until(teacher, "document.querySelector('[role=group][aria-label*=\"закреплено\"]')", "large tile")
        await teacher.key("Escape")
        await until(teacher, "!document.querySelector('[role=group][aria-label*=\"закреплено\"]')", "grid")

        await pupil.key("h")
        await until(teacher, "document.querySelector('.ctl button em')", "hand")
        await teacher.key("Shift+KeyH")
        await until_microphone(teacher, room.pupil(0).name, "включён")
        await teacher.key("Shift+KeyM")
        await until_microphone(teacher, room.pupil(0).name, "выключен")
        await see(teacher, "Вернуть", role="button")
        await teacher.key("Control+KeyZ")
        await until(teacher, f"!({find_words('Вернуть')})", "no undo left")

        await teacher.key("f")
        await until(teacher, "document.fullscreenElement", "full screen")
        await teacher.key("f")
        await until(teacher, "!document.fullscreenElement", "window")
        await teacher.key("?")
        await see(teacher, "Клавиши")
        await teacher.key("Escape")
        await until(teacher, "!document.querySelector('dialog[open]')", "closed list")


async def the_page_has_the_keys(*tabs: Tab) -> None:
    for tab in tabs:
        await tab.evaluate("void document.activeElement?.blur()")


def find_words(words: str) -> str:
    return f"[...document.querySelectorAll('button')].some((b) => b.textContent.trim().startsWith({json.dumps(words)}))"


async def toggles(tab: Tab, key: str, words: str) -> None:
    before = await own_button(tab, words)
    for wanted in (not before, bool(before)):
        await tab.key(key)
        pressed = f"[...document.querySelectorAll('.ctl button')].find((b) => b.ariaLabel.startsWith('{words}'))"
        await until(tab, f"{pressed}.ariaPressed === '{str(wanted).lower()}'", f"{words} after {key}")


async def opens(tab: Tab, key: str, what: str, closes_by: str | None = None) -> None:
    await tab.key(key)
    await until(tab, f"document.querySelector('{what}')", f"{what} after {key}")
    await tab.key(closes_by or key)
    await until(tab, f"!document.querySelector('{what}')", f"no {what} after {closes_by or key}")
    await the_page_has_the_keys(tab)


async def test_space_speaks_as_long_as_it_is_held(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        assert isinstance(teacher, ChromiumTab)
        await the_page_has_the_keys(teacher)
        await toggles_off(teacher)
        await teacher.page.keyboard.down("Space")
        await until(teacher, "zvonokTest.tiles().some((tile) => tile.name.includes('микрофон включён'))", "voice")
        await teacher.page.keyboard.up("Space")
        await until(teacher, "zvonokTest.tiles().every((tile) => !tile.name.includes('микрофон включён'))", "silence")


async def toggles_off(tab: ChromiumTab) -> None:
    if await own_button(tab, "Микрофон"):
        await tab.key("m")
    await until(tab, "zvonokTest.tiles().every((tile) => !tile.name.includes('микрофон включён'))", "silence")


async def test_the_grid_is_one_stop_with_arrows_inside(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await room.pupil_joins(chromium, 0)
        await until_tile_shows(teacher, room.pupil(0).name, colour_of(room.pupil(0)))
        assert await teacher.evaluate("document.querySelectorAll('.stage [role=group][tabindex=\"0\"]').length") == 1
        await teacher.evaluate("void document.querySelector('.stage [role=group][tabindex=\"0\"]').focus()")
        first = (await teacher.evaluate(FOCUSED))["name"]
        await teacher.key("ArrowRight")
        second = (await teacher.evaluate(FOCUSED))["name"]
        assert first != second
        await teacher.key("Enter")
        await until(teacher, "document.querySelector('[role=group][aria-label*=\"закреплено\"]')", "large tile")
        await teacher.key("Enter")
        await until(teacher, "!document.querySelector('[role=group][aria-label*=\"закреплено\"]')", "grid")
        await teacher.key("Shift+F10")
        await until(teacher, "document.querySelector('[role=menu]:popover-open')", "menu of the tile")
        await teacher.key("Escape")
        await until(teacher, "!document.querySelector('[role=menu]:popover-open')", "closed menu")
        await asyncio.sleep(0.2)
        assert (await teacher.evaluate(FOCUSED))["name"].startswith(second.split(",")[0])


async def test_letters_can_be_switched_off(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await the_page_has_the_keys(teacher)
        await teacher.key("?")
        await see(teacher, "Клавиши")
        await teacher.evaluate("void document.querySelector('dialog input[type=checkbox]').click()")
        await teacher.key("Escape")
        await the_page_has_the_keys(teacher)
        await teacher.key("c")
        await teacher.key("p")
        await asyncio.sleep(0.3)
        assert await find(teacher, "heading", "Чат урока") == 0
        assert not await teacher.evaluate("Boolean(document.querySelector('aside.panel'))")
