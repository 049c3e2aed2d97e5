"""A small school for the tests of this folder: two schools, two classes, one person of each kind."""

from dataclasses import replace
from datetime import UTC, datetime, time

from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.schedule import Hourly, Lesson, Repeats, RoomKind, Weekly
from school.structure import School, SchoolClass
from school.usecases.founding import Roster

ZONE = "Europe/Moscow"
NOON = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""Monday, 12:30 in Moscow."""
MAPLE = School("maple", "Школа «Кленовая роща»", ZONE)
BIRCH = School("birch", "Школа «Берёзка»", ZONE)
FIVE_A = SchoolClass("5a", MAPLE.id, 5, "А")
FIVE_B = SchoolClass("5b", MAPLE.id, 5, "Б")
SECOND = SchoolClass("2v", MAPLE.id, 2, "В")

MONDAYS = Weekly(frozenset({1}))


def person(identity: str, *appointments: Appointment, verified: bool = True, school: School = MAPLE) -> Member:
    return Member(
        id=identity,
        school_id=school.id,
        family_name="Орлова",
        given_name="Марина",
        patronymic="Сергеевна",
        appointments=frozenset(appointments),
        verified=verified,
        post="учитель математики",
    )


def pupil(identity: str, family: str, given: str, school_class: SchoolClass) -> Member:
    return Member(
        id=identity,
        school_id=school_class.school_id,
        family_name=family,
        given_name=given,
        patronymic="",
        appointments=frozenset({Appointment(Role.PUPIL, school_class.id)}),
        verified=True,
        post="",
    )


TEACHER = person("teacher", Appointment(Role.TEACHER))
COLLEAGUE = person("colleague", Appointment(Role.TEACHER))
CLASS_TEACHER = person("class-teacher", Appointment(Role.TEACHER), Appointment(Role.CLASS_TEACHER, FIVE_A.id))
DIRECTOR = person("director", Appointment(Role.DIRECTOR))
DEPUTY = person("deputy", Appointment(Role.DEPUTY))
ADMINISTRATOR = person("administrator", Appointment(Role.ADMINISTRATOR))
ARTYOM = pupil("artyom", "Белов", "Артём", FIVE_A)
POLINA = pupil("polina", "Дроздова", "Полина", FIVE_A)
TIMUR = pupil("timur", "Ахметов", "Тимур", FIVE_B)
PETYA = pupil("petya", "Иванов", "Петя", SECOND)
MOTHER_OF_TIMUR = Member(
    "mother-of-timur", MAPLE.id, "Ахметова", "Гульнара", "", frozenset({Appointment(Role.PARENT)}), True, ""
)
MOTHER = Member("mother", MAPLE.id, "Дроздова", "Ольга", "Викторовна", frozenset({Appointment(Role.PARENT)}), True, "")
EVERYBODY = [
    TEACHER,
    COLLEAGUE,
    CLASS_TEACHER,
    DIRECTOR,
    DEPUTY,
    ADMINISTRATOR,
    ARTYOM,
    POLINA,
    TIMUR,
    PETYA,
    MOTHER,
    MOTHER_OF_TIMUR,
]


def lesson(
    identity: str = "maths",
    *,
    school_class: SchoolClass = FIVE_A,
    teacher: Member = TEACHER,
    starts: time = time(12, 0),
    ends: time = time(12, 40),
    repeats: Repeats = MONDAYS,
) -> Lesson:
    return Lesson(
        id=identity,
        school_id=school_class.school_id,
        class_id=school_class.id,
        teacher_id=teacher.id,
        number=4,
        subject="Математика",
        topic="Сложение дробей",
        starts=starts,
        ends=ends,
        repeats=repeats,
    )


def hourly(identity: str = "always", *, school_class: SchoolClass = FIVE_A, teacher: Member = TEACHER) -> Lesson:
    return lesson(identity, school_class=school_class, teacher=teacher, repeats=Hourly())


def meeting(
    identity: str = "meeting",
    *,
    school_class: SchoolClass = FIVE_A,
    teacher: Member = CLASS_TEACHER,
    repeats: Repeats = MONDAYS,
) -> Lesson:
    """Of parents, Mondays 12:00–12:40 as the lesson."""
    row = lesson(identity, school_class=school_class, teacher=teacher, repeats=repeats)
    return replace(row, kind=RoomKind.MEETING, subject="Родительское собрание", topic="")


def roster(*lessons: Lesson) -> Roster:
    mother_of_polina = Guardianship(MOTHER.id, POLINA.id, Kinship.MOTHER, "Полины")
    mother_of_timur = Guardianship(MOTHER_OF_TIMUR.id, TIMUR.id, Kinship.MOTHER, "Тимура")
    return Roster(MAPLE, [FIVE_A, FIVE_B, SECOND], EVERYBODY, [mother_of_polina, mother_of_timur], lessons)
