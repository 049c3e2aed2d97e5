"""The school and its classes, by the nomenclature of the regulations: parallel and letter.

Called by the use cases. Knows nothing of people: who is in a class is an appointment (`people.py`).
"""

from dataclasses import dataclass

LAST_YOUNG_PARALLEL = 4


@dataclass(frozen=True)
class School:
    """`zone`: IANA name; every time of day in the school's timetable is meant in it."""

    id: str
    name: str
    zone: str


@dataclass(frozen=True)
class SchoolClass:
    id: str
    school_id: str
    parallel: int
    letter: str

    @property
    def name(self) -> str:
        return f"{self.parallel}{self.letter}"

    @property
    def young(self) -> bool:
        """Primary school: greeted by first name, shorter sentences."""
        return self.parallel <= LAST_YOUNG_PARALLEL
