"""Debian's Chromium (Playwright) and Firefox ESR (WebDriver BiDi) behind one small face: what a person does to a page.

Used by every end-to-end test. Controls are found by role and accessible name only, as a screen reader finds them.
"""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

PAGE_SCRIPT = (Path(__file__).parent / "page_script.js").read_text(encoding="utf-8")
PATIENCE_S = 20.0

# Finds the elements of a role whose accessible name begins with the words; native elements count by their role.
FIND = """(role, words) => {
  const native = {button: 'button, summary', link: 'a[href]', dialog: 'dialog[open]', heading: 'h1, h2, h3'};
  const text = (node) => {
    const by = node.getAttribute('aria-labelledby');
    const labelled = by && by.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    const name = node.getAttribute('aria-label') ?? labelled ?? node.textContent ?? '';
    return name.replace(/[\\s\\u00a0\\u202f]+/g, ' ').trim();
  };
  const seen = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== 'hidden';
  const selector = `${native[role] ?? 'unknown'}, [role=${role}]`;
  return [...document.querySelectorAll(selector)]
    .filter((node) => seen(node) && text(node).startsWith(words));
}"""


# How far the way into a lesson has gone, in milliseconds of the page (web/src/marks.ts).
MARKS = """performance.getEntriesByType('mark')
  .map(({name, startTime}) => `${name.replace('zvonok:', '')} ${Math.round(startTime)}`)
  .concat(`now ${Math.round(performance.now())}`).join(', ')"""


@dataclass(frozen=True)
class Camera:
    """What a person's devices give: the page's own canvas in one colour and a quiet tone; with `devices` «own» what the
    browser has."""

    colour: str
    screen_colour: str = "#808000"
    width: int = 320
    height: int = 180
    frames: int = 15
    tone: int = 440
    devices: str = "granted"
    noisy: bool = False
    portrait: bool = False
    answer_ms: int = 0
    mapping_delay_ms: int = 0

    def script(self) -> str:
        settings = {
            "colour": self.colour,
            "screenColour": self.screen_colour,
            "width": self.width,
            "height": self.height,
            "frames": self.frames,
            "tone": self.tone,
            "devices": self.devices,
            "noisy": self.noisy,
            "portrait": self.portrait,
            "answerMs": self.answer_ms,
            "mappingDelayMs": self.mapping_delay_ms,
        }
        return f"const SETTINGS = {json.dumps(settings)};\n{PAGE_SCRIPT}"


class Tab(Protocol):
    """One window of one person."""

    # What its scripts threw and nobody caught.
    errors: list[str]

    async def goto(self, url: str) -> None: ...
    async def evaluate(self, expression: str) -> Any: ...  # noqa: ANN401 - JSON from the page
    async def key(self, name: str) -> None: ...
    async def screenshot(self, path: Path) -> None: ...
    async def close(self) -> None: ...


class Browser(Protocol):
    async def tab(self, camera: Camera, *, width: int = 1366, height: int = 768) -> Tab: ...
    async def close(self) -> None: ...


def clock() -> float:
    """Seconds, for the deadlines of real browsers."""
    return time.monotonic()  # noqa: TID251 - the deadline of a real browser


def executable(name: str) -> str:
    """Raises FileNotFoundError with what to install."""
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing: apt-get install {name}")
    return found


async def find(tab: Tab, role: str, words: str) -> int:
    """How many visible elements of this role have a name that begins with these words."""
    return int(await tab.evaluate(f"({FIND})({json.dumps(role)}, {json.dumps(words)}).length"))


async def press(tab: Tab, words: str, *, role: str = "button") -> None:
    """Press the first control of that name, as soon as it is there and can be pressed."""
    await until(
        tab, f"({FIND})({json.dumps(role)}, {json.dumps(words)}).some((node) => !node.disabled)", f"{role} «{words}»"
    )
    await tab.evaluate(f"void ({FIND})({json.dumps(role)}, {json.dumps(words)}).find((node) => !node.disabled).click()")


async def see(tab: Tab, words: str, *, role: str = "heading", within_s: float = PATIENCE_S) -> None:
    await until(tab, f"({FIND})({json.dumps(role)}, {json.dumps(words)}).length > 0", f"{role} «{words}»", within_s)


async def until(tab: Tab, condition: str, what: str, within_s: float = PATIENCE_S) -> float:
    """Wait until the page's condition holds; returns the seconds that it took.

    Raises TimeoutError naming `what`, the page's text, how far its way in has gone and its errors.
    """
    started = clock()
    while True:
        if await tab.evaluate(f"(async () => Boolean({condition}))()"):
            return clock() - started
        if clock() - started > within_s:
            text = await tab.evaluate("location.pathname + ' ' + document.body.innerText.slice(0, 600)")
            way_in = await tab.evaluate(MARKS)
            raise TimeoutError(f"no {what} within {within_s} s on {text!r}; way in: {way_in}; errors: {tab.errors}")
        await tab.evaluate("new Promise((done) => setTimeout(done, 50))")


async def tiles(tab: Tab) -> dict[str, tuple[int, int, int] | None]:
    """Accessible name of each tile → colour of the picture that it really shows (None: no picture)."""
    found = await tab.evaluate("zvonokTest.tiles()")
    return {tile["name"]: tuple(tile["pixel"]) if tile["pixel"] else None for tile in found}


def looks_like(pixel: tuple[int, int, int] | None, colour: str) -> bool:
    """Whether the pixel is that colour, within what VP8 at a low rate does to it."""
    if pixel is None:
        return False
    wanted = tuple(int(colour[index : index + 2], 16) for index in (1, 3, 5))
    return all(abs(have - want) <= 60 for have, want in zip(pixel, wanted, strict=True))


async def until_tile_shows(tab: Tab, person: str, colour: str, within_s: float = PATIENCE_S) -> float:
    """Wait until the tile whose name begins with the person shows the person's colour."""
    started = clock()
    while True:
        shown = {name: pixel for name, pixel in (await tiles(tab)).items() if name.startswith(person)}
        if any(looks_like(pixel, colour) for pixel in shown.values()):
            return clock() - started
        if clock() - started > within_s:
            raise TimeoutError(f"tile of {person} shows {shown or 'nothing'} instead of {colour} after {within_s} s")
        await tab.evaluate("new Promise((done) => setTimeout(done, 50))")
