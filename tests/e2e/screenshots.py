"""Writes pictures of every page and state for people to look at: `make screenshots` (folder screenshots/, ignored).

One demo school and one lesson per look (language × theme); each state is photographed at the widths of the look.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.browsers import Camera, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool, Person

OUT = Path(__file__).parent.parent.parent / "screenshots"
PAPER = ((1366, 768), (360, 780))
ROOM = ((1366, 768), (360, 780), (844, 390))
SETTLE_S = 0.5


@dataclass
class Album:
    """Takes the pictures of one look. Words are pressed by their Russian names, so the language is set afterwards."""

    chromium: Chromium
    room: Classroom
    language: str
    theme: str

    async def window(self, person: Person | None, devices: str = "granted") -> ChromiumTab:
        colour = colour_of(person) if person else "#404040"
        tab = await self.chromium.tab(
            Camera(colour, screen_colour="#f0f0e8", devices=devices, width=640, height=360, portrait=True)
        )
        self.room.tabs[f"{len(self.room.tabs)}"] = tab
        memory = f"localStorage.setItem('zvonok.theme', '{self.theme}')"
        await tab.page.context.add_init_script(memory)
        if person:
            await tab.goto(person.login_url)
        return tab

    async def shoot(self, tab: ChromiumTab, name: str, sizes: tuple[tuple[int, int], ...] = PAPER) -> None:
        await self.speak(tab, self.language)
        for width, height in sizes:
            await tab.page.set_viewport_size({"width": width, "height": height})
            await asyncio.sleep(SETTLE_S)
            path = OUT / f"{name}-{width}-{self.theme}-{self.language}.png"
            await tab.page.screenshot(path=path, full_page=sizes is PAPER)
        await tab.page.set_viewport_size({"width": 1366, "height": 768})
        await self.speak(tab, "ru")

    async def speak(self, tab: ChromiumTab, language: str) -> None:
        """By the page's own switch, hidden in a menu or not."""
        label = {"ru": "Рус", "en": "Eng"}[language]
        await tab.evaluate(
            f"void [...document.querySelectorAll('button')].find((b) => b.textContent.trim() === '{label}')?.click()"
        )

    async def paper(self) -> None:
        school = self.room.school
        await self.shoot(await self.signed_out(), "sign-in")
        for role, name in (("teacher", "home-teacher"), ("pupil", "home-pupil"), ("parent", "home-parent")):
            await self.shoot(await self.home(school.person(role)), name)
        for role, name in (("director", "home-director"), ("class_teacher", "home-class-teacher")):
            await self.shoot(await self.home(school.person(role)), name)
        await self.shoot(await self.at_lesson(school.person("pupil", 0, "5А")), "waiting")
        await self.shoot(await self.at_lesson(school.person("pupil", 0, "5Б")), "closed-wrong-class")
        await self.shoot(await self.at_lesson(school.person("parent")), "closed-parent")
        lost = await self.window(school.person("teacher"))
        await lost.goto(f"{school.url}/lessons/0123456789abcdef")
        await see(lost, "", within_s=10)
        await self.shoot(lost, "closed-not-found")

    async def doors(self) -> None:
        teacher = self.room.school.person("teacher")
        for devices in ("granted", "refused", "missing"):
            tab = await self.at_lesson(teacher, devices)
            await until(
                tab, "[...document.querySelectorAll('button')].some((b) => /Начать|Войти/.test(b.innerText))", "door"
            )
            await asyncio.sleep(SETTLE_S)
            await self.shoot(tab, f"check-{devices}")
            await tab.close()
            self.room.tabs = {key: other for key, other in self.room.tabs.items() if other is not tab}

    async def lesson(self) -> None:
        school, room = self.room.school, self.room
        teacher = await self.at_lesson(room.teacher)
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        await self.shoot(teacher, "room-alone", ROOM)
        pupils = []
        for number in range(2):
            pupil = await self.at_lesson(room.pupil(number))
            await press(pupil, "Войти")
            pupils.append(pupil)
        observer = await self.at_lesson(school.person("director"))
        await press(observer, "Войти")
        await until(teacher, "zvonokTest.tiles().filter((tile) => tile.pixel).length === 3", "three pictures")
        await press(pupils[1], "Микрофон")
        await asyncio.sleep(3)
        await self.shoot(teacher, "room-grid", ROOM)
        await self.shoot(pupils[0], "room-pupil", ROOM)
        await self.shoot(observer, "room-observer", ROOM)
        await press(teacher, "Класс")
        await self.shoot(teacher, "room-people", ROOM)
        await press(teacher, "Класс")
        await press(teacher, "Показать экран")
        await until_tile_shows(pupils[0], room.teacher.name, "#f0f0e8")
        await self.shoot(pupils[0], "room-share", ROOM)
        await press(teacher, "Показать экран")
        await press(teacher, "Завершить урок")
        await self.shoot(teacher, "room-end", ROOM)
        await press(teacher, "Завершить для всех")
        await see(pupils[0], "Урок закончился")
        await self.shoot(pupils[0], "closed-ended")
        await self.shoot(teacher, "closed-ended-teacher")

    async def signed_out(self) -> ChromiumTab:
        tab = await self.window(None)
        await tab.goto(self.room.school.url)
        await until(tab, f"document.body.innerText.includes('{self.room.teacher.name}')", "list of people")
        return tab

    async def home(self, person: Person) -> ChromiumTab:
        tab = await self.window(person)
        await until(tab, "document.querySelector('main h1')", "home")
        return tab

    async def at_lesson(self, person: Person, devices: str = "granted") -> ChromiumTab:
        tab = await self.window(person, devices)
        await tab.goto(self.room.school.lesson_url)
        await until(tab, "document.querySelector('h1')", "page of the lesson")
        await asyncio.sleep(SETTLE_S)
        return tab


async def take(language: str, theme: str, chromium: Chromium) -> None:
    school = await DemoSchool.start()
    try:
        async with Classroom(school) as room:
            album = Album(chromium, room, language, theme)
            await album.paper()
            for tab in room.tabs.values():
                await tab.close()
            room.tabs.clear()
            await album.doors()
            await album.lesson()
    finally:
        await school.stop()


async def main() -> None:
    OUT.mkdir(exist_ok=True)
    chromium = await Chromium.start()
    try:
        for language in ("ru", "en"):
            for theme in ("light", "dark"):
                sys.stdout.write(f"{language} {theme}\n")
                await take(language, theme, chromium)
    finally:
        await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
