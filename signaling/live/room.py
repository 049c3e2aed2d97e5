"""One live room: the task that feeds its state machine and carries out what that decides.

Connections, the door and the media node put commands into the queue; nothing calls into another connection. All
decisions are in decide.py; here are the queue, the timer, and who carries out what needs waiting: the node's answers
are tasks of the room's group, what is written into the school's books is the scribe's, what the room remembers the
keeper's. Each ends with another command.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from sfu import messages as node
from signaling.faults import fault
from signaling.live import commands, decide, kept
from signaling.live import messages as wire
from signaling.live.books import Books
from signaling.live.keeper import Keeper
from signaling.live.room_state import RoomState
from signaling.live.scribe import Entry, Scribe
from signaling.metrics import Metrics

_log = structlog.get_logger("room")

MAX_QUEUED = 20_000
# Offers that the node has not answered; a whole school that comes at once, some times over.
MAX_ASKED = 2000
# What is not written when a room ends is written for so long, and given up then.
LAST_WRITES_SECONDS = 20.0
# Of a process that goes down in an orderly way, for all its rooms together.
RESTART_SECONDS = 1.0


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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a room works with."""

    media: MediaNode
    books: Books
    metrics: Metrics


class Room:
    def __init__(
        self, origin: kept.Origin, state: RoomState, around: Surroundings, incarnation: str | None = None
    ) -> None:
        """`incarnation`: of the media node that has this room's connections; None where there are none yet."""
        self.id = origin.room
        self._origin = origin
        self.state = state
        self.incarnation = incarnation
        self._next_incarnation = incarnation
        self._media = around.media
        self._metrics = around.metrics
        self._queue: asyncio.Queue[commands.Command] = asyncio.Queue(MAX_QUEUED)
        self._connections: dict[commands.Link, Connection] = {}
        self._members: dict[commands.Link, str] = {}
        self._scribe = Scribe(around.books.conduct, around.books.room, self.submit, around.metrics)
        self._keeper = Keeper(self._dump, around.books.state, around.metrics)
        self._asking: set[asyncio.Task[None]] = set()
        self._push_due = False
        self._restarting = False
        self._said: tuple[object, str] = (None, "")
        self._perform: dict[type[commands.Effect], Callable[[Any], None]] = {
            commands.Send: self._send,
            commands.Seated: self._seated,
            commands.TurnedAway: self._turned_away,
            commands.Shut: self._shut,
            commands.Push: self._push,
            commands.Over: self._over,
        }

    def connect(self, link: commands.Link, connection: Connection, member: str) -> None:
        self._connections[link] = connection
        self._members[link] = member

    def disconnect(self, link: commands.Link) -> None:
        self._connections.pop(link, None)
        self._members.pop(link, None)

    def connections_of(self, member: str) -> int:
        return sum(1 for other in self._members.values() if other == member)

    def submit(self, command: commands.Command) -> None:
        try:
            self._queue.put_nowait(command)
        except asyncio.QueueFull:
            _log.error("room_queue_full", room=self.id)

    def media_ready(self, incarnation: str, epoch: int) -> None:
        """A media node is connected: the one that has this room's connections, or another, which has none of them."""
        self._next_incarnation = incarnation
        if self.incarnation not in (None, incarnation):
            self.submit(commands.ResetMedia(epoch))
        elif self.incarnation is None:
            self._adopt_node()

    async def run(self) -> None:
        """Until the lesson is over, or the process goes down. A fault ends this room and no other."""
        try:
            async with asyncio.TaskGroup() as group:
                scribe = group.create_task(self._scribe.run())
                keeper = group.create_task(self._keeper.run())
                await self._serve(group)
                self._let_go()
                await self._write_the_last(keeper)
                scribe.cancel()
        except* Exception as errors:  # noqa: BLE001 - the border of a room: its fault must not end the process
            _log.error("room_failed", room=self.id, **fault(errors))
            self._metrics.faults.labels(part="room").inc()
        finally:
            self._close_connections()
        self._let_go()

    async def _serve(self, group: asyncio.TaskGroup) -> None:
        """A restored room begins with what has become of it meanwhile."""
        clock = asyncio.get_running_loop().time
        await self._carry_out(self.state.take_effects(), group)
        while not self.state.over and not self._restarting:
            command = await self._next_command()
            await self._carry_out(decide.handle_timeout(self.state, clock()), group)
            if command is not None and not self.state.over:
                await self._carry_out(decide.handle(self.state, command, clock()), group)
                if isinstance(command, commands.ResetMedia):
                    self._adopt_node()
                self._restarting = isinstance(command, commands.Restart)
            if self._queue.empty():
                self._push_desired()
        if self._restarting:
            await self._hand_over(group)

    async def _next_command(self) -> commands.Command | None:
        if not self._queue.empty():
            return self._queue.get_nowait()
        try:
            async with asyncio.timeout_at(decide.next_timeout(self.state)):
                return await self._queue.get()
        except TimeoutError:
            return None

    async def _carry_out(self, effects: list[commands.Effect], group: asyncio.TaskGroup) -> None:
        """In their order; but what is cut is cut at the node before anything is written down."""
        keeps = [effect for effect in effects if isinstance(effect, commands.Keep) and effect.now]
        if keeps:
            self._push_due |= any(isinstance(effect, commands.Push) for effect in effects)
            self._push_desired()
        for effect in effects:
            if isinstance(effect, commands.Keep):
                await self._keep(effect, first=bool(keeps) and effect is keeps[0])
            elif isinstance(effect, commands.Ask):
                self._push_desired()
                self._ask(effect, group)
            elif isinstance(effect, Entry):
                self._scribe.put(effect)
            else:
                self._perform[type(effect)](effect)

    async def _keep(self, effect: commands.Keep, *, first: bool) -> None:
        """All effects of a decision come after it, so the first that is written has the whole of it."""
        if not effect.now:
            self._keeper.soon()
        elif first:
            await self._keeper.now()

    async def _hand_over(self, group: asyncio.TaskGroup) -> None:
        """The next process finds everything that was said and done before this one was told to go."""
        try:
            async with asyncio.timeout(RESTART_SECONDS):
                await self._scribe.written()
                while not self._queue.empty():
                    command = self._queue.get_nowait()
                    await self._carry_out(decide.handle(self.state, command, asyncio.get_running_loop().time()), group)
                await self._keeper.now()
        except TimeoutError:
            _log.error("room_not_handed_over", room=self.id)

    async def _write_the_last(self, keeper: asyncio.Task[None]) -> None:
        self._keeper.close()
        await asyncio.wait([keeper], timeout=LAST_WRITES_SECONDS)
        keeper.cancel()
        if self._restarting:
            return
        await self._keeper.forget()
        try:
            async with asyncio.timeout(LAST_WRITES_SECONDS):
                await self._scribe.written()
        except TimeoutError:
            _log.error("room_not_all_written", room=self.id)

    def _let_go(self) -> None:
        """The node forgets a room that is over. It forwards on with the last rules while the process goes down."""
        for task in self._asking:
            task.cancel()
        if not self._restarting:
            self._media.close_room(self.id)
        self._close_connections()

    def _close_connections(self) -> None:
        for connection in list(self._connections.values()):
            connection.fail()
        self._connections.clear()
        self._members.clear()

    def _adopt_node(self) -> None:
        self.incarnation = self._next_incarnation
        self._keeper.soon()

    def _dump(self) -> str:
        return kept.dump(self.state, self._origin, self.incarnation)

    # ── the node's answers ──

    def _ask(self, ask: commands.Ask, group: asyncio.TaskGroup) -> None:
        if len(self._asking) >= MAX_ASKED:
            self.submit(commands.NotAnswered(ask.ask, "overloaded", "too many offers wait", 1.0))
            return
        task = group.create_task(self._answer(ask))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _answer(self, ask: commands.Ask) -> None:
        try:
            self.submit(commands.Answered(ask.ask, await self._media.offer(self.id, ask)))
        except MediaRefused as refused:
            self.submit(commands.NotAnswered(ask.ask, refused.code, refused.message, refused.retry_after))

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
            self._metrics.count_failure(effect.message.code)
        connection.send(text)

    def _seated(self, effect: commands.Seated) -> None:
        if connection := self._connections.get(effect.link):
            connection.seated(effect.role)

    def _turned_away(self, effect: commands.TurnedAway) -> None:
        if connection := self._connections.get(effect.link):
            self.disconnect(effect.link)
            connection.turned_away()

    def _shut(self, effect: commands.Shut) -> None:
        if connection := self._connections.get(effect.link):
            self.disconnect(effect.link)
            connection.shut(effect.reason)

    def _push(self, _effect: commands.Push) -> None:
        self._push_due = True

    def _over(self, _effect: commands.Over) -> None:
        _log.info("room_over", room=self.id)
