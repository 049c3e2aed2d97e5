"""Audit entries as rows: added, read, never changed (the database refuses it)."""

from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from school.audit import AuditEntry, Deed
from school.store.tables import audit


class AuditRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        await self._connection.execute(
            insert(audit).values(
                id=uuid4().hex,
                school_id=entry.school_id,
                actor_id=entry.actor_id,
                deed=entry.deed.value,
                lesson_id=entry.lesson_id,
                starts_at=entry.starts_at,
                target_id=entry.target_id,
                detail=entry.detail,
                at=entry.at,
            )
        )

    async def of_school(self, school_id: str) -> list[AuditEntry]:
        """Oldest first."""
        rows = await self._connection.execute(select(audit).where(audit.c.school_id == school_id).order_by(audit.c.at))
        return [
            AuditEntry(
                row["school_id"],
                row["actor_id"],
                Deed(row["deed"]),
                row["lesson_id"],
                row["starts_at"],
                row["target_id"],
                row["detail"],
                row["at"],
            )
            for row in rows.mappings()
        ]
