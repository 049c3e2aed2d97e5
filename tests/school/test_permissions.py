"""The matrix of rights, row by row: every role × every action × own or other class, lesson and school."""

import itertools

import pytest

from school.people import STAFF, Appointment, Member, Role
from school.permissions import GRANTS, Action, Decision, Reason, may
from school.schedule import Lesson
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    BIRCH,
    CLASS_TEACHER,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    FIVE_A,
    FIVE_B,
    MOTHER,
    TEACHER,
    TIMUR,
    lesson,
    person,
)

A, B = lesson("of-5a"), lesson("of-5b", school_class=FIVE_B, teacher=COLLEAGUE)
POWERS = {Action.START_LESSON, Action.END_LESSON, Action.MUTE_PARTICIPANT, Action.REMOVE_PARTICIPANT}
TEACHES = POWERS | {Action.TEACH_LESSON}
ATTENDS = {Action.ATTEND_LESSON}
OBSERVES = {Action.OBSERVE_LESSON}

MATRIX: list[tuple[str, Member, set[Action], set[Action]]] = [
    # who                          in 5А's lesson    in 5Б's lesson (of a colleague)
    ("the lesson's teacher", TEACHER, TEACHES, set()),
    ("another teacher", COLLEAGUE, set(), TEACHES),
    ("the class teacher of 5А", CLASS_TEACHER, OBSERVES, set()),
    ("the director", DIRECTOR, OBSERVES, OBSERVES),
    ("a deputy", DEPUTY, OBSERVES, OBSERVES),
    ("the administrator", ADMINISTRATOR, OBSERVES, OBSERVES),
    ("a pupil of 5А", ARTYOM, ATTENDS, set()),
    ("a pupil of 5Б", TIMUR, set(), ATTENDS),
    ("a parent", MOTHER, set(), set()),
    ("a person without any role", person("nobody"), set(), set()),
]


@pytest.mark.parametrize(("member", "in_a", "in_b"), [row[1:] for row in MATRIX], ids=[row[0] for row in MATRIX])
def test_each_person_may_exactly_what_the_matrix_grants(member: Member, in_a: set[Action], in_b: set[Action]) -> None:
    assert {action for action in Action if may(member, action, A).allowed} == in_a
    assert {action for action in Action if may(member, action, B).allowed} == in_b


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_members_of_another_school_find_nothing_whatever_their_role(role: Role, action: Action) -> None:
    stranger = person(TEACHER.id, Appointment(role), Appointment(role, FIVE_A.id), school=BIRCH)
    assert may(stranger, action, A) == Decision(allowed=False, reason=Reason.NOT_FOUND)


@pytest.mark.parametrize(("role", "action"), list(itertools.product(sorted(STAFF), Action)))
def test_staff_whom_the_school_has_not_verified_have_no_powers(role: Role, action: Action) -> None:
    unverified = person(TEACHER.id, Appointment(role), Appointment(role, FIVE_A.id), verified=False)
    assert not may(unverified, action, A).allowed


@pytest.mark.parametrize("role", sorted(STAFF))
def test_whoever_of_the_staff_the_timetable_names_teaches_the_lesson(role: Role) -> None:
    assert may(person(TEACHER.id, Appointment(role)), Action.START_LESSON, A).allowed


def test_a_pupil_named_as_teacher_by_the_timetable_still_has_no_powers() -> None:
    forged = lesson(teacher=ARTYOM)
    assert not any(may(ARTYOM, action, forged).allowed for action in TEACHES)


def test_a_class_role_without_a_class_reaches_no_class() -> None:
    assert not may(person("x", Appointment(Role.PUPIL)), Action.ATTEND_LESSON, A).allowed
    assert not may(person("x", Appointment(Role.CLASS_TEACHER)), Action.OBSERVE_LESSON, A).allowed


def test_a_teacher_who_is_a_parent_too_keeps_the_teachers_rights() -> None:
    both = person(TEACHER.id, Appointment(Role.TEACHER), Appointment(Role.PARENT))
    assert may(both, Action.START_LESSON, A).allowed
    assert may(both, Action.ATTEND_LESSON, B).reason is Reason.NOT_A_MEMBER


@pytest.mark.parametrize(
    ("member", "wanted", "reason"),
    [
        (TIMUR, A, Reason.WRONG_CLASS),
        (MOTHER, A, Reason.PARENTS_NOT_IN_LESSONS),
        (COLLEAGUE, A, Reason.NOT_A_MEMBER),
        (person("nobody"), A, Reason.NOT_A_MEMBER),
    ],
    ids=["pupil of another class", "parent", "teacher of another lesson", "no role"],
)
def test_a_closed_door_says_what_is_true_of_the_person(member: Member, wanted: Lesson, reason: Reason) -> None:
    assert may(member, Action.ATTEND_LESSON, wanted) == Decision(allowed=False, reason=reason)


def test_a_power_that_is_not_given_is_not_allowed_whoever_asks() -> None:
    askers = [ARTYOM, MOTHER, DIRECTOR, COLLEAGUE]
    assert {may(asker, power, A).reason for asker in askers for power in POWERS} == {Reason.NOT_ALLOWED}


def test_every_action_has_its_row_in_the_table() -> None:
    assert set(GRANTS) == set(Action)
