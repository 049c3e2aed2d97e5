"""All live rooms of this process: from an occurrence of a lesson to its room, and from the node's reports to theirs.

A room comes into being with the first join, or from what an earlier process has kept, and goes with the end of its
lesson. Each runs as a task of this registry's group. Used by the door, by the HTTP handlers that show who is in, and by
the control connection to the media node.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from school.lesson_view import LessonView
from signaling.live import adults, commands, door_queue
from signaling.live import messages as wire
from signaling.live.books import Books
from signaling.live.kept import Origin
from signaling.live.room import MediaNode, Room, Surroundings
from signaling.live.room_state import RoomSettings, RoomState
from signaling.live.sources import SourceNumbers
from signaling.metrics import Metrics

# An orderly end waits for the rooms no longer than this: the writing of their last words included.
RESTART_SECONDS = 1.2


@dataclass(frozen=True, slots=True)
class LiveLesson:
    """What the school says about the lesson or meeting that a room is for. `teacher`: who is waited for at its door."""

    lesson: str
    kind: wire.RoomKind
    starts_at: datetime
    ends_at: datetime
    title: str
    class_name: str
    teacher: str

    @property
    def key(self) -> tuple[str, datetime]:
        return (self.lesson, self.starts_at)


@dataclass(frozen=True, slots=True)
class Terms:
    """What all rooms of a process have in common."""

    numbers: SourceNumbers
    new_room_id: Callable[[], str]
    books_of: Callable[[LiveLesson], Books]
    seconds_without_adult: float
    two_adults: adults.TwoAdults
    unix_offset: Callable[[], float]


class Rooms:
    def __init__(self, media: MediaNode, terms: Terms, metrics: Metrics) -> None:
        self._media = media
        self._terms = terms
        self._metrics = metrics
        self._by_lesson: dict[tuple[str, datetime], Room] = {}
        self._by_id: dict[str, Room] = {}
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._node: str | None = None
        metrics.rooms.set_function(lambda: len(self._by_id))
        metrics.participants.set_function(lambda: sum(len(room.state.present()) for room in self._running()))
        metrics.waiting.set_function(lambda: sum(len(room.state.door) for room in self._running()))

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            await self._closing.wait()
            self._group = None
            for task in self._tasks:
                task.cancel()

    def close(self) -> None:
        self._closing.set()

    async def restart(self) -> None:
        """Everybody is told that the process goes down, and everything that is to survive it is written down. Returns
        when the rooms have let go of their connections."""
        self._group = None
        for room in self._running():
            room.submit(commands.Restart())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=RESTART_SECONDS)

    def room_for(self, lesson: LiveLesson) -> Room:
        """Its live room; made when there is none. Of the same lesson's earlier hour nobody stays behind."""
        room = self._by_lesson.get(lesson.key)
        if room is not None and not room.state.over:
            return room
        for (other, starts_at), earlier in self._by_lesson.items():
            if other == lesson.lesson and starts_at < lesson.starts_at:
                earlier.submit(commands.Finish())
        state = self.state_for(lesson)
        return self._open(lesson, Origin(self._terms.new_room_id(), state.unix_now), state, self._node)

    def state_for(self, lesson: LiveLesson) -> RoomState:
        """A room in which nothing has happened yet."""
        settings = RoomSettings(
            lesson=lesson.lesson,
            kind=lesson.kind,
            title=lesson.title,
            class_name=lesson.class_name,
            teacher=lesson.teacher,
            starts_at=lesson.starts_at.timestamp(),
            ends_at=lesson.ends_at.timestamp(),
            seconds_without_adult=self._terms.seconds_without_adult,
            two_adults=self._terms.two_adults,
            unix_offset=self._terms.unix_offset(),
        )
        return RoomState(settings, self._terms.numbers, asyncio.get_running_loop().time())

    def restored(self, lesson: LiveLesson, origin: Origin, state: RoomState, incarnation: str | None) -> None:
        """A room of an earlier process goes on, under the id by which the media node knows it."""
        room = self._open(lesson, origin, state, incarnation)
        self._media.set_room(state.desired(room.id))
        self._metrics.rooms_restored.inc()

    def _open(self, lesson: LiveLesson, origin: Origin, state: RoomState, incarnation: str | None) -> Room:
        """Raises RoomsClosed."""
        if self._group is None:
            raise RoomsClosed
        around = Surroundings(self._media, self._terms.books_of(lesson), self._metrics)
        room = Room(origin, state, around, incarnation)
        self._by_lesson[lesson.key] = room
        self._by_id[room.id] = room
        task = self._group.create_task(self._run_room(lesson.key, room))
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

    def _running(self) -> list[Room]:
        return [room for room in self._by_id.values() if not room.state.over]

    # ── for pages ──

    def is_shut_to(self, member: str, lesson: str, starts_at: datetime) -> bool:
        """Whether a member of the list, not of the staff, would have to wait at the door."""
        room = self._by_lesson.get((lesson, starts_at))
        return room is not None and door_queue.is_shut_to(room.state, room.state.seat_of_member(member))

    def present(self, lesson: str, starts_at: datetime) -> list[commands.Person]:
        room = self._by_lesson.get((lesson, starts_at))
        return [seat.person for seat in room.state.present()] if room is not None and not room.state.over else []

    def participants(self, lesson: str, starts_at: datetime) -> dict[str, str]:
        """By member, of everybody who has a seat in the room of this lesson."""
        room = self._by_lesson.get((lesson, starts_at))
        seats = room.state.seats.values() if room is not None and not room.state.over else ()
        return {seat.person.member: seat.participant for seat in seats}

    def room_of_session(self, session_digest: str) -> Room | None:
        rooms = self._running()
        return next((room for room in rooms if room.state.device_of_session(session_digest) is not None), None)

    def sign_out(self, login: str) -> None:
        for room in self._running():
            room.submit(commands.SignOut(login))

    # ── for the media node ──

    def media_ready(self, incarnation: str, epoch: int) -> None:
        self._node = incarnation
        for room in self._running():
            room.media_ready(incarnation, epoch)

    def media_report(self, report: commands.NodeReport) -> None:
        room = self._by_id.get(report.room)
        if room is not None:
            room.submit(report)


class RoomsClosed(Exception):
    """The process is going down."""


def live_lesson(view: LessonView) -> LiveLesson:
    held = view.occurrence
    return LiveLesson(
        lesson=view.lesson.id,
        kind=view.lesson.kind.value,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        title=view.lesson.subject,
        class_name=view.class_name,
        teacher=view.teacher.short_name,
    )
