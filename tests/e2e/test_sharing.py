"""Shared screens: two at once, text and motion, paused and stopped, enlarged by whoever looks."""

import pytest

from tests.e2e.acts import choose, until_text
from tests.e2e.browsers import Camera, press, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(240)

SCREEN_FRAMES = """(await zvonokTest.stats()).filter((s) => s.type === 'outbound-rtp' && s.kind === 'video'
    && !s.rid).reduce((sum, s) => sum + s.framesEncoded, 0)"""


async def rate_of_the_screen(tab: ChromiumTab, seconds: float = 3.0) -> float:
    """Frames a second that the sharer encodes, of a screen that moves ten times a second."""
    before = await tab.evaluate(f"(async () => {SCREEN_FRAMES})()")
    await tab.evaluate(f"new Promise((done) => setTimeout(done, {seconds * 1000}))")
    return float((await tab.evaluate(f"(async () => {SCREEN_FRAMES})()")) - before) / seconds


async def test_two_screens_are_seen_at_once(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, Camera("#c02020", screen_colour="#a0a000"))
        first = await room.pupil_joins(chromium, 0, Camera("#2020c0", screen_colour="#00a0a0"))
        second = await room.pupil_joins(chromium, 1)
        await press(teacher, "Показать экран")
        await until_tile_shows(second, room.teacher.name, "#a0a000")
        await press(first, "Показать экран")
        await until_tile_shows(second, room.pupil(0).name, "#00a0a0")
        await until_tile_shows(second, room.teacher.name, "#a0a000")


async def test_text_is_sent_in_few_sharp_frames_and_motion_in_many(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, Camera("#c02020", screen_colour="#a0a000"))
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(teacher, ChromiumTab)
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        assert await rate_of_the_screen(teacher) <= 6
        await press(teacher, "Экран: настройки")
        await press(teacher, "Движение", role="menuitemradio")
        await teacher.evaluate("new Promise((done) => setTimeout(done, 500))")
        assert await rate_of_the_screen(teacher) >= 8


async def test_paused_screen_stands_still_and_goes_on(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, Camera("#c02020", screen_colour="#a0a000"))
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        await press(teacher, "Экран: настройки")
        await press(teacher, "Приостановить показ", role="menuitem")
        await until_text(pupil, "Показ приостановлен")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        await press(teacher, "Экран: настройки")
        await press(teacher, "Продолжить показ", role="menuitem")
        await until(pupil, "!document.body.innerText.includes('Показ приостановлен')", "screen that goes on")


async def test_teacher_stops_a_pupils_screen(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0, Camera("#2020c0", screen_colour="#00a0a0"))
        name = room.pupil(0).name
        await press(pupil, "Показать экран")
        await until_tile_shows(teacher, name, "#00a0a0")
        await choose(teacher, name, "Остановить показ")
        gone = f"!zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}') && tile.name.includes('экран'))"
        await until(teacher, gone, "no shared screen", 3)
        await until(
            pupil, "document.querySelector('[aria-label=\"Показать экран\"][aria-pressed=false]')", "screen off"
        )


async def test_viewer_enlarges_a_shared_screen(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, Camera("#c02020", screen_colour="#a0a000"))
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        width = "Math.max(...[...document.querySelectorAll('.tile video')].map((v) => v.getBoundingClientRect().width))"
        before = await pupil.evaluate(width)
        await press(pupil, "Увеличить")
        await until(pupil, f"({width}) > {before} * 1.2", "larger picture of the screen")
        await press(pupil, "Весь экран целиком")
        await until(pupil, f"({width}) < {before} * 1.1", "whole screen again")


async def test_screen_is_shared_with_its_sound(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, Camera("#c02020", screen_colour="#a0a000"))
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Микрофон включён")
        await press(pupil, "Микрофон включён")
        heard = "await zvonokTest.received('audio')"
        await pupil.evaluate("new Promise((done) => setTimeout(done, 500))")
        before = await pupil.evaluate(f"(async () => {heard})()")
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        await until(pupil, f"({heard}) > {before} + 50", "sound of the screen, with both microphones off")
