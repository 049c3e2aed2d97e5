"""How a school comes into being: its first rows, all of them or none.

Called by the product at start, with the school of the configuration or with the demo school.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from school.people import Guardianship, Member
from school.schedule import Lesson
from school.store import Store
from school.structure import School, SchoolClass


@dataclass(frozen=True)
class Roster:
    school: School
    classes: Sequence[SchoolClass]
    members: Sequence[Member]
    guardianships: Sequence[Guardianship]
    lessons: Sequence[Lesson]


async def found_school(store: Store, roster: Roster) -> bool:
    """Adds everything of the roster when the store has no school yet; False when it has one."""
    async with store.write() as tx:
        if await tx.structure.schools():
            return False
        await tx.structure.add_school(roster.school)
        for school_class in roster.classes:
            await tx.structure.add_class(school_class)
        for member in roster.members:
            await tx.people.add(member)
        for guardianship in roster.guardianships:
            await tx.people.add_guardianship(roster.school.id, guardianship)
        for lesson in roster.lessons:
            await tx.timetable.add(lesson)
        return True


async def keep_school(store: Store, name: str, zone: str) -> None:
    """The one school of an installation under the name and in the zone that its configuration says."""
    async with store.write() as tx:
        schools = await tx.structure.schools()
        if not schools:
            await tx.structure.add_school(School(uuid4().hex, name, zone))
        elif (schools[0].name, schools[0].zone) != (name, zone):
            await tx.structure.change_school(School(schools[0].id, name, zone))
