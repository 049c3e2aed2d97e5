"""The audit as whoever examines the database reads it; nothing in the product does."""

from sqlalchemy import select

from school.audit import AuditEntry, Deed
from school.store import Store
from school.store.tables import audit


async def audit_of(store: Store, school_id: str) -> list[AuditEntry]:
    """Oldest first."""
    async with store.read() as tx:
        rows = await tx.audit._connection.execute(
            select(audit).where(audit.c.school_id == school_id).order_by(audit.c.at)
        )
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
