"""Writes down what one room remembers, behind its back: the latest state wins, one write at a time.

Called by the room's task, which says `soon` or waits for `now`; several changes together are one write. A database that
does not answer is waited for once and never again until it does: acts stand, and the room goes on. It must not know
what the text means.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from signaling.faults import fault
from signaling.metrics import Metrics

_log = structlog.get_logger("keeper")

# Longer: more is forgotten by a process that is killed. Shorter: a busy room writes all the time.
SOON_SECONDS = 0.05
# How long what was said after a change waits for that change to be written. A write takes some milliseconds.
PATIENCE_SECONDS = 0.5
RETRY_SECONDS = (0.2, 1.0, 3.0)


class StateRow(Protocol):
    """Where the state of one room is kept. Both raise whatever the database raises."""

    async def keep(self, text: str) -> None: ...
    async def forget(self) -> None: ...


class Keeper:
    def __init__(self, dump: Callable[[], str], row: StateRow, metrics: Metrics) -> None:
        self._dump = dump
        self._row = row
        self._metrics = metrics
        self._changes = 0
        self._written = 0
        self._due: float | None = None
        self._failures = 0
        self._closing = False
        self._woken = asyncio.Event()
        self._settled = asyncio.Condition()

    @property
    def failing(self) -> bool:
        return self._failures > 0

    def soon(self) -> None:
        self._change(SOON_SECONDS)

    async def now(self) -> None:
        """Returns when all that has changed is written, or when it is of no use to wait."""
        self._change(0.0)
        if self.failing:
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.written()
        except TimeoutError:
            self._note_failure("state_write_late")

    async def written(self) -> None:
        changes = self._changes
        async with self._settled:
            await self._settled.wait_for(lambda: self._written >= changes)

    async def run(self) -> None:
        """Until it is closed; a write that has begun comes to its end."""
        while True:
            await self._until_due()
            if self._closing:
                return
            changes, self._due = self._changes, None
            try:
                await self._row.keep(self._dump())
            except Exception as error:  # noqa: BLE001 - a database may fail in any way, and the lesson goes on
                pause = RETRY_SECONDS[min(self._failures, len(RETRY_SECONDS) - 1)]
                self._note_failure("state_not_written", **fault(error))
                self._due = asyncio.get_running_loop().time() + pause
            else:
                self._failures = 0
                self._metrics.states_kept.inc()
                await self._settle(changes)

    def close(self) -> None:
        """What is not written by now stays unwritten."""
        self._closing = True
        self._woken.set()

    async def forget(self) -> None:
        """The room is over. Called after the end of `run`, so that nothing is written after this."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._row.forget()
        except Exception as error:  # noqa: BLE001 - see above; a row that stays is dropped when its hour is over
            self._note_failure("state_not_forgotten", **fault(error))

    def _change(self, seconds: float) -> None:
        self._changes += 1
        due = asyncio.get_running_loop().time() + seconds
        if self._due is None or (due < self._due and not self.failing):
            self._due = due
        self._woken.set()

    async def _until_due(self) -> None:
        clock = asyncio.get_running_loop().time
        while not self._closing and (self._due is None or clock() < self._due):
            self._woken.clear()
            try:
                async with asyncio.timeout_at(self._due):
                    await self._woken.wait()
            except TimeoutError:
                return

    async def _settle(self, changes: int) -> None:
        async with self._settled:
            self._written = changes
            self._settled.notify_all()

    def _note_failure(self, what: str, **fields: object) -> None:
        self._failures += 1
        self._metrics.faults.labels(part="keeper").inc()
        _log.error(what, **fields)
