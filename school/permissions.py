"""Who may do what: the one function that decides rights, and the table that it reads.

Deny by default: an action is allowed when the table grants it to one of the member's roles and the target is
within reach of that role. Staff whom the school has not verified hold no grant at all. Called by every use
case before it changes or shows anything; it knows the lesson, not what happened in it.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from school.people import STAFF, Member, Role
from school.schedule import Lesson


class Action(StrEnum):
    START_LESSON = "start_lesson"
    TEACH_LESSON = "teach_lesson"
    ATTEND_LESSON = "attend_lesson"
    OBSERVE_LESSON = "observe_lesson"
    END_LESSON = "end_lesson"
    MUTE_PARTICIPANT = "mute_participant"
    REMOVE_PARTICIPANT = "remove_participant"


class Reach(Enum):
    """How far a grant goes."""

    SCHOOL = "every lesson of the school"
    CLASS = "lessons of the class that the role is for"
    OWN = "lessons that the member teaches"


class Reason(StrEnum):
    """Why a decision fell; the refusals of the use cases carry the same words."""

    GRANTED = "granted"
    NOT_FOUND = "not_found"
    WRONG_CLASS = "wrong_class"
    PARENTS_NOT_IN_LESSONS = "parents_not_in_lessons"
    NOT_A_MEMBER = "not_a_member"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: Reason


_OWN_LESSON = dict.fromkeys(STAFF, Reach.OWN)

GRANTS: dict[Action, dict[Role, Reach]] = {
    Action.START_LESSON: _OWN_LESSON,
    Action.TEACH_LESSON: _OWN_LESSON,
    Action.END_LESSON: _OWN_LESSON,
    Action.MUTE_PARTICIPANT: _OWN_LESSON,
    Action.REMOVE_PARTICIPANT: _OWN_LESSON,
    Action.ATTEND_LESSON: {Role.PUPIL: Reach.CLASS},
    Action.OBSERVE_LESSON: {
        Role.DIRECTOR: Reach.SCHOOL,
        Role.DEPUTY: Reach.SCHOOL,
        Role.ADMINISTRATOR: Reach.SCHOOL,
        Role.CLASS_TEACHER: Reach.CLASS,
    },
}

_WAYS_IN = frozenset({Action.TEACH_LESSON, Action.ATTEND_LESSON, Action.OBSERVE_LESSON})


def may(member: Member, action: Action, lesson: Lesson) -> Decision:
    """Whether this member may do this in this lesson, and why not."""
    if member.school_id != lesson.school_id:
        return Decision(allowed=False, reason=Reason.NOT_FOUND)
    for role, reach in GRANTS[action].items():
        if role in _effective_roles(member) and _reaches(member, role, reach, lesson):
            return Decision(allowed=True, reason=Reason.GRANTED)
    return Decision(allowed=False, reason=_reason(member, action))


def _effective_roles(member: Member) -> frozenset[Role]:
    return member.roles if member.verified else member.roles - STAFF


def _reaches(member: Member, role: Role, reach: Reach, lesson: Lesson) -> bool:
    match reach:
        case Reach.SCHOOL:
            return True
        case Reach.CLASS:
            return lesson.class_id in member.classes_as(role)
        case Reach.OWN:
            return lesson.teacher_id == member.id


def _reason(member: Member, action: Action) -> Reason:
    """What a closed door says to this person: the nearest thing that is true of them."""
    if action not in _WAYS_IN:
        return Reason.NOT_ALLOWED
    if Role.PUPIL in member.roles:
        return Reason.WRONG_CLASS
    if Role.PARENT in member.roles and not member.is_adult_of_school:
        return Reason.PARENTS_NOT_IN_LESSONS
    return Reason.NOT_A_MEMBER
