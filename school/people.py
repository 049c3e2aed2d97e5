"""Members of a school, the roles they are appointed to, and who is whose guardian.

Called by every other part of the domain. A role always has a scope: the whole school or one class. Names
come from the roster; how a person is called depends on what they are in the school.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"
    DEPUTY = "deputy"
    CLASS_TEACHER = "class_teacher"
    TEACHER = "teacher"
    PUPIL = "pupil"
    PARENT = "parent"


STAFF = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR, Role.DEPUTY, Role.CLASS_TEACHER, Role.TEACHER})
_PRECEDENCE = tuple(Role)


class Kinship(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    GUARDIAN = "guardian"


_KINSHIP_WORDS = {
    Kinship.MOTHER: "мама",
    Kinship.FATHER: "папа",
    Kinship.GRANDMOTHER: "бабушка",
    Kinship.GRANDFATHER: "дедушка",
    Kinship.GUARDIAN: "опекун",
}

WHOLE_SCHOOL = None
Scope = str | None  # the id of one class, or WHOLE_SCHOOL


@dataclass(frozen=True)
class Appointment:
    role: Role
    class_id: Scope = WHOLE_SCHOOL


@dataclass(frozen=True)
class Member:
    """`verified`: the school confirmed that this person is what the appointments say (staff only matter).
    `post`: the words under the name, as the roster has them («учитель математики»)."""

    id: str
    school_id: str
    family_name: str
    given_name: str
    patronymic: str
    appointments: frozenset[Appointment]
    verified: bool
    post: str

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(appointment.role for appointment in self.appointments)

    @property
    def main_role(self) -> Role | None:
        """The one that stands first for the person, of all they have."""
        return next((role for role in _PRECEDENCE if role in self.roles), None)

    @property
    def is_adult_of_school(self) -> bool:
        return not STAFF.isdisjoint(self.roles)

    @property
    def full_name(self) -> str:
        if self.main_role is Role.PUPIL:
            return f"{self.given_name} {self.family_name}"
        return " ".join(part for part in (self.given_name, self.patronymic, self.family_name) if part)

    @property
    def short_name(self) -> str:
        """How a tile calls the person. A parent's needs the child: `name_by_children`."""
        if self.is_adult_of_school and self.patronymic:
            return f"{self.given_name} {self.patronymic}"
        return f"{self.given_name} {self.family_name}"

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper()

    def classes_as(self, role: Role) -> frozenset[str]:
        """Classes for which the person holds this role."""
        return frozenset(
            appointment.class_id
            for appointment in self.appointments
            if appointment.role is role and appointment.class_id is not None
        )


@dataclass(frozen=True)
class Guardianship:
    """`child_genitive`: the child's given name as it stands after «мама», from the roster."""

    guardian_id: str
    child_id: str
    kind: Kinship
    child_genitive: str


def relation(guardianships: Sequence[Guardianship]) -> str:
    """What one guardian is to these children: «мама Полины», «бабушка Вани и Лизы»."""
    word = _KINSHIP_WORDS[guardianships[0].kind]
    return f"{word} {' и '.join(guardianship.child_genitive for guardianship in guardianships)}"


def name_by_children(guardian: Member, guardianships: Sequence[Guardianship]) -> str:
    """How a tile calls a parent: «Ольга, мама Полины»."""
    return f"{guardian.given_name}, {relation(guardianships)}"
