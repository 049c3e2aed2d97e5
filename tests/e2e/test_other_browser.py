"""The same lesson with Firefox ESR on one side and Chromium on the other, both ways."""

import pytest

from tests.e2e.browsers import Browser, Camera, press, until, until_tile_shows
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firefox import Firefox

pytestmark = pytest.mark.timeout(240)


async def test_teacher_in_firefox_pupil_in_chromium(firefox: Firefox, chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(firefox)
        await room.pupil_joins(chromium, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))


async def test_teacher_in_chromium_pupil_in_firefox(firefox: Firefox, chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        await room.pupil_joins(firefox, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))


async def test_screen_from_firefox_is_seen_beside_the_camera(
    firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(firefox, Camera("#c02020", screen_colour="#a0a000"))
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
async def test_publisher_opens_its_highest_layer_on_a_clean_link(
    kind: str, firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    browsers: dict[str, Browser] = {"chromium": chromium, "firefox": firefox}
    camera = Camera("#c02020", width=1280, height=720, frames=20, noisy=True)
    async with Classroom(school) as room:
        await room.teacher_starts(browsers[kind], camera)
        pupil = await room.pupil_joins(chromium, 0, Camera("#2020c0"), size=(1920, 1080))
        received = """(await zvonokTest.stats()).some(
            (s) => s.type === 'inbound-rtp' && s.kind === 'video' && s.frameWidth >= 1280 && s.framesDecoded > 10)"""
        await until(pupil, received, "picture of 1280 × 720", within_s=40)
