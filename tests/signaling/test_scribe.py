"""Writing into the school's books: in the order in which it was done, and people are answered also when nobody can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from school.audit import Deed
from signaling.live import commands, scribe
from signaling.live import messages as wire
from signaling.live.scribe import ConductBooks, RoomBooks, Scribe
from signaling.metrics import Metrics

DEADLINE = 5.0
LINK = commands.Link(1)


class DatabaseAway(Exception):
    pass


def power(re: int) -> commands.RecordPower:
    return commands.RecordPower(LINK, wire.Done(re=re), "orlova", Deed.PARTICIPANT_MUTED, "artyom", "")


def chat(re: int) -> commands.KeepChat:
    message = wire.ChatMessage(
        id=f"m{re}", author="p1", name="Артём", text=f"message {re}", at=1.0, to="all", removed=None
    )
    return commands.KeepChat(LINK, re, "artyom", message)


def came(at: float) -> commands.KeepPresence:
    return commands.KeepPresence("artyom", "came", at)


@dataclass
class Books(ConductBooks, RoomBooks):
    written: list[commands.Effect] = field(default_factory=list)
    open_gate: asyncio.Event = field(default_factory=asyncio.Event)
    away: bool = False
    begun: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    allows: bool = True
    cohost: commands.Person | None = None

    async def _write(self, entry: commands.Effect) -> bool:
        self.begun.put_nowait(None)
        await self.open_gate.wait()
        if self.away:
            raise DatabaseAway
        self.written.append(entry)
        return self.allows

    @override
    async def power(self, entry: commands.RecordPower) -> bool:
        return await self._write(entry)

    @override
    async def removal(self, entry: commands.RecordRemoval) -> bool:
        return await self._write(entry)

    @override
    async def end(self, entry: commands.RecordEnd) -> bool:
        return await self._write(entry)

    @override
    async def host(self, entry: commands.RecordHost) -> commands.Person | None:
        return self.cohost if await self._write(entry) else None

    @override
    async def report(self, entry: commands.RecordReport) -> bool:
        return await self._write(entry)

    @override
    async def chat(self, entry: commands.KeepChat) -> None:
        await self._write(entry)

    @override
    async def chat_removal(self, entry: commands.KeepChatRemoval) -> None:
        await self._write(entry)

    @override
    async def presence(self, entry: commands.KeepPresence) -> None:
        await self._write(entry)

    @override
    async def one_to_one(self, entry: commands.RecordOneToOne) -> None:
        await self._write(entry)


@dataclass
class Office:
    books: Books
    scribe: Scribe
    told: asyncio.Queue[commands.Command]
    metrics: Metrics

    @property
    def faults(self) -> float:
        return self.metrics.registry.get_sample_value("zvonok_faults_total", {"part": "books"}) or 0.0

    def all_told(self) -> list[commands.Command]:
        return [self.told.get_nowait() for _ in range(self.told.qsize())]


@asynccontextmanager
async def an_office() -> AsyncIterator[Office]:
    books, metrics = Books(), Metrics()
    books.open_gate.set()
    told: asyncio.Queue[commands.Command] = asyncio.Queue()
    office = Office(books, Scribe(books, books, told.put_nowait, metrics), told, metrics)
    async with asyncio.timeout(DEADLINE), asyncio.TaskGroup() as group:
        running = group.create_task(office.scribe.run())
        yield office
        running.cancel()


async def test_entries_are_written_and_answered_in_the_order_in_which_they_were_made() -> None:
    async with an_office() as office:
        entries: list[scribe.Entry] = [
            chat(1),
            power(2),
            came(3.0),
            chat(4),
            commands.KeepChatRemoval("m1", "orlova"),
            power(6),
        ]
        for entry in entries:
            office.scribe.put(entry)
        await office.scribe.written()
        assert office.books.written == entries
        answers = [
            commands.ChatKept(LINK, 1, chat(1).message),
            commands.Recorded(LINK, wire.Done(re=2), allowed=True),
            commands.ChatKept(LINK, 4, chat(4).message),
            commands.Recorded(LINK, wire.Done(re=6), allowed=True),
        ]
        assert office.all_told() == answers


@pytest.mark.parametrize(
    ("entry", "answer"),
    [
        (power(1), commands.Recorded(LINK, wire.Done(re=1), allowed=False)),
        (
            commands.RecordRemoval(LINK, 2, "orlova", "artyom", "noise"),
            commands.Recorded(LINK, wire.Done(re=2), allowed=False),
        ),
        (commands.RecordEnd(LINK, 3, "orlova"), commands.Recorded(LINK, wire.Done(re=3), allowed=False, ends=False)),
        (commands.RecordHost(LINK, 4, "orlova", "p2", "ivanova", True), commands.HostNamed(LINK, 4, "p2", None)),
        (
            commands.RecordReport(LINK, 5, "artyom", None, "technical", ""),
            commands.Recorded(LINK, wire.Done(re=5), allowed=False),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_the_school_does_not_allow_is_answered_so(entry: scribe.Entry, answer: commands.Command) -> None:
    async with an_office() as office:
        office.books.allows = False
        office.scribe.put(entry)
        await office.scribe.written()
        assert office.all_told() == [answer]


def test_a_report_that_nobody_has_is_not_confirmed() -> None:
    answer = scribe.as_if_written(commands.RecordReport(LINK, 5, "artyom", None, "insult", "дразнится"))
    assert isinstance(answer, commands.Recorded)
    assert isinstance(answer.reply, wire.Failed)
    assert (answer.reply.re, answer.reply.code) == (5, "overloaded")


async def test_books_that_hang_keep_nobody_waiting_and_get_everything_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scribe, "PATIENCE_SECONDS", 0.03)
    async with an_office() as office:
        office.books.open_gate.clear()
        first: list[scribe.Entry] = [chat(1), power(2)]
        for entry in first:
            office.scribe.put(entry)
        told = [await office.told.get() for _ in first]
        assert told == [
            commands.ChatKept(LINK, 1, chat(1).message),
            commands.Recorded(LINK, wire.Done(re=2), allowed=True),
        ]
        office.scribe.put(chat(3))
        assert [type(each) for each in office.all_told()] == [commands.ChatKept], "nobody waits for known silence"
        office.books.open_gate.set()
        await office.scribe.written()
        assert office.books.written == [*first, chat(3)]
        assert office.all_told() == [], "nobody is answered twice"
        assert office.faults == 2


async def test_a_write_that_fails_is_tried_again_before_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "ATTEMPT_PAUSES", (0.01, 0.01, 0.01))
    async with an_office() as office:
        office.books.away = True
        office.scribe.put(chat(1))
        office.scribe.put(came(2.0))
        for _ in range(2):
            await office.books.begun.get()
        office.books.away = False
        await office.scribe.written()
        assert office.books.written == [chat(1), came(2.0)]


async def test_what_cannot_be_written_at_all_is_given_up_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "ATTEMPT_PAUSES", (0.0, 0.0))
    async with an_office() as office:
        office.books.away = True
        office.scribe.put(power(1))
        await office.scribe.written()
        office.books.away = False
        office.scribe.put(power(2))
        await office.scribe.written()
        assert office.books.written == [power(2)]
        assert [type(each) for each in office.all_told()] == [commands.Recorded, commands.Recorded]
        assert office.faults == 3


async def test_a_co_host_is_not_named_without_the_school(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "PATIENCE_SECONDS", 0.02)
    async with an_office() as office:
        office.books.open_gate.clear()
        office.scribe.put(commands.RecordHost(LINK, 1, "orlova", "p2", "ivanova", True))
        assert await office.told.get() == commands.HostNamed(LINK, 1, "p2", None)


async def test_more_than_can_wait_is_answered_and_counted_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "MAX_UNWRITTEN", 3)
    async with an_office() as office:
        office.books.open_gate.clear()
        for number in range(10):
            office.scribe.put(chat(number))
        assert [each.re for each in office.all_told() if isinstance(each, commands.ChatKept)] == list(range(3, 10))
        assert office.faults == 7
