"""Who may do what: the one function that decides rights, and the table that it reads.

Deny by default: an action is allowed when the table grants it to one of the member's roles and the target is
within reach of that role. Staff whom the school has not verified hold no grant at all. Called by every use
case before it changes or shows anything; it knows the lesson, not what happened in it.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from school.people import STAFF, Member, Role
from school.schedule import Lesson, RoomKind


class Action(StrEnum):
    START = "start"
    LEAD = "lead"
    COHOST = "cohost"
    ATTEND = "attend"
    SIT_IN = "sit_in"
    OBSERVE = "observe"
    USE_POWER = "use_power"
    REMOVE_PARTICIPANT = "remove_participant"
    NAME_COHOST = "name_cohost"
    END = "end"
    SEE_ATTENDANCE = "see_attendance"


class Reach(Enum):
    """How far a grant goes."""

    SCHOOL = "every room of the school"
    CLASS = "rooms of the class that the role is for"
    CHILDREN = "rooms of the classes of the member's children"
    OWN = "rooms that the timetable gives to the member"
    NAMED = "occurrences of which the member was named a co-host"


class Reason(StrEnum):
    """Why a decision fell; the refusals of the use cases carry the same words."""

    GRANTED = "granted"
    NOT_FOUND = "not_found"
    WRONG_CLASS = "wrong_class"
    PARENTS_NOT_IN_LESSONS = "parents_not_in_lessons"
    WRONG_MEETING = "wrong_meeting"
    PUPILS_NOT_IN_MEETINGS = "pupils_not_in_meetings"
    NOT_A_MEMBER = "not_a_member"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True)
class Standing:
    """What ties people to one occurrence besides their appointments: who was named its co-host, and the classes of
    the children of the one who asks."""

    cohosts: frozenset[str] = frozenset()
    children_classes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: Reason


Grants = dict[Role, tuple[Reach, ...]]

_OWN: Grants = dict.fromkeys(STAFF, (Reach.OWN,))
_NAMED: Grants = dict.fromkeys(STAFF, (Reach.NAMED,))
_HOSTS: Grants = dict.fromkeys(STAFF, (Reach.OWN, Reach.NAMED))
_LEADERSHIP: Grants = dict.fromkeys((Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR), (Reach.SCHOOL,))

_EVERY_ROOM: dict[Action, Grants] = {
    Action.START: _OWN,
    Action.LEAD: _OWN,
    Action.COHOST: _NAMED,
    Action.USE_POWER: _HOSTS,
    Action.REMOVE_PARTICIPANT: _HOSTS,
    Action.NAME_COHOST: _HOSTS,
    Action.END: _HOSTS,
    Action.SEE_ATTENDANCE: _HOSTS | _LEADERSHIP | {Role.CLASS_TEACHER: (Reach.CLASS, Reach.OWN, Reach.NAMED)},
}

GRANTS: dict[RoomKind, dict[Action, Grants]] = {
    RoomKind.LESSON: _EVERY_ROOM
    | {
        Action.ATTEND: {Role.PUPIL: (Reach.CLASS,)},
        Action.OBSERVE: _LEADERSHIP | {Role.CLASS_TEACHER: (Reach.CLASS,)},
        Action.SIT_IN: {},
    },
    RoomKind.MEETING: _EVERY_ROOM
    | {
        Action.ATTEND: {Role.PARENT: (Reach.CHILDREN,)},
        Action.OBSERVE: {},
        Action.SIT_IN: _LEADERSHIP,
    },
}

_WAYS_IN = frozenset({Action.LEAD, Action.COHOST, Action.ATTEND, Action.SIT_IN, Action.OBSERVE})
_CLOSED_TO_PUPILS = {RoomKind.LESSON: Reason.WRONG_CLASS, RoomKind.MEETING: Reason.PUPILS_NOT_IN_MEETINGS}
_CLOSED_TO_PARENTS = {RoomKind.LESSON: Reason.PARENTS_NOT_IN_LESSONS, RoomKind.MEETING: Reason.WRONG_MEETING}


def may(member: Member, action: Action, lesson: Lesson, standing: Standing) -> Decision:
    """Whether this member may do this in this lesson or meeting, and why not."""
    if member.school_id != lesson.school_id:
        return Decision(allowed=False, reason=Reason.NOT_FOUND)
    for role, reaches in GRANTS[lesson.kind][action].items():
        if role in _effective_roles(member) and any(
            _reaches(member, role, reach, lesson, standing) for reach in reaches
        ):
            return Decision(allowed=True, reason=Reason.GRANTED)
    return Decision(allowed=False, reason=_reason(member, action, lesson.kind))


def may_read_reports(member: Member) -> bool:
    """What people report from inside the rooms of the school is for its administrator."""
    return Role.ADMINISTRATOR in _effective_roles(member)


def may_read_check_results(member: Member) -> bool:
    """How the lines of the school's people carry is for its administrator, who helps them."""
    return Role.ADMINISTRATOR in _effective_roles(member)


def _effective_roles(member: Member) -> frozenset[Role]:
    return member.roles if member.verified else member.roles - STAFF


def _reaches(member: Member, role: Role, reach: Reach, lesson: Lesson, standing: Standing) -> bool:
    match reach:
        case Reach.SCHOOL:
            return True
        case Reach.CLASS:
            return lesson.class_id in member.classes_as(role)
        case Reach.CHILDREN:
            return lesson.class_id in standing.children_classes
        case Reach.OWN:
            return lesson.teacher_id == member.id
        case Reach.NAMED:
            return member.id in standing.cohosts


def _reason(member: Member, action: Action, kind: RoomKind) -> Reason:
    """What a closed door says to this person: the nearest thing that is true of them."""
    if action not in _WAYS_IN:
        return Reason.NOT_ALLOWED
    if Role.PUPIL in member.roles:
        return _CLOSED_TO_PUPILS[kind]
    if Role.PARENT in member.roles and not member.is_adult_of_school:
        return _CLOSED_TO_PARENTS[kind]
    return Reason.NOT_A_MEMBER
