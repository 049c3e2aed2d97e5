"""The way into a room for many at once: exactly those whom it lets in one by one, as exactly what they are there."""

from school.people import Member
from school.refusals import NotFound, Refused
from school.schedule import Lesson
from school.store import Store
from school.usecases import conduct, lessons
from school.usecases.founding import found_school
from school.usecases.lessons import Admission
from tests.school.roster import ARTYOM, CLASS_TEACHER, COLLEAGUE, EVERYBODY, NOON, TEACHER, hourly, meeting, roster


async def one_by_one(store: Store, lesson: Lesson, people: list[Member]) -> dict[str, Admission]:
    admitted = {}
    for member in people:
        try:
            admitted[member.id] = await lessons.admission(store, member, lesson.id, NOON)
        except (Refused, NotFound):
            continue
    return admitted


async def test_many_are_admitted_as_each_of_them_is(empty_store: Store) -> None:
    rooms = (hourly(), meeting())
    await found_school(empty_store, roster(*rooms))
    people = [member for member in EVERYBODY if member.school_id == TEACHER.school_id]
    for lesson, leader in zip(rooms, (TEACHER, CLASS_TEACHER), strict=True):
        assert await lessons.admissions(empty_store, people, lesson, NOON) == {}, "it is not open"
        await lessons.start(empty_store, leader, lesson.id, NOON)
        admitted = await lessons.admissions(empty_store, people, lesson, NOON)
        assert admitted == await one_by_one(empty_store, lesson, people)
        assert admitted[leader.id].host
        assert len(admitted) > 2


async def test_co_hosts_are_admitted_and_the_removed_are_not(store_that_is_always_on: Store) -> None:
    store, lesson = store_that_is_always_on, hourly()
    await lessons.start(store, TEACHER, lesson.id, NOON)
    await conduct.name_cohost(store, TEACHER, lesson.id, COLLEAGUE.id, NOON, on=True)
    await conduct.remove(store, TEACHER, lesson.id, ARTYOM.id, "noise", NOON)
    admitted = await lessons.admissions(store, [COLLEAGUE, ARTYOM], lesson, NOON)
    assert list(admitted) == [COLLEAGUE.id]
    assert admitted[COLLEAGUE.id].host
