"""The control connection: a WebSocket server on a Unix socket, spoken by signaling, one connection in charge.
It decodes frames, hands messages to the node and sends what the node says. A newer epoch (or the same one
again, after its connection broke) takes over; an older one is refused. A frame that is no message closes that
connection and changes nothing else: the node goes on with the last desired state. It knows no rooms.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from sfu.messages import CloseRoom, FromNode, Hello, Offer, Ready, SetRoom, ToNode, decode_to_node, encode

CONTROL_PATH = "/control"
# A room of 500 with their views is about 200 KB; an offer is at most 256 KiB before JSON doubles its backslashes.
MAX_FRAME_BYTES = 4 * 1024 * 1024
# Signaling reads as fast as it can; one that lets this many messages wait has to come again and be told anew.
MAX_WAITING_MESSAGES = 10_000
HELLO_LIMIT_S = 10.0

_log = structlog.get_logger("sfu.control")


class ControlledNode(Protocol):
    def greet(self) -> tuple[Ready, list[FromNode]]:
        """A connection took charge: what to say to it first."""

    def handle(self, message: SetRoom | CloseRoom | Offer) -> list[FromNode]: ...


class _Connection:
    """Outgoing side of one connection: messages wait here until its writer has sent those before them."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._waiting: deque[FromNode] = deque()
        self._wake = asyncio.Event()
        self._overflowed = False

    def put(self, messages: Sequence[FromNode]) -> None:
        self._waiting.extend(messages)
        if len(self._waiting) > MAX_WAITING_MESSAGES:
            self._overflowed = True
        self._wake.set()

    async def write(self) -> None:
        """Until the connection closes."""
        while not self.socket.closed:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting and not self._overflowed:
                await self.socket.send_str(encode(self._waiting.popleft()))
            if self._overflowed:
                _log.error("signaling_not_reading")
                await self.socket.close(code=WSCloseCode.TRY_AGAIN_LATER)


class ControlServer:
    def __init__(self, socket_path: str, node: ControlledNode) -> None:
        self._path = Path(socket_path)
        self._node = node
        self._epoch = -1
        self._in_charge: _Connection | None = None
        self._open: set[web.WebSocketResponse] = set()
        app = web.Application()
        app.router.add_get(CONTROL_PATH, self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> None:
        """Raises OSError when the socket cannot be made."""
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self._path)).start()
        self._path.chmod(0o600)

    async def close(self) -> None:
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await self._runner.cleanup()
        self._path.unlink(missing_ok=True)

    def send(self, messages: Sequence[FromNode]) -> None:
        """Dropped while nobody is in charge: the next connection is told everything."""
        if self._in_charge is not None and messages:
            self._in_charge.put(messages)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, compress=False, heartbeat=10.0)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            if await self._is_greeted(socket):
                await self._serve_in_charge(socket)
        finally:
            self._open.discard(socket)
            await socket.close()
        return socket

    async def _is_greeted(self, socket: web.WebSocketResponse) -> bool:
        try:
            hello = await asyncio.wait_for(_next_message(socket), HELLO_LIMIT_S)
        except TimeoutError:
            hello = None
        if not isinstance(hello, Hello):
            _log.warning("control_connection_refused", reason="no_hello")
        elif hello.epoch < self._epoch:
            _log.warning("control_connection_refused", reason="older_epoch", epoch=hello.epoch)
        else:
            self._epoch = hello.epoch
            return True
        await socket.close(code=WSCloseCode.POLICY_VIOLATION)
        return False

    async def _serve_in_charge(self, socket: web.WebSocketResponse) -> None:
        before, connection = self._in_charge, _Connection(socket)
        self._in_charge = connection
        _log.info("signaling_in_charge", epoch=self._epoch)
        ready, first = self._node.greet()
        connection.put([ready, *first])
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(connection.write())
            if before is not None:
                await before.socket.close(code=WSCloseCode.POLICY_VIOLATION)
            await self._read(connection)
            writer.cancel()
        if self._in_charge is connection:
            self._in_charge = None
            _log.warning("signaling_gone", epoch=self._epoch)

    async def _read(self, connection: _Connection) -> None:
        while (message := await _next_message(connection.socket)) is not None:
            if self._in_charge is not connection:
                return
            if isinstance(message, Hello):
                _log.warning("control_second_hello")
                return
            connection.put(self._node.handle(message))


async def _next_message(socket: web.WebSocketResponse) -> ToNode | None:
    """None when the connection is over, by its other end or by a frame that is no message."""
    frame = await socket.receive()
    if frame.type is not WSMsgType.TEXT:
        if frame.type is WSMsgType.BINARY:
            await socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
        return None
    text: str = frame.data
    try:
        return decode_to_node(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        _log.warning("control_frame_malformed", error=type(error).__name__)
        await socket.close(code=WSCloseCode.INVALID_TEXT)
        return None
