"""A lesson goes on through what happens in the middle of it, and nobody has to touch anything."""

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest

from tests.e2e.acts import (
    choose,
    choose_for_class,
    open_class,
    until_chat_has,
    until_in,
    until_microphone,
    until_more_comes,
    until_said,
    until_text,
    write,
)
from tests.e2e.behind_line import behind_line
from tests.e2e.browsers import clock, find, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab, chromium_in
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool
from tests.e2e.inspection import Inspection
from tests.e2e.line import CLEAN, DEAD
from tests.e2e.network import Network, needs_root

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    made = await Network.make()
    yield made
    await made.close()


@pytest.fixture
async def school_inside(network: Network) -> AsyncIterator[DemoSchool]:
    demo = await DemoSchool.start(inside=network.inside)
    yield demo
    await demo.stop()


@pytest.fixture
async def chromium_inside(network: Network) -> AsyncIterator[Chromium]:
    async with chromium_in(network) as browser:
        yield browser


async def test_reload_returns_to_the_same_seat_with_chat_hand_and_layout(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(pupil, ChromiumTab)
        await write(pupil, "Я здесь")
        await press(pupil, "Поднять руку")
        await pupil.key("Escape")
        await press(pupil, "Вид")
        await press(pupil, "Говорящий крупно", role="menuitemradio")
        await until_chat_has(teacher, "Я здесь")
        started = clock()
        await pupil.page.reload()
        await until_in(pupil, within_s=4)
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher), 4)
        took = clock() - started
        assert took < 4, "2 s on a machine of its own; the benchmark measures it"
        await until(pupil, "document.querySelector('[aria-label^=\"Рука поднята\"][aria-pressed=true]')", "hand", 3)
        await until_chat_has(pupil, "Я здесь")
        await press(pupil, "Вид: говорящий крупно")
        assert await teacher.evaluate("!document.body.innerText.includes('Страница урока закрыта')")


async def see_the_veil(tab: ChromiumTab) -> None:
    await until_text(tab, "Обычно хватает нескольких секунд")
    inspection = Inspection()
    await inspection.visit(tab, "room-link-lost", room=True)
    inspection.expect_nothing_grave()


@needs_root
@pytest.mark.parametrize(("lost_s", "back_s"), [(5, 1), (30, 1), (120, 3)])
async def test_lost_network_comes_back_by_itself_with_the_chat(
    lost_s: float, back_s: float, network: Network, chromium_inside: Chromium, school_inside: DemoSchool
) -> None:
    async with Classroom(school_inside) as room:
        teacher = await room.teacher_starts(chromium_inside)
        pupil = await room.pupil_joins(chromium_inside, 0)
        assert isinstance(teacher, ChromiumTab)
        await room.everybody_sees(room.teacher, room.pupil(0))
        await write(teacher, "До обрыва")
        await network.lose()
        lost = clock()
        if lost_s == 30:
            await see_the_veil(teacher)
        await asyncio.sleep(lost_s - (clock() - lost))
        await network.come_back()
        # The goal is `back_s` after the link's return on a quiet machine; here a busy one has to make it, too.
        await until_more_comes(pupil, "video", back_s + 3)
        await until_more_comes(teacher, "video", back_s + 3)
        await write(teacher, "После обрыва")
        await until_chat_has(pupil, "После обрыва")
        log = await pupil.evaluate("document.querySelector('[role=log]').innerText")
        assert log.count("До обрыва") == 1
        assert log.count("После обрыва") == 1
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))


@needs_root
async def test_the_others_are_told_of_a_lost_network_and_that_its_person_is_back() -> None:
    async with behind_line(CLEAN, others=0) as lesson:
        await lesson.pupil_joins()
        name = lesson.room.pupil(lesson.number).name
        await lesson.room.everybody_sees(lesson.room.teacher, lesson.room.pupil(lesson.number))
        await lesson.line.becomes(DEAD)
        await until_said(lesson.teacher, f"Пропала связь: {name}")
        kept = f"zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}'))"
        assert await lesson.teacher.evaluate(kept), "the tile stays while the network may come back"
        await lesson.line.becomes(CLEAN)
        await until_said(lesson.teacher, f"Снова на связи {name}")
        await lesson.room.everybody_sees(lesson.room.teacher, lesson.room.pupil(lesson.number))


async def test_killed_signaling_comes_back_with_roster_hands_chat_and_mutes_while_media_flow(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        second = await room.pupil_joins(chromium, 1)
        assert isinstance(first, ChromiumTab)
        await room.everybody_sees(room.teacher, room.pupil(0), room.pupil(1))
        await write(first, "Перед падением")
        await press(first, "Поднять руку")
        await choose(teacher, room.pupil(1).name, "Закрыть микрофон")
        await until_microphone(teacher, room.pupil(1).name, "выключен")
        await school.kill("signaling")
        await until_more_comes(first, "video", 1.5)
        await until(first, "zvonokTest.sockets.at(-1).readyState === 1 && zvonokTest.sockets.length > 1", "socket", 8)
        await open_class(teacher)
        await until_text(teacher, "Подняли руку", 8)
        await until_microphone(teacher, room.pupil(1).name, "выключен")
        await until_chat_has(second, "Перед падением")
        assert await find(second, "button", "Микрофон закрыт учителем") == 1
        await room.everybody_sees(room.teacher, room.pupil(0), room.pupil(1))
        for tab in room.tabs.values():
            assert await tab.evaluate("zvonokTest.peers.length") == 1, "media connections never broke"


async def test_removed_person_stays_removed_through_every_restart(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await choose(teacher, room.pupil(0).name, "Удалить с урока")
        await press(teacher, "Удалить")
        await see(pupil, "Учитель удалил вас с урока")
        for part in ("sfu", "signaling"):
            await school.kill(part)
            await teacher.evaluate("new Promise((done) => setTimeout(done, 1000))")
            await until(teacher, "await fetch('/healthz').then((answer) => answer.ok, () => false)", "healthy school")
            await pupil.goto(school.lesson_url)
            await see(pupil, "Учитель удалил вас с урока")


async def test_orderly_restart_warns_the_room_and_loses_nothing(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        assert isinstance(teacher, ChromiumTab)
        await room.everybody_sees(room.teacher, room.pupil(0))
        await write(teacher, "Страница 84")
        await choose_for_class(teacher, "Закрыть вход", role="menuitemcheckbox")
        await school.kill("signaling", signal.SIGTERM)
        await until_said(pupil, "Школа обновляет связь", 5)
        await until(pupil, "zvonokTest.sockets.length > 1 && zvonokTest.sockets.at(-1).readyState === 1", "socket", 10)
        await until_chat_has(pupil, "Страница 84")
        await room.everybody_sees(room.teacher, room.pupil(0))
        late = await room.sign_in(chromium, room.pupil(1))
        await late.goto(school.lesson_url)
        await press(late, "Войти")
        await see(late, "Вас скоро впустят")
