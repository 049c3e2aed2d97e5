"""A school for the tests of signaling: two classes, their people, two lessons that are always on, a second school."""

from dataclasses import dataclass
from datetime import time
from uuid import uuid4

from school.people import Appointment, Guardianship, Kinship, Member, Role
from school.schedule import Hourly, Lesson
from school.store import Store
from school.structure import School, SchoolClass
from school.usecases.founding import Roster, found_school


@dataclass(frozen=True)
class Town:
    orlova: Member  # teaches the lesson of 5А
    artyom: Member
    polina: Member
    yegor: Member
    timur: Member  # of 5Б
    director: Member
    administrator: Member
    class_teacher: Member  # of 5А, teaches the lesson of 5Б
    parent: Member
    stranger: Member  # of another school
    lesson: str
    lesson_of_b: str


def _member(school: School, name: str, *appointments: Appointment) -> Member:
    family, given, *patronymic = name.split()
    return Member(
        id=uuid4().hex,
        school_id=school.id,
        family_name=family,
        given_name=given,
        patronymic=" ".join(patronymic),
        appointments=frozenset(appointments),
        verified=True,
        post="",
    )


def _lesson(school_class: SchoolClass, teacher: Member, subject: str) -> Lesson:
    return Lesson(
        id=uuid4().hex,
        school_id=school_class.school_id,
        class_id=school_class.id,
        teacher_id=teacher.id,
        number=1,
        subject=subject,
        topic="Дроби",
        starts=time(8),
        ends=time(9),
        repeats=Hourly(),
    )


async def found(store: Store) -> Town:
    school = School(uuid4().hex, "Школа «Кленовая роща»", "Europe/Moscow")
    a, b = SchoolClass(uuid4().hex, school.id, 5, "А"), SchoolClass(uuid4().hex, school.id, 5, "Б")
    teacher, pupil = Appointment(Role.TEACHER), Appointment(Role.PUPIL, a.id)
    orlova = _member(school, "Орлова Марина Сергеевна", teacher)
    class_teacher = _member(school, "Смирнова Ирина Павловна", teacher, Appointment(Role.CLASS_TEACHER, a.id))
    artyom, polina, yegor = (_member(school, name, pupil) for name in ("Белов Артём", "Дроздова Полина", "Зайцев Егор"))
    timur = _member(school, "Ахметов Тимур", Appointment(Role.PUPIL, b.id))
    director = _member(school, "Рябов Сергей Николаевич", Appointment(Role.DIRECTOR))
    administrator = _member(school, "Ковалёва Наталья Петровна", Appointment(Role.ADMINISTRATOR))
    parent = _member(school, "Дроздова Ольга Викторовна", Appointment(Role.PARENT))
    lesson, lesson_of_b = _lesson(a, orlova, "Математика"), _lesson(b, class_teacher, "Русский язык")
    members = [orlova, class_teacher, artyom, polina, yegor, timur, director, administrator, parent]
    guardianship = Guardianship(parent.id, polina.id, Kinship.MOTHER, "Полины")
    await found_school(store, Roster(school, [a, b], members, [guardianship], [lesson, lesson_of_b]))
    stranger = await _another_school(store)
    return Town(
        orlova=orlova,
        artyom=artyom,
        polina=polina,
        yegor=yegor,
        timur=timur,
        director=director,
        administrator=administrator,
        class_teacher=class_teacher,
        parent=parent,
        stranger=stranger,
        lesson=lesson.id,
        lesson_of_b=lesson_of_b.id,
    )


async def _another_school(store: Store) -> Member:
    school = School(uuid4().hex, "Другая школа", "Europe/Moscow")
    director = _member(school, "Чужой Пётр Петрович", Appointment(Role.DIRECTOR))
    async with store.write() as tx:
        await tx.structure.add_school(school)
        await tx.people.add(director)
    return director
