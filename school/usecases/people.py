"""How the people of a school are presented: names, class, school.

Called for the page of the person themself and for the demo's list; it shows nobody's row to somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from school.people import Guardianship, Member, Role, name_by_children
from school.store import Store, Transaction
from school.structure import School, SchoolClass


@dataclass(frozen=True)
class MemberCard:
    """`class_name`: a pupil's, a class teacher's, or that of a parent's child. `young`: pupil of a primary class."""

    member: Member
    short_name: str
    class_name: str | None
    young: bool
    school: School


async def describe(store: Store, member: Member) -> MemberCard:
    async with store.read() as tx:
        return await describe_in(tx, member)


async def describe_in(tx: Transaction, member: Member) -> MemberCard:
    school = await tx.structure.school(member.school_id)
    return (await _cards(tx, school, [member]))[0]


async def all_people(store: Store) -> list[MemberCard]:
    """Everybody of every school here, staff first, then by class and family name."""
    async with store.read() as tx:
        cards: list[MemberCard] = []
        for school in await tx.structure.schools():
            cards += sorted(await _cards(tx, school, await tx.people.all_of(school.id)), key=_order)
        return cards


async def _cards(tx: Transaction, school: School, members: Sequence[Member]) -> list[MemberCard]:
    classes = await tx.structure.classes(school.id)
    guardianships = await tx.people.guardianships_of(member.id for member in members if Role.PARENT in member.roles)
    children = await tx.people.several(school.id, (guardianship.child_id for guardianship in guardianships))
    return [_card(member, school, classes, _child_of(member, guardianships, children)) for member in members]


def _child_of(
    member: Member, guardianships: Sequence[Guardianship], children: dict[str, Member]
) -> tuple[Guardianship, Member] | None:
    return next(
        (
            (guardianship, children[guardianship.child_id])
            for guardianship in guardianships
            if guardianship.guardian_id == member.id and guardianship.child_id in children
        ),
        None,
    )


def _card(
    member: Member, school: School, classes: dict[str, SchoolClass], child: tuple[Guardianship, Member] | None
) -> MemberCard:
    own = _class_of(member, classes)
    short_name = member.short_name
    if child is not None and not member.is_adult_of_school:
        guardianship, pupil = child
        short_name = name_by_children(member, [guardianship])
        own = _class_of(pupil, classes)
    young = member.main_role is Role.PUPIL and own is not None and own.young
    return MemberCard(member, short_name, own.name if own is not None else None, young, school)


def class_as(role: Role, member: Member, classes: dict[str, SchoolClass]) -> SchoolClass | None:
    """Of several, the first of the school."""
    own = (classes[class_id] for class_id in member.classes_as(role))
    return min(own, key=lambda one: (one.parallel, one.letter), default=None)


def _class_of(member: Member, classes: dict[str, SchoolClass]) -> SchoolClass | None:
    return class_as(Role.PUPIL, member, classes) or class_as(Role.CLASS_TEACHER, member, classes)


def _order(card: MemberCard) -> tuple[int, str, str, str]:
    roles = list(Role)
    rank = len(roles) if card.member.main_role is None else roles.index(card.member.main_role)
    return rank, card.class_name or "", card.member.family_name, card.member.id
