"""The door of the live rooms: from a ticket, or from the session of a seat, into the room's queue.

Called by a client (client.py) with what its page presented. The school is asked again at the door, since a lot can
happen between a ticket and its use. It must not know WebSockets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from school.lesson_view import LessonView
from school.people import Member, Role
from school.refusals import NotFound, Refused
from school.schedule import Lesson
from school.store import Store
from school.usecases import lessons, sessions
from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.room import Connection, Room
from signaling.live.rooms import LiveLesson, Rooms, RoomsClosed
from signaling.tickets import TicketRefused, Tickets, digest


class SessionRefused(Exception):
    """There is no seat of this session for this browser."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser behind a connection: its signed-in session."""

    token: str
    link: commands.Link
    connection: Connection

    @property
    def login(self) -> str:
        return digest(self.token)


class Door:
    def __init__(
        self,
        store: Store,
        tickets: Tickets,
        rooms: Rooms,
        *,
        new_secret: Callable[[], str],
        new_id: Callable[[], str],
        wall_clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._tickets = tickets
        self._rooms = rooms
        self._new_secret = new_secret
        self._new_id = new_id
        self._wall_clock = wall_clock
        self._last_link = 0

    def new_link(self) -> commands.Link:
        self._last_link += 1
        return commands.Link(self._last_link)

    async def enter(self, visitor: Visitor, join: wire.Join, now: float) -> Room:
        """Raises TicketRefused for whatever is wrong with the ticket or has changed since it was given."""
        grant = self._tickets.redeem(join.ticket, visitor.login, now)
        member = await self._member(visitor)
        if member is None or member.id != grant.member:
            raise TicketRefused
        try:
            admission = await lessons.admission(self._store, member, grant.lesson, self._wall_clock())
            view = admission.view
            if view.occurrence.starts_at != grant.starts_at or admission.room_role != grant.role:
                raise TicketRefused
            room = self._rooms.room_for(live_lesson(view))
        except (Refused, NotFound, RoomsClosed) as refused:
            raise TicketRefused from refused
        person = person_of(member, admission.room_role, view.lesson)
        room.connect(visitor.link, visitor.connection)
        room.submit(commands.Enter(visitor.link, person, visitor.login, join, self._new_id(), self._new_secret()))
        return room

    async def resume(self, visitor: Visitor, resume: wire.Resume) -> Room:
        """Raises SessionRefused. Whether the seat is still there is decided by the room."""
        room = self._rooms.room_of_session(digest(resume.session))
        if room is None or await self._member(visitor) is None:
            raise SessionRefused
        room.connect(visitor.link, visitor.connection)
        room.submit(commands.Return(visitor.link, visitor.login, resume))
        return room

    async def _member(self, visitor: Visitor) -> Member | None:
        return await sessions.member_of(self._store, visitor.token, self._wall_clock())


def live_lesson(view: LessonView) -> LiveLesson:
    held = view.occurrence
    return LiveLesson(view.lesson.id, held.starts_at, held.ends_at, view.lesson.subject, view.class_name)


def person_of(member: Member, role: wire.RoomRole, lesson: Lesson) -> commands.Person:
    return commands.Person(
        member=member.id,
        name=member.full_name,
        short_name=member.short_name,
        initials=member.initials,
        role=role,
        verified=member.is_adult_of_school and member.verified,
        office=_office(member, lesson) if role == "observer" else None,
    )


def _office(member: Member, lesson: Lesson) -> commands.Office:
    if lesson.class_id in member.classes_as(Role.CLASS_TEACHER):
        return "class_teacher"
    return "administrator" if Role.ADMINISTRATOR in member.roles else "director"
