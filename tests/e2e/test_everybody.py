"""Every page and state, for everybody: no serious finding of axe, in every theme and at both widths; nothing wider than
the screen and no control beyond its edge, with letters twice as large and in English, too."""

import pytest

from tests.e2e.acts import choose, keys, until_text
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool
from tests.e2e.inspection import Inspection
from tests.e2e.states import PARTS, Walk
from tests.e2e.synthetic import full_class, last_pupil_joins, names_of_tiles

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("part", PARTS)
async def test_every_state_can_be_used_by_everybody(chromium: Chromium, school: DemoSchool, part: str) -> None:
    inspection = Inspection()
    async with Classroom(school) as room:
        await Walk(chromium, room, inspection.visit, frames=4).part(part)
    inspection.expect_nothing_grave()


async def test_pages_of_a_full_class_can_be_used_by_everybody(chromium: Chromium) -> None:
    inspection = Inspection()
    async with full_class(12) as school:
        tab = await last_pupil_joins(chromium, school)
        await inspection.visit(tab, "room-pages", room=True)
        await keys(tab, "ArrowRight")
        await until_text(tab, "2 из 2")
        await inspection.visit(tab, "room-last-page", room=True)
        await keys(tab, "ArrowLeft", "g")
        await inspection.visit(tab, "room-speaker", room=True)
        await keys(tab, "g")
        for name in [name for name in await names_of_tiles(tab) if "это вы" not in name][1:3]:
            await choose(tab, name.split(",")[0], "Закрепить")
        await inspection.visit(tab, "room-pinned", room=True)
        await tab.close()
    inspection.expect_nothing_grave()
