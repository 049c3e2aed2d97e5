"""Starts the processes, starts a dead one again, ends everything it started.

A `Program` is a command line; a `Keeper` keeps one of them running, with a spare beside it if the program can wait; the
`Supervisor` keeps them all. The commands `serve` and `demo` run it. It knows nothing of what the programs do.
"""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from zvonok.spare import STAND_BY_DELAY, StandBy, say_word

FIRST_DELAYS = (0.0, 0.5, 1.0, 2.0)
LONGEST_DELAY = 5.0
HEALTHY_AFTER = 5.0
"""A process that lived this long is well: its next death is a first one again."""
GRACE = 5.0
"""How long a process may take to end by itself before it is killed."""


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    waits_for_word: bool = False
    """It opens nothing before `spare.wait_for_word` has returned, so one more of it can stand by."""


class Backoff:
    """How long to wait before the next start: not at all at first, then longer with each early death."""

    def __init__(self) -> None:
        self._early_deaths = 0

    def delay_after(self, lived: float) -> float:
        """`lived`: seconds from the last start to the death."""
        if lived >= HEALTHY_AFTER:
            self._early_deaths = 0
        deaths = self._early_deaths
        self._early_deaths += 1
        return FIRST_DELAYS[deaths] if deaths < len(FIRST_DELAYS) else LONGEST_DELAY


class Keeper:
    """Keeps one program running until it is closed. `pid` is that of the active process, `exit_code` of the last end;
    `stand_by` is None for a program that cannot wait."""

    def __init__(self, program: Program, grace: float = GRACE, stand_by_delay: float = STAND_BY_DELAY) -> None:
        self.program = program
        self.stand_by = StandBy(program.name, self._start, stand_by_delay) if program.waits_for_word else None
        self._grace = grace
        self.pid = 0
        self.starts = 0
        self.exit_code: int | None = None
        self.changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._process: Process | None = None
        self._log = structlog.get_logger(__name__).bind(program=program.name)

    async def run(self) -> None:
        """Returns when the program has ended after `close`."""
        if self.stand_by is None:
            await self._keep()
            return
        async with asyncio.TaskGroup() as group:
            standing_by = group.create_task(self.stand_by.run())
            await self._keep()
            standing_by.cancel()

    async def _keep(self) -> None:
        backoff = Backoff()
        clock = asyncio.get_running_loop().time
        while not self._closing.is_set():
            started = clock()
            code = await self._run_once()
            if self._closing.is_set():
                return
            delay = backoff.delay_after(clock() - started)
            self._log.error("process_died", exit_code=code, lived_s=round(clock() - started, 3), restart_in_s=delay)
            await self._pause(delay)

    async def close(self) -> None:
        """Asks the program to end, kills it after the grace; `run` returns then."""
        self._closing.set()
        process = self._process
        if process is None:
            return
        _signal(process, signal.SIGTERM)
        try:
            async with asyncio.timeout(self._grace):
                await process.wait()
        except TimeoutError:
            self._log.error("process_killed", grace_s=self._grace)
            _signal(process, signal.SIGKILL)
            await process.wait()

    async def _run_once(self) -> int:
        process = self._process = await self._next_process()
        self.pid = process.pid
        self.starts += 1
        self._tell()
        self._log.info("process_started", pid=self.pid)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            _signal(process, signal.SIGKILL)
            raise
        self._process = None
        self.exit_code = code
        self._tell()
        return code

    async def _next_process(self) -> Process:
        if self.stand_by is None:
            return await self._start()
        process = self.stand_by.take() or await self._start()
        say_word(process)
        return process

    async def _start(self) -> Process:
        """A group of its own: Ctrl-C reaches the program by the supervisor only, and in its order."""
        return await asyncio.create_subprocess_exec(
            *self.program.command,
            env=self.program.environment,
            stdin=asyncio.subprocess.PIPE if self.program.waits_for_word else asyncio.subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
        )

    def _tell(self) -> None:
        """Wakes whoever waits for the next change."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def _pause(self, delay: float) -> None:
        try:
            async with asyncio.timeout(delay):
                await self._closing.wait()
        except TimeoutError:
            return


class Supervisor:
    """All programs of the product, started in their order and ended in the reverse one."""

    def __init__(self, programs: Sequence[Program], grace: float = GRACE) -> None:
        self.keepers = {program.name: Keeper(program, grace) for program in programs}
        self._closing = asyncio.Event()

    @property
    def pids(self) -> dict[str, int]:
        return {name: keeper.pid for name, keeper in self.keepers.items()}

    async def run(self) -> None:
        """Until `close`; returns when nothing that it started is left."""
        async with asyncio.TaskGroup() as group:
            for keeper in self.keepers.values():
                group.create_task(keeper.run())
            await self._closing.wait()
            for keeper in reversed(self.keepers.values()):
                await keeper.close()

    def close(self) -> None:
        self._closing.set()


def _signal(process: Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except ProcessLookupError:
        return
