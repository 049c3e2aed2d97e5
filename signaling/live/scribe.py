"""Writes into the school's books what a room has done: one task a room, in the order in which it was done.

The room puts effects in and goes on; what its people wait for comes back to it as a command. When the books do not
answer in time, the people are answered as if they had: acts stand, messages are delivered, the fault is counted, and
the writing is tried on for a while. Called by room.py only; it must not know what a database is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from signaling.faults import fault
from signaling.live import commands
from signaling.live import messages as wire
from signaling.metrics import Metrics

_log = structlog.get_logger("scribe")

MAX_UNWRITTEN = 2000
# How long a person waits for books that do not answer; while they are known not to, nobody waits.
PATIENCE_SECONDS = 1.0
ATTEMPT_PAUSES: Final = (0.2, 1.0, 3.0, 5.0, 10.0)

Entry = (
    commands.RecordPower
    | commands.RecordRemoval
    | commands.RecordEnd
    | commands.RecordHost
    | commands.RecordReport
    | commands.RecordOneToOne
    | commands.KeepChat
    | commands.KeepChatRemoval
    | commands.KeepPresence
)
# What the books say to an entry: allowed or not, a co-host or nobody, or nothing at all.
Outcome = commands.Person | bool | None
Submit = Callable[[commands.Command], None]


class ConductBooks(Protocol):
    """The powers, which the school looks up afresh each time. False or None: it does not allow this. Every method
    raises whatever the database raises."""

    async def power(self, entry: commands.RecordPower) -> bool: ...
    async def removal(self, entry: commands.RecordRemoval) -> bool: ...
    async def end(self, entry: commands.RecordEnd) -> bool: ...
    async def host(self, entry: commands.RecordHost) -> commands.Person | None: ...
    async def report(self, entry: commands.RecordReport) -> bool: ...


class RoomBooks(Protocol):
    """What happened, which needs no right. The same twice is kept once."""

    async def chat(self, entry: commands.KeepChat) -> None: ...
    async def chat_removal(self, entry: commands.KeepChatRemoval) -> None: ...
    async def presence(self, entry: commands.KeepPresence) -> None: ...
    async def one_to_one(self, entry: commands.RecordOneToOne) -> None: ...


@dataclass(slots=True)
class _Pending:
    """An entry on its way. `impatience` answers it when the books do not."""

    entry: Entry
    impatience: asyncio.TimerHandle | None = None
    answered: bool = False


class Scribe:
    def __init__(self, conduct: ConductBooks, room: RoomBooks, submit: Submit, metrics: Metrics) -> None:
        self._submit = submit
        self._metrics = metrics
        self._queue: asyncio.Queue[_Pending] = asyncio.Queue(MAX_UNWRITTEN)
        self._failing = False
        self._write: dict[type[Entry], Callable[[Any], Awaitable[Outcome]]] = {
            commands.RecordPower: conduct.power,
            commands.RecordRemoval: conduct.removal,
            commands.RecordEnd: conduct.end,
            commands.RecordHost: conduct.host,
            commands.RecordReport: conduct.report,
            commands.RecordOneToOne: room.one_to_one,
            commands.KeepChat: room.chat,
            commands.KeepChatRemoval: room.chat_removal,
            commands.KeepPresence: room.presence,
        }

    def put(self, entry: Entry) -> None:
        pending = _Pending(entry)
        try:
            self._queue.put_nowait(pending)
        except asyncio.QueueFull:
            self._lose("books_queue_full")
            self._answer(pending, as_if_written(entry))
            return
        if self._failing:
            self._answer(pending, as_if_written(entry))
        else:
            loop = asyncio.get_running_loop()
            pending.impatience = loop.call_later(PATIENCE_SECONDS, self._lose_patience, pending)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            pending = await self._queue.get()
            outcome = await self._written(pending.entry)
            self._answer(pending, answer_to(pending.entry, outcome))
            self._queue.task_done()

    async def written(self) -> None:
        """When nothing is left to write."""
        await self._queue.join()

    async def _written(self, entry: Entry) -> Outcome:
        for pause in (*ATTEMPT_PAUSES, None):
            try:
                outcome = await self._write[type(entry)](entry)
            except Exception as error:  # noqa: BLE001 - a database may fail in any way, and the lesson goes on
                self._failing = True
                self._lose("books_not_written", **fault(error))
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                self._failing = False
                return outcome
        return True

    def _lose_patience(self, pending: _Pending) -> None:
        self._lose("books_late")
        self._failing = True
        self._answer(pending, as_if_written(pending.entry))

    def _answer(self, pending: _Pending, command: commands.Command | None) -> None:
        if pending.impatience is not None:
            pending.impatience.cancel()
        if command is not None and not pending.answered:
            self._submit(command)
        pending.answered = True

    def _lose(self, what: str, **fields: object) -> None:
        self._metrics.faults.labels(part="books").inc()
        _log.error(what, **fields)


def as_if_written(entry: Entry) -> commands.Command | None:
    """What people are told of an act of theirs that stands though nobody could write it down. A co-host is not named
    without the school, and a report that nobody has is none."""
    if isinstance(entry, commands.RecordReport):
        late = wire.Failed(re=entry.re, code="overloaded", message="not written down", retry_after=PATIENCE_SECONDS)
        return commands.Recorded(entry.link, late, allowed=True)
    return answer_to(entry, outcome=True)


def answer_to(entry: Entry, outcome: Outcome) -> commands.Command | None:
    match entry:
        case commands.RecordPower(link=link, reply=reply):
            return commands.Recorded(link, reply, allowed=outcome is True)
        case commands.RecordEnd(link=link, re=re):
            return commands.Recorded(link, wire.Done(re=re), allowed=outcome is True, ends=outcome is True)
        case commands.RecordRemoval(link=link, re=re) | commands.RecordReport(link=link, re=re):
            return commands.Recorded(link, wire.Done(re=re), allowed=outcome is True)
        case commands.RecordHost(link=link, re=re, participant=participant):
            person = outcome if isinstance(outcome, commands.Person) else None
            return commands.HostNamed(link, re, participant, person)
        case commands.KeepChat(link=link, re=re, message=message):
            return commands.ChatKept(link, re, message)
        case _:
            return None
