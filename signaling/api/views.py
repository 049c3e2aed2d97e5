"""From the school's objects to the documents of the API: what a page is shown of a lesson and its own person. Pure."""

from typing import Final

from school.lesson_view import LessonView
from school.people import Member, Role
from school.refusals import Refused
from school.usecases.people import MemberCard
from signaling.api import documents

_ROLES: Final[dict[Role, documents.OrganisationRole]] = {
    Role.ADMINISTRATOR: "administrator",
    Role.DIRECTOR: "director",
    Role.DEPUTY: "director",
    Role.CLASS_TEACHER: "class_teacher",
    Role.TEACHER: "teacher",
    Role.PUPIL: "pupil",
    Role.PARENT: "parent",
}


def roles_of(member: Member) -> list[documents.OrganisationRole]:
    """In the order of the nomenclature, each once."""
    return list(dict.fromkeys(word for role, word in _ROLES.items() if role in member.roles))


def me_document(card: MemberCard, *, demo: bool) -> documents.Me:
    member = card.member
    return documents.Me(
        id=member.id,
        name=member.full_name,
        short_name=card.short_name,
        initials=member.initials,
        greeting=_greeting(member),
        roles=roles_of(member),
        class_name=card.class_name,
        young=card.young,
        verified=member.verified,
        school=card.school.name,
        demo=demo,
    )


def _greeting(member: Member) -> str:
    if Role.PUPIL in member.roles:
        return member.given_name
    return " ".join(part for part in (member.given_name, member.patronymic) if part)


def demo_person(card: MemberCard) -> documents.DemoPerson | None:
    roles = roles_of(card.member)
    if not roles:
        return None
    return documents.DemoPerson(
        id=card.member.id,
        role=roles[0],
        name=card.member.full_name,
        initials=card.member.initials,
        class_name=card.class_name,
        login_path=f"/demo/sign-in/{card.member.id}",
    )


def lesson_document(view: LessonView, present: int) -> documents.Lesson:
    return documents.Lesson(
        id=view.lesson.id,
        kind=view.lesson.kind.value,
        number=view.number,
        subject=view.lesson.subject,
        topic=view.lesson.topic,
        class_name=view.class_name,
        teacher_name=view.teacher.full_name,
        teacher_short_name=view.teacher.short_name,
        starts_at=view.occurrence.starts_at.timestamp(),
        ends_at=view.occurrence.ends_at.timestamp(),
        when=view.when,
        room=view.room,
        present=present,
        action=view.action,
    )


def refusal_document(refused: Refused) -> documents.Refusal:
    """Who is in that other lesson is not told."""
    own = None if refused.own_lesson is None else lesson_document(refused.own_lesson, 0)
    return documents.Refusal(
        code=refused.code,
        message="refused by the school",
        own_lesson=own,
        own_class_name=refused.own_class_name,
    )
