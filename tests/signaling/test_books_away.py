"""A database that does not answer takes no power away and no lesson down; what was done is written when it is back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from signaling.api.context import Context
from signaling.app import SignalingSettings
from signaling.live import messages as wire
from signaling.live import scribe
from tests.signaling.browser import Page
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town

Rows = list[tuple[object, ...]]


class School:
    """The file of the database, as another process sees it."""

    def __init__(self, path: str) -> None:
        self._path = path

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """As by a backup that hangs: whoever writes waits."""
        database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        await asyncio.to_thread(database.execute, "BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")
            database.close()

    def rows(self, question: str) -> Rows:
        database = sqlite3.connect(self._path)
        try:
            return database.execute(question).fetchall()
        finally:
            database.close()


@pytest.fixture
def school(settings: SignalingSettings, town: Town) -> School:
    return School(settings.database_url.removeprefix("sqlite+aiosqlite:///"))


@pytest.fixture
async def lesson(browser_of: BrowserOf, town: Town) -> tuple[Page, Page]:
    teacher, pupil = await browser_of(town.orlova), await browser_of(town.artyom)
    await teacher.start(town.lesson)
    desk, bench = await teacher.enter(town.lesson), await pupil.enter(town.lesson)
    await desk.until(wire.ParticipantJoined)
    return desk, bench


async def ask_within(seconds: float, page: Page, request: Callable[[int], wire.Request]) -> wire.Reply:
    async with asyncio.timeout(seconds):
        return await page.ask(request)


def saying(text: str) -> Callable[[int], wire.Request]:
    return lambda number: wire.SendChat(id=number, key=text, text=text)


async def test_powers_act_and_chat_is_delivered_while_nothing_can_be_written(
    lesson: tuple[Page, Page], school: School, media_node: NodeDouble, server: Context
) -> None:
    desk, bench = lesson
    longest = 2 * scribe.PATIENCE_SECONDS + 1.0
    async with school.locked():
        muted = await ask_within(
            longest,
            desk,
            lambda number: wire.Restrict(id=number, participant=bench.me, kind="microphone", how="closed"),
        )
        assert isinstance(muted, wire.RestrictedReply)
        await media_node.until(lambda: media_node.peers_of(bench.me)[0].publish == ["camera"])
        for text in ("раз", "два", "три"):
            said = await ask_within(longest, bench, saying(text))
            assert isinstance(said, wire.Done)
        heard = [(await desk.until(wire.ChatSaid)).message.text for _ in range(3)]
        assert heard == ["раз", "два", "три"]
        assert isinstance(await ask_within(1.0, bench, lambda number: wire.SetView(id=number, tracks=[])), wire.Done)
        assert school.rows("SELECT text FROM chat_messages") == []
    await written(server)
    assert school.rows("SELECT text FROM chat_messages ORDER BY at") == [("раз",), ("два",), ("три",)]
    assert ("microphone_closed",) in school.rows("SELECT deed FROM audit")
    ((state,),) = school.rows("SELECT state FROM live_rooms")
    assert '"closed":["microphone"]' in str(state)
    faults = server.metrics.registry.get_sample_value
    assert (faults("zvonok_faults_total", {"part": "books"}) or 0) > 0
    assert (faults("zvonok_faults_total", {"part": "keeper"}) or 0) > 0


async def test_the_cut_comes_before_the_writing(
    lesson: tuple[Page, Page], school: School, media_node: NodeDouble
) -> None:
    desk, bench = lesson
    clock = asyncio.get_running_loop().time
    async with school.locked():
        started = clock()
        await desk.send(wire.Restrict(id=50, participant=bench.me, kind="microphone", how="off"))
        await media_node.until(lambda: media_node.peers_of(bench.me)[0].publish == ["camera"])
        assert clock() - started < 0.2


async def test_a_removal_stands_and_the_removed_are_out_while_nothing_can_be_written(
    lesson: tuple[Page, Page], school: School, media_node: NodeDouble, server: Context
) -> None:
    desk, bench = lesson
    me = bench.me
    async with school.locked():
        await desk.send(wire.RemoveParticipant(id=50, participant=me, reason="stranger"))
        await media_node.until(lambda: not media_node.peers_of(me))
        assert await bench.close_code() == wire.CLOSE_CODES["removed"]
        await desk.until(wire.Done, lambda reply: reply.re == 50)
    await written(server)
    assert len(school.rows("SELECT member_id FROM removals")) == 1


async def test_a_lesson_is_ended_while_nothing_can_be_written(
    lesson: tuple[Page, Page], school: School, media_node: NodeDouble
) -> None:
    desk, bench = lesson
    async with school.locked():
        await desk.send(wire.EndLesson(id=50))
        assert await bench.close_code() == wire.CLOSE_CODES["ended"]
        await media_node.until(lambda: bool(media_node.closed_rooms))


async def written(server: Context) -> None:
    """When the one room has nothing more to write."""
    (room,) = server.rooms._by_id.values()
    async with asyncio.timeout(20):
        await room._scribe.written()
        await room._keeper.written()
