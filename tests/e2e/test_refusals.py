"""Who does not get in, and what they are shown instead; the front door's bad inputs through the real server."""

import aiohttp
import pytest

from tests.e2e.acts import until_in
from tests.e2e.browsers import Camera, find, press, see, until
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(180)

HEADERS = {"X-Zvonok": "1", "Content-Type": "application/json"}


async def test_pupil_of_another_class_is_shown_the_own_lesson(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        tab = await room.sign_in(chromium, school.person("pupil", 0, "5Б"))
        await tab.goto(school.lesson_url)
        await see(tab, "Это урок другого класса")
        assert await tab.evaluate("zvonokTest.peers.filter((p) => p.signalingState !== 'stable').length") == 0


async def test_parent_is_not_in_lessons(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await room.sign_in(chromium, school.person("parent"))
        await tab.goto(school.lesson_url)
        await until(tab, "document.querySelector('h1')", "closed page")
        assert await find(tab, "button", "Войти") == 0


async def test_person_without_an_account_signs_in_first_and_returns_to_the_lesson(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        stranger = await chromium.tab(Camera("#404040"))
        room.tabs["stranger"] = stranger
        await stranger.goto(school.lesson_url)
        pupil = room.pupil(0)
        await until(stranger, f"document.body.innerText.includes('{pupil.name}')", "list of the demo's people")
        assert await find(stranger, "button", "Войти") == 0
        link = f"[...document.querySelectorAll('a, button')].find((n) => n.innerText.includes('{pupil.name}'))"
        await stranger.evaluate(f"void {link}.click()")
        path = school.lesson_url.removeprefix(school.url)
        await until(stranger, f"location.pathname === '{path}'", "return to the lesson")
        await see(stranger, "Войти", role="button")


async def test_another_person_in_the_same_browser_ends_the_seat_of_the_first(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(pupil, ChromiumTab)
        second = await pupil.page.context.new_page()
        await second.goto(room.pupil(1).login_url)
        await see(pupil, "В этом браузере сменился человек")
        await press(pupil, "На мою страницу")
        await until(pupil, f"document.body.innerText.includes('{room.pupil(1).name}')", "page of the second person")


@pytest.mark.parametrize("role", ["director", "administrator"])
async def test_observers_are_visible_and_send_nothing(role: str, chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        observer = await room.sign_in(chromium, school.person(role))
        await observer.goto(school.lesson_url)
        await see(observer, "Войти", role="button")
        await observer.evaluate(
            "void [...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith('Войти')).click()"
        )
        await until_in(observer)
        assert await find(observer, "button", "Микрофон") == 0
        assert await find(observer, "button", "Камера") == 0
        name = school.person(role).name
        await teacher.evaluate(
            "void [...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith('Класс')).click()"
        )
        await until(teacher, f"document.body.innerText.includes('{name}')", "observer in the list")


async def test_tickets_are_for_members_of_the_lesson_only(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        lesson = school.lesson_url.rsplit("/", 1)[1]
        wanted = {
            ("pupil", "5А"): (200, None),
            ("pupil", "5Б"): (403, "wrong_class"),
            ("parent", "5А"): (403, "parents_not_in_lessons"),
            ("director", None): (200, None),
            ("administrator", None): (200, None),
        }
        for (role, class_name), (status, code) in wanted.items():
            session = await school.login_cookie(school.person(role, 0, class_name))
            async with (
                session,
                session.post(f"{school.url}/api/lessons/{lesson}/ticket", headers=HEADERS, data=b"{}") as got,
            ):
                answer = await got.json()
                assert (got.status, answer.get("code")) == (status, code), (role, answer)


async def test_ticket_without_a_session_or_from_another_site_is_refused(school: DemoSchool) -> None:
    lesson = school.lesson_url.rsplit("/", 1)[1]
    url = f"{school.url}/api/lessons/{lesson}/ticket"
    async with aiohttp.ClientSession() as nobody, nobody.post(url, headers=HEADERS, data=b"{}") as got:
        assert got.status == 401
    session = await school.login_cookie(school.person("pupil", 0, "5А"))
    async with session:
        for headers in ({}, {"Content-Type": "application/json"}, {**HEADERS, "Sec-Fetch-Site": "cross-site"}):
            async with session.post(url, headers=headers, data=b"{}") as got:
                assert got.status in {400, 403, 415}, headers


async def test_websocket_from_another_origin_is_refused_before_the_upgrade(school: DemoSchool) -> None:
    session = await school.login_cookie(school.person("pupil", 0, "5А"))
    async with session:
        for origin in ("null", "http://evil.example", school.url.replace("://", "://evil.") + ".example"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"{school.url}/ws", protocols=["zvonok.v1"], origin=origin)
            assert refused.value.status == 403, origin
