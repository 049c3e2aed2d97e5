"""Does a tab grow while people come and go for an hour?

One Chromium in a room of thirty, the others synthetic with decodable pictures. Time is compressed: in turn each of
them leaves and comes again as somebody who is new to the room, as often as an hour of a class has it (180 times: thirty
people who lose their line every ten minutes), the page turns meanwhile. The tab's memory is read after
garbage collection: the JavaScript heap, documents' nodes and listeners, and what the process really holds (PSS).
The first reading is before caches and pools are warm, so growth is counted between rounds.
"""

import argparse
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks import large_class
from benchmarks.lesson_page import PAGE_SCRIPT, enter, last_pupil
from benchmarks.processes import Load, demo_school, load
from benchmarks.tables import load_note, machine, number, table
from tests.e2e.chromium import ARGUMENTS

PEOPLE = 30
SETTLE_MS = 5_000
MEBIBYTE = 2**20
LIVE = """() => [...document.querySelectorAll('video')].length"""


@dataclass(frozen=True)
class Memory:
    heap: float
    nodes: int
    listeners: int
    pss: float
    videos: int


def read(page: Page, devtools: CDPSession) -> Memory:
    """After two collections: what the first one finalises, the second one frees."""
    page.wait_for_timeout(SETTLE_MS)
    for _ in range(2):
        devtools.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return Memory(
        heap=metrics["JSHeapUsedSize"] / MEBIBYTE,
        nodes=int(metrics["Nodes"]),
        listeners=int(metrics["JSEventListeners"]),
        pss=tab_pss() / MEBIBYTE,
        videos=page.evaluate(LIVE),
    )


def tab_pss() -> int:
    """Of the largest renderer: the page's."""
    renderers = [
        process.memory_full_info().pss
        for process in psutil.Process().children(recursive=True)
        if "--type=renderer" in process.cmdline()
    ]
    return max(renderers)


def come_and_go(page: Page, run: Load, times: int) -> None:
    for turn in range(times):
        # The teacher (0) stays: a room of pupils without an adult has no media.
        run.ask(f"again {1 + turn % (PEOPLE - 2)}")
        if turn % 5 == 0:
            page.keyboard.press("ArrowRight" if turn % 10 == 0 else "ArrowLeft")


def measured(rounds: int, times: int) -> list[Memory]:
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), PEOPLE - 1)
        others = ("--people", str(PEOPLE - 1), "--quiet-ms", "50", "--seconds", "1", "--hold")
        with (
            demo_school(Path(folder), core=None) as (school, line),
            load("lesson", "--demo", str(line), *others, core=None) as run,
        ):
            run.report()
            found = in_browser(last_pupil(school).login_url, school.lesson_url, run, rounds, times)
            run.release()
    return found


def in_browser(login_url: str, lesson_url: str, run: Load, rounds: int, times: int) -> list[Memory]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGUMENTS)
        context = browser.new_context(locale="ru-RU", viewport={"width": 1366, "height": 768})
        context.add_init_script(PAGE_SCRIPT)
        with closing(context.new_page()) as page:
            devtools: Any = context.new_cdp_session(page)
            devtools.send("Performance.enable")
            page.goto(login_url)
            enter(page, lesson_url)
            found = [read(page, devtools)]
            for _ in range(rounds):
                come_and_go(page, run, times // rounds)
                found.append(read(page, devtools))
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=180, help="comings and goings in all")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    found = measured(options.rounds, options.times)
    times = options.times // options.rounds
    rows = [
        [
            "joined" if index == 0 else f"{index * times} left and came",
            number(memory.heap),
            number(memory.pss),
            str(memory.nodes),
            str(memory.listeners),
            str(memory.videos),
        ]
        for index, memory in enumerate(found)
    ]
    print(table(["after", "JS heap, MiB", "tab PSS, MiB", "nodes", "listeners", "videos"], rows))
    rounds = found[1:]
    third = max(1, len(rounds) // 3)
    early, late = rounds[:third], rounds[-third:]
    heap = median(each.heap for each in late) / median(each.heap for each in early) - 1
    pss = median(each.pss for each in late) / median(each.pss for each in early) - 1
    print(
        f"\nGrowth from the first third of the rounds to the last, medians: PSS {pss:+.1%}, heap {heap:+.1%} "
        "(goal: ≤ 10 %)."
    )
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
