"""A running demo school for the end-to-end tests, started as any tool would: `zvonok demo --json`."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import aiohttp

START_S = 30.0
# Fields of /proc/pid/stat after the command's name.
PARENT, STARTED = 1, 19

COLOURS = {
    "teacher": "#c02020",
    "Артём Белов": "#2020c0",
    "Полина Дроздова": "#20a020",
    "Егор Зайцев": "#c0c020",
}


@dataclass(frozen=True)
class Person:
    id: str
    role: str
    name: str
    class_name: str | None
    login_url: str


class DemoSchool:
    """`line` is the one JSON line of stdout, as PROTOCOL.md gives it."""

    def __init__(self, process: asyncio.subprocess.Process, line: str) -> None:
        self._process = process
        self.line = line
        facts = json.loads(line)
        self.url: str = facts["url"]
        self.media_port: int = facts["media_port"]
        self.pids: dict[str, int] = facts["pids"]
        self.lesson_url: str = facts["lesson_url"]
        self.meeting_url: str = facts["meeting_url"]
        self.people = [
            Person(person["id"], person["role"], person["name"], person["class"], person["login_url"])
            for person in facts["people"]
        ]

    @classmethod
    async def start(
        cls, *arguments: str, inside: Sequence[str] = (), settings: Mapping[str, str] | None = None
    ) -> Self:
        """`inside`: what stands in front of the command, such as a network of the test's own. `settings`: variables of
        the configuration."""
        process = await asyncio.create_subprocess_exec(
            *inside, sys.executable, "-m", "zvonok", "demo", "--json", "--port", "0", "--media-port", "0", *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=_log(), env={**_environment(), **(settings or {})},
        )  # fmt: skip
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START_S)
        if not line:
            raise RuntimeError(f"zvonok demo ended with {await process.wait()} before it served")
        return cls(process, line.decode())

    def person(self, role: str, number: int = 0, class_name: str | None = None) -> Person:
        found = [one for one in self.people if one.role == role and class_name in (None, one.class_name)]
        return found[number]

    async def login_cookie(self, person: Person) -> aiohttp.ClientSession:
        """A client that is signed in as the person, without a browser. The caller closes it."""
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        async with session.get(person.login_url) as response:
            assert response.status == 200, await response.text()
        return session

    async def current_pids(self) -> dict[str, int]:
        """Children of the supervisor that serve at the moment, by their subcommand; a spare is the younger one."""
        children = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
        mine = [pid for pid in children if _stat(pid, PARENT) == self.pids["supervisor"]]
        found: dict[str, int] = {}
        for pid in sorted(mine, key=lambda pid: _stat(pid, STARTED), reverse=True):
            found.update({name: pid for name in ("signaling", "sfu") if f"run-{name}" in _command(pid)})
        return found

    async def kill(self, part: str, how: signal.Signals = signal.SIGKILL) -> None:
        os.kill((await self.current_pids())[part], how)

    async def stop(self) -> int:
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self._process.wait(), 15)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
            raise


def _log() -> int | None:
    """The server's log goes to the test's stderr when somebody looks for it."""
    return None if _environment().get("ZVONOK_TEST_LOG") else asyncio.subprocess.DEVNULL


def _environment() -> Mapping[str, str]:
    return os.environ  # noqa: TID251 - the lab's own goes on, with its switch for people


def _stat(pid: int, field: int) -> int:
    """A field of /proc/pid/stat, counted after the command's name; 0 when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[field])
    except OSError:
        return 0


def _command(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as command:
            return command.read().decode(errors="replace").split("\0")
    except OSError:
        return []
