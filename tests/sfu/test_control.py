"""The control connection over a real Unix socket: who is in charge, and what bad frames do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import WSCloseCode, WSMsgType

from sfu import control
from sfu.control import CONTROL_PATH, ControlServer
from sfu.messages import (
    CloseRoom,
    ControlMessage,
    FromNode,
    Hello,
    Offer,
    Ready,
    SetRoom,
    Speaking,
    decode_from_node,
    encode,
)

READY = Ready(node="sfu", incarnation="1", media_port=5000)
DEADLINE_S = 5.0


class RecordingNode:
    """Greets, remembers what was said, and answers with the room's name among the speakers' numbers."""

    def __init__(self) -> None:
        self.greeted = 0
        self.handled: list[SetRoom | CloseRoom | Offer] = []

    def greet(self) -> tuple[Ready, list[FromNode]]:
        self.greeted += 1
        return READY, []

    def handle(self, message: SetRoom | CloseRoom | Offer) -> list[FromNode]:
        self.handled.append(message)
        return [Speaking(room=message.room, sources=[len(self.handled)])]


class Running:
    def __init__(self, server: ControlServer, node: RecordingNode, socket_path: str) -> None:
        self.server, self.node, self.socket_path = server, node, socket_path

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        async with (
            asyncio.timeout(DEADLINE_S),
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(self.socket_path)) as session,
            session.ws_connect(f"http://node{CONTROL_PATH}") as socket,
        ):
            yield socket


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    node = RecordingNode()
    server = ControlServer(str(tmp_path / "control"), node)
    await server.start()
    yield Running(server, node, str(tmp_path / "control"))
    await server.close()


async def say(socket: aiohttp.ClientWebSocketResponse, message: ControlMessage) -> None:
    await socket.send_str(encode(message))


async def hear(socket: aiohttp.ClientWebSocketResponse) -> FromNode:
    return decode_from_node(await socket.receive_str())


async def close_code(socket: aiohttp.ClientWebSocketResponse) -> int:
    while (await socket.receive()).type not in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING):
        pass
    assert socket.close_code is not None
    return socket.close_code


async def test_hello_is_answered_and_messages_go_both_ways(running: Running) -> None:
    async with running.connection() as socket:
        await say(socket, Hello(epoch=1))
        assert await hear(socket) == READY
        await say(socket, CloseRoom(room="5a"))
        assert await hear(socket) == Speaking(room="5a", sources=[1])
        running.server.send([Speaking(room="5b", sources=[9])])
        assert await hear(socket) == Speaking(room="5b", sources=[9])


def test_the_socket_is_for_its_owner_only(running: Running) -> None:
    assert Path(running.socket_path).stat().st_mode & 0o777 == 0o600


async def test_what_comes_before_hello_closes_and_reaches_nobody(running: Running) -> None:
    async with running.connection() as socket:
        await say(socket, CloseRoom(room="5a"))
        assert await close_code(socket) == WSCloseCode.POLICY_VIOLATION
    assert (running.node.greeted, running.node.handled) == (0, [])


async def test_a_newer_epoch_takes_over_and_the_older_connection_is_closed(running: Running) -> None:
    async with running.connection() as older, running.connection() as newer:
        await say(older, Hello(epoch=1))
        await hear(older)
        await say(newer, Hello(epoch=2))
        assert await hear(newer) == READY
        assert await close_code(older) == WSCloseCode.POLICY_VIOLATION
        running.server.send([Speaking(room="5a", sources=[])])
        assert await hear(newer) == Speaking(room="5a", sources=[])


async def test_an_older_epoch_is_refused_and_disturbs_nobody(running: Running) -> None:
    async with running.connection() as newer, running.connection() as older:
        await say(newer, Hello(epoch=2))
        await hear(newer)
        await say(older, Hello(epoch=1))
        assert await close_code(older) == WSCloseCode.POLICY_VIOLATION
        await say(newer, CloseRoom(room="5a"))
        assert await hear(newer) == Speaking(room="5a", sources=[1])


async def test_the_same_epoch_may_come_again(running: Running) -> None:
    for _ in range(2):
        async with running.connection() as socket:
            await say(socket, Hello(epoch=7))
            assert await hear(socket) == READY
    assert running.node.greeted == 2


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"type":"unknown"}',
        '{"type":"close_room"}',
        '{"type":"close_room","room":1}',
        '{"type":"set_room","room":"5a","flow":true,"peers":[{"participant":"p"}]}',
        '{"type":"offer","request":99999999999999999999999}',
        '{"type":"speaking","room":"5a","sources":[]}',
        '{"type":"hello","epoch":3}',
        "[" * 20_000,
        '{"type":"close_room","room":NaN}',
    ],
)
async def test_a_bad_frame_closes_the_connection_and_nothing_else(running: Running, frame: str) -> None:
    async with running.connection() as socket:
        await say(socket, Hello(epoch=1))
        await hear(socket)
        await socket.send_str(frame)
        await close_code(socket)
    assert running.node.handled == []
    async with running.connection() as again:
        await say(again, Hello(epoch=1))
        assert await hear(again) == READY


async def test_a_binary_frame_closes_the_connection(running: Running) -> None:
    async with running.connection() as socket:
        await say(socket, Hello(epoch=1))
        await hear(socket)
        await socket.send_bytes(b"{}")
        assert await close_code(socket) == WSCloseCode.UNSUPPORTED_DATA
    assert running.node.handled == []


async def test_a_frame_that_is_too_large_closes_the_connection(running: Running) -> None:
    async with running.connection() as socket:
        await say(socket, Hello(epoch=1))
        await hear(socket)
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            await socket.send_str("x" * (control.MAX_FRAME_BYTES + 1))
        assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR)
    assert running.node.handled == []
    async with running.connection() as again:
        await say(again, Hello(epoch=1))
        assert await hear(again) == READY


async def test_messages_without_anybody_in_charge_are_dropped(running: Running) -> None:
    running.server.send([Speaking(room="5a", sources=[])])
    async with running.connection() as socket:
        await say(socket, Hello(epoch=1))
        assert await hear(socket) == READY
        await say(socket, CloseRoom(room="5a"))
        assert await hear(socket) == Speaking(room="5a", sources=[1])


async def test_a_signaling_process_that_does_not_read_is_cut_off(running: Running) -> None:
    async with running.connection() as socket:
        await say(socket, Hello(epoch=1))
        await hear(socket)
        running.server.send([Speaking(room="5a", sources=[1])] * (control.MAX_WAITING_MESSAGES + 1))
        assert await close_code(socket) == WSCloseCode.TRY_AGAIN_LATER
