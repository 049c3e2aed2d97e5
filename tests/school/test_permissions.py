"""The matrix of rights, row by row: every role × every action × own or other class, lesson and meeting, and school."""

import itertools

import pytest

from school.parts import Part, part_in
from school.people import STAFF, Appointment, Member, Role
from school.permissions import GRANTS, Action, Decision, Reason, Standing, may, may_read_reports
from school.schedule import Lesson, RoomKind
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    BIRCH,
    CLASS_TEACHER,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    EVERYBODY,
    FIVE_A,
    FIVE_B,
    MOTHER,
    TEACHER,
    TIMUR,
    lesson,
    meeting,
    person,
)

A, B = lesson("of-5a"), lesson("of-5b", school_class=FIVE_B, teacher=COLLEAGUE)
MEETING_A = meeting("of-5a", teacher=CLASS_TEACHER)
MEETING_B = meeting("of-5b", school_class=FIVE_B, teacher=COLLEAGUE)
ALONE = Standing()
OF_5A = Standing(children_classes=frozenset({FIVE_A.id}))
POWERS = {Action.USE_POWER, Action.REMOVE_PARTICIPANT, Action.NAME_COHOST, Action.END}
SEES = {Action.SEE_ATTENDANCE}
LEADS = POWERS | SEES | {Action.START, Action.LEAD}
ATTENDS = {Action.ATTEND}
OBSERVES = SEES | {Action.OBSERVE}
SITS_IN = SEES | {Action.SIT_IN}

Rights = set[Action]
LESSONS: list[tuple[str, Member, Rights, Rights]] = [
    # who                          in 5А's lesson    in 5Б's lesson (of a colleague)
    ("the lesson's teacher", TEACHER, LEADS, set()),
    ("another teacher", COLLEAGUE, set(), LEADS),
    ("the class teacher of 5А", CLASS_TEACHER, OBSERVES, set()),
    ("the director", DIRECTOR, OBSERVES, OBSERVES),
    ("a deputy", DEPUTY, OBSERVES, OBSERVES),
    ("the administrator", ADMINISTRATOR, OBSERVES, OBSERVES),
    ("a pupil of 5А", ARTYOM, ATTENDS, set()),
    ("a pupil of 5Б", TIMUR, set(), ATTENDS),
    ("a parent of 5А", MOTHER, set(), set()),
    ("a person without any role", person("nobody"), set(), set()),
]
MEETINGS: list[tuple[str, Member, Rights, Rights]] = [
    # who                          in 5А's meeting   in 5Б's meeting (led by a colleague)
    ("the class teacher of 5А", CLASS_TEACHER, LEADS, set()),
    ("another teacher", COLLEAGUE, set(), LEADS),
    ("a teacher of the class", TEACHER, set(), set()),
    ("the director", DIRECTOR, SITS_IN, SITS_IN),
    ("a deputy", DEPUTY, SITS_IN, SITS_IN),
    ("the administrator", ADMINISTRATOR, SITS_IN, SITS_IN),
    ("a pupil of 5А", ARTYOM, set(), set()),
    ("a pupil of 5Б", TIMUR, set(), set()),
    ("a parent of 5А", MOTHER, ATTENDS, set()),
    ("a person without any role", person("nobody"), set(), set()),
]


def granted(member: Member, room: Lesson, standing: Standing) -> Rights:
    return {action for action in Action if may(member, action, room, standing).allowed}


@pytest.mark.parametrize(("member", "in_a", "in_b"), [row[1:] for row in LESSONS], ids=[row[0] for row in LESSONS])
def test_each_person_may_exactly_what_the_matrix_of_lessons_grants(member: Member, in_a: Rights, in_b: Rights) -> None:
    standing = OF_5A if member is MOTHER else ALONE
    assert (granted(member, A, standing), granted(member, B, standing)) == (in_a, in_b)


@pytest.mark.parametrize(("member", "in_a", "in_b"), [row[1:] for row in MEETINGS], ids=[row[0] for row in MEETINGS])
def test_each_person_may_exactly_what_the_matrix_of_meetings_grants(member: Member, in_a: Rights, in_b: Rights) -> None:
    standing = OF_5A if member is MOTHER else ALONE
    assert (granted(member, MEETING_A, standing), granted(member, MEETING_B, standing)) == (in_a, in_b)


@pytest.mark.parametrize("room", [A, MEETING_A], ids=["lesson", "meeting"])
@pytest.mark.parametrize("member", EVERYBODY, ids=lambda member: member.id)
def test_whoever_of_the_staff_is_named_a_cohost_has_the_powers_but_does_not_start(member: Member, room: Lesson) -> None:
    named = Standing(cohosts=frozenset({member.id}))
    before, after = granted(member, room, ALONE), granted(member, room, named)
    assert after - before == ((POWERS | SEES | {Action.COHOST}) - before if member.is_adult_of_school else set())
    if member.is_adult_of_school and Action.LEAD not in before:
        assert part_in(member, room, named) == Part("staff", host=True)


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_members_of_another_school_find_nothing_whatever_their_role(role: Role, action: Action) -> None:
    stranger = person(TEACHER.id, Appointment(role), Appointment(role, FIVE_A.id), school=BIRCH)
    standing = Standing(cohosts=frozenset({TEACHER.id}), children_classes=frozenset({FIVE_A.id}))
    for room in (A, MEETING_A):
        assert may(stranger, action, room, standing) == Decision(allowed=False, reason=Reason.NOT_FOUND)


@pytest.mark.parametrize(("role", "action"), list(itertools.product(sorted(STAFF), Action)))
def test_staff_whom_the_school_has_not_verified_have_no_powers(role: Role, action: Action) -> None:
    unverified = person(TEACHER.id, Appointment(role), Appointment(role, FIVE_A.id), verified=False)
    named = Standing(cohosts=frozenset({TEACHER.id}))
    for room in (A, meeting(teacher=TEACHER)):
        assert not may(unverified, action, room, named).allowed
    assert not may_read_reports(unverified)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_whoever_of_the_staff_the_timetable_names_leads(role: Role) -> None:
    for room in (A, meeting(teacher=TEACHER)):
        assert may(person(TEACHER.id, Appointment(role)), Action.START, room, ALONE).allowed


def test_a_pupil_or_parent_named_as_teacher_by_the_timetable_still_has_no_powers() -> None:
    for forger in (ARTYOM, MOTHER):
        for forged in (lesson(teacher=forger), meeting(teacher=forger)):
            assert not granted(forger, forged, ALONE) & (LEADS | SEES)


def test_a_class_role_without_a_class_reaches_no_class() -> None:
    assert not may(person("x", Appointment(Role.PUPIL)), Action.ATTEND, A, ALONE).allowed
    assert not may(person("x", Appointment(Role.CLASS_TEACHER)), Action.OBSERVE, A, ALONE).allowed
    assert not may(person("x", Appointment(Role.PARENT)), Action.ATTEND, MEETING_A, ALONE).allowed


def test_a_teacher_who_is_a_parent_too_keeps_the_teachers_rights_and_attends_their_childs_meeting() -> None:
    both = person(TEACHER.id, Appointment(Role.TEACHER), Appointment(Role.PARENT))
    assert may(both, Action.START, A, OF_5A).allowed
    assert may(both, Action.ATTEND, B, OF_5A).reason is Reason.NOT_A_MEMBER
    assert part_in(both, MEETING_A, OF_5A) == Part("parent", host=False)


@pytest.mark.parametrize(
    ("member", "wanted", "reason"),
    [
        (TIMUR, A, Reason.WRONG_CLASS),
        (MOTHER, A, Reason.PARENTS_NOT_IN_LESSONS),
        (COLLEAGUE, A, Reason.NOT_A_MEMBER),
        (person("nobody"), A, Reason.NOT_A_MEMBER),
        (ARTYOM, MEETING_A, Reason.PUPILS_NOT_IN_MEETINGS),
        (MOTHER, MEETING_B, Reason.WRONG_MEETING),
        (TEACHER, MEETING_A, Reason.NOT_A_MEMBER),
        (person("nobody"), MEETING_A, Reason.NOT_A_MEMBER),
    ],
    ids=[
        "pupil of another class",
        "parent at a lesson",
        "teacher of another lesson",
        "no role",
        "pupil at a meeting",
        "parent of another class",
        "teacher at a meeting",
        "no role at a meeting",
    ],
)
def test_a_closed_door_says_what_is_true_of_the_person(member: Member, wanted: Lesson, reason: Reason) -> None:
    assert may(member, Action.ATTEND, wanted, OF_5A) == Decision(allowed=False, reason=reason)


def test_a_power_that_is_not_given_is_not_allowed_whoever_asks() -> None:
    askers = [ARTYOM, MOTHER, DIRECTOR, COLLEAGUE]
    assert {may(asker, power, A, OF_5A).reason for asker in askers for power in POWERS} == {Reason.NOT_ALLOWED}


def test_reports_are_for_the_administrator_only() -> None:
    assert [member.id for member in EVERYBODY if may_read_reports(member)] == [ADMINISTRATOR.id]


def test_every_action_has_its_row_in_the_table_of_each_kind_of_room() -> None:
    assert {kind: set(grants) for kind, grants in GRANTS.items()} == {kind: set(Action) for kind in RoomKind}
