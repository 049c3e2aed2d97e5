"""The demo school: «Кленовая роща» with its people and its day, as ordinary rows.

Called by the command `demo` before the processes start. Two lessons are held every hour, so that one of 5А and
one of 5Б are always going on; the others stand around them as in any timetable.
"""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import uuid4

from school.lesson_view import LessonView
from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.schedule import Hourly, Lesson, Weekly
from school.store import Store
from school.structure import School, SchoolClass
from school.usecases.founding import Roster, found_school
from school.usecases.lessons import today
from school.usecases.people import MemberCard

NAME = "Школа «Кленовая роща»"
CLASS_OF_THE_LESSON = "5А"
EVERY_DAY = Weekly(frozenset(range(1, 8)))
BELLS = (
    (time(8, 30), time(9, 10)),
    (time(9, 25), time(10, 5)),
    (time(10, 25), time(11, 5)),
    (time(11, 25), time(12, 5)),
    (time(12, 20), time(13, 0)),
    (time(13, 15), time(13, 55)),
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
    pupil = next(
        card.member for card in people if card.class_name == CLASS_OF_THE_LESSON and card.member.main_role is Role.PUPIL
    )
    day = await today(store, pupil, now)
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
    polina = person("Дроздова Полина", "ученица 5А", pupil_of_a)
    mother = person("Дроздова Ольга Викторовна", "мама Полины", Appointment(Role.PARENT))
    members = [
        person("Ковалёва Наталья Петровна", "администратор школы", Appointment(Role.ADMINISTRATOR)),
        person("Рябов Сергей Николаевич", "директор", Appointment(Role.DIRECTOR)),
        philologist,
        mathematician,
        person("Белов Артём", "ученик 5А", pupil_of_a),
        polina,
        person("Зайцев Егор", "ученик 5А", pupil_of_a),
        person("Ахметов Тимур", "ученик 5Б", Appointment(Role.PUPIL, five_b.id)),
        mother,
    ]
    lessons = [
        *_day(five_a, [philologist, mathematician, philologist, philologist, mathematician, mathematician], _DAY_A),
        *_day(five_b, [mathematician, philologist, mathematician, mathematician, philologist, philologist], _DAY_B),
        _hourly(five_a, mathematician, "Математика", "Сложение дробей с разными знаменателями"),
        _hourly(five_b, philologist, "Русский язык", "Однородные члены предложения"),
    ]
    guardianship = Guardianship(mother.id, polina.id, Kinship.MOTHER, "Полины")
    return Roster(school, [five_a, five_b], members, [guardianship], lessons)


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


def _id() -> str:
    return uuid4().hex
