"""The school's books of one lesson, as its live room writes them: powers, chat, attendance, and the room itself.

Made by the registry, one set a room; called by the room's scribe and keeper, which bear with a database that does
not answer. Whoever acts is looked up afresh each time, with the rights that they have at that moment.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from typing_extensions import override

from school.chat import ChatLine
from school.people import Member
from school.refusals import NotFound, Refused
from school.store import Store
from school.usecases import conduct, live_rooms
from signaling.live import commands
from signaling.live.keeper import StateRow
from signaling.live.person import AdultRule, past_person, person_of
from signaling.live.scribe import ConductBooks, RoomBooks


@dataclass(frozen=True, slots=True)
class Books:
    conduct: ConductBooks
    room: RoomBooks
    state: StateRow


@dataclass(frozen=True, slots=True)
class Library:
    """Where the books are, and what reading them takes."""

    store: Store
    wall_clock: Callable[[], datetime]
    adults: AdultRule

    def books_of(self, lesson: str, starts_at: datetime) -> Books:
        return Books(
            LessonConduct(self, lesson), LessonRecords(self, lesson, starts_at), LessonState(self, lesson, starts_at)
        )

    async def member(self, member_id: str) -> Member | None:
        """With the roles of this moment."""
        async with self.store.read() as tx:
            return await tx.people.find_anywhere(member_id)


class LessonConduct(ConductBooks):
    def __init__(self, library: Library, lesson: str) -> None:
        self._library = library
        self._store = library.store
        self._lesson = lesson

    @override
    async def power(self, entry: commands.RecordPower) -> bool:
        use = conduct.Use(entry.deed, entry.target, entry.detail)
        return await self._allowed(
            entry.by,
            lambda member, now: conduct.use_power(self._store, member, self._lesson, use, now),
        )

    @override
    async def removal(self, entry: commands.RecordRemoval) -> bool:
        return await self._allowed(
            entry.by,
            lambda member, now: conduct.remove(self._store, member, self._lesson, entry.removed, entry.reason, now),
        )

    @override
    async def end(self, entry: commands.RecordEnd) -> bool:
        return await self._allowed(entry.by, lambda member, now: conduct.end(self._store, member, self._lesson, now))

    @override
    async def report(self, entry: commands.RecordReport) -> bool:
        complaint = conduct.Complaint(entry.about, entry.category, entry.text)
        return await self._allowed(
            entry.by,
            lambda member, now: conduct.report(self._store, member, self._lesson, complaint, now),
        )

    @override
    async def host(self, entry: commands.RecordHost) -> commands.Person | None:
        member, target = await self._library.member(entry.by), await self._library.member(entry.member)
        if member is None or target is None:
            return None
        now = self._library.wall_clock()
        try:
            named = await conduct.name_cohost(self._store, member, self._lesson, target.id, now, on=entry.on)
        except Refused as refused:
            # Is a co-host no longer, and was nothing else here: without powers until they leave.
            ended = refused.code == "not_a_member" and not entry.on
            return past_person(target, "observer") if ended else None
        except NotFound:
            return None
        return person_of(target, named, self._library.adults)

    async def _allowed(self, by: str, write: Callable[[Member, datetime], Awaitable[None]]) -> bool:
        member = await self._library.member(by)
        if member is None:
            return False
        try:
            await write(member, self._library.wall_clock())
        except (Refused, NotFound):
            return False
        return True


class LessonRecords(RoomBooks):
    def __init__(self, library: Library, lesson: str, starts_at: datetime) -> None:
        self._library = library
        self._store = library.store
        self._lesson = lesson
        self._starts_at = starts_at

    @override
    async def chat(self, entry: commands.KeepChat) -> None:
        said = entry.message
        line = ChatLine(
            id=said.id,
            lesson_id=self._lesson,
            starts_at=self._starts_at,
            author_id=entry.author,
            text=said.text,
            to=said.to,
            at=datetime.fromtimestamp(said.at, UTC),
            removed=said.removed,
        )
        await live_rooms.keep_chat(self._store, line)

    @override
    async def chat_removal(self, entry: commands.KeepChatRemoval) -> None:
        await live_rooms.remove_chat(self._store, entry.message, entry.by)

    @override
    async def presence(self, entry: commands.KeepPresence) -> None:
        write = live_rooms.came if entry.what == "came" else live_rooms.left
        at = datetime.fromtimestamp(entry.at, UTC)
        await write(self._store, self._lesson, self._starts_at, entry.member, at)
        if entry.observes:
            await self._observed(entry.member)

    async def _observed(self, by: str) -> None:
        member = await self._library.member(by)
        if member is not None:
            with suppress(Refused, NotFound):
                await conduct.observer_came(self._store, member, self._lesson, self._library.wall_clock())

    @override
    async def one_to_one(self, entry: commands.RecordOneToOne) -> None:
        await conduct.one_to_one(self._store, self._lesson, entry.adult, entry.child, self._library.wall_clock())


class LessonState(StateRow):
    def __init__(self, library: Library, lesson: str, starts_at: datetime) -> None:
        self._library = library
        self._lesson = lesson
        self._starts_at = starts_at

    @override
    async def keep(self, text: str) -> None:
        library = self._library
        await live_rooms.keep_room(library.store, self._lesson, self._starts_at, text, library.wall_clock())

    @override
    async def forget(self) -> None:
        await live_rooms.forget_room(self._library.store, self._lesson, self._starts_at)
