"""Audit entries as rows: only ever added (the database refuses a change). The product does not read them: they
are for whoever examines the database."""

from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from school.audit import AuditEntry
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
