"""How long from the press on «Войти» to the first decoded picture of somebody else, in Chromium?

The teacher and two pupils are synthetic participants with decodable pictures; the third pupil is Debian's Chromium,
which opens the lesson on a fresh page, presses «Войти», waits for the first picture, leaves and closes the page, again
and again: a room of four. The camera is a canvas in the page. Times are the client's performance marks, counted from
the click event itself.
"""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import closing

from playwright.sync_api import BrowserContext, Page, WebSocket, sync_playwright

from benchmarks.lesson_page import PAGE_SCRIPT, enter, last_pupil
from benchmarks.processes import DemoSchool, demo_school, load
from benchmarks.tables import load_note, machine, percentile, table
from tests.e2e.chromium import ARGUMENTS

MARKS = ("press", "ticket", "ws_open", "offer", "joined", "ice_connected", "first_frame")
OTHERS = 3
# Whether the mark says the truth: a picture that is not the own camera's size has been decoded.
SHOWS_SOMEBODY = """() => [...document.querySelectorAll('video')].some(
  (video) => ![0, 480].includes(video.videoWidth) && video.getVideoPlaybackQuality().totalVideoFrames > 0)"""
READ_MARKS = """() => Object.fromEntries(
  performance.getEntriesByType('mark').filter(({ name }) => /^(zvonok|bench):/.test(name))
    .reverse().map(({ name, startTime }) => [name.split(':')[1], startTime]))"""


def join_once(context: BrowserContext, lesson_url: str) -> dict[str, float]:
    """Milliseconds from the click to each mark."""
    with closing(context.new_page()) as page:
        return join_on(page, lesson_url)


def weigh_join(context: BrowserContext, lesson_url: str) -> tuple[int, int]:
    """Bytes of the browser's `join` and of its answer: the first frame each way. The join is not measured."""
    said: list[str | bytes] = []
    heard: list[str | bytes] = []

    def count(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: said.append(frame))
        socket.on("framereceived", lambda frame: heard.append(frame))

    with closing(context.new_page()) as page:
        page.on("websocket", count)
        join_on(page, lesson_url)
    return size(said[0]), size(heard[0])


def size(frame: str | bytes) -> int:
    return len(frame.encode() if isinstance(frame, str) else frame)


def join_on(page: Page, lesson_url: str) -> dict[str, float]:
    enter(page, lesson_url)
    marks: dict[str, float] = page.evaluate(READ_MARKS)
    if not page.evaluate(SHOWS_SOMEBODY):
        raise RuntimeError("the first picture was announced, but none is there")
    page.get_by_role("button", name="Выйти").first.click()
    page.get_by_role("button", name="Выйти").first.wait_for(state="detached")
    return {name: marks[name] - marks["click"] for name in MARKS if name in marks}


def joins(school: DemoSchool, count: int) -> tuple[list[dict[str, float]], tuple[int, int]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGUMENTS)
        context = browser.new_context(locale="ru-RU", viewport={"width": 1366, "height": 768})
        context.add_init_script(PAGE_SCRIPT)
        with closing(context.new_page()) as page:
            page.goto(last_pupil(school).login_url)
        weight = weigh_join(context, school.lesson_url)  # fills the browser's caches, too
        measured = [join_once(context, school.lesson_url) for _ in range(count)]
        browser.close()
    return measured, weight


def time_table(measured: Sequence[Mapping[str, float]]) -> str:
    at = {name: [join[name] for join in measured if name in join] for name in MARKS}
    present = sorted((name for name in MARKS if at[name]), key=lambda name: percentile(at[name], 0.5))
    rows, before = [], 0.0
    for name in present:
        middle = percentile(at[name], 0.5)
        rows.append([f"`{name}`", f"{middle:,.0f}", f"{percentile(at[name], 0.95):,.0f}", f"{middle - before:,.0f}"])
        before = max(before, middle)
    return table(["ms after the click", "p50", "p95", "step, p50"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--joins", type=int, default=100)
    parser.add_argument("--markdown", action="store_true", help="only the tables")
    options = parser.parse_args()
    note = load_note()
    with (
        demo_school(core=None) as (school, line),
        load("lesson", "--demo", str(line), "--people", str(OTHERS), "--seconds", "1", "--hold", core=None) as run,
    ):
        run.at("measured")
        measured, (join_bytes, joined_bytes) = joins(school, options.joins)
        run.release()
    frames = [join["first_frame"] for join in measured]
    summary = [
        ["p50", f"{percentile(frames, 0.5):,.0f}", "≤ 700"],
        ["p95", f"{percentile(frames, 0.95):,.0f}", "≤ 1500"],
    ]
    print(table([f"first picture, ms ({len(frames)} joins)", "measured", "goal"], summary))
    print(f"\n{time_table(measured)}")
    print(f"\nThe browser's `join` has {join_bytes:,} bytes, the `joined` that answers it {joined_bytes:,}.")
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
