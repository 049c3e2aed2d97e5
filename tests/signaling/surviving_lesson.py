"""A lesson that is held by a whole process of signaling, which may be killed or told to go, and started again."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from school.people import Member
from sfu import messages as node
from signaling.app import SignalingSettings
from signaling.live import messages as wire
from tests.signaling.browser import Browser, Page
from tests.signaling.node_double import NodeDouble
from tests.signaling.process import SignalingProcess
from tests.signaling.town import Town


@dataclass
class Lesson:
    """A lesson that goes on: the process that holds it, its node, its people with their browsers and pages."""

    town: Town
    process: SignalingProcess
    media: NodeDouble
    stack: AsyncExitStack
    url: str
    database: str
    browsers: dict[str, Browser]
    pages: dict[str, Page]

    async def enter(self, member: Member) -> Page:
        browser = await self.stack.enter_async_context(Browser(self.url))
        await browser.sign_in(member.id)
        self.browsers[member.id] = browser
        if member is self.town.orlova:
            await browser.start(self.town.lesson)
        page = self.pages[member.id] = await browser.enter(self.town.lesson)
        return page

    async def resume(self, member: Member, last_seq: int = 0) -> tuple[Page, wire.Reply]:
        """In the same browser, as a page does whose WebSocket is gone."""
        old = self.pages[member.id]
        assert old.joined is not None
        session = old.joined.session
        page = await self.browsers[member.id].open_page()
        reply = await page.ask(lambda number: wire.Resume(id=number, session=session, last_seq=last_seq))
        return page, reply

    async def back(self, member: Member) -> tuple[Page, wire.RoomSnapshot]:
        page, reply = await self.resume(member)
        assert isinstance(reply, wire.Resumed), reply
        assert reply.snapshot is not None
        return page, reply.snapshot

    async def kill(self) -> None:
        await self.process.kill()

    async def start_again(self) -> None:
        """Until the new process has said to the node what should be."""
        hellos = len(self.media.hellos)
        await self.process.start()
        await self.media.until(lambda: len(self.media.hellos) > hellos)

    def desired(self) -> node.SetRoom:
        (room,) = self.media.rooms.values()
        return node.SetRoom(room=room.room, flow=room.flow, peers=sorted(room.peers, key=lambda peer: peer.participant))

    def change(self, statement: str, *values: str) -> None:
        with sqlite3.connect(self.database) as database:
            database.execute(statement, values)
        database.close()

    def rows(self, question: str, *values: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.database) as database:
            found = database.execute(question, values).fetchall()
        database.close()
        return found


@asynccontextmanager
async def held_lesson(settings: SignalingSettings, town: Town, media_node: NodeDouble) -> AsyncIterator[Lesson]:
    """Its teacher and three pupils are in, and that is written down."""
    process = SignalingProcess(settings)
    async with AsyncExitStack() as stack:
        database = settings.database_url.removeprefix("sqlite+aiosqlite:///")
        held = Lesson(town, process, media_node, stack, settings.public_url, database, {}, {})
        stack.push_async_callback(process.kill)
        await process.start()
        for member in (town.orlova, town.artyom, town.polina, town.yegor):
            await held.enter(member)
        desk = held.pages[town.orlova.id]
        await ask(desk, setting_the_door("knock"))
        await ask(desk, setting_the_door("list"))
        yield held


async def ask(page: Page, request: Callable[[int], wire.Request]) -> wire.Reply:
    reply = await page.ask(request)
    assert not isinstance(reply, wire.Failed), reply
    return reply


def setting_the_door(door: Literal["list", "knock"]) -> Callable[[int], wire.Request]:
    """What is answered when the whole state is kept."""
    return lambda number: wire.SetRoom(id=number, door=door)


def card(snapshot: wire.RoomSnapshot, participant: str) -> wire.Participant:
    (found,) = (each for each in snapshot.participants if each.id == participant)
    return found
