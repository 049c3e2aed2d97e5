"""From the school's member to the person whom a room shows. Pure; called by the door, by the books when a co-host is
named, and when rooms are restored.
"""

from typing import Literal

from school.people import Member, Role
from school.schedule import Lesson
from school.usecases.lessons import Admission
from signaling.live import messages as wire
from signaling.live.commands import Office, Person

# Who counts as an adult of the school: leaders and co-hosts only, or every verified adult of the school who is in.
AdultRule = Literal["teacher", "staff"]


def person_of(member: Member, admission: Admission, rule: AdultRule) -> Person:
    role, lesson = admission.room_role, admission.view.lesson
    staff = member.is_adult_of_school and member.verified
    return Person(
        member=member.id,
        name=member.full_name,
        short_name=admission.short_name,
        initials=member.initials,
        about=admission.about,
        role=role,
        host=admission.host,
        expected=admission.expected,
        adult=staff and (admission.host or rule == "staff"),
        verified=staff,
        office=_office(member, lesson) if role == "observer" else None,
    )


def past_person(member: Member, role: wire.RoomRole) -> Person:
    """Somebody who was in the room and has no right to come in any more: a name, and no power."""
    return Person(
        member=member.id,
        name=member.full_name,
        short_name=member.short_name,
        initials=member.initials,
        about="",
        role=role,
        host=False,
        expected=False,
        adult=False,
        verified=member.is_adult_of_school and member.verified,
        office=None,
    )


def _office(member: Member, lesson: Lesson) -> Office:
    if lesson.class_id in member.classes_as(Role.CLASS_TEACHER):
        return "class_teacher"
    return "administrator" if Role.ADMINISTRATOR in member.roles else "director"
