"""Every page and state of the client, one after the other: a walk through a demo school that shows each to a visitor.

Two visitors use the one list: screenshots.py takes pictures for people to look at, test_everybody.py asks of each
state whether everybody can use it. A new page or state is a new line here, and is then seen by both.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.e2e.acts import (
    choose,
    close_chat,
    keys,
    open_chat,
    open_class,
    open_tile_menu,
    until_chat_has,
    until_in,
    until_text,
    write,
)
from tests.e2e.browsers import Camera, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import Person

SETTLE_S = 0.3
# What a visitor looks through: a school's computer, a telephone upright, and lying for the room.
WIDE, PHONE, LYING = (1366, 768), (360, 780), (844, 390)

# Each stands on its own.
PARTS = ("paper", "checkup", "doors", "lesson", "meeting")

# A state's tab, its name, and whether it is the room, which fills the screen at every size.
Visit = Callable[[ChromiumTab, str, bool], Awaitable[None]]


@dataclass
class Walk:
    """Words are pressed by their Russian names: a visitor that changes the language changes it back."""

    chromium: Chromium
    room: Classroom
    visit: Visit
    theme: str = "light"
    frames: int = 15

    async def everything(self) -> None:
        for part in PARTS:
            await self.part(part)

    async def part(self, name: str) -> None:
        await getattr(self, name)()
        for tab in self.room.tabs.values():
            await tab.close()
        self.room.tabs.clear()

    async def paper_state(self, tab: ChromiumTab, name: str) -> None:
        await self.visit(tab, name, False)

    async def room_state(self, tab: ChromiumTab, name: str) -> None:
        await self.visit(tab, name, True)

    async def window(self, person: Person | None, devices: str = "granted") -> ChromiumTab:
        colour = colour_of(person) if person else "#404040"
        tab = await self.chromium.tab(
            Camera(colour, "#f0f0e8", width=640, height=360, frames=self.frames, devices=devices, portrait=True)
        )
        self.room.tabs[f"{len(self.room.tabs)}"] = tab
        await tab.page.context.add_init_script(f"localStorage.setItem('zvonok.theme', '{self.theme}')")
        if person:
            await tab.goto(person.login_url)
        return tab

    async def paper(self) -> None:
        school = self.room.school
        await self.paper_state(await self.signed_out(), "sign-in")
        for role, name in (("teacher", "home-teacher"), ("pupil", "home-pupil"), ("parent", "home-parent")):
            await self.paper_state(await self.home(school.person(role)), name)
        for role, name in (("director", "home-director"), ("class_teacher", "home-class-teacher")):
            await self.paper_state(await self.home(school.person(role)), name)
        menu = await self.home(school.person("pupil", 1))
        await press(menu, "Меню")
        await self.paper_state(menu, "person-menu")
        await self.paper_state(await self.at_lesson(school.person("pupil", 0, "5А")), "waiting")
        await self.paper_state(await self.at_lesson(school.person("pupil", 0, "5Б")), "closed-wrong-class")
        await self.paper_state(await self.at_lesson(school.person("parent")), "closed-parent")
        for person, name in (
            (school.person("parent", 0, "5Б"), "closed-wrong-meeting"),
            (school.person("pupil", 0, "5А"), "closed-pupil-at-meeting"),
            (school.person("parent", 0, "5А"), "waiting-meeting"),
        ):
            await self.paper_state(await self.at_meeting(person), name)
        await self.paper_state(await self.home(school.person("administrator")), "home-administrator")
        lost = await self.window(school.person("teacher"))
        await lost.goto(f"{school.url}/lessons/0123456789abcdef")
        await see(lost, "", within_s=10)
        await self.paper_state(lost, "closed-not-found")
        await lost.goto(f"{school.url}/offline.html")
        await self.paper_state(lost, "offline")

    async def checkup(self) -> None:
        for devices in ("granted", "refused"):
            tab = await self.at(f"{self.room.school.url}/check", await self.window(None, devices))
            if devices == "granted":
                await self.paper_state(tab, "checkup")
            await press(tab, "Начать проверку")
            await see(tab, "Нет", role="button")
            if devices == "granted":
                await self.paper_state(tab, "checkup-runs")
            else:
                await press(tab, "Нет")
            await until(tab, "document.querySelector('main h2')", "result of the check", 60)
            await self.paper_state(tab, f"checkup-{devices}")

    async def doors(self) -> None:
        teacher = self.room.school.person("teacher")
        for devices in ("granted", "refused", "missing"):
            tab = await self.at_lesson(teacher, devices)
            await until(
                tab, "[...document.querySelectorAll('button')].some((b) => /Начать|Войти/.test(b.innerText))", "door"
            )
            await asyncio.sleep(SETTLE_S)
            await self.paper_state(tab, f"check-{devices}")
            await tab.close()
            self.room.tabs = {key: other for key, other in self.room.tabs.items() if other is not tab}

    async def lesson(self) -> None:
        school, room = self.room.school, self.room
        teacher = await self.at_lesson(room.teacher)
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        await self.room_state(teacher, "room-alone")
        pupils = []
        for number in range(2):
            pupil = await self.at_lesson(room.pupil(number))
            await press(pupil, "Войти")
            pupils.append(pupil)
        observer = await self.at_lesson(school.person("director"))
        await press(observer, "Войти")
        await until(teacher, "zvonokTest.tiles().filter((tile) => tile.pixel).length === 3", "three pictures")
        await press(pupils[1], "Микрофон")
        await asyncio.sleep(1)
        await self.room_state(teacher, "room-grid")
        await self.room_state(pupils[0], "room-pupil")
        await self.room_state(observer, "room-observer")
        await self.taking_part(teacher, pupils)
        await self.in_charge(teacher, pupils)
        await self.sharing(teacher, pupils[0])
        await self.on_own_devices(pupils[0])
        await self.link_lost(observer)
        await self.sent_away(teacher, pupils[1])
        await press(teacher, "Завершить урок")
        await self.room_state(teacher, "room-end")
        await press(teacher, "Выйти, урок продолжится")
        await see(teacher, "Кому передать")
        await self.room_state(teacher, "room-hand-over")
        await press(teacher, "Остаться")
        await press(observer, "Выйти")
        await see(observer, "Вы вышли")
        await self.paper_state(observer, "closed-left")
        await press(teacher, "Завершить урок")
        await until_text(teacher, "Других взрослых здесь нет")
        await self.room_state(teacher, "room-last-adult")
        await press(teacher, "Завершить для всех")
        await see(pupils[0], "Урок закончился")
        await self.paper_state(pupils[0], "closed-ended")
        await self.paper_state(teacher, "closed-ended-teacher")

    async def taking_part(self, teacher: ChromiumTab, pupils: list[ChromiumTab]) -> None:
        await write(teacher, "Доброе утро! Откройте учебник на странице 84.")
        await write(pupils[0], "А номер 312 тоже делаем?")
        await until_chat_has(teacher, "А номер 312")
        await self.room_state(teacher, "room-chat")
        await close_chat(teacher)
        await open_chat(pupils[0])
        await self.room_state(pupils[0], "room-chat-pupil")
        await close_chat(pupils[0])
        for pupil, answer in zip(pupils, ("Да", "Нет"), strict=True):
            await press(pupil, "Поднять руку")
            await press(pupil, "Ещё")
            await press(pupil, answer, role="menuitemradio")
        await self.room_state(pupils[0], "room-hand")
        await press(pupils[0], "Ещё")
        await self.room_state(pupils[0], "room-more")
        await keys(pupils[0], "Escape")
        await until(pupils[0], "document.querySelector(':popover-open') === null", "closed menu")
        await asyncio.sleep(SETTLE_S)
        await keys(pupils[0], "?")
        await see(pupils[0], "Клавиши")
        await self.room_state(pupils[0], "room-keys")
        await keys(pupils[0], "Escape")
        await open_class(teacher)
        await until_text(teacher, "Подняли руку")
        await self.room_state(teacher, "room-people")
        await press(teacher, "Ещё действия для всех")
        await self.room_state(teacher, "room-class-menu")
        await keys(teacher, "Escape")
        await open_class(teacher)
        await press(teacher, "Тишина в классе")
        await self.room_state(teacher, "room-undo")
        await press(teacher, "Закрыть список")

    async def in_charge(self, teacher: ChromiumTab, pupils: list[ChromiumTab]) -> None:
        name = self.room.pupil(0).name
        await open_tile_menu(teacher, name)
        await self.room_state(teacher, "room-tile-menu")
        await press(teacher, "Закрыть микрофон", role="menuitem")
        await until_text(pupils[0], "Учитель закрыл микрофон")
        await self.room_state(pupils[0], "room-muted")
        await choose(teacher, self.room.pupil(1).name, "Попросить включить микрофон")
        await until_text(pupils[1], "Учитель просит включить микрофон")
        await self.room_state(pupils[1], "room-asked")
        await press(pupils[1], "Не сейчас")
        await choose(teacher, name, "Показать крупно всем")
        await asyncio.sleep(SETTLE_S)
        await self.room_state(pupils[1], "room-spotlight")
        await choose(teacher, name, "Больше не показывать крупно")
        await press(pupils[0], "Ещё")
        await press(pupils[0], "Сообщить о проблеме", role="menuitem")
        await self.room_state(pupils[0], "room-report")
        await keys(pupils[0], "Escape")

    async def sharing(self, teacher: ChromiumTab, pupil: ChromiumTab) -> None:
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, self.room.teacher.name, "#f0f0e8")
        await self.room_state(pupil, "room-share")
        await press(teacher, "Экран: настройки")
        await self.room_state(teacher, "room-share-menu")
        await keys(teacher, "Escape")
        await press(teacher, "Показать экран")

    async def on_own_devices(self, pupil: ChromiumTab) -> None:
        await press(pupil, "Ещё")
        await press(pupil, "Камера и микрофон", role="menuitem")
        await see(pupil, "Камера и микрофон")
        await self.room_state(pupil, "room-devices")
        await keys(pupil, "Escape")
        tablet = await self.at_lesson(self.room.pupil(0))
        await press(tablet, "Войти")
        await until_text(tablet, "на другом вашем устройстве")
        await self.room_state(tablet, "room-second-device")
        await press(tablet, "Выйти")
        await until_text(tablet, "Вы вышли с урока")
        second = ChromiumTab(await pupil.page.context.new_page())
        await self.at(self.room.school.lesson_url, second)
        await press(second, "Войти")
        await see(second, "Урок открыт в другой вкладке")
        await self.paper_state(second, "closed-already-here")
        await second.page.close()
        await press(pupil, "Ещё")
        await press(pupil, "Только звук", role="menuitemradio")
        await until_text(pupil, "Сейчас только звук")
        await self.room_state(pupil, "room-saver")

    async def link_lost(self, tab: ChromiumTab) -> None:
        await tab.page.context.set_offline(offline=True)
        await until_text(tab, "Связь прервалась")
        await self.room_state(tab, "room-link-away")
        await tab.page.context.set_offline(offline=False)
        await until(tab, "!document.body.innerText.includes('Связь прервалась')", "lesson that is back")

    async def sent_away(self, teacher: ChromiumTab, pupil: ChromiumTab) -> None:
        await choose(teacher, self.room.pupil(1).name, "Удалить с урока")
        await see(teacher, "Удалить: мешает", role="button")
        await self.room_state(teacher, "room-remove")
        await press(teacher, "Удалить: мешает")
        await see(pupil, "Учитель удалил вас с урока")
        await self.paper_state(pupil, "closed-removed")

    async def meeting(self) -> None:
        school = self.room.school
        host = await self.at_meeting(school.person("class_teacher", 0, "5А"))
        await press(host, "Начать собрание")
        await see(host, "Завершить собрание", role="button")
        mother = await self.at_meeting(school.person("parent", 0, "5А"))
        await press(mother, "Войти")
        await see(mother, "Вас скоро впустят")
        await self.paper_state(mother, "knocking")
        await open_class(host)
        await self.room_state(host, "room-door")
        await press(host, "Впустить")
        await until_in(mother)
        await asyncio.sleep(1)
        await self.room_state(host, "room-meeting")

    async def at_meeting(self, person: Person) -> ChromiumTab:
        return await self.at(self.room.school.meeting_url, await self.window(person))

    async def at_lesson(self, person: Person, devices: str = "granted") -> ChromiumTab:
        return await self.at(self.room.school.lesson_url, await self.window(person, devices))

    async def at(self, url: str, tab: ChromiumTab) -> ChromiumTab:
        await tab.goto(url)
        await until(tab, "document.querySelector('h1')", "page behind the link")
        await asyncio.sleep(SETTLE_S)
        return tab

    async def signed_out(self) -> ChromiumTab:
        tab = await self.window(None)
        await tab.goto(self.room.school.url)
        await until(tab, f"document.body.innerText.includes('{self.room.teacher.name}')", "list of people")
        return tab

    async def home(self, person: Person) -> ChromiumTab:
        tab = await self.window(person)
        await until(tab, "document.querySelector('main h1')", "home")
        return tab
