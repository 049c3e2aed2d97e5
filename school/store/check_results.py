"""Results of checks of line and devices as rows: added, and dropped when they are old or too many."""

from dataclasses import fields
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement, RowMapping, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from school.check_results import CheckOutcome, CheckResult, CheckStep
from school.store.tables import check_results

_STEPS: tuple[CheckStep, ...] = get_args(CheckStep)
_PLAIN = tuple(field.name for field in fields(CheckOutcome) if field.name != "steps")
_NEWEST_FIRST = (check_results.c.at.desc(), check_results.c.id)


class CheckResultRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, result: CheckResult) -> None:
        plain = {name: getattr(result.outcome, name) for name in _PLAIN}
        steps = {f"step_{step}": result.outcome.steps[step] for step in _STEPS}
        await self._connection.execute(
            insert(check_results).values(
                id=result.id, school_id=result.school_id, member_id=result.member_id, at=result.at, **plain, **steps
            )
        )

    async def since(self, school_id: str, moment: datetime) -> list[CheckResult]:
        """The newest first."""
        rows = await self._connection.execute(
            select(check_results)
            .where(check_results.c.school_id == school_id, check_results.c.at > moment)
            .order_by(*_NEWEST_FIRST)
        )
        return [_result(row) for row in rows.mappings()]

    async def drop_before(self, moment: datetime) -> None:
        """Of every school."""
        await self._connection.execute(delete(check_results).where(check_results.c.at <= moment))

    async def keep_newest(self, school_id: str, number: int) -> None:
        await self._keep(check_results.c.school_id == school_id, number)

    async def keep_newest_of_member(self, member_id: str, number: int) -> None:
        await self._keep(check_results.c.member_id == member_id, number)

    async def _keep(self, condition: ColumnElement[bool], number: int) -> None:
        newest = select(check_results.c.id).where(condition).order_by(*_NEWEST_FIRST).limit(number)
        await self._connection.execute(delete(check_results).where(condition, check_results.c.id.not_in(newest)))


def _result(row: RowMapping) -> CheckResult:
    outcome = CheckOutcome(steps={step: row[f"step_{step}"] for step in _STEPS}, **{name: row[name] for name in _PLAIN})
    return CheckResult(row["id"], row["school_id"], row["member_id"], row["at"], outcome)
