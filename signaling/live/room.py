"""One live room: the task that feeds its state machine and carries out what that decides.

Connections, the door and the media node put commands into the queue; nothing calls into another connection. All
decisions are in decide.py; here are the queue, the timer, and the three things that need waiting (the node's
answers, the school's books), each a task of the room's own group that ends with another command.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from sfu import messages as node
from signaling.faults import fault
from signaling.live import commands, decide
from signaling.live import messages as wire
from signaling.live.room_state import RoomState
from signaling.metrics import Metrics

_log = structlog.get_logger("room")

MAX_QUEUED = 20_000
Awaited = commands.Ask | commands.RecordMute | commands.RecordRemoval | commands.RecordEnd


class MediaRefused(Exception):
    """The node does not answer this offer."""

    def __init__(self, code: wire.ErrorCode, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code: wire.ErrorCode = code
        self.message = message
        self.retry_after = retry_after


class Connection(Protocol):
    """A client as its room sees it; none of these waits."""

    def seated(self, role: wire.RoomRole) -> None: ...
    def turned_away(self) -> None: ...
    def send(self, text: str) -> None: ...
    def shut(self, reason: commands.ClosedReason) -> None: ...
    def fail(self) -> None: ...


class MediaNode(Protocol):
    """The media node as a room sees it. `set_room` comes before an offer that was put after it."""

    def set_room(self, desired: node.SetRoom) -> None: ...
    def close_room(self, room: str) -> None: ...
    async def offer(self, room: str, ask: commands.Ask) -> str: ...


class Books(Protocol):
    """The school's record of this lesson. False: the school does not allow it. Raises nothing."""

    async def mute(self, by: str, muted: str) -> bool: ...
    async def removal(self, by: str, removed: str, reason: commands.RemovalReason) -> bool: ...
    async def end(self, by: str) -> bool: ...


class Room:
    def __init__(self, room_id: str, state: RoomState, media: MediaNode, books: Books, metrics: Metrics) -> None:
        self.id = room_id
        self.state = state
        self._media = media
        self._books = books
        self._metrics = metrics
        self._queue: asyncio.Queue[commands.Command] = asyncio.Queue(MAX_QUEUED)
        self._connections: dict[commands.Link, Connection] = {}
        self._waiting: set[asyncio.Task[None]] = set()
        self._push_due = False
        self._said: tuple[object, str] = (None, "")
        self._perform: dict[type[commands.Effect], Callable[[Any], None]] = {
            commands.Send: self._send,
            commands.Seated: self._seated,
            commands.TurnedAway: self._turned_away,
            commands.Shut: self._shut,
            commands.Push: self._push,
            commands.Over: self._over,
        }

    def connect(self, link: commands.Link, connection: Connection) -> None:
        self._connections[link] = connection

    def disconnect(self, link: commands.Link) -> None:
        self._connections.pop(link, None)

    def submit(self, command: commands.Command) -> None:
        try:
            self._queue.put_nowait(command)
        except asyncio.QueueFull:
            _log.error("room_queue_full", room=self.id)

    async def run(self) -> None:
        """Until the lesson is over. A fault ends this room and no other."""
        try:
            async with asyncio.TaskGroup() as group:
                await self._serve(group)
                for task in self._waiting:
                    task.cancel()
        except* Exception as errors:  # noqa: BLE001 - the border of a room: its fault must not end the process
            _log.error("room_failed", room=self.id, **fault(errors))
            self._metrics.faults.labels(part="room").inc()
        finally:
            for connection in list(self._connections.values()):
                connection.fail()
            self._connections.clear()
        # Not when the process goes down: the node forwards on with the last rules.
        self._media.close_room(self.id)

    async def _serve(self, group: asyncio.TaskGroup) -> None:
        clock = asyncio.get_running_loop().time
        while not self.state.over:
            command = await self._next_command()
            self._carry_out(decide.handle_timeout(self.state, clock()), group)
            if command is not None and not self.state.over:
                self._carry_out(decide.handle(self.state, command, clock()), group)
            if self._queue.empty():
                self._push_desired()

    async def _next_command(self) -> commands.Command | None:
        if not self._queue.empty():
            return self._queue.get_nowait()
        try:
            async with asyncio.timeout_at(decide.next_timeout(self.state)):
                return await self._queue.get()
        except TimeoutError:
            return None

    def _carry_out(self, effects: list[commands.Effect], group: asyncio.TaskGroup) -> None:
        for effect in effects:
            if isinstance(effect, Awaited):
                self._push_desired()
                task = group.create_task(self._wait_for(effect))
                self._waiting.add(task)
                task.add_done_callback(self._waiting.discard)
            else:
                self._perform[type(effect)](effect)

    async def _wait_for(self, effect: Awaited) -> None:
        if isinstance(effect, commands.Ask):
            self.submit(await self._ask(effect))
            return
        if isinstance(effect, commands.RecordMute):
            allowed = await self._books.mute(effect.by, effect.muted)
        elif isinstance(effect, commands.RecordRemoval):
            allowed = await self._books.removal(effect.by, effect.removed, effect.reason)
        else:
            allowed = await self._books.end(effect.by)
        ends = allowed and isinstance(effect, commands.RecordEnd)
        self.submit(commands.Recorded(effect.link, effect.re, allowed=allowed, ends=ends))

    async def _ask(self, ask: commands.Ask) -> commands.Answered | commands.NotAnswered:
        try:
            return commands.Answered(ask.ask, await self._media.offer(self.id, ask))
        except MediaRefused as refused:
            return commands.NotAnswered(ask.ask, refused.code, refused.message, refused.retry_after)

    def _push_desired(self) -> None:
        """Several changes that came together are one state."""
        if self._push_due:
            self._push_due = False
            self._media.set_room(self.state.desired(self.id))

    # ── effects that need no waiting ──

    def _send(self, effect: commands.Send) -> None:
        connection = self._connections.get(effect.link)
        if connection is None:
            return
        message, text = self._said
        if message is not effect.message:
            text = wire.encode(effect.message)
            self._said = (effect.message, text)
        if isinstance(effect.message, wire.Failed):
            self._metrics.failures.labels(code=effect.message.code).inc()
        connection.send(text)

    def _seated(self, effect: commands.Seated) -> None:
        self._metrics.seated.inc()
        if connection := self._connections.get(effect.link):
            connection.seated(effect.role)

    def _turned_away(self, effect: commands.TurnedAway) -> None:
        if connection := self._connections.pop(effect.link, None):
            connection.turned_away()

    def _shut(self, effect: commands.Shut) -> None:
        if connection := self._connections.pop(effect.link, None):
            connection.shut(effect.reason)

    def _push(self, _effect: commands.Push) -> None:
        self._push_due = True

    def _over(self, _effect: commands.Over) -> None:
        _log.info("room_over", room=self.id)
