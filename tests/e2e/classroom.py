"""A lesson of 5А as its people hold it: each person in a window of their own, by what the pages offer."""

from dataclasses import dataclass, field
from typing import Self

from tests.e2e.acts import until_in
from tests.e2e.browsers import Browser, Camera, Tab, press, see, until_tile_shows
from tests.e2e.demo_school import COLOURS, DemoSchool, Person


def colour_of(person: Person) -> str:
    return COLOURS["teacher"] if person.role == "teacher" else COLOURS.get(person.name, "#808080")


@dataclass
class Classroom:
    school: DemoSchool
    tabs: dict[str, Tab] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for tab in self.tabs.values():
            await tab.close()

    @property
    def teacher(self) -> Person:
        return self.school.person("teacher")

    def pupil(self, number: int) -> Person:
        return self.school.person("pupil", number, "5А")

    async def sign_in(
        self, browser: Browser, person: Person, camera: Camera | None = None, size: tuple[int, int] = (1366, 768)
    ) -> Tab:
        tab = await browser.tab(camera or Camera(colour_of(person)), width=size[0], height=size[1])
        self.tabs[person.id] = tab
        await tab.goto(person.login_url)
        return tab

    async def teacher_starts(self, browser: Browser, camera: Camera | None = None) -> Tab:
        tab = await self.sign_in(browser, self.teacher, camera)
        await press(tab, "Начать урок")
        await press(tab, "Начать урок")
        await see(tab, "Завершить урок", role="button")
        return tab

    async def pupil_joins(
        self, browser: Browser, number: int, camera: Camera | None = None, size: tuple[int, int] = (1366, 768)
    ) -> Tab:
        """By the lesson's link, as a pupil who was sent it."""
        tab = await self.sign_in(browser, self.pupil(number), camera, size)
        await tab.goto(self.school.lesson_url)
        await press(tab, "Войти")
        await until_in(tab)
        return tab

    async def everybody_sees(self, *people: Person) -> None:
        """Every open tab shows each of these people, and under the right name."""
        for owner, tab in self.tabs.items():
            for person in people:
                if person.id != owner:
                    await until_tile_shows(tab, person.name, colour_of(person))
