"""Members, their appointments and guardianships as rows."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import ColumnElement, RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.store.tables import appointments, guardianships, members


class PeopleRows:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, member: Member) -> None:
        await self._connection.execute(
            insert(members).values(
                id=member.id,
                school_id=member.school_id,
                family_name=member.family_name,
                given_name=member.given_name,
                patronymic=member.patronymic,
                verified=member.verified,
                post=member.post,
            )
        )
        rows = [
            {
                "id": uuid4().hex,
                "school_id": member.school_id,
                "member_id": member.id,
                "role": appointment.role.value,
                "class_id": appointment.class_id,
            }
            for appointment in member.appointments
        ]
        if rows:
            await self._connection.execute(insert(appointments), rows)

    async def add_guardianship(self, school_id: str, guardianship: Guardianship) -> None:
        await self._connection.execute(
            insert(guardianships).values(
                guardian_id=guardianship.guardian_id,
                child_id=guardianship.child_id,
                school_id=school_id,
                kind=guardianship.kind.value,
                child_genitive=guardianship.child_genitive,
            )
        )

    async def find(self, school_id: str, member_id: str) -> Member | None:
        found = await self._select((members.c.school_id == school_id) & (members.c.id == member_id))
        return found[0] if found else None

    async def find_anywhere(self, member_id: str) -> Member | None:
        """For a caller who knows the person only by an id that authenticates them."""
        found = await self._select(members.c.id == member_id)
        return found[0] if found else None

    async def several(self, school_id: str, member_ids: Iterable[str]) -> dict[str, Member]:
        found = await self._select((members.c.school_id == school_id) & members.c.id.in_(list(member_ids)))
        return {member.id: member for member in found}

    async def all_of(self, school_id: str) -> list[Member]:
        return await self._select(members.c.school_id == school_id)

    async def in_class(self, school_id: str, class_id: str, role: Role) -> list[Member]:
        """Who holds this role for this class."""
        holders = select(appointments.c.member_id).where(
            appointments.c.class_id == class_id, appointments.c.role == role.value
        )
        return await self._select((members.c.school_id == school_id) & members.c.id.in_(holders))

    async def guardians_of(self, child_ids: Iterable[str]) -> list[Guardianship]:
        return await self._guardianships(guardianships.c.child_id.in_(list(child_ids)))

    async def guardianships_of(self, guardian_ids: Iterable[str]) -> list[Guardianship]:
        return await self._guardianships(guardianships.c.guardian_id.in_(list(guardian_ids)))

    async def _guardianships(self, condition: ColumnElement[bool]) -> list[Guardianship]:
        rows = await self._connection.execute(
            select(guardianships).where(condition).order_by(guardianships.c.guardian_id, guardianships.c.child_id)
        )
        return [
            Guardianship(row["guardian_id"], row["child_id"], Kinship(row["kind"]), row["child_genitive"])
            for row in rows.mappings()
        ]

    async def _select(self, condition: ColumnElement[bool]) -> list[Member]:
        rows = await self._connection.execute(
            select(members, appointments.c.role, appointments.c.class_id)
            .outerjoin(appointments, appointments.c.member_id == members.c.id)
            .where(condition)
        )
        return _members(rows.mappings())


def _members(rows: Iterable[RowMapping]) -> list[Member]:
    """A member has as many rows as appointments, and one row without any."""
    people: dict[str, RowMapping] = {}
    held: defaultdict[str, set[Appointment]] = defaultdict(set)
    for row in rows:
        people[row["id"]] = row
        if row["role"] is not None:
            held[row["id"]].add(Appointment(Role(row["role"]), row["class_id"]))
    return [_member(row, frozenset(held[identity])) for identity, row in people.items()]


def _member(row: RowMapping, held: frozenset[Appointment]) -> Member:
    return Member(
        id=row["id"],
        school_id=row["school_id"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        patronymic=row["patronymic"],
        appointments=held,
        verified=row["verified"],
        post=row["post"],
    )
