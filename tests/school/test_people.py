"""How people are called: by what they are in the school."""

from school.people import Appointment, Guardianship, Kinship, Role, name_by_children, relation
from tests.school.roster import ARTYOM, CLASS_TEACHER, FIVE_A, MOTHER, POLINA, SECOND, TEACHER, person


def test_staff_have_a_full_name_with_patronymic_and_are_called_without_the_family_name() -> None:
    assert (TEACHER.full_name, TEACHER.short_name, TEACHER.initials) == (
        "Марина Сергеевна Орлова",
        "Марина Сергеевна",
        "МО",
    )


def test_pupils_are_called_by_given_and_family_name() -> None:
    assert (ARTYOM.full_name, ARTYOM.short_name, ARTYOM.initials) == ("Артём Белов", "Артём Белов", "АБ")


def test_parents_are_called_as_somebodys_parent() -> None:
    assert MOTHER.full_name == "Ольга Викторовна Дроздова"
    of_polina = Guardianship(MOTHER.id, POLINA.id, Kinship.MOTHER, "Полины")
    of_her_twin = Guardianship(MOTHER.id, "twin", Kinship.MOTHER, "Вани")
    assert name_by_children(MOTHER, [of_polina]) == "Ольга, мама Полины"
    assert relation([of_polina, of_her_twin]) == "мама Полины и Вани"
    as_guardian = Guardianship(MOTHER.id, POLINA.id, Kinship.GUARDIAN, "Полины")
    assert name_by_children(MOTHER, [as_guardian]) == "Ольга, опекун Полины"


def test_a_person_may_have_several_roles_and_the_weightiest_stands_first() -> None:
    assert CLASS_TEACHER.roles == {Role.TEACHER, Role.CLASS_TEACHER}
    assert CLASS_TEACHER.main_role is Role.CLASS_TEACHER
    assert person("x").main_role is None


def test_adults_of_the_school_are_its_staff() -> None:
    assert TEACHER.is_adult_of_school
    assert not MOTHER.is_adult_of_school
    assert not ARTYOM.is_adult_of_school
    assert person("both", Appointment(Role.PARENT), Appointment(Role.TEACHER)).is_adult_of_school


def test_classes_are_called_by_parallel_and_letter_and_the_first_four_are_young() -> None:
    assert (FIVE_A.name, FIVE_A.young) == ("5А", False)
    assert (SECOND.name, SECOND.young) == ("2В", True)
