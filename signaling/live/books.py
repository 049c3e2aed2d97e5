"""What a live room writes into the school's books: mutes, removals, the end. The room has acted; the books follow.

One `LessonBooks` a room, made by the registry. The powers of the teacher are looked up afresh each time. A database
that does not answer takes no power away: the room's act stands, the fault is logged and counted.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from school.people import Member
from school.refusals import NotFound, Refused
from school.store import Store
from school.usecases import lessons
from signaling.faults import fault
from signaling.live.commands import RemovalReason
from signaling.metrics import Metrics

_log = structlog.get_logger("books")

ATTEMPT_PAUSES = (0.2, 1.0, 3.0)


class LessonBooks:
    def __init__(self, store: Store, lesson: str, wall_clock: Callable[[], datetime], metrics: Metrics) -> None:
        self._store = store
        self._lesson = lesson
        self._wall_clock = wall_clock
        self._metrics = metrics

    async def mute(self, by: str, muted: str) -> bool:
        return await self._write(
            by, lambda member: lessons.mute(self._store, member, self._lesson, muted, self._wall_clock())
        )

    async def removal(self, by: str, removed: str, reason: RemovalReason) -> bool:
        return await self._write(
            by, lambda member: lessons.remove(self._store, member, self._lesson, removed, reason, self._wall_clock())
        )

    async def end(self, by: str) -> bool:
        return await self._write(by, lambda member: lessons.end(self._store, member, self._lesson, self._wall_clock()))

    async def _write(self, by: str, entry: Callable[[Member], Awaitable[None]]) -> bool:
        for pause in (*ATTEMPT_PAUSES, None):
            try:
                async with self._store.read() as tx:
                    member = await tx.people.find_anywhere(by)
                if member is None:
                    return False
                await entry(member)
            except (Refused, NotFound):
                return False
            except Exception as error:  # noqa: BLE001 - a database may fail in any way, and the lesson goes on
                self._metrics.faults.labels(part="books").inc()
                _log.error("books_not_written", **fault(error))
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return True
        return True
