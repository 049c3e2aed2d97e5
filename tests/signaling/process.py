"""Signaling as a process of its own, for tests that kill it. Everything else (node, browsers, database) outlives it."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

import msgspec

from signaling.app import SignalingSettings

DEADLINE = 20.0
RUN = """
import sys, msgspec
from signaling.app import SignalingSettings, run
run(msgspec.json.decode(sys.argv[1], type=SignalingSettings))
"""


class SignalingProcess:
    """`log`: what the one that runs, or ran last, has said."""

    def __init__(self, settings: SignalingSettings) -> None:
        self._settings = settings
        self._process: Process | None = None
        self.log = ""

    async def start(self) -> float:
        """Returns when its port listens, with the seconds that it took."""
        clock = asyncio.get_running_loop().time
        started = clock()
        settings = msgspec.json.encode(self._settings).decode()
        self._process = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, settings, stdout=PIPE)
        self.log = ""
        await self._until_said("serving")
        return clock() - started

    async def kill(self) -> None:
        """As by `kill -9`."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._ended()

    async def terminate(self) -> tuple[int | None, float]:
        """As by the supervisor: its exit code, and the seconds until it was gone."""
        assert self._process is not None
        clock = asyncio.get_running_loop().time
        started = clock()
        self._process.terminate()
        await self._ended()
        return self._process.returncode, clock() - started

    async def _ended(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(DEADLINE):
            self.log += (await self._process.stdout.read()).decode()
            await self._process.wait()

    async def _until_said(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(DEADLINE):
            while word not in self.log:
                line = await self._process.stdout.readline()
                assert line, self.log
                self.log += line.decode()
