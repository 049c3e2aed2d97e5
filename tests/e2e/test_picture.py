"""The picture of the README: a lesson as it looks, taken from a real one. `ZVONOK_TEST_PICTURE=1` renews it."""

import os
from pathlib import Path

from tests.e2e.browsers import Camera, until
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool

PICTURE = Path(__file__).parent / "lesson.png"
WALLS = ("#b9c7bd", "#c9bda9", "#a9bccb", "#cbb3b0")


async def test_a_lesson_of_four_fills_the_readmes_picture(
    chromium: Chromium, school: DemoSchool, tmp_path: Path
) -> None:
    async with Classroom(school) as room:
        cameras = [Camera(wall, width=640, height=360, portrait=True) for wall in WALLS]
        teacher = await room.teacher_starts(chromium, cameras[0])
        for number in range(3):
            await room.pupil_joins(chromium, number, cameras[number + 1])
        await until(teacher, "zvonokTest.tiles().filter((tile) => tile.pixel).length === 4", "four pictures")
        renewed = os.environ.get("ZVONOK_TEST_PICTURE")  # noqa: TID251 - a switch for people
        if renewed:
            # For people's eyes: no message, and the layers that fit the tiles.
            sharp = "[...document.querySelectorAll('video')].every((one) => !one.videoWidth || one.videoWidth >= 640)"
            await until(teacher, f"!document.body.innerText.includes('Входит') && {sharp}", "calm picture", within_s=60)
        path = PICTURE if renewed else tmp_path / PICTURE.name
        await teacher.screenshot(path)
    size = path.read_bytes()[16:24]
    assert (int.from_bytes(size[:4]), int.from_bytes(size[4:])) == (1366, 768)
    assert PICTURE.exists()
