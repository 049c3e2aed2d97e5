"""What the room is told of a member who comes in: their role there, and how they are called.

Called by the use cases that let somebody in or change what they are.
"""

from dataclasses import dataclass

from school.lesson_view import LessonView
from school.parts import Part, RoomRole
from school.people import Guardianship, Member, Role, name_by_children, relation
from school.schedule import Lesson
from school.store import Transaction
from school.usecases.finding import Found, children_of


@dataclass(frozen=True)
class Admission:
    """`host`: has the powers over this room. `expected`: comes by the school's books, as the list of the class, its
    parents, or whoever leads or may visit it. `about`: the words under the name, empty for pupils."""

    room_role: RoomRole
    host: bool
    expected: bool
    about: str
    short_name: str
    view: LessonView


async def admission_of(tx: Transaction, member: Member, found: Found) -> Admission:
    children = await children_of(tx, member) if found.part.room_role == "parent" else []
    of_class = of_this_class(children, found.lesson)
    return Admission(
        room_role=found.part.room_role,
        host=found.part.host,
        expected=True,
        about=about_in(member, found.part, of_class),
        short_name=name_by_children(member, of_class) if of_class else member.short_name,
        view=found.view,
    )


def of_this_class(children: list[tuple[Guardianship, Member]], lesson: Lesson) -> list[Guardianship]:
    return [guardianship for guardianship, child in children if lesson.class_id in child.classes_as(Role.PUPIL)]


def about_in(member: Member, part: Part, children: list[Guardianship]) -> str:
    """`children`: of a parent, those of the class."""
    if part.room_role == "pupil":
        return ""
    return relation(children) if part.room_role == "parent" and children else member.post
