"""Looks at states of the client in each theme, size and language without loading them again: what axe finds serious,
and what cannot be reached or hit."""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.chromium import ChromiumTab
from tests.e2e.screenshots import speak
from tests.e2e.states import LYING, PHONE, WIDE

AXE = (Path(__file__).parent.parent.parent / "web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
# All that a theme changes: the other rules are asked in one theme only.
COLOURS = ["color-contrast"]

RUN = """async (only) => {
  const asked = only ? {runOnly: {type: 'rule', values: only}} : {};
  const {violations} = await axe.run(document, {resultTypes: ['violations'], ...asked});
  return violations.flatMap(({id, impact, nodes}) =>
    nodes.map(({target, failureSummary}) => ({id, impact, at: target.join(' '), why: failureSummary})));
}"""

# Transitions would be measured halfway.
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"

# What cannot be reached: the page scrolls sideways, or a control of a page that does not scroll is not on it.
BEYOND = """(room) => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const beyond = !room ? [] : [...document.querySelectorAll('.ctl button, .r-top button, .panel .p-head button')]
    .filter((node) => node.getClientRects().length > 0)
    .filter((node) => {
      const box = node.getBoundingClientRect();
      return box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
    });
  const small = [...document.querySelectorAll('button, a.btn, summary, select, input:not([type=checkbox])')]
    .filter((node) => node.checkVisibility({visibilityProperty: true}) && !node.closest('[popover]:not(:popover-open)'))
    .filter((node) => { const {width, height} = node.getBoundingClientRect(); return width > 0 && height < 37; });
  const name = (node) => node.getAttribute('aria-label') ?? node.textContent.trim().slice(0, 40);
  return [
    ...(wide > 1 ? [`${wide} px wider than the screen`] : []),
    ...beyond.map((node) => `beyond the edge: ${name(node)}`),
    ...small.map((node) => `too low to be hit: ${name(node)}`),
  ];
}"""


@dataclass
class Inspection:
    """What was found in all states that were visited."""

    states: list[str] = field(default_factory=list)
    grave: list[str] = field(default_factory=list)
    slight: Counter[str] = field(default_factory=Counter)
    beyond: list[str] = field(default_factory=list)

    async def visit(self, tab: ChromiumTab, state: str, room: bool) -> None:
        self.states.append(state)
        # By the debugger, which the page's policy does not hold back.
        if not await tab.evaluate("typeof axe === 'object'"):
            await tab.evaluate(f"{AXE};0")
            await still(tab)
        await self.ask(tab, f"{state} wide", ("light", None), ("dark", COLOURS), ("contrast", COLOURS))
        await self.measure(tab, f"{state} at 1366 px", room, 200)
        await resize(tab, PHONE)
        await self.ask(tab, f"{state} on a phone", ("dark", COLOURS), ("light", None))
        await self.measure(tab, f"{state} at 360 px", room, 100, 200)
        await speak(tab, "en")
        await self.measure(tab, f"{state} at 360 px, English", room, 100)
        await self.ask(tab, f"{state} in English", ("light", None))
        await speak(tab, "ru")
        if room:
            await resize(tab, LYING)
            await self.measure(tab, f"{state} on a phone on its side", room, 100)
        await resize(tab, WIDE)

    async def ask(self, tab: ChromiumTab, state: str, *looks: tuple[str, list[str] | None]) -> None:
        for theme, rules in looks:
            await tab.evaluate(f"void (document.documentElement.dataset.theme = '{theme}')")
            self.note(f"{state}, {theme}", await tab.evaluate(f"({RUN})({json.dumps(rules)})"))

    async def measure(self, tab: ChromiumTab, state: str, room: bool, *sizes: int) -> None:
        for percent in sizes:
            await tab.evaluate(f"void (document.documentElement.style.fontSize = '{percent}%')")
            await tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found = await tab.evaluate(f"({BEYOND})({json.dumps(room)})")
            self.beyond += [f"{state}, letters {percent} %: {what}" for what in found]
        await tab.evaluate("void (document.documentElement.style.fontSize = '')")

    def note(self, look: str, findings: list[dict[str, str]]) -> None:
        for finding in findings:
            if finding["impact"] in GRAVE:
                self.grave.append(f"{look}: {finding['id']} at {finding['at']}\n    {finding['why']}")
            else:
                self.slight[f"{finding['impact']} {finding['id']}"] += 1

    def expect_nothing_grave(self) -> None:
        """Prints what was seen. Raises AssertionError with every finding."""
        sys.stdout.write(f"{self.table()}\n")
        assert self.grave == []
        assert self.beyond == []

    def table(self) -> str:
        rows = [f"{count:5} {finding}" for finding, count in self.slight.most_common()]
        return "\n".join([f"{len(self.states)} states: {' '.join(self.states)}", *rows, *self.grave, *self.beyond])


async def resize(tab: ChromiumTab, size: tuple[int, int]) -> None:
    await tab.page.set_viewport_size({"width": size[0], "height": size[1]})


async def still(tab: ChromiumTab) -> None:
    await tab.evaluate(
        f"""(() => {{
          const sheet = new CSSStyleSheet();
          sheet.replaceSync({json.dumps(STILL)});
          document.adoptedStyleSheets.push(sheet);
        }})()"""
    )
