"""Writes pictures of every page and state for people to look at: `make screenshots` (folder screenshots/, ignored).

One demo school and one walk per look (language × theme); each state is photographed at the widths of the look.
`--text 200` takes them with letters twice as large, `--only ru-light` one look.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool
from tests.e2e.states import LYING, PHONE, WIDE, Walk

OUT = Path(__file__).parent.parent.parent / "screenshots"
SETTLE_S = 0.5
LANGUAGES, THEMES = ("ru", "en"), ("light", "dark", "contrast")


@dataclass(frozen=True)
class Look:
    language: str
    theme: str
    text_percent: int

    @property
    def name(self) -> str:
        return f"{self.theme}-{self.language}" + (f"-{self.text_percent}" if self.text_percent != 100 else "")

    async def shoot(self, tab: ChromiumTab, state: str, room: bool) -> None:
        await speak(tab, self.language)
        await tab.evaluate(f"void (document.documentElement.style.fontSize = '{self.text_percent}%')")
        for width, height in (WIDE, PHONE, LYING) if room else (WIDE, PHONE):
            await tab.page.set_viewport_size({"width": width, "height": height})
            await asyncio.sleep(SETTLE_S)
            path = OUT / f"{state}-{width}-{self.name}.png"
            await tab.page.screenshot(path=path, full_page=not room)
        await tab.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        await tab.evaluate("void (document.documentElement.style.fontSize = '')")
        await speak(tab, "ru")


async def speak(tab: ChromiumTab, language: str) -> None:
    """By the page's own switch, hidden in a menu or not."""
    label = {"ru": "Рус", "en": "Eng"}[language]
    await tab.evaluate(
        f"void [...document.querySelectorAll('button')].find((b) => b.textContent.trim() === '{label}')?.click()"
    )


async def take(look: Look, chromium: Chromium) -> None:
    school = await DemoSchool.start()
    try:
        async with Classroom(school) as room:
            await Walk(chromium, room, look.shoot, look.theme).everything()
    finally:
        await school.stop()


async def main() -> None:
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("--text", type=int, default=100, metavar="PERCENT", help="size of the letters")
    parser.add_argument("--only", metavar="LANGUAGE-THEME", help="one look, such as ru-light or en-contrast")
    asked = parser.parse_args()
    looks = [(language, theme) for language in LANGUAGES for theme in THEMES[:2]]
    if asked.only is not None:
        language, _, theme = asked.only.partition("-")
        looks = [(language, theme)]
    OUT.mkdir(exist_ok=True)
    chromium = await Chromium.start()
    try:
        for language, theme in looks:
            sys.stdout.write(f"{language} {theme}\n")
            await take(Look(language, theme, asked.text), chromium)
    finally:
        await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
