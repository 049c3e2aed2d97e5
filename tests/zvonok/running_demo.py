"""A real `zvonok demo` for the tests of this folder: its one line, its log, the lives of its processes."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

DEADLINE = 60.0


class Demo:
    """`line` is what stands on standard output; `facts` the same, read."""

    def __init__(self, process: asyncio.subprocess.Process, line: str, log: asyncio.StreamReader) -> None:
        self.process = process
        self.line = line
        self.facts: dict[str, Any] = json.loads(line)
        self.url: str = self.facts["url"]
        self.pids: dict[str, int] = self.facts["pids"]
        self._log = log

    @classmethod
    async def start(cls, temporary: Path, *arguments: str) -> Self:
        """`temporary`: where the program may put what it needs for a while."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "zvonok",
            "demo",
            "--json",
            *(arguments or ("--port", "0")),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**inherited(), "TMPDIR": str(temporary), "ZVONOK_LOG_FORMAT": "json"},
        )
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(DEADLINE):
            line = await process.stdout.readline()
            if not line:
                raise AssertionError((await process.stderr.read()).decode())
        return cls(process, line.decode(), process.stderr)

    async def logged(self, event: str, **fields: object) -> dict[str, Any]:
        return await next_logged(self._log, event, **fields)

    def person(self, role: str) -> Mapping[str, Any]:
        return next(person for person in self.facts["people"] if person["role"] == role)

    async def ended(self) -> tuple[int, bytes]:
        """Exit code, and what else stood on standard output."""
        assert self.process.stdout is not None
        async with asyncio.timeout(DEADLINE):
            rest, _ = await asyncio.gather(self.process.stdout.read(), self._log.read())
            return await self.process.wait(), rest

    async def stop(self) -> tuple[int, bytes]:
        self.process.terminate()
        return await self.ended()


async def next_logged(log: asyncio.StreamReader, event: str, **fields: object) -> dict[str, Any]:
    """The next line of the log that is about this."""
    async with asyncio.timeout(DEADLINE):
        while line := await log.readline():
            entry = json.loads(line)
            if entry.get("event") == event and fields.items() <= entry.items():
                return dict(entry)
    raise AssertionError(f"the log ended without {event}")


def inherited() -> dict[str, str]:
    """The environment of the tests without settings of Zvonok."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}  # noqa: TID251 - for a child


async def gone(pid: int) -> None:
    """Returns when there is no such process."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(DEADLINE):
            await ended.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
