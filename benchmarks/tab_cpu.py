"""What does a tab with nine pictures cost, seen and hidden, and what do blur and noise suppression add?

One Chromium in a room of nine others, synthetic with decodable pictures, four of them talking. In turns the same tab
is: as it is, hidden, both without the own camera, with the background blurred, with noise suppression. CPU is that of
the tab's process by the kernel's account, as a share of one core. The camera is a canvas of 480×270 at 15 frames a
second in the page itself. A headless browser hides no tab: the page is told that it is hidden, so what a
browser saves by itself is not in it.
"""

import argparse
import json
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks import large_class
from benchmarks.lesson_page import PAGE_SCRIPT, enter, last_pupil
from benchmarks.processes import demo_school, load
from benchmarks.tab_cost import SHOWN, cpu_seconds
from benchmarks.tables import load_note, machine, number, table
from tests.e2e.chromium import ARGUMENTS

OTHERS = 9
HIDE = """() => {
  Object.defineProperty(document, 'hidden', { value: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SETTLE_S = 6.0
# What this browser remembers of its person (web/src/ui/rtc/remembered.ts).
REMEMBERED = {
    "as it is": {},
    "hidden": {},
    "camera off": {},
    "camera off, hidden": {},
    "blur": {"zvonok.blur": "on"},
    "noise suppression": {"zvonok.microphone-modes": json.dumps({"default": "clear"})},
}
# With what a state is compared; all others are with «as it is».
SEEN = {"camera off, hidden": "camera off"}


def entered(context: BrowserContext, remembered: dict[str, str], login_url: str, lesson_url: str) -> Page:
    page = context.new_page()
    page.goto(login_url)
    page.evaluate(
        "(kept) => Object.entries(kept).forEach(([key, value]) => localStorage.setItem(key, value))", remembered
    )
    enter(page, lesson_url)
    return page


def measured(page: Page, state: str, seconds: float) -> tuple[float, int]:
    """The share of a core, and the pictures that are shown."""
    if state.startswith("camera off"):
        page.get_by_role("button", name="Камера").first.click()
    if state.endswith("hidden"):
        page.evaluate(HIDE)
    time.sleep(SETTLE_S)
    before, started = cpu_seconds()[0], time.perf_counter()
    time.sleep(seconds)
    share = (cpu_seconds()[0] - before) / (time.perf_counter() - started)
    pictures = len(page.evaluate(SHOWN))
    return share, pictures


def in_browser(login_url: str, lesson_url: str, seconds: float, turns: int) -> dict[str, list[tuple[float, int]]]:
    found: dict[str, list[tuple[float, int]]] = {state: [] for state in REMEMBERED}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGUMENTS)
        for _ in range(turns):
            for state, remembered in REMEMBERED.items():
                context = browser.new_context(locale="ru-RU", viewport={"width": 1366, "height": 768})
                context.add_init_script(PAGE_SCRIPT)
                with closing(context), closing(entered(context, remembered, login_url, lesson_url)) as page:
                    found[state].append(measured(page, state, seconds))
                    page.get_by_role("button", name="Выйти").first.click()
                time.sleep(1)
        browser.close()
    return found


def moving(runs: list[tuple[float, int]]) -> str:
    return " / ".join(str(pictures) for _, pictures in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), OTHERS)
        others = ("--people", str(OTHERS), "--quiet-ms", "50", "--seconds", "1", "--hold")
        with (
            demo_school(Path(folder), core=None) as (school, line),
            load("lesson", "--demo", str(line), *others, core=None) as run,
        ):
            run.report()
            found = in_browser(last_pupil(school).login_url, school.lesson_url, options.seconds, options.turns)
            run.release()
    shares = {state: statistics.median(share for share, _ in each) for state, each in found.items()}
    rows = [
        [state, f"{share:.0%}", number(share / shares[SEEN.get(state, "as it is")]), moving(found[state])]
        for state, share in shares.items()
    ]
    print(table(["tab", "share of one core, median", "against the same, seen", "moving pictures"], rows))
    print("\nGoal: hidden ≤ 0.20.")
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
