"""A demo school whose class 5А has as many pupils as a benchmark needs, founded through the school's own use case."""

import asyncio
from dataclasses import replace
from pathlib import Path

from school.people import Appointment, Member, Role
from school.usecases.founding import Roster, found_school
from zvonok.checks import SQLITE
from zvonok.database import opened
from zvonok.demo_school import CLASS_OF_THE_LESSON, roster

ZONE = "Europe/Moscow"


def found(folder: Path, pupils: int) -> None:
    """In a folder for `zvonok demo --data`, which leaves a school that is there as it is."""
    asyncio.run(_found(folder, pupils))


async def _found(folder: Path, pupils: int) -> None:
    async with opened(f"{SQLITE}{folder / 'demo.sqlite3'}") as store:
        await found_school(store, _with_pupils(roster(ZONE), pupils))


def _with_pupils(school: Roster, pupils: int) -> Roster:
    class_id = next(each.id for each in school.classes if each.name == CLASS_OF_THE_LESSON)
    in_class = Appointment(Role.PUPIL, class_id)
    pattern = next(member for member in school.members if in_class in member.appointments)
    present = sum(in_class in member.appointments for member in school.members)
    more = [_pupil(pattern, number) for number in range(present, pupils)]
    return replace(school, members=[*school.members, *more])


def _pupil(pattern: Member, number: int) -> Member:
    return replace(pattern, id=f"{number:032x}", family_name=f"Ученик{number:02}", given_name="Ярослав")
