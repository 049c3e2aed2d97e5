"""A node that may open no more files: it refuses plainly at its start, goes on for those who are in, and serves
newcomers again as soon as there is room.
"""

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from sfu.control import CONTROL_PATH
from sfu.messages import Answer, ControlMessage, DesiredPeer, FromNode, Hello, Ready, SetRoom, decode_from_node, encode
from sfu.node import NodeSettings
from sfu.packetpath import PacketPath, PacketPathError
from tests.sfu.offers import offer_message, recorded

DEADLINE_S = 20.0
RECOVERS_WITHIN_S = 5.0
REFUSED_AFTER_S = 0.5
PROGRAM = """
import sys, msgspec
from sfu.node import NodeSettings, run
run(msgspec.json.decode(sys.argv[1], type=NodeSettings))
"""


class RunningNode:
    def __init__(self, process: asyncio.subprocess.Process, folder: Path, metrics_port: int) -> None:
        self.process, self.folder, self.metrics_port = process, folder, metrics_port
        self._soft, self._hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)

    def allow_no_more_files(self) -> None:
        in_use = max(int(name) for name in os.listdir(f"/proc/{self.process.pid}/fd"))
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (in_use + 1, self._hard))

    def allow_files_again(self) -> None:
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (self._soft, self._hard))

    async def scrape(self, within_s: float) -> int:
        """Status of the metrics page by a connection of its own."""
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=within_s)) as session,
            session.get(f"http://127.0.0.1:{self.metrics_port}/metrics") as response,
        ):
            return response.status


def free_port() -> int:
    path = PacketPath(["127.0.0.1"], 0)
    path.close()
    return path.port


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[RunningNode]:
    metrics_port = free_port()
    settings = NodeSettings(
        addresses=["127.0.0.1"],
        announce=[],
        port=0,
        control_socket=str(tmp_path / "control"),
        metrics_host="127.0.0.1",
        metrics_port=metrics_port,
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, msgspec.json.encode(settings).decode()),
        stderr=asyncio.subprocess.PIPE,
        cwd=os.getcwd(),
    )
    assert process.stderr is not None
    async with asyncio.timeout(DEADLINE_S):
        while b"media_node_serving" not in (await process.stderr.readline()):
            assert process.returncode is None
    yield RunningNode(process, tmp_path, metrics_port)
    process.terminate()
    await process.communicate()


async def said(socket: aiohttp.ClientWebSocketResponse, message: ControlMessage) -> FromNode:
    await socket.send_str(encode(message))
    return decode_from_node(await socket.receive_str())


async def test_those_who_are_in_go_on_and_newcomers_are_served_when_there_is_room_again(node: RunningNode) -> None:
    connector = aiohttp.UnixConnector(str(node.folder / "control"))
    everybody = [
        DesiredPeer(participant=name, connection=1, sources={}, publish=[], view=[]) for name in ("anna", "boris")
    ]
    async with (
        asyncio.timeout(DEADLINE_S),
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect(f"http://node{CONTROL_PATH}") as signaling,
    ):
        assert isinstance(await said(signaling, Hello(epoch=1)), Ready)
        node.allow_no_more_files()
        with pytest.raises((TimeoutError, aiohttp.ClientError)):
            await node.scrape(REFUSED_AFTER_S)
        await signaling.send_str(encode(SetRoom(room="5a", flow=True, peers=everybody)))
        for name in ("anna", "boris"):
            assert isinstance(await said(signaling, offer_message(recorded("chromium-restart"), name)), Answer)
        node.allow_files_again()
        assert await node.scrape(RECOVERS_WITHIN_S) == 200
        assert node.process.returncode is None


def test_a_start_without_room_for_its_sockets_is_a_typed_error() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises((PacketPathError, OSError), match="Too many open files"):
            PacketPath(["127.0.0.1"], 0)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    PacketPath(["127.0.0.1"], 0).close()
