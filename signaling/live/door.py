"""The door of the live rooms: from a ticket, or from the session of a seat, into the room's queue.

Called by a client (client.py) with what its page presented. The school is asked again at the door, since a lot can
happen between a ticket and its use. Whether somebody has to wait there for a host is decided by the room. It must not
know WebSockets.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from school.people import Member
from school.refusals import NotFound, Refused
from school.store import Store
from school.usecases import lessons, sessions
from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.person import AdultRule, person_of
from signaling.live.room import Connection, Room
from signaling.live.rooms import Rooms, RoomsClosed, live_lesson
from signaling.tickets import TicketRefused, Tickets, digest

# Two devices; for each, a page that replaces it; and one whose network is gone and whose death nobody has noticed.
MAX_PER_PERSON_AND_ROOM = 5
# Joins and resumes that the school is asked about at the same time: the whole school at the bell, twice.
MAX_LOOKED_AT = 1000
RETRY_SECONDS = 2.0


class SessionRefused(Exception):
    """There is no seat of this session for this browser."""


class TooMany(Exception):
    """More connections than a person needs, or more people at once than can be looked at. Later is good."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser behind a connection: its signed-in session."""

    token: str
    link: commands.Link
    connection: Connection

    @property
    def login(self) -> str:
        return digest(self.token)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the door asks: the school, who was given a ticket, and where the rooms are."""

    store: Store
    tickets: Tickets
    rooms: Rooms
    adults: AdultRule


class Door:
    def __init__(
        self,
        desk: Desk,
        *,
        new_secret: Callable[[], str],
        new_id: Callable[[], str],
        wall_clock: Callable[[], datetime],
    ) -> None:
        self._desk = desk
        self._new_secret = new_secret
        self._new_id = new_id
        self._wall_clock = wall_clock
        self._last_link = 0
        self._looked_at = 0
        self._open: set[Connection] = set()

    def new_link(self) -> commands.Link:
        self._last_link += 1
        return commands.Link(self._last_link)

    @contextmanager
    def attended(self, connection: Connection) -> Iterator[None]:
        """While the connection is open, in a room or not."""
        self._open.add(connection)
        try:
            yield
        finally:
            self._open.discard(connection)

    def close(self) -> None:
        """The process goes down: whoever is in no room is sent away too."""
        for connection in list(self._open):
            connection.fail()

    async def enter(self, visitor: Visitor, join: wire.Join, now: float) -> Room:
        """Raises TicketRefused for whatever is wrong with the ticket or has changed since it was given; TooMany."""
        with self._looking():
            grant = self._desk.tickets.redeem(join.ticket, visitor.login, now)
            member = await self._member(visitor)
            if member is None or member.id != grant.member:
                raise TicketRefused
            try:
                admission = await lessons.admission(self._desk.store, member, grant.lesson, self._wall_clock())
                view = admission.view
                if view.occurrence.starts_at != grant.starts_at or admission.room_role != grant.role:
                    raise TicketRefused
                room = self._desk.rooms.room_for(live_lesson(view))
            except (Refused, NotFound, RoomsClosed) as refused:
                raise TicketRefused from refused
            self._connect(room, visitor, member.id)
        person = person_of(member, admission, self._desk.adults)
        room.submit(commands.Enter(visitor.link, person, visitor.login, join, self._new_id(), self._new_secret()))
        return room

    async def resume(self, visitor: Visitor, resume: wire.Resume) -> Room:
        """Raises SessionRefused, TooMany. Whether the seat is still there is decided by the room."""
        with self._looking():
            room = self._desk.rooms.room_of_session(digest(resume.session))
            member = None if room is None else await self._member(visitor)
            if room is None or member is None:
                raise SessionRefused
            self._connect(room, visitor, member.id)
        room.submit(commands.Return(visitor.link, visitor.login, resume))
        return room

    @contextmanager
    def _looking(self) -> Iterator[None]:
        if self._looked_at >= MAX_LOOKED_AT:
            raise TooMany
        self._looked_at += 1
        try:
            yield
        finally:
            self._looked_at -= 1

    def _connect(self, room: Room, visitor: Visitor, member: str) -> None:
        if room.connections_of(member) >= MAX_PER_PERSON_AND_ROOM:
            raise TooMany
        room.connect(visitor.link, visitor.connection, member)

    async def _member(self, visitor: Visitor) -> Member | None:
        return await sessions.member_of(self._desk.store, visitor.token, self._wall_clock())
