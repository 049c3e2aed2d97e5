"""Pupils take part: hands in their order, answers and reactions, the chat, and the attendance that keeps itself."""

import io

import openpyxl
import pytest

from tests.e2e.acts import (
    choose_for_class,
    open_chat,
    open_class,
    until_chat_has,
    until_microphone,
    until_text,
    write,
)
from tests.e2e.browsers import find, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(240)


async def test_hands_stand_in_their_order_and_the_first_gets_the_floor(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        second = await room.pupil_joins(chromium, 1)
        for tab in (first, second):
            assert isinstance(tab, ChromiumTab)
            await press(tab, "Микрофон включён")
            await until(tab, "document.querySelector('[aria-pressed=false][aria-label^=Микрофон]')", "microphone off")
        await press(second, "Поднять руку")
        await until_text(teacher, "1")
        await press(first, "Поднять руку")
        await open_class(teacher)
        queue = "[...document.querySelectorAll('.queue ol li')].map((li) => li.innerText.replace(/\\s+/g, ' '))"
        await until(teacher, f"{queue}.length === 2", "queue of two")
        order = await teacher.evaluate(queue)
        assert [room.pupil(n).name in line for n, line in zip((1, 0), order, strict=True)] == [True, True], order
        assert "ждёт" in order[0]
        await until(first, "document.querySelector('[aria-label*=вторы]')", "own place in the queue")
        await press(teacher, f"Дать слово: {room.pupil(1).name}")
        await until_microphone(teacher, room.pupil(1).name, "включён")
        await until(teacher, f"{queue}.length === 1", "queue of one")


async def test_yes_and_no_are_counted_for_the_teacher(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        second = await room.pupil_joins(chromium, 1)
        for tab, words in ((first, "Да"), (second, "Нет")):
            await press(tab, "Ещё")
            await press(tab, words, role="menuitemradio")
        await open_class(teacher)
        await until_text(teacher, "да 1")
        await until_text(teacher, "нет 1")
        await press(teacher, "Сбросить")
        await until(teacher, "!document.body.innerText.includes('да 1')", "no answers")


async def test_chat_reaches_all_and_the_teacher_removes_a_message(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        second = await room.pupil_joins(chromium, 1)
        assert isinstance(first, ChromiumTab)
        assert isinstance(teacher, ChromiumTab)
        await write(first, "У меня получилось <b>пять шестых</b>")
        await until_chat_has(second, "У меня получилось <b>пять шестых</b>")
        await until_chat_has(teacher, "У меня получилось")
        await teacher.page.locator("[role=log] article").last.hover()
        await press(teacher, "Удалить сообщение")
        await until_text(second, "учитель удалил сообщение")
        assert "получилось" not in await second.evaluate("document.querySelector('[role=log]').innerText")


async def test_chat_to_the_teacher_only_is_read_by_nobody_else(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        first = await room.pupil_joins(chromium, 0)
        second = await room.pupil_joins(chromium, 1)
        assert isinstance(first, ChromiumTab)
        await choose_for_class(teacher, "Только учителю", role="menuitemradio")
        await open_chat(first)
        await until_text(first, "учителю")
        await write(first, "Можно выйти?")
        await until_chat_has(teacher, "Можно выйти?")
        await open_chat(second)
        await second.evaluate("new Promise((done) => setTimeout(done, 500))")
        assert "Можно выйти?" not in await second.evaluate("document.querySelector('[role=log]').innerText")


async def test_closed_chat_takes_nothing(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await choose_for_class(teacher, "Никому, чат закрыт", role="menuitemradio")
        await open_chat(pupil)
        await until_text(pupil, "Учитель закрыл чат")
        field = "document.querySelector('aside.panel textarea:not(:disabled), aside.panel form input:not(:disabled)')"
        assert not await pupil.evaluate(f"Boolean({field})")


async def test_people_without_a_camera_can_be_hidden(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        name = room.pupil(0).name
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))
        await press(pupil, "Камера")
        await press(teacher, "Вид")
        await press(teacher, "Скрыть тех, кто без камеры", role="menuitemcheckbox")
        hidden = f"!zvonokTest.tiles().some((tile) => tile.name.startsWith('{name}'))"
        await until(teacher, hidden, "no tile of somebody without a camera")
        await press(pupil, "Камера")
        await until_tile_shows(teacher, name, colour_of(room.pupil(0)))


async def test_attendance_keeps_itself_and_is_downloaded(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await until_tile_shows(teacher, room.pupil(0).name, colour_of(room.pupil(0)))
        await press(pupil, "Выйти")
        await open_class(teacher)
        await until_text(teacher, "Ещё не пришли")
        await until_text(teacher, "Ушли")
        session = await school.login_cookie(room.teacher)
        lesson = school.lesson_url.rsplit("/", 1)[1]
        async with session:
            async with session.get(f"{school.url}/api/lessons/{lesson}/attendance.csv") as answer:
                text = (await answer.read()).decode("utf-8-sig")
                assert answer.status == 200
                assert room.pupil(0).name in text or "Белов" in text
            async with session.get(f"{school.url}/api/lessons/{lesson}/attendance.xlsx") as answer:
                book = openpyxl.load_workbook(io.BytesIO(await answer.read()))
                sheet = book.worksheets[0]
                assert any("Белов" in str(cell.value) for row in sheet.iter_rows() for cell in row)
        pupil_session = await school.login_cookie(room.pupil(0))
        async with (
            pupil_session,
            pupil_session.get(f"{school.url}/api/lessons/{lesson}/attendance.csv") as answer,
        ):
            assert answer.status == 403
        assert await find(teacher, "link", "Скачать") == 2
        await press(teacher, "Завершить урок")
        await press(teacher, "Завершить для всех")
        await see(teacher, "Посещаемость")
        assert isinstance(teacher, ChromiumTab)
        async with teacher.page.expect_download() as saved:
            await press(teacher, "Скачать CSV", role="link")
        kept = await (await saved.value).path()
        assert "Белов" in kept.read_text(encoding="utf-8-sig")


async def test_reaction_passes_by_itself(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await until_tile_shows(teacher, room.pupil(0).name, colour_of(room.pupil(0)))
        await press(pupil, "Ещё")
        await press(pupil, "Аплодисменты", role="menuitem")
        tile = f"zvonokTest.tiles().find((tile) => tile.name.startsWith('{room.pupil(0).name}')).name"
        await until(teacher, f"({tile}).includes('аплодирует')", "reaction in the tile")
        await until(teacher, f"!({tile}).includes('аплодирует')", "tile without a reaction", 12)
