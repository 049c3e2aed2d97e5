"""How long until a person is back after a reload, and after a network that swallowed everything?

Two real Chromium pages, a teacher and a pupil, in a network of their own (root is needed for that). A reload counts
from the call to the first frame that is shown again under the teacher's name; a lost network from the link's return
until pictures flow at both, and until a message that was written after it is in the other's chat.
"""

import argparse
import asyncio
import shutil

from benchmarks.tables import load_note, machine, spread, table
from tests.e2e.acts import open_chat, until_chat_has, until_in, until_more_comes, write
from tests.e2e.browsers import clock, executable, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool
from tests.e2e.network import Network, private_folder

GOALS_S = {5: 1, 30: 1, 120: 3}


async def reloads(room: Classroom, pupil: ChromiumTab, runs: int) -> list[float]:
    took = []
    for _ in range(runs):
        started = clock()
        await pupil.page.reload(wait_until="commit")
        await until_in(pupil)
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        took.append(clock() - started)
    return took


async def losses(network: Network, tabs: tuple[ChromiumTab, ChromiumTab], seconds: int, run: int) -> list[float]:
    """Seconds from the link's return to pictures at the teacher, at the pupil, and to a message across."""
    teacher, pupil = tabs
    await network.lose()
    await asyncio.sleep(seconds)
    await network.come_back()
    back = clock()

    async def flows_after(tab: ChromiumTab) -> float:
        await until_more_comes(tab, "video", 30)
        return clock() - back

    flowing = await asyncio.gather(*(flows_after(tab) for tab in tabs))
    text = f"После обрыва {seconds} с № {run}"
    await write(teacher, text)
    await until_chat_has(pupil, text, 30)
    return [*flowing, clock() - back]


async def measure(runs: int, lost: list[int]) -> list[list[str]]:
    network, folder = await Network.make(), private_folder()
    school = await DemoSchool.start(inside=network.inside)
    browser = await Chromium.start(network.program(folder, executable("chromium")))
    try:
        async with Classroom(school) as room:
            teacher, pupil = await room.teacher_starts(browser), await room.pupil_joins(browser, 0)
            assert isinstance(teacher, ChromiumTab)
            assert isinstance(pupil, ChromiumTab)
            await room.everybody_sees(room.teacher, room.pupil(0))
            rows = [["reload → first picture", *spread(await reloads(room, pupil, runs)), "≤ 2.0"]]
            await open_chat(pupil)
            for seconds in lost:
                found = [await losses(network, (teacher, pupil), seconds, run) for run in range(runs)]
                goal = f"≤ {GOALS_S.get(seconds, 3)}"
                rows.append([f"{seconds} s lost → pictures flow", *spread(max(one[:2]) for one in found), goal])
                rows.append([f"{seconds} s lost → chat across", *spread(one[2] for one in found), ""])
            return rows
    finally:
        await browser.close()
        await school.stop()
        await network.close()
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--lost", type=int, nargs="*", default=[5, 30], help="seconds without a network")
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    rows = asyncio.run(measure(options.runs, options.lost))
    print(table(["seconds", "p50", "p95", "max", "runs", "goal"], rows))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
