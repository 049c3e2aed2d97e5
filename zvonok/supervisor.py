"""Starts the processes, starts a dead one again, ends everything it started.

A `Program` is a command line; a `Keeper` keeps one of them running; the `Supervisor` keeps them all. The
commands `serve` and `demo` run it. It knows nothing of what the programs do.
"""

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

FIRST_DELAYS = (0.0, 0.5, 1.0, 2.0)
LONGEST_DELAY = 5.0
HEALTHY_AFTER = 10.0
"""A process that lived this long is well: its next death is a first one again."""
GRACE = 5.0
"""How long a process may take to end by itself before it is killed."""


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


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
    """Keeps one program running until it is closed. `pid` is that of the last start, `exit_code` of the last end."""

    def __init__(self, program: Program, grace: float = GRACE) -> None:
        self.program = program
        self._grace = grace
        self.pid = 0
        self.starts = 0
        self.exit_code: int | None = None
        self.changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._log = structlog.get_logger(__name__).bind(program=program.name)

    async def run(self) -> None:
        """Returns when the program has ended after `close`."""
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
        """A group of its own: Ctrl-C reaches the program by the supervisor only, and in its order."""
        self._process = await asyncio.create_subprocess_exec(
            *self.program.command,
            env=self.program.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self.starts += 1
        self._tell()
        self._log.info("process_started", pid=self.pid)
        try:
            code = await self._process.wait()
        except asyncio.CancelledError:
            _signal(self._process, signal.SIGKILL)
            raise
        self._process = None
        self.exit_code = code
        self._tell()
        return code

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


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except ProcessLookupError:
        return
