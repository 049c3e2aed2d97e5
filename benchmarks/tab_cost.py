"""What does a room of thirty cost a browser more than a room of nine that shows the same pictures?

One Chromium and synthetic participants with decodable pictures, four of them talking. The page shows one page of tiles
in both rooms; CPU is that of the tab's process (and of the whole browser), by the kernel's account, over the same
number of seconds, in turns: small room, large room, small room, large room. What was drawn is counted, so that the
comparison is one of equal pictures.
"""

import argparse
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks import large_class
from benchmarks.lesson_page import PAGE_SCRIPT, enter, last_pupil
from benchmarks.processes import demo_school, load
from benchmarks.tables import load_note, machine, number, table
from tests.e2e.chromium import ARGUMENTS

SMALL, LARGE = 9, 30
SETTLE_S = 8.0
# Pictures that move now, own camera excluded, and frames that they have shown so far.
SHOWN = """() => [...document.querySelectorAll('video')]
  .filter((video) => ![0, 480].includes(video.videoWidth) && video.getClientRects().length > 0)
  .map((video) => [video.videoWidth, video.getVideoPlaybackQuality().totalVideoFrames])"""


@dataclass(frozen=True)
class Cost:
    tab_share: float
    browser_share: float
    pictures: int
    widths: tuple[int, ...]
    frames_per_second: float


def tab_cost(people: int, seconds: float) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), people - 1)
        others = ("--people", str(people - 1), "--quiet-ms", "50", "--seconds", "1", "--hold")
        with (
            demo_school(Path(folder), core=None) as (school, line),
            load("lesson", "--demo", str(line), *others, core=None) as run,
        ):
            run.report()
            cost = in_browser(last_pupil(school).login_url, school.lesson_url, seconds)
            run.release()
    return cost


def in_browser(login_url: str, lesson_url: str, seconds: float) -> Cost:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGUMENTS)
        context = browser.new_context(locale="ru-RU", viewport={"width": 1366, "height": 768})
        context.add_init_script(PAGE_SCRIPT)
        with closing(context.new_page()) as page:
            page.goto(login_url)
            enter(page, lesson_url)
            time.sleep(SETTLE_S)
            cost = measured(page, seconds)
        browser.close()
    return cost


def measured(page: Page, seconds: float) -> Cost:
    frames, cpu, started = shown_frames(page), cpu_seconds(), time.perf_counter()
    time.sleep(seconds)
    lasted = time.perf_counter() - started
    after, widths = cpu_seconds(), [width for width, _ in page.evaluate(SHOWN)]
    tab, browser = (later - earlier for later, earlier in zip(after, cpu, strict=True))
    drawn = (shown_frames(page) - frames) / lasted
    return Cost(tab / lasted, browser / lasted, len(widths), tuple(sorted(widths)), drawn)


def shown_frames(page: Page) -> int:
    return sum(frames for _, frames in page.evaluate(SHOWN))


def cpu_seconds() -> tuple[float, float]:
    """Of the tabs' processes, and of all of the browser."""
    tab = browser = 0.0
    for process in psutil.Process().children(recursive=True):
        command = process.cmdline()
        if not command or "chromium" not in command[0]:
            continue
        times = process.cpu_times()
        browser += times.user + times.system
        tab += (times.user + times.system) if "--type=renderer" in command else 0.0
    return tab, browser


def row(people: int, costs: list[Cost]) -> list[str]:
    tab = statistics.median(cost.tab_share for cost in costs)
    browser = statistics.median(cost.browser_share for cost in costs)
    frames = statistics.median(cost.frames_per_second for cost in costs)
    pictures = " / ".join(str(cost.pictures) for cost in costs)
    return [f"{people} people", f"{tab:.1%}", f"{browser:.1%}", pictures, number(frames)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--people", type=int, nargs=2, default=(SMALL, LARGE))
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    small, large = options.people
    costs: dict[int, list[Cost]] = {small: [], large: []}
    for _ in range(options.turns):
        for people in costs:
            costs[people].append(tab_cost(people, options.seconds))
    header = ["share of one core, median", "tab", "browser", "pictures of others", "frames shown per second"]
    print(table(header, [row(people, each) for people, each in costs.items()]))
    by_turn = [after.tab_share / before.tab_share for before, after in zip(costs[small], costs[large], strict=True)]
    print(f"\nTab, {large} people against {small}: {number(statistics.median(by_turn))} (goal: ≤ 1.1); ", end="")
    print(f"turn by turn {', '.join(number(ratio) for ratio in by_turn)}.")
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
