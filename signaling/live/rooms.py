"""All live rooms of this process: from an occurrence of a lesson to its room, and from the node's reports to theirs.

A room comes into being with the first join and goes with the end of its lesson. Each runs as a task of this registry's
group. Used by the door, by the HTTP handlers that show who is in, and by the control connection to the media node.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signaling.live import commands
from signaling.live.room import Books, MediaNode, Room
from signaling.live.room_state import RoomSettings, RoomState
from signaling.live.sources import SourceNumbers
from signaling.metrics import Metrics


@dataclass(frozen=True, slots=True)
class LiveLesson:
    """What the school says about the lesson that a room is for."""

    lesson: str
    starts_at: datetime
    ends_at: datetime
    title: str
    class_name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What all rooms of a process have in common."""

    numbers: SourceNumbers
    new_room_id: Callable[[], str]
    seconds_without_adult: float
    unix_offset: Callable[[], float]


class Rooms:
    def __init__(
        self,
        media: MediaNode,
        books_of: Callable[[LiveLesson], Books],
        terms: Terms,
        metrics: Metrics,
    ) -> None:
        self._media = media
        self._books_of = books_of
        self._terms = terms
        self._metrics = metrics
        self._by_lesson: dict[tuple[str, datetime], Room] = {}
        self._by_id: dict[str, Room] = {}
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        metrics.rooms.set_function(lambda: len(self._by_id))
        metrics.participants.set_function(self._count_participants)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            await self._closing.wait()
            self._group = None
            for task in self._tasks:
                task.cancel()

    def close(self) -> None:
        self._closing.set()

    def room_for(self, lesson: LiveLesson) -> Room:
        """Its live room; made when there is none. Of the same lesson's earlier hour nobody stays behind."""
        key = (lesson.lesson, lesson.starts_at)
        room = self._by_lesson.get(key)
        if room is not None and not room.state.over:
            return room
        if self._group is None:
            raise RoomsClosed
        for (other, starts_at), earlier in self._by_lesson.items():
            if other == lesson.lesson and starts_at < lesson.starts_at:
                earlier.submit(commands.Finish())
        return self._open(key, lesson, self._group)

    def _open(self, key: tuple[str, datetime], lesson: LiveLesson, group: asyncio.TaskGroup) -> Room:
        settings = RoomSettings(
            lesson=lesson.lesson,
            title=lesson.title,
            class_name=lesson.class_name,
            ends_at=lesson.ends_at.timestamp(),
            seconds_without_adult=self._terms.seconds_without_adult,
            unix_offset=self._terms.unix_offset(),
        )
        state = RoomState(settings, self._terms.numbers, asyncio.get_running_loop().time())
        room = Room(self._terms.new_room_id(), state, self._media, self._books_of(lesson), self._metrics)
        self._by_lesson[key] = room
        self._by_id[room.id] = room
        task = group.create_task(self._run_room(key, room))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return room

    async def _run_room(self, key: tuple[str, datetime], room: Room) -> None:
        try:
            await room.run()
        finally:
            del self._by_id[room.id]
            if self._by_lesson.get(key) is room:
                del self._by_lesson[key]

    # ── for pages ──

    def present(self, lesson: str, starts_at: datetime) -> list[commands.Person]:
        room = self._by_lesson.get((lesson, starts_at))
        return [seat.person for seat in room.state.present()] if room is not None else []

    def room_of_session(self, session_digest: str) -> Room | None:
        rooms = self._by_id.values()
        return next((room for room in rooms if room.state.seat_of_session(session_digest) is not None), None)

    def sign_out(self, login: str) -> None:
        for room in self._by_id.values():
            room.submit(commands.SignOut(login))

    # ── for the media node ──

    def media_reset(self, epoch: int) -> None:
        for room in self._by_id.values():
            room.submit(commands.ResetMedia(epoch))

    def media_report(self, report: commands.NodeReport) -> None:
        room = self._by_id.get(report.room)
        if room is not None:
            room.submit(report)

    def _count_participants(self) -> float:
        return sum(len(room.state.present()) for room in self._by_id.values())


class RoomsClosed(Exception):
    """The process is going down."""
