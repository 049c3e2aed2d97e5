"""A lesson of which one pupil is behind a line: a school with its teacher's browser at the line's one end, the pupil's
browser at the other, and in both pages a watch that writes down each second what is heard and how often the teacher's
picture moves. Cameras are small, so that two browsers that encode leave a busy machine some time.
"""

import asyncio
import itertools
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.large_class import found
from tests.e2e.acts import until_in
from tests.e2e.browsers import Camera, Tab, press, see
from tests.e2e.chromium import Chromium, ChromiumTab, chromium_in
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.line import Line, LineShape, school_behind
from tests.e2e.synthetic import pupils_with_cameras

# Seconds are counted from the call.
WATCH = """(name) => {
  const watch = { began: performance.now(), seconds: [], frames: 0 };
  const counted = new WeakSet();
  const count = () => {
    for (const tile of document.querySelectorAll('[role=group][aria-label]')) {
      if (!tile.getAttribute('aria-label').startsWith(name)) continue;
      for (const video of tile.querySelectorAll('video')) {
        if (counted.has(video)) continue;
        counted.add(video);
        const next = () => { watch.frames += 1; video.requestVideoFrameCallback(next); };
        video.requestVideoFrameCallback(next);
      }
    }
  };
  const look = async () => {
    count();
    const second = { at: (performance.now() - watch.began) / 1000, frames: watch.frames, sound: {} };
    for (const entry of await zvonokTest.stats()) {
      if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
        second.sound[entry.ssrc] = [entry.packetsReceived, entry.totalSamplesReceived, entry.concealedSamples,
          entry.silentConcealedSamples];
      }
    }
    watch.seconds.push(second);
  };
  setInterval(look, 1000);
  setInterval(count, 50);
  window.zvonokWatch = watch;
}"""


@dataclass(frozen=True)
class Second:
    """What one second brought. `heard`: samples of audio; `concealed`: those of them that were made up, without the
    ones that are `silent` anyway; `frames`: of the teacher's picture."""

    at: float
    heard: int
    concealed: int
    silent: int
    frames: int

    @property
    def concealed_share(self) -> float:
        return self.concealed / self.heard if self.heard else 1.0


async def watch(tab: Tab, teacher: str) -> None:
    await tab.evaluate(f"({WATCH})({json.dumps(teacher)})")


async def watched(tab: Tab) -> list[Second]:
    """Of all the time since the watch began."""
    return _seconds_of(await tab.evaluate("zvonokWatch.seconds"))


def _seconds_of(raw: list[dict[str, Any]]) -> list[Second]:
    seconds = []
    for before, after in itertools.pairwise(raw):
        heard = concealed = silent = 0
        for ssrc, (packets, total, made_up, quiet) in after["sound"].items():
            packets_before, total_before, made_up_before, quiet_before = before["sound"].get(ssrc, [0] * 4)
            if packets == packets_before:
                continue
            heard += total - total_before
            silent += quiet - quiet_before
            concealed += (made_up - made_up_before) - (quiet - quiet_before)
        frames = after["frames"] - before["frames"]
        seconds.append(Second(after["at"], heard, concealed, silent, frames))
    return seconds


@dataclass
class BehindLine:
    """`number`: of the pupil who is behind the line."""

    line: Line
    room: Classroom
    teacher: ChromiumTab
    pupils_browser: Chromium
    number: int

    async def pupil_joins(self) -> ChromiumTab:
        """The watch begins with the press on «Войти»."""
        person = self.room.pupil(self.number)
        tab = await self.room.sign_in(self.pupils_browser, person, Camera(colour_of(person), noisy=True, tone=330))
        assert isinstance(tab, ChromiumTab)
        await tab.goto(self.room.school.lesson_url)
        await see(tab, "Войти", role="button", within_s=60)
        await watch(tab, self.room.teacher.name)
        await press(tab, "Войти")
        await until_in(tab, within_s=60)
        return tab


@asynccontextmanager
async def behind_line(shape: LineShape, others: int) -> AsyncIterator[BehindLine]:
    """The teacher is in, and so are `others` pupils with cameras; the one behind the line has yet to come."""
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zvonok-class-")))
        await asyncio.to_thread(found, data, others + 1)
        line, school = await stack.enter_async_context(school_behind(shape, "--data", str(data)))
        schools_browser = await stack.enter_async_context(chromium_in(line.school))
        pupils_browser = await stack.enter_async_context(chromium_in(line.person))
        room = await stack.enter_async_context(Classroom(school))
        teacher = await room.teacher_starts(schools_browser, Camera(colour_of(room.teacher), noisy=True))
        assert isinstance(teacher, ChromiumTab)
        await watch(teacher, room.teacher.name)
        if others:
            await stack.enter_async_context(pupils_with_cameras(school, others, line.school.inside))
        yield BehindLine(line, room, teacher, pupils_browser, others)
