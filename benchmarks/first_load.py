"""How long until a person with an old phone is at the device check, and then sees the lesson?

Chromium with an empty cache behind an emulated line (root is needed for that), its page's CPU slowed down by the
browser's own means. From the opening of the lesson's link until «Войти» can be pressed, with the bytes that came over
the network by then; then from the press to the first picture of somebody else.
"""

import argparse
import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession

from benchmarks.tables import load_note, machine, number, percentile, table
from tests.e2e.behind_line import BehindLine, behind_line
from tests.e2e.browsers import FIND, Camera, press, until
from tests.e2e.chromium import ChromiumTab
from tests.e2e.classroom import colour_of
from tests.e2e.line import CLEAN, even

OTHERS = 3
GOALS = {"usable": 4.0, "frame": 3.0, "bytes": 150 * 1024}
MARK = "performance.getEntriesByName('zvonok:{}')[0]?.startTime"


@dataclass(frozen=True)
class Load:
    usable_s: float
    bytes_by_then: int
    frame_s: float


class Received:
    """Bytes of what has been loaded, as they came over the network."""

    def __init__(self, devtools: CDPSession) -> None:
        self.bytes = 0
        devtools.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


async def opened(lesson: BehindLine, slowed: float) -> Load:
    person = lesson.room.pupil(lesson.number)
    tab = await lesson.room.sign_in(lesson.pupils_browser, person, Camera(colour_of(person)))
    assert isinstance(tab, ChromiumTab)
    devtools = await tab.page.context.new_cdp_session(tab.page)
    await devtools.send("Network.enable")
    await devtools.send("Network.clearBrowserCache")
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    received = Received(devtools)
    await tab.page.goto(lesson.room.school.lesson_url, wait_until="commit")
    await until(tab, f"({FIND})('button', 'Войти').some((node) => !node.disabled)", "«Войти»", 60)
    usable_ms, arrived = await tab.evaluate("performance.now()"), received.bytes
    await press(tab, "Войти")
    await until(tab, MARK.format("first_frame"), "picture of somebody else", 60)
    frame_ms = await tab.evaluate(f"{MARK.format('first_frame')} - {MARK.format('press')}")
    await press(tab, "Выйти")
    await tab.close()
    return Load(usable_ms / 1000, arrived, frame_ms / 1000)


async def measured(options: argparse.Namespace) -> list[Load]:
    shape = even(options.down, options.up, 0.0, options.round_trip) if options.slowed > 1 else CLEAN
    async with behind_line(shape, OTHERS) as lesson:
        return [await opened(lesson, options.slowed) for _ in range(options.runs)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--slowed", type=float, default=4, help="times; 1 measures on a clean line")
    parser.add_argument("--down", type=int, default=1_600_000, help="bits per second")
    parser.add_argument("--up", type=int, default=1_600_000, help="bits per second")
    parser.add_argument("--round-trip", type=float, default=150, help="milliseconds")
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    loads = asyncio.run(measured(options))
    rows = [
        row("device check usable, s", [load.usable_s for load in loads], GOALS["usable"]),
        row("bytes by then, KB", [load.bytes_by_then / 1024 for load in loads], GOALS["bytes"] / 1024),
        row("«Войти» → first picture, s", [load.frame_s for load in loads], GOALS["frame"]),
    ]
    print(table(["", "p50", "max", "runs", "goal"], rows))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


def row(name: str, values: list[float], goal: float) -> list[str]:
    return [name, number(percentile(values, 0.5)), number(max(values)), str(len(values)), f"≤ {goal:.0f}"]


if __name__ == "__main__":
    main()
