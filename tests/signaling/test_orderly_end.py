"""Signaling is told to go: everybody is warned and sent away in time, and nothing is lost."""

import asyncio
import sqlite3

from signaling.live import messages as wire
from tests.signaling.browser import Page
from tests.signaling.surviving_lesson import Lesson, ask, card
from tests.signaling.town import Town


async def farewell(page: Page) -> int | None:
    """What the last word to this page says, after the warning."""
    await page.until(wire.Restarting)
    return await page.close_code()


async def test_an_orderly_restart_warns_everybody_closes_with_1012_and_loses_nothing(
    lesson: Lesson, town: Town
) -> None:
    artyoms = lesson.pages[town.artyom.id]
    before = lesson.desired()
    await artyoms.send(wire.SendChat(id=90, key="last", text="последнее"))
    await ask(lesson.pages[town.polina.id], lambda number: wire.RaiseHand(id=number, up=True))
    async with asyncio.TaskGroup() as group:
        farewells = [group.create_task(farewell(page)) for page in lesson.pages.values()]
        ending = group.create_task(lesson.process.terminate())
    code, seconds = ending.result()
    assert code == 0
    assert seconds < 2.0
    assert [each.result() for each in farewells] == [1012] * 4
    assert lesson.media.closed_rooms == []
    lesson.media.rooms.clear()
    await lesson.start_again()
    await lesson.media.until(lambda: bool(lesson.media.rooms))
    assert lesson.desired() == before
    _, snapshot = await lesson.back(town.orlova)
    assert [each.text for each in snapshot.chat] == ["последнее"]
    assert card(snapshot, lesson.pages[town.polina.id].me).hand is not None


async def test_an_orderly_end_does_not_wait_for_pages_that_are_nowhere_or_do_not_read(
    lesson: Lesson, town: Town
) -> None:
    idle = await lesson.browsers[town.artyom.id].open_page()
    lesson.pages[town.polina.id].transport.pause_reading()
    async with asyncio.TaskGroup() as group:
        closed = group.create_task(idle.close_code())
        ending = group.create_task(lesson.process.terminate())
    code, seconds = ending.result()
    assert code == 0
    assert seconds < 2.0
    assert closed.result() == 1012
    lesson.pages[town.polina.id].lose_network()


async def test_people_are_sent_away_in_time_though_nothing_can_be_written(lesson: Lesson, town: Town) -> None:
    database = sqlite3.connect(lesson.database, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(database.execute, "BEGIN IMMEDIATE")
    await lesson.pages[town.artyom.id].send(wire.SendChat(id=90, key="last", text="последнее"))
    async with asyncio.TaskGroup() as group:
        farewells = [group.create_task(farewell(page)) for page in lesson.pages.values()]
        group.create_task(lesson.process.terminate())
        try:
            async with asyncio.timeout(2.5):
                assert await asyncio.gather(*farewells) == [1012] * 4
        finally:
            database.close()
