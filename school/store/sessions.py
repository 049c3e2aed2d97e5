"""Signed-in sessions as rows, by the hash of their token."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from school.store.tables import sessions


class SessionRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token_hash: str, school_id: str, member_id: str, now: datetime, expires_at: datetime) -> None:
        await self._connection.execute(
            insert(sessions).values(
                token_hash=token_hash, school_id=school_id, member_id=member_id, opened_at=now, expires_at=expires_at
            )
        )

    async def holder(self, token_hash: str, now: datetime) -> str | None:
        """Id of the member whose session this is."""
        found = await self._connection.execute(
            select(sessions.c.member_id).where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
        )
        return found.scalar_one_or_none()

    async def drop(self, token_hash: str) -> None:
        await self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def drop_expired(self, now: datetime) -> None:
        await self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
