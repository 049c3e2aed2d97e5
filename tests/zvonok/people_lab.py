"""People without browsers in the whole product as `zvonok demo --json` starts it: they sign in, ask for tickets, open
real WebSockets, join with real offers, and send and receive SRTP over real UDP. They keep everything they were told,
as text and by type. For the tests of abuse and of faults beside it; it must not know what is forbidden.
"""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Self

import aiohttp
import msgspec
from psutil import STATUS_ZOMBIE, Process
from typing_extensions import override

from signaling.live import messages as wire
from tests.e2e.demo_school import DemoSchool
from tests.e2e.demo_school import Person as Card
from tests.signaling.browser import Browser, Message, Page
from tests.zvonok.media_line import Line, paces

DEADLINE = 10.0
_server: msgspec.json.Decoder[wire.ServerMessage] = msgspec.json.Decoder(wire.ServerMessage)


class Told(Page):
    """A page that reads all the time, as a browser does. `texts`: where every frame goes, as it came."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, group: asyncio.TaskGroup, texts: list[str]) -> None:
        super().__init__(socket)
        self.texts = texts
        self.code: int | None = None
        self.closed = asyncio.Event()
        self._arrived: asyncio.Queue[wire.ServerMessage] = asyncio.Queue()
        self._pump = group.create_task(self._read_all())

    async def _read_all(self) -> None:
        async for frame in self.socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self.texts.append(frame.data)
                self._arrived.put_nowait(_server.decode(frame.data))
        self.code = self.socket.close_code
        self.closed.set()

    @override
    async def _read(self) -> wire.ServerMessage:
        async with asyncio.timeout(DEADLINE):
            return await self._arrived.get()

    @override
    async def close_code(self) -> int | None:
        async with asyncio.timeout(DEADLINE):
            await self.closed.wait()
        self.gather()
        return self.code

    def gather(self) -> None:
        """Everything that has come is in `heard`."""
        while not self._arrived.empty():
            self.heard.append(self._arrived.get_nowait())

    def all_of(self, kind: type[Message]) -> list[Message]:
        self.gather()
        return [message for message in self.heard if isinstance(message, kind)]

    def stop_reading(self) -> None:
        self._pump.cancel()
        self.transport.pause_reading()


class Somebody:
    """A person at a page: one login, one WebSocket at a time, and the line of its media."""

    def __init__(self, browser: Browser, group: asyncio.TaskGroup) -> None:
        self.browser = browser
        self._group = group
        self.page: Told
        self.line: Line
        self.joined: wire.Joined
        self.texts: list[str] = []
        self.local_address = "127.0.0.1"
        self._lines: list[Line] = []
        self._number = 0

    def new_line(self, *, observes: bool = False) -> Line:
        self._number += 1
        self._lines.append(Line(self._number, observes=observes, address=self.local_address))
        return self._lines[-1]

    async def open_page(self) -> Told:
        page = await self.browser.open_page()
        self.page = Told(page.socket, self._group, self.texts)
        return self.page

    async def join(
        self, lesson: str, *, observes: bool = False, ticket: str | None = None, take_over: bool = False, **media: bool
    ) -> Self:
        """Through the door, up to keys for media. `take_over`: another page of this browser is in, and gives way."""
        ticket = ticket or await self.browser.ticket(lesson)
        page = await self.open_page()
        self._number = 0
        line = self.new_line(observes=observes)
        on = {} if not observes else {"microphone": False, "camera": False}
        self.joined = await page.join(ticket, line.offer(), take_over=take_over, **(on | media))
        await line.connect(self.joined.answer)
        self.line = line
        return self

    async def knock(self, lesson: str, *, take_over: bool = False) -> Told:
        """Asks to join, and does not wait for what comes of it."""
        ticket, page = await self.browser.ticket(lesson), await self.open_page()
        self._number = 0
        self.line = self.new_line()
        media = wire.Media(microphone=True, camera=True)
        offer = self.line.offer()
        await page.send(wire.Join(id=0, ticket=ticket, offer=offer, media=media, take_over=take_over))
        return page

    async def resume(self) -> wire.Resumed | wire.Failed:
        """The same seat over another WebSocket."""
        seqs = [event.seq for event in self.page.all_of(wire.RoomEvent)] + [self.joined.snapshot.seq]
        page = await self.open_page()
        reply = await page.ask(lambda n: wire.Resume(id=n, session=self.joined.session, last_seq=max(seqs)))
        assert isinstance(reply, wire.Resumed | wire.Failed), reply
        return reply

    async def reoffer(self) -> Line:
        """A second PeerConnection beside the first; the caller settles."""
        line = self.new_line()
        reply = await self.ask(lambda n: wire.Reoffer(id=n, offer=line.offer()))
        assert isinstance(reply, wire.Reoffered), reply
        await line.connect(reply.answer)
        self.line = line
        return line

    async def ask(self, request: Callable[[int], wire.Request]) -> wire.Reply:
        return await self.page.ask(request)

    async def does(self, request: Callable[[int], wire.Request]) -> None:
        reply = await self.ask(request)
        assert isinstance(reply, wire.Done | wire.RestrictedReply), reply

    async def sends(self, *, microphone: bool = True, camera: bool = True, mute_seen: int = 0) -> None:
        media = wire.Media(microphone=microphone, camera=camera)
        await self.does(lambda n: wire.SetMedia(id=n, media=media, mute_seen=mute_seen))

    async def looks_at(self, *sources: int) -> None:
        tracks = [wire.ViewedTrack(source=source, width=640, height=360) for source in sources]
        await self.does(lambda n: wire.SetView(id=n, tracks=tracks))

    @property
    def me(self) -> str:
        return self.joined.you

    def seat_of(self, other: "Somebody") -> wire.Participant:
        """As this page has been told last, whatever was taken from `heard`."""
        return self.roster()[other.me]

    def roster(self) -> dict[str, wire.Participant]:
        found: dict[str, wire.Participant] = {}
        for text in self.texts:
            message = _server.decode(text)
            match message:
                case wire.Joined(snapshot=snapshot) | wire.Resumed(snapshot=wire.RoomSnapshot() as snapshot):
                    found = {one.id: one for one in snapshot.participants}
                case wire.ParticipantJoined(participant=one) | wire.ParticipantChanged(participant=one):
                    found[one.id] = one
                case wire.ParticipantLeft(participant=gone):
                    found.pop(gone, None)
                case _:
                    pass
        return found

    async def until_told(self, condition: Callable[[], bool]) -> None:
        """Looked at after each message that comes."""
        while not condition():
            self.page.heard.append(await self.page._read())

    @property
    def microphone(self) -> int:
        return self.roster()[self.me].sources["microphone"]

    @property
    def camera(self) -> int:
        return self.roster()[self.me].sources["camera"]

    async def hears(self, speaker: "Somebody", text: str) -> None:
        """`speaker` talks until it is heard here; who is loudest takes a moment to be known."""
        async with asyncio.timeout(DEADLINE):
            while not any(packet.payload == text.encode() for packet in self.line.heard_of(speaker.microphone)):
                speaker.line.say(text)
                await self.line._next(0.02)

    async def sees(self, other: "Somebody") -> None:
        before = len(self.line.heard_of(other.camera))
        async with asyncio.timeout(DEADLINE):
            while len(self.line.heard_of(other.camera)) == before:
                other.line.show()
                await self.line._next(0.02)

    def close(self) -> None:
        for line in self._lines:
            line.close()


class School:
    """A running demo, and the people who have come to it."""

    def __init__(self, demo: DemoSchool, data: Path, group: asyncio.TaskGroup, stack: AsyncExitStack) -> None:
        self.demo, self._data, self._group, self._stack = demo, data, group, stack
        self.lesson = demo.lesson_url.rsplit("/", 1)[1]
        self.meeting = demo.meeting_url.rsplit("/", 1)[1]
        self.used: set[str] = set()
        self._written_before = len(self.deeds())

    async def person(self, role: str, number: int = 0, class_name: str | None = None) -> Somebody:
        """Signed in, in a browser of their own."""
        return await self.login(self.demo.person(role, number, class_name))

    async def login(self, card: Card) -> Somebody:
        browser = await self._stack.enter_async_context(Browser(self.demo.url))
        await browser.sign_in(card.id)
        somebody = Somebody(browser, self._group)
        self._stack.callback(somebody.close)
        return somebody

    async def teacher_in(self) -> Somebody:
        return await self._host_in("teacher", self.lesson)

    async def leader_in(self) -> Somebody:
        """The class teacher in the meeting of parents."""
        return await self._host_in("class_teacher", self.meeting)

    async def _host_in(self, role: str, lesson: str) -> Somebody:
        host = await self.person(role)
        self.used.add(lesson)
        await host.browser.start(lesson)
        return await host.join(lesson)

    async def parent_in(self, leader: Somebody, number: int = 0) -> Somebody:
        """Admitted to the meeting."""
        parent = await self.person("parent", number, "5А")
        page = await parent.knock(self.meeting)
        await page.until(wire.AtTheDoor)
        await leader.does(lambda n: wire.Admit(id=n, waiting=None))
        parent.joined = page.joined = await page.until(wire.Joined)
        await parent.line.connect(parent.joined.answer)
        return parent

    async def pupils_in(self, count: int) -> list[Somebody]:
        return [await (await self.person("pupil", n, "5А")).join(self.lesson) for n in range(count)]

    def deeds(self) -> list[tuple[str, str, str]]:
        """Deed, actor, target of each row of the audit, in the order they were written."""
        with sqlite3.connect(f"file:{self._data / 'demo.sqlite3'}?mode=ro", uri=True) as database:
            return [
                tuple(row) for row in database.execute("SELECT deed, actor_id, target_id FROM audit ORDER BY rowid")
            ]

    async def until_written(self, deed: str, actor: str) -> None:
        """What a room writes down is on its way for a moment."""
        async with asyncio.timeout(DEADLINE):
            while not any(row[:2] == (deed, actor) for row in self.deeds()[self._written_before :]):
                await paces(0.02)

    def pid_of(self, part: str) -> int:
        """Of the process that works: a spare that stands by is always younger."""
        children = Process(self.demo.pids["supervisor"]).children()
        living = [one for one in children if one.status() != STATUS_ZOMBIE]
        return min((one for one in living if f"run-{part}" in one.cmdline()), key=Process.create_time).pid

    def kill(self, part: str, how: signal.Signals = signal.SIGKILL) -> None:
        os.kill(self.pid_of(part), how)

    async def end_lesson(self, lesson: str) -> None:
        """What the next test begins with is an empty room."""
        name = "teacher" if lesson == self.lesson else "class_teacher"
        host = await self.person(name)
        await host.browser.start(lesson)
        page = await host.open_page()
        await page.join(await host.browser.ticket(lesson), host.new_line().offer())
        await host.does(lambda n: wire.EndLesson(id=n))


@asynccontextmanager
async def running_school(
    folder: Path, *arguments: str, settings: dict[str, str] | None = None
) -> AsyncIterator[DemoSchool]:
    demo = await DemoSchool.start("--data", str(folder), *arguments, settings=settings)
    try:
        yield demo
    finally:
        await demo.stop()


@asynccontextmanager
async def visitors(demo: DemoSchool, folder: Path) -> AsyncIterator[School]:
    """The people of one test; when it ends they are gone."""
    async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        school = School(demo, folder, group, stack)
        yield school
        for lesson in school.used:
            await school.end_lesson(lesson)
