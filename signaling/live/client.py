"""The I/O of one connection: a WebSocket on one side, its session's state machine and its room on the other.

Three tasks at most: one reads frames into the session, one writes the outbox, one stands at the door while a join or
resume is looked at. Whoever has to wait there for a host is kept alive by the heartbeat like everybody else, and leaves
by closing the socket. A browser that does not read fills its bounded outbox and is closed; its seat waits for it. The
heartbeat is how a lost network is noticed, and the close code tells a closed page from that.
"""

import asyncio
from collections import deque
from typing import Final

import structlog
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from signaling.live import commands, session
from signaling.live import messages as wire
from signaling.live.door import RETRY_SECONDS, Door, SessionRefused, TooMany, Visitor
from signaling.live.room import Room
from signaling.metrics import Metrics
from signaling.tickets import TicketRefused

_log = structlog.get_logger("client")

# A lost network shows after one and a half of these at the latest.
HEARTBEAT_SECONDS = 6.0
# What a snapshot of a large room takes many times over; a browser that reads never comes near.
MAX_OUTBOX_CHARACTERS = 1024 * 1024
MAX_OUTBOX_MESSAGES = 1000
# How long a closing connection may take to take its last message.
LAST_WORD_SECONDS = 2.0
# The same while the process goes down, which does not take longer than two seconds.
RESTART_WORD_SECONDS = 0.4
# Of a page that closes; a close frame without a code reads as 0.
PAGE_CLOSED: Final = frozenset({0, 1000, 1001, 1005})


class Client:
    """Implements live/room.py's `Connection`."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, token: str, door: Door, metrics: Metrics
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._door = door
        self._metrics = metrics
        self._clock = asyncio.get_running_loop().time
        self._link = door.new_link()
        self._visitor = Visitor(token, self._link, self)
        self._session = session.Session(self._clock())
        self._room: Room | None = None
        self._outbox: deque[str] = deque()
        self._outbox_characters = 0
        self._wake = asyncio.Event()
        self._close_code: int | None = None
        self._page_closed = False
        self._giving_up: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        self._metrics.connections.inc()
        try:
            with self._door.attended(self):
                await self._serve()
        except* ConnectionError:
            _log.debug("connection_broke")
        finally:
            self._metrics.connections.dec()
            if self._giving_up is not None:
                self._giving_up.cancel()
            if self._room is not None:
                self._room.disconnect(self._link)
                self._room.submit(commands.Drop(self._link, "closed" if self._page_closed else "lost"))

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(self._write())
            await self._read(group)
            self._hang_up(WSCloseCode.OK)
            await asyncio.wait([writer], timeout=LAST_WORD_SECONDS)
            writer.cancel()

    # ── what the room says ──

    def seated(self, role: wire.RoomRole) -> None:
        """Or: the role of somebody who has a seat is another one from now on."""
        if self._session.phase is not session.Phase.LIVE:
            self._metrics.seated.inc()
        self._session.seated(role)

    def turned_away(self) -> None:
        self._room = None
        self._obey(self._session.turned_away(self._clock()))

    def send(self, text: str) -> None:
        if self._close_code is not None:
            return
        self._outbox.append(text)
        self._outbox_characters += len(text)
        self._wake.set()
        if self._outbox_characters > MAX_OUTBOX_CHARACTERS or len(self._outbox) > MAX_OUTBOX_MESSAGES:
            self._drop_outbox()
            self._hang_up(wire.CLOSE_SLOW)

    def shut(self, reason: commands.ClosedReason) -> None:
        self.send(wire.encode(wire.Closed(reason=reason)))
        self._hang_up(wire.CLOSE_CODES[reason])

    def fail(self) -> None:
        """The room or the process is not there any more, for no reason of the lesson: come again."""
        self._hang_up(WSCloseCode.SERVICE_RESTART, RESTART_WORD_SECONDS)

    # ── reading ──

    async def _read(self, group: asyncio.TaskGroup) -> None:
        while self._close_code is None:
            try:
                async with asyncio.timeout_at(self._session.next_timeout()):
                    frame = await self._socket.receive()
            except TimeoutError:
                self._obey(self._session.handle_timeout(self._clock()))
                continue
            if not self._take(frame, group):
                return

    def _take(self, frame: WSMessage, group: asyncio.TaskGroup) -> bool:
        if frame.type is WSMsgType.TEXT:
            effects = self._session.receive(frame.data, self._clock())
        elif frame.type is WSMsgType.BINARY:
            effects = self._session.receive_binary(self._clock())
        else:
            self._page_closed = frame.type is WSMsgType.CLOSE and frame.data in PAGE_CLOSED
            return False
        self._metrics.messages_in.inc()
        for effect in effects:
            if isinstance(effect, session.Enter | session.Return):
                group.create_task(self._knock(effect))
        self._obey(effects)
        return True

    def _obey(self, effects: list[session.Effect]) -> None:
        for effect in effects:
            if isinstance(effect, session.Say):
                self._metrics.count_failure(effect.message.code)
                self.send(wire.encode(effect.message))
            elif isinstance(effect, session.Pass) and self._room is not None:
                self._room.submit(commands.Act(self._link, effect.request))
            elif isinstance(effect, session.HangUp):
                self._hang_up(effect.code)

    async def _knock(self, effect: session.Enter | session.Return) -> None:
        try:
            if isinstance(effect, session.Enter):
                self._room = await self._door.enter(self._visitor, effect.join, self._clock())
            else:
                self._room = await self._door.resume(self._visitor, effect.resume)
        except TicketRefused:
            self._refuse(effect, "ticket_refused", "ask for another ticket")
        except SessionRefused:
            self._refuse(effect, "session_refused", "join with a ticket")
        except TooMany:
            self._refuse(effect, "too_many", "ask again later", RETRY_SECONDS)

    def _refuse(
        self,
        effect: session.Enter | session.Return,
        code: wire.ErrorCode,
        message: str,
        retry_after: float | None = None,
    ) -> None:
        request = effect.join if isinstance(effect, session.Enter) else effect.resume
        self._metrics.count_failure(code)
        self.send(wire.encode(wire.Failed(re=request.id, code=code, message=message, retry_after=retry_after)))
        self.turned_away()

    # ── writing ──

    async def _write(self) -> None:
        """The only one who writes to the socket, up to and with the close frame."""
        while self._outbox or self._close_code is None:
            if not self._outbox:
                self._wake.clear()
                await self._wake.wait()
                continue
            text = self._outbox.popleft()
            self._outbox_characters -= len(text)
            self._metrics.messages_out.inc()
            self._metrics.bytes_out.inc(len(text))
            await self._socket.send_str(text)
        self._metrics.hang_ups.labels(code=str(int(self._close_code))).inc()
        await self._socket.close(code=self._close_code)

    def _hang_up(self, code: int, patience: float | None = None) -> None:
        if self._close_code is None:
            self._close_code = code
            self._wake.set()
            wait = 2 * LAST_WORD_SECONDS if patience is None else patience
            self._giving_up = asyncio.get_running_loop().call_later(wait, self._transport.abort)

    def _drop_outbox(self) -> None:
        self._outbox.clear()
        self._outbox_characters = 0
