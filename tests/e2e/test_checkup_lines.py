"""What «Проверить связь и устройства» says of lines as people have them, behind a real line and a real firewall."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.e2e.acts import until_text
from tests.e2e.browsers import Camera, press, until
from tests.e2e.chromium import Chromium, ChromiumTab, chromium_in
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firewall import Firewall
from tests.e2e.line import CLEAN, SCHOOL_END, WEAK, Line, LineShape, Way, even, school_behind
from tests.e2e.network import needs_root

pytestmark = [needs_root, pytest.mark.timeout(240)]

DONE_WITHIN_S = 90.0
MEGABIT = 1_000_000


@dataclass
class Home:
    """A browser at one end of a line, the school at the other."""

    line: Line
    school: DemoSchool
    browser: Chromium

    @property
    def firewall(self) -> Firewall:
        return Firewall(self.line.person, self.school.media_port)

    async def checked(self, shape: LineShape) -> ChromiumTab:
        await self.line.becomes(shape)
        tab = await self.browser.tab(Camera("#2020c0", devices="missing"))
        await tab.goto(f"{self.school.url}/check")
        await press(tab, "Начать проверку")
        await press(tab, "Да")
        await until(tab, "document.querySelector('main h2')", "result", DONE_WITHIN_S)
        return tab


@pytest.fixture(scope="module")
async def home() -> AsyncIterator[Home]:
    async with school_behind(CLEAN) as (line, school), chromium_in(line.person) as browser:
        yield Home(line, school, browser)


async def verdict(tab: ChromiumTab) -> str:
    return str(await tab.evaluate("document.querySelector('main h2').innerText.replace(/\\u00a0/g, ' ')"))


@pytest.mark.parametrize(
    ("shape", "says", "because"),
    [
        (CLEAN, "Связь подходит для урока с видео", None),
        (even(6 * MEGABIT, 3 * MEGABIT, 0.0, 60), "Связь подходит для урока с видео", None),
        (even(3 * MEGABIT, 350_000, 0.0, 60), "Подойдёт, но картинок будет меньше", "Медленно уходит от вас"),
        (WEAK, "Хватит только на звук", "Медленно уходит от вас"),
        (
            LineShape(Way(20 * MEGABIT, 0.12, 20), Way(20 * MEGABIT, 0.0, 20)),
            "Хватит только на звук",
            "теряется по пути к вам",
        ),
        (even(20 * MEGABIT, 20 * MEGABIT, 0.0, 900), "Хватит только на звук", "Звук идёт долго"),
    ],
    ids=["clean", "home", "slow up", "weak", "loses", "late"],
)
async def test_a_line_is_told_as_it_is(home: Home, shape: LineShape, says: str, because: str | None) -> None:
    tab = await home.checked(shape)
    assert await verdict(tab) == says
    if because is not None:
        await until_text(tab, because)


async def test_closed_udp_is_named_with_the_port_of_the_school(home: Home) -> None:
    await home.firewall.block_udp()
    tab = await home.checked(even(20 * MEGABIT, 20 * MEGABIT, 0.0, 40))
    assert await verdict(tab) == "Подойдёт, но картинок будет меньше"
    await until_text(tab, "Прямой путь (UDP) закрыт")
    lines = str(await tab.evaluate("document.querySelector('main pre').innerText")).splitlines()
    place = f"{SCHOOL_END}:{home.school.media_port}"
    assert [line for line in lines if line.startswith("UDP до") and place in line and line.endswith(": закрыт")]
    assert [line for line in lines if line.startswith("TCP до") and place in line and line.endswith(": проходит")]
    assert lines[-1].startswith("Просьба: открыть исходящий UDP до")
    assert place in lines[-1]
