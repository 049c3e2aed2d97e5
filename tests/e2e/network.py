"""A network of the test's own: a namespace in which a whole school and its browser live, and which can be lost.

`lose` swallows every packet silently, as a dead access point does: no error reaches anybody. Needs root and iproute2.
"""

import ctypes
import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiohttp
import pytest

from tests.e2e.browsers import executable
from tests.e2e.processes import output_of

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")


@dataclass
class Network:
    name: str

    @classmethod
    async def bare(cls, whose: str = "") -> Self:
        """With a loopback and nothing else. `whose` tells several networks of one test apart."""
        network = cls(f"zvonok-{os.getpid()}{whose}")
        await output_of(executable("ip"), "netns", "add", network.name)
        await network.ip("link", "set", "lo", "up")
        return network

    @classmethod
    async def make(cls) -> Self:
        network = await cls.bare()
        # Browsers look for candidates on a card; what they send to its own address goes by the loopback all the same.
        await network.ip("link", "add", "card", "type", "veth", "peer", "name", "wall")
        await network.ip("link", "set", "wall", "up")
        await network.ip("addr", "add", "192.0.2.2/24", "dev", "card")
        await network.ip("link", "set", "card", "up")
        return network

    @property
    def inside(self) -> tuple[str, ...]:
        """What stands in front of a command that is to run in it."""
        return (executable("ip"), "netns", "exec", self.name)

    def program(self, folder: Path, path: str) -> str:
        """A script that runs the program inside, for who starts programs by a path."""
        script = folder / Path(path).name
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.inside)} {path} "$@"\n', encoding="utf-8")
        script.chmod(0o700)
        return str(script)

    def http(self) -> aiohttp.ClientSession:
        """A client of programs that listen inside. The caller closes it."""
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=self._socket_inside))

    def _socket_inside(self, address: aiohttp.AddrInfoType) -> socket.socket:
        """A socket belongs to the network in which its thread is at that moment, and stays there."""
        with open("/proc/thread-self/ns/net", "rb") as outside, open(f"/run/netns/{self.name}", "rb") as inside:
            _enter(inside.fileno())
            try:
                made = socket.socket(*address[:3])
            finally:
                _enter(outside.fileno())
        made.setblocking(False)
        return made

    async def lose(self) -> None:
        await output_of(executable("tc"), "-n", self.name, "qdisc", "add", "dev", "lo", "root", "pfifo", "limit", "0")

    async def come_back(self) -> None:
        await output_of(executable("tc"), "-n", self.name, "qdisc", "del", "dev", "lo", "root")

    async def close(self) -> None:
        await output_of(executable("ip"), "netns", "del", self.name)

    async def ip(self, *words: str) -> None:
        """An `ip` command about what is inside."""
        await output_of(executable("ip"), "-n", self.name, *words)


def _enter(namespace: int) -> None:
    """setns(2) of this thread alone; Python has it from 3.12 on."""
    if ctypes.CDLL(None, use_errno=True).setns(namespace, 0):
        raise OSError(ctypes.get_errno(), "setns")


def private_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="zvonok-network-"))
