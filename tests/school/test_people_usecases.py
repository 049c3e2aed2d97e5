"""Cards of people, and how a school comes into being."""

from school.store import Store
from school.usecases.founding import found_school, keep_school
from school.usecases.people import all_people, describe
from tests.school.roster import ARTYOM, CLASS_TEACHER, DIRECTOR, EVERYBODY, MAPLE, MOTHER, PETYA, TEACHER, roster


async def test_the_card_names_the_class_of_a_pupil_a_class_teacher_and_a_parents_child(store: Store) -> None:
    names = {member.id: (await describe(store, member)).class_name for member in EVERYBODY}
    assert {identity: name for identity, name in names.items() if name is not None} == {
        "artyom": "5А",
        "polina": "5А",
        "timur": "5Б",
        "petya": "2В",
        "class-teacher": "5А",
        "mother": "5А",
        "mother-of-timur": "5Б",
    }


async def test_the_card_calls_people_as_tiles_do(store: Store) -> None:
    assert (await describe(store, TEACHER)).short_name == "Марина Сергеевна"
    assert (await describe(store, ARTYOM)).short_name == "Артём Белов"
    assert (await describe(store, MOTHER)).short_name == "Ольга, мама Полины"


async def test_only_pupils_of_primary_classes_are_young(store: Store) -> None:
    assert (await describe(store, PETYA)).young
    assert not (await describe(store, ARTYOM)).young
    assert not (await describe(store, CLASS_TEACHER)).young
    assert (await describe(store, DIRECTOR)).school == MAPLE


async def test_everybody_is_listed_staff_first_pupils_by_class_parents_last(store: Store) -> None:
    roles = [str(card.member.main_role) for card in await all_people(store)]
    assert roles == [
        "administrator", "director", "deputy", "class_teacher", "teacher", "teacher",
        "pupil", "pupil", "pupil", "pupil", "parent", "parent",
    ]  # fmt: skip
    assert [card.class_name for card in await all_people(store)][-6:] == ["2В", "5А", "5А", "5Б", "5А", "5Б"]


async def test_a_school_is_founded_once_and_stays_as_it_is(empty_store: Store) -> None:
    assert await found_school(empty_store, roster())
    before = await all_people(empty_store)
    assert not await found_school(empty_store, roster())
    assert await all_people(empty_store) == before


async def test_the_configured_school_is_made_and_then_kept_under_its_id(empty_store: Store) -> None:
    await keep_school(empty_store, "Школа № 1", "Europe/Moscow")
    async with empty_store.read() as tx:
        (made,) = await tx.structure.schools()
    await keep_school(empty_store, "Лицей № 1", "Asia/Omsk")
    async with empty_store.read() as tx:
        (kept,) = await tx.structure.schools()
    assert (kept.id, kept.name, kept.zone) == (made.id, "Лицей № 1", "Asia/Omsk")
