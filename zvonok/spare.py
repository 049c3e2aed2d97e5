"""A process that stands by for one that runs: started, everything imported, waiting for one word on its standard input.

The supervisor's `Keeper` keeps a `StandBy` for a program that knows the word, and takes the process when the active one
has died; the program calls `wait_for_word` before it opens anything. Neither side knows what the program does.
"""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable

import structlog

GO = b"go\n"
STAND_BY_DELAY = 3.0
"""After a start or a death everybody is busy coming back: the next spare has the time, the others have not."""


def wait_for_word() -> None:
    """Returns when the word is said; ends the process when nobody is left to say it."""
    if sys.stdin.buffer.readline() != GO:
        sys.exit(0)


def say_word(process: Process) -> None:
    """To a process that may have died meanwhile: whoever waits for its end learns of that."""
    if process.stdin is not None:
        process.stdin.write(GO)


class StandBy:
    """Keeps one process waiting until it is taken, then another. `start` starts one; `ready` is set while one waits."""

    def __init__(self, name: str, start: Callable[[], Awaitable[Process]], delay: float = STAND_BY_DELAY) -> None:
        self.ready = asyncio.Event()
        self._start = start
        self._delay = delay
        self._process: Process | None = None
        self._taken = asyncio.Event()
        self._log = structlog.get_logger(__name__).bind(program=name)

    @property
    def pid(self) -> int:
        """0 while none waits."""
        return self._process.pid if self._process is not None else 0

    async def run(self) -> None:
        """Until it is cancelled; the process that waits then is killed, since it has nothing to lose."""
        try:
            while True:
                await asyncio.sleep(self._delay)
                await self._keep_one()
        finally:
            if self._process is not None:
                _kill(self._process)
                await self._process.wait()

    def take(self) -> Process | None:
        """The process that waits, which is the caller's from here on. It has not been told to go."""
        process, self._process = self._process, None
        self.ready.clear()
        self._taken.set()
        return process

    async def _keep_one(self) -> None:
        """Returns when it was taken or has died."""
        self._taken.clear()
        process = self._process = await self._start()
        self.ready.set()
        self._log.info("spare_started", pid=process.pid)
        async with asyncio.TaskGroup() as group:
            death, taken = group.create_task(process.wait()), group.create_task(self._taken.wait())
            await asyncio.wait((death, taken), return_when=asyncio.FIRST_COMPLETED)
            death.cancel()
            taken.cancel()
        if self._process is process:
            self._process = None
            self.ready.clear()
            self._log.error("spare_died", exit_code=process.returncode)


def _kill(process: Process) -> None:
    try:
        process.kill()
    except ProcessLookupError:
        return
