"""What a screen reader says of the room, read from the browser's own accessibility tree (design §4)."""

import asyncio
import itertools
from typing import Any

from tests.e2e.acts import open_class, until_said, write
from tests.e2e.browsers import press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool

# Every text that a polite region has said, with the time in ms.
LISTEN = """void (() => {
  window.heard = [];
  const polite = (node) => (node instanceof Element ? node : node.parentElement)?.closest('span[role=status]');
  new MutationObserver((changes) => {
    const said = new Set(changes.map(({target}) => polite(target)).filter(Boolean));
    for (const node of said) if (node.textContent.trim()) heard.push([performance.now(), node.textContent.trim()]);
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
})()"""


async def spoken(tab: ChromiumTab) -> list[tuple[str, str, dict[str, Any]]]:
    """Role, name and states of everything that is not ignored."""
    session = await tab.page.context.new_cdp_session(tab.page)
    nodes = (await session.send("Accessibility.getFullAXTree"))["nodes"]
    return [
        (
            node["role"]["value"],
            " ".join(node.get("name", {}).get("value", "").split()),
            {each["name"]: each["value"].get("value") for each in node.get("properties", [])},
        )
        for node in nodes
        if not node["ignored"]
    ]


def states_of(nodes: list[tuple[str, str, dict[str, Any]]], role: str, words: str) -> dict[str, Any]:
    found = [states for kind, name, states in nodes if kind == role and name.startswith(words)]
    assert found, f"no {role} «{words}» among {sorted({name for kind, name, _ in nodes if kind == role})}"
    return found[0]


async def test_controls_tiles_and_lists_are_spoken_by_their_names(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(teacher, ChromiumTab)
        assert isinstance(pupil, ChromiumTab)
        name = room.pupil(0).name
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))
        assert states_of(await spoken(pupil), "button", "Поднять руку")["pressed"] == "false"
        await press(pupil, "Поднять руку")
        await until_said(teacher, "Подняли руку")

        nodes = await spoken(pupil)
        assert states_of(nodes, "button", "Рука поднята, вы первые")["pressed"] == "true"
        states_of(nodes, "button", "Выйти")
        nodes = await spoken(teacher)
        states_of(nodes, "main", "")
        states_of(nodes, "heading", "Математика, 5А")
        states_of(nodes, "button", "Класс, один поднял руку")
        assert states_of(nodes, "button", "Завершить урок")["hasPopup"] == "dialog"
        assert "pressed" in states_of(nodes, "button", "Микрофон")
        assert "рука поднята, 1-я в очереди" in next(
            words for role, words, _ in nodes if role == "group" and words.startswith(name)
        )
        await open_class(teacher)
        states_of(await spoken(teacher), "button", f"Дать слово: {name}")


async def test_comings_hands_and_messages_are_told_seldom(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        await teacher.evaluate(LISTEN)
        pupils = [await room.pupil_joins(chromium, number) for number in range(3)]
        for pupil in pupils:
            assert isinstance(pupil, ChromiumTab)
            await press(pupil, "Поднять руку")
        assert isinstance(pupils[0], ChromiumTab)
        await write(pupils[0], "Мы здесь")
        await until(teacher, "heard.some(([, words]) => words.includes('Чат'))", "told message")
        await asyncio.sleep(6)
        heard = [(at, words) for at, words in await teacher.evaluate("heard") if "Страница" not in words]
        told = " ".join(words for _, words in heard)
        assert "Входит" in told
        assert "Подняли руку" in told
        assert "Чат, 1 новое" in told
        pauses = [after[0] - before[0] for before, after in itertools.pairwise(heard)]
        assert all(pause >= 4_900 for pause in pauses), heard


async def test_language_changes_in_the_room_and_the_lesson_goes_on(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await press(pupil, "Ещё")
        await press(pupil, "Eng", role="menuitemradio")
        await see(pupil, "Leave", role="button")
        assert await pupil.evaluate("document.documentElement.lang") == "en"
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        assert await pupil.evaluate("[zvonokTest.sockets.length, zvonokTest.peers.length]") == [1, 1]
