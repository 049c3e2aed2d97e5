"""How long are the people of a class without pictures and sound when the media node is killed?

Twenty-eight synthetic participants, and two pupils in real pages of one Chromium; `kill -9` of the media node, again
and again, and nobody touches anything. At a page: from the kill until a new connection has decoded pictures of all
eight others that the page shows and received sound. At the synthetic ones: as in `recovery`.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Page, sync_playwright

from benchmarks.held_lesson import HEADER, HeldLesson, held_lesson, rest, spread
from benchmarks.lesson_page import PAGE_SCRIPT, enter, last_pupils
from benchmarks.recovery import BETWEEN_S, LIMIT_S, kill, of_node
from benchmarks.tables import load_note, machine, table
from tests.e2e.chromium import ARGUMENTS

PEOPLE, PAGES = 28, 2
# Eight others and oneself fill a page of nine.
OTHERS_SEEN = 8
PEERS_SCRIPT = """(() => {
  const Native = RTCPeerConnection;
  window.benchPeers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      benchPeers.push(this);
    }
  };
})()"""
# The moments, in milliseconds of the machine's clock, at which connections newer than the call have brought all
# pictures and sound; null after the limit.
WATCH = """([others, limitMs]) => {
  const known = benchPeers.length;
  const began = Date.now();
  const look = async () => {
    let pictures = 0, sounds = 0;
    for (const peer of benchPeers.slice(known)) {
      for (const entry of (await peer.getStats()).values()) {
        if (entry.type !== 'inbound-rtp') continue;
        if (entry.kind === 'video' && entry.framesDecoded > 0) pictures += 1;
        if (entry.kind === 'audio' && entry.packetsReceived > 0) sounds += 1;
      }
    }
    return pictures >= others && sounds > 0;
  };
  window.benchBack = (async () => {
    while (Date.now() - began < limitMs) {
      if (await look()) return Date.now();
      await new Promise((done) => setTimeout(done, 20));
    }
    return null;
  })();
}"""
MOVING = """([others, limitMs]) => new Promise((done, fail) => {
  setTimeout(fail, limitMs, new Error('not all pictures came'));
  const look = () => [...document.querySelectorAll('video')].filter((video) => video.videoWidth > 0).length >= others
    ? done() : setTimeout(look, 50);
  look();
})"""


@contextmanager
def pages_in(lesson: HeldLesson) -> Iterator[list[Page]]:
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=ARGUMENTS)
        stack.callback(browser.close)
        pages = []
        for pupil in last_pupils(lesson.school, PAGES):
            context = browser.new_context(locale="ru-RU", viewport={"width": 1366, "height": 768})
            context.add_init_script(PAGE_SCRIPT)
            context.add_init_script(PEERS_SCRIPT)
            page = context.new_page()
            page.goto(pupil.login_url)
            enter(page, lesson.school.lesson_url)
            page.evaluate(MOVING, [OTHERS_SEEN, LIMIT_S * 1000])
            pages.append(page)
        yield pages


def measure(runs: int) -> list[list[str]]:
    synthetic, back = [], []
    with held_lesson(PEOPLE, pinned=False, places=PAGES) as lesson, pages_in(lesson) as pages:
        for _ in range(runs):
            rest(BETWEEN_S)
            for page in pages:
                page.evaluate(WATCH, [OTHERS_SEEN, LIMIT_S * 1000])
            killed_ns = kill(lesson, "sfu")
            seats = lesson.load.ask(f"recovered {LIMIT_S}")["seats"]
            if len(seats) != PEOPLE:
                raise RuntimeError(f"only {len(seats)} of {PEOPLE} are still in")
            synthetic.append((killed_ns, seats))
            moments = [page.evaluate("benchBack") for page in pages]
            back += [None if moment is None else moment - killed_ns / 1e6 for moment in moments]
    (_, pictures, sound, both) = of_node(synthetic)
    goal = both[-1]
    return [pictures, sound, both, spread("a page has decoded all eight and hears", back, goal)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    print(table(HEADER, measure(options.runs)))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
