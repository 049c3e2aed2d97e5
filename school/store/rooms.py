"""What a live room leaves behind as rows: its state for the next process, its chat, and who was in when.

The state is a text that only the room understands. Rows are named by the occurrence; the caller says the school.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Table, case, delete, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from school.attendance import Stay
from school.chat import ChatLine
from school.store.tables import chat_messages, live_rooms, stays


@dataclass(frozen=True)
class RoomRow:
    school_id: str
    lesson_id: str
    starts_at: datetime
    state: str


class RoomRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def replace(self, lesson_id: str, starts_at: datetime, state: str, now: datetime) -> bool:
        """False, and nothing is kept, when nothing was kept of this room before."""
        changed = await self._connection.execute(
            update(live_rooms).where(_of(live_rooms, lesson_id, starts_at)).values(state=state, kept_at=now)
        )
        return changed.rowcount > 0

    async def add(self, row: RoomRow, now: datetime) -> None:
        await self._connection.execute(
            insert(live_rooms).values(
                lesson_id=row.lesson_id,
                starts_at=row.starts_at,
                school_id=row.school_id,
                state=row.state,
                kept_at=now,
            )
        )

    async def kept(self) -> list[RoomRow]:
        """Of every school."""
        rows = await self._connection.execute(select(live_rooms).order_by(live_rooms.c.kept_at))
        return [RoomRow(row["school_id"], row["lesson_id"], row["starts_at"], row["state"]) for row in rows.mappings()]

    async def forget(self, lesson_id: str, starts_at: datetime) -> None:
        await self._connection.execute(delete(live_rooms).where(_of(live_rooms, lesson_id, starts_at)))


class ChatRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, school_id: str, line: ChatLine) -> None:
        """The same message again is the one that is there."""
        there = await self._connection.execute(select(chat_messages.c.id).where(chat_messages.c.id == line.id))
        if there.first() is not None:
            return
        await self._connection.execute(
            insert(chat_messages).values(
                id=line.id,
                school_id=school_id,
                lesson_id=line.lesson_id,
                starts_at=line.starts_at,
                author_id=line.author_id,
                text=line.text,
                audience=line.to,
                at=line.at,
                removed=line.removed,
            )
        )

    async def remove(self, message_id: str, by: str) -> None:
        """The row stays, the text does not. What is removed already stays as it is."""
        await self._connection.execute(
            update(chat_messages)
            .where(chat_messages.c.id == message_id, chat_messages.c.removed.is_(None))
            .values(text="", removed=case((chat_messages.c.author_id == by, literal("author")), else_=literal("host")))
        )

    async def latest(self, lesson_id: str, starts_at: datetime, limit: int) -> list[ChatLine]:
        """Oldest first."""
        rows = await self._connection.execute(
            select(chat_messages)
            .where(_of(chat_messages, lesson_id, starts_at))
            .order_by(chat_messages.c.at.desc(), chat_messages.c.id.desc())
            .limit(limit)
        )
        return [
            ChatLine(
                id=row["id"],
                lesson_id=row["lesson_id"],
                starts_at=row["starts_at"],
                author_id=row["author_id"],
                text=row["text"],
                to=row["audience"],
                at=row["at"],
                removed=row["removed"],
            )
            for row in reversed(rows.mappings().all())
        ]


class StayRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, school_id: str, lesson_id: str, starts_at: datetime, member_id: str, at: datetime) -> None:
        """Nothing when the member is in already."""
        is_in = await self._connection.execute(
            select(stays.c.id).where(_of(stays, lesson_id, starts_at), _open_of(member_id))
        )
        if is_in.first() is not None:
            return
        await self._connection.execute(
            insert(stays).values(
                id=uuid4().hex,
                school_id=school_id,
                lesson_id=lesson_id,
                starts_at=starts_at,
                member_id=member_id,
                came_at=at,
                left_at=None,
            )
        )

    async def finish(self, lesson_id: str, starts_at: datetime, member_id: str, at: datetime) -> None:
        await self._connection.execute(
            update(stays).where(_of(stays, lesson_id, starts_at), _open_of(member_id)).values(left_at=at)
        )

    async def of_room(self, lesson_id: str, starts_at: datetime) -> dict[str, Sequence[Stay]]:
        """By member."""
        found: defaultdict[str, list[Stay]] = defaultdict(list)
        rows = await self._connection.execute(
            select(stays).where(_of(stays, lesson_id, starts_at)).order_by(stays.c.came_at)
        )
        for row in rows.mappings():
            found[row["member_id"]].append(Stay(row["came_at"], row["left_at"]))
        return dict(found)


def _of(table: Table, lesson_id: str, starts_at: datetime) -> ColumnElement[bool]:
    return (table.c.lesson_id == lesson_id) & (table.c.starts_at == starts_at)


def _open_of(member_id: str) -> ColumnElement[bool]:
    return (stays.c.member_id == member_id) & stays.c.left_at.is_(None)
