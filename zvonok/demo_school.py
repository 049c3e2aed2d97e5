"""The demo school: «Кленовая роща» with its people and its day, as ordinary rows.

Called by the command `demo` before the processes start. Two lessons are held every hour, so that one of 5А and
one of 5Б are always going on, and beside them a meeting of the parents of 5А; the others stand around them as in any
timetable.
"""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import uuid4

from school.lesson_view import LessonView
from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.schedule import Hourly, Lesson, Repeats, RoomKind, Weekly
from school.store import Store
from school.structure import School, SchoolClass
from school.usecases.founding import Roster, found_school
from school.usecases.lessons import today
from school.usecases.people import MemberCard

NAME = "Школа «Кленовая роща»"
CLASS_OF_THE_LESSON = "5А"
MEETING = "Родительское собрание"
SATURDAYS = Weekly(frozenset({6}))
EVERY_DAY = Weekly(frozenset(range(1, 8)))
BELLS = (
    (time(8, 30), time(9, 10)),
    (time(9, 25), time(10, 5)),
    (time(10, 25), time(11, 5)),
    (time(11, 25), time(12, 5)),
    (time(12, 20), time(13, 0)),
    (time(13, 15), time(13, 55)),
)

_CLASSMATES = (
    ("Иванова Алиса", "ученица 5А"),
    ("Кузнецов Максим", "ученик 5А"),
    ("Лебедева София", "ученица 5А"),
    ("Морозов Даниил", "ученик 5А"),
    ("Новикова Варвара", "ученица 5А"),
    ("Павлов Илья", "ученик 5А"),
    ("Соколова Ева", "ученица 5А"),
)
_DAY_A = (
    ("Русский язык", "Однородные члены предложения"),
    ("Математика", "Сложение дробей с разными знаменателями"),
    ("Литература", "И. С. Тургенев. «Муму»"),
    ("История", "Древняя Греция: Афины и Спарта"),
    ("Информатика", "Информация вокруг нас"),
    ("Технология", "Чертёж и эскиз"),
)
_DAY_B = (
    ("Математика", "Сложение дробей с разными знаменателями"),
    ("Русский язык", "Однородные члены предложения"),
    ("Информатика", "Информация вокруг нас"),
    ("Технология", "Чертёж и эскиз"),
    ("Литература", "И. С. Тургенев. «Муму»"),
    ("История", "Древняя Греция: Афины и Спарта"),
)


async def seed(store: Store, zone: str) -> None:
    """Founds the demo school where there is none; what is there stays as it is."""
    await found_school(store, roster(zone))


async def lesson_that_is_on(store: Store, people: Iterable[MemberCard], now: datetime) -> LessonView | None:
    """The lesson of 5А that is always going on, as one of its pupils sees it."""
    return await _always_on(store, people, Role.PUPIL, now)


async def meeting_that_is_on(store: Store, people: Iterable[MemberCard], now: datetime) -> LessonView | None:
    """The meeting of 5А that is always going on, as one of its parents sees it."""
    return await _always_on(store, people, Role.PARENT, now)


async def _always_on(store: Store, people: Iterable[MemberCard], role: Role, now: datetime) -> LessonView | None:
    of_class = (
        card.member for card in people if card.class_name == CLASS_OF_THE_LESSON and card.member.main_role is role
    )
    one = next(of_class, None)
    day = [] if one is None else await today(store, one, now)
    return next((view for view in day if isinstance(view.lesson.repeats, Hourly)), None)


def roster(zone: str) -> Roster:
    """With new random ids."""
    school = School(_id(), NAME, zone)
    five_a = SchoolClass(_id(), school.id, 5, "А")
    five_b = SchoolClass(_id(), school.id, 5, "Б")

    def person(name: str, post: str, *appointments: Appointment) -> Member:
        family, given, *patronymic = name.split()
        return Member(
            id=_id(),
            school_id=school.id,
            family_name=family,
            given_name=given,
            patronymic=" ".join(patronymic),
            appointments=frozenset(appointments),
            verified=True,
            post=post,
        )

    teacher, pupil_of_a = Appointment(Role.TEACHER), Appointment(Role.PUPIL, five_a.id)
    mathematician = person("Орлова Марина Сергеевна", "учитель математики", teacher)
    philologist = person(
        "Смирнова Ирина Павловна",
        "учитель русского языка, классный руководитель 5А",
        teacher,
        Appointment(Role.CLASS_TEACHER, five_a.id),
    )
    deputy = person("Дёмина Елена Андреевна", "завуч", Appointment(Role.DEPUTY))
    polina = person("Дроздова Полина", "ученица 5А", pupil_of_a)
    yegor = person("Зайцев Егор", "ученик 5А", pupil_of_a)
    timur = person("Ахметов Тимур", "ученик 5Б", Appointment(Role.PUPIL, five_b.id))
    parent = Appointment(Role.PARENT)
    mother = person("Дроздова Ольга Викторовна", "мама Полины", parent)
    father = person("Зайцев Геннадий Павлович", "папа Егора", parent)
    mother_of_timur = person("Ахметова Гульнара Рашидовна", "мама Тимура", parent)
    members = [
        person("Ковалёва Наталья Петровна", "администратор школы", Appointment(Role.ADMINISTRATOR)),
        person("Рябов Сергей Николаевич", "директор", Appointment(Role.DIRECTOR)),
        philologist,
        mathematician,
        person("Белов Артём", "ученик 5А", pupil_of_a),
        polina,
        yegor,
        timur,
        mother,
        deputy,
        *(person(name, post, pupil_of_a) for name, post in _CLASSMATES),
        father,
        mother_of_timur,
    ]
    lessons = [
        *_day(five_a, [philologist, mathematician, philologist, philologist, mathematician, mathematician], _DAY_A),
        *_day(five_b, [mathematician, philologist, mathematician, mathematician, philologist, philologist], _DAY_B),
        _hourly(five_a, mathematician, "Математика", "Сложение дробей с разными знаменателями"),
        _hourly(five_b, philologist, "Русский язык", "Однородные члены предложения"),
        _meeting(five_a, philologist, Hourly()),
        _meeting(five_b, deputy, SATURDAYS),
    ]
    guardianships = [
        Guardianship(mother.id, polina.id, Kinship.MOTHER, "Полины"),
        Guardianship(father.id, yegor.id, Kinship.FATHER, "Егора"),
        Guardianship(mother_of_timur.id, timur.id, Kinship.MOTHER, "Тимура"),
    ]
    return Roster(school, [five_a, five_b], members, guardianships, lessons)


def _day(school_class: SchoolClass, teachers: list[Member], day: tuple[tuple[str, str], ...]) -> list[Lesson]:
    return [
        Lesson(
            id=_id(),
            school_id=school_class.school_id,
            class_id=school_class.id,
            teacher_id=teacher.id,
            number=number,
            subject=subject,
            topic=topic,
            starts=starts,
            ends=ends,
            repeats=EVERY_DAY,
        )
        for number, (teacher, (subject, topic), (starts, ends)) in enumerate(zip(teachers, day, BELLS, strict=True), 1)
    ]


def _hourly(school_class: SchoolClass, teacher: Member, subject: str, topic: str) -> Lesson:
    return Lesson(
        id=_id(),
        school_id=school_class.school_id,
        class_id=school_class.id,
        teacher_id=teacher.id,
        number=0,
        subject=subject,
        topic=topic,
        starts=time(0),
        ends=time(1),
        repeats=Hourly(),
    )


def _meeting(school_class: SchoolClass, leader: Member, repeats: Repeats) -> Lesson:
    return Lesson(
        id=_id(),
        school_id=school_class.school_id,
        class_id=school_class.id,
        teacher_id=leader.id,
        number=0,
        subject=MEETING,
        topic="Как проходит четверть",
        starts=time(11, 0),
        ends=time(12, 0),
        repeats=repeats,
        kind=RoomKind.MEETING,
    )


def _id() -> str:
    return uuid4().hex
