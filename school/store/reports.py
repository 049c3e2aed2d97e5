"""Reports to the administrator as rows. Once written, only «seen» is added to one."""

from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from school.reports import Report
from school.store.tables import reports


class ReportRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, report: Report) -> None:
        await self._connection.execute(
            insert(reports).values(
                id=report.id,
                school_id=report.school_id,
                lesson_id=report.lesson_id,
                starts_at=report.starts_at,
                author_id=report.author_id,
                about_id=report.about_id,
                category=report.category,
                text=report.text,
                at=report.at,
                seen_at=report.seen_at,
            )
        )

    async def of_school(self, school_id: str, limit: int) -> list[Report]:
        """Unseen first, then the newest."""
        rows = await self._connection.execute(
            select(reports)
            .where(reports.c.school_id == school_id)
            .order_by(reports.c.seen_at.is_not(None), reports.c.at.desc(), reports.c.id)
            .limit(limit)
        )
        return [Report(**row) for row in rows.mappings()]

    async def unseen_of(self, lesson_id: str, author_id: str, category: str) -> int:
        """How many such reports of one author wait to be seen."""
        rows = await self._connection.execute(
            select(reports.c.id).where(
                reports.c.lesson_id == lesson_id,
                reports.c.author_id == author_id,
                reports.c.category == category,
                reports.c.seen_at.is_(None),
            )
        )
        return len(rows.all())

    async def find(self, school_id: str, report_id: str) -> Report | None:
        condition: ColumnElement[bool] = (reports.c.school_id == school_id) & (reports.c.id == report_id)
        row = (await self._connection.execute(select(reports).where(condition))).mappings().first()
        return None if row is None else Report(**row)

    async def mark_seen(self, report_id: str, at: datetime) -> None:
        await self._connection.execute(
            update(reports).where(reports.c.id == report_id, reports.c.seen_at.is_(None)).values(seen_at=at)
        )
