"""A line as people have it: a rate each way with the queue of a router in front of it, random loss, a delay.

A person's browser lives in a network namespace of its own, and every packet between it and the school's passes a
process that holds two TUN devices: what is lost or late is so for the WebSocket as for media. Nothing is rewritten. The
demo school listens on loopback only, so two processes carry its TCP connections to and from the line. Needs root and
iproute2.
"""

import argparse
import asyncio
import contextlib
import fcntl
import json
import os
import random
import select
import struct
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Self

from tests.e2e.browsers import executable
from tests.e2e.demo_school import DemoSchool
from tests.e2e.network import Network
from tests.e2e.processes import output_of

SCHOOL_END, PERSONS_END = "198.51.100.1", "198.51.100.2"
_TUNSETIFF = 0x400454CA
_TUN_WITHOUT_HEADER = 0x0001 | 0x1000
_LARGEST_PACKET = 2048


@dataclass(frozen=True)
class Way:
    """One direction. `queue_ms`: how long a packet may wait for those before it; one that would wait longer is
    dropped."""

    bps: int
    loss: float
    delay_ms: float
    queue_ms: float = 250.0


@dataclass(frozen=True)
class LineShape:
    down: Way
    up: Way


def even(down_bps: int, up_bps: int, loss: float, round_trip_ms: float) -> LineShape:
    """The same loss and half of the round trip each way."""
    return LineShape(Way(down_bps, loss, round_trip_ms / 2), Way(up_bps, loss, round_trip_ms / 2))


WEAK = even(300_000, 100_000, 0.02, 100)
CLEAN = even(100_000_000, 100_000_000, 0.0, 2)
# It swallows everything, and nobody hears of it.
DEAD = even(100_000_000, 100_000_000, 1.0, 2)


class Line:
    """`school` is the namespace at its one end, `person` the one at the other."""

    def __init__(self, school: Network, person: Network, relay: asyncio.subprocess.Process) -> None:
        self.school = school
        self.person = person
        self._relay = relay
        self._carriers: list[asyncio.subprocess.Process] = []

    @classmethod
    async def lay(cls, school: Network, person: Network, shape: LineShape) -> Self:
        """To be there before the school starts: its media node listens on the addresses that it finds."""
        names = [f"zl{os.getpid()}{end}" for end in "ab"]
        relay = await _module("relay", *names, stdin=asyncio.subprocess.PIPE)
        line = cls(school, person, relay)
        await line.becomes(shape)
        for network, name, own in ((school, names[0], SCHOOL_END), (person, names[1], PERSONS_END)):
            await output_of(executable("ip"), "link", "set", "dev", name, "netns", network.name)
            await network.ip("addr", "add", f"{own}/24", "dev", name)
            await network.ip("link", "set", "dev", name, "up")
        await person.ip("route", "add", "default", "via", SCHOOL_END)
        return line

    async def becomes(self, shape: LineShape) -> None:
        assert self._relay.stdin is not None
        self._relay.stdin.write(f"{json.dumps(asdict(shape))}\n".encode())
        await self._relay.stdin.drain()

    async def carry_pages(self, port: int) -> None:
        """The school's pages are at 127.0.0.1 of the person's namespace too: the origin that they are for."""
        ways = ((self.school, SCHOOL_END, "127.0.0.1"), (self.person, "127.0.0.1", SCHOOL_END))
        for network, listens, leads_to in ways:
            self._carriers.append(await _module("carry", listens, leads_to, str(port), inside=network.inside))

    async def close(self) -> None:
        for process in (self._relay, *self._carriers):
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


@asynccontextmanager
async def school_behind(shape: LineShape, *words: str) -> AsyncIterator[tuple[Line, DemoSchool]]:
    """A demo school at the one end of a line; at the other, people see its pages at the origin that they are for.
    `words`: for `zvonok demo`."""
    async with AsyncExitStack() as stack:
        school_end, persons_end = await Network.bare("-school"), await Network.bare("-person")
        for network in (school_end, persons_end):
            stack.push_async_callback(network.close)
        line = await Line.lay(school_end, persons_end, shape)
        stack.push_async_callback(line.close)
        school = await DemoSchool.start(*words, inside=school_end.inside)
        stack.push_async_callback(school.stop)
        await line.carry_pages(int(school.url.rsplit(":", 1)[1].strip("/")))
        yield line, school


async def _module(*words: str, inside: tuple[str, ...] = (), stdin: int | None = None) -> asyncio.subprocess.Process:
    """This file as a program, once it works."""
    process = await asyncio.create_subprocess_exec(
        *inside, sys.executable, "-m", "tests.e2e.line", *words, stdin=stdin, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    if await process.stdout.readline() != b"ready\n":
        raise RuntimeError(f"no {words[0]} of the line")
    return process


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


# ── the process that is the line ──


class _Direction:
    def __init__(self, source: int, target: int) -> None:
        self.source = source
        self._target = target
        self._way = Way(1_000_000_000, 0.0, 0.0)
        self._free_at = 0.0
        self._under_way: deque[tuple[float, bytes]] = deque()
        self._dice = random.Random(7)  # noqa: S311 - loss that can be repeated, not a secret

    def set_way(self, way: Way) -> None:
        self._way = way

    def take(self, packet: bytes, now: float) -> None:
        waits_s = max(0.0, self._free_at - now)
        if self._dice.random() < self._way.loss or waits_s > self._way.queue_ms / 1000:
            return
        self._free_at = now + waits_s + len(packet) * 8 / self._way.bps
        self._under_way.append((self._free_at + self._way.delay_ms / 1000, packet))

    def deliver(self, now: float) -> float | None:
        """Everything that is due; gives when the next is."""
        while self._under_way and self._under_way[0][0] <= now:
            packet = self._under_way.popleft()[1]
            # The device is not up yet, or the namespace is going.
            with contextlib.suppress(OSError):
                os.write(self._target, packet)
        return self._under_way[0][0] if self._under_way else None


def _relay(names: list[str]) -> None:
    os.nice(-10)
    school, person = (_tun(name) for name in names)
    down, up = _Direction(school, person), _Direction(person, school)
    _say_ready()
    poll = select.epoll()
    for fd in (school, person, sys.stdin.fileno()):
        poll.register(fd, select.EPOLLIN)
    while True:
        now = time.monotonic()  # noqa: TID251 - the line is made of time
        due = [at for at in (down.deliver(now), up.deliver(now)) if at is not None]
        for fd, _ in poll.poll(max(0.0, min(due) - now) if due else 1.0):
            if fd == sys.stdin.fileno():
                text = sys.stdin.readline()
                if not text:
                    return
                shape = json.loads(text)
                down.set_way(Way(**shape["down"]))
                up.set_way(Way(**shape["up"]))
            else:
                direction = down if fd == school else up
                direction.take(os.read(fd, _LARGEST_PACKET), time.monotonic())  # noqa: TID251 - as above


def _tun(name: str) -> int:
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TUN_WITHOUT_HEADER))
    return fd


# ── the processes that carry pages to it ──


async def _carry(listens: str, leads_to: str, port: int) -> None:
    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while some := await reader.read(65536):
                writer.write(some)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            further, onward = await asyncio.open_connection(leads_to, port)
        except OSError:
            writer.close()
            return
        async with asyncio.TaskGroup() as both:
            both.create_task(copy(reader, onward))
            both.create_task(copy(further, writer))

    server = await asyncio.start_server(connect, listens, port)
    _say_ready()
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("relay").add_argument("devices", nargs=2)
    carry = parts.add_parser("carry")
    for name in ("listens", "leads_to"):
        carry.add_argument(name)
    carry.add_argument("port", type=int)
    options = parser.parse_args()
    if options.part == "relay":
        _relay(options.devices)
    else:
        asyncio.run(_carry(options.listens, options.leads_to, options.port))


if __name__ == "__main__":
    main()
