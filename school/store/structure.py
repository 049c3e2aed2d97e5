"""Schools and their classes as rows."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from school.store.tables import classes, schools
from school.structure import School, SchoolClass


class StructureRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_school(self, school: School) -> None:
        await self._connection.execute(insert(schools).values(id=school.id, name=school.name, zone=school.zone))

    async def change_school(self, school: School) -> None:
        await self._connection.execute(
            update(schools).where(schools.c.id == school.id).values(name=school.name, zone=school.zone)
        )

    async def add_class(self, school_class: SchoolClass) -> None:
        await self._connection.execute(
            insert(classes).values(
                id=school_class.id,
                school_id=school_class.school_id,
                parallel=school_class.parallel,
                letter=school_class.letter,
            )
        )

    async def schools(self) -> list[School]:
        rows = await self._connection.execute(select(schools).order_by(schools.c.name))
        return [School(**row) for row in rows.mappings()]

    async def school(self, school_id: str) -> School:
        row = await self._connection.execute(select(schools).where(schools.c.id == school_id))
        return School(**row.mappings().one())

    async def classes(self, school_id: str) -> dict[str, SchoolClass]:
        rows = await self._connection.execute(select(classes).where(classes.c.school_id == school_id))
        return {row["id"]: SchoolClass(**row) for row in rows.mappings()}
