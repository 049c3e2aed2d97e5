"""Results of checks of line and devices, on a real database: whose they are, who reads them, and when they go."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from school.check_results import CheckOutcome
from school.people import Member
from school.refusals import Refused
from school.store import Store
from school.structure import School
from school.usecases.check_results import (
    KEPT_FOR,
    MOST_OF_MEMBER,
    MOST_OF_SCHOOL,
    forget_old_results,
    last_results,
    leave_result,
)
from school.usecases.founding import found_school
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    BIRCH,
    DIRECTOR,
    EVERYBODY,
    FIVE_A,
    MOTHER,
    NOON,
    POLINA,
    TEACHER,
    lesson,
    pupil,
    roster,
)

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
WELL = CheckOutcome(
    verdict="video",
    steps={
        "camera": "good",
        "microphone": "fair",
        "speaker": "skipped",
        "server": "good",
        "udp": "good",
        "tcp": "bad",
        "delay": "good",
        "loss": "good",
        "rate": "good",
    },
    way="udp",
    delay_ms=24,
    loss_up_percent=0.0,
    loss_down_percent=0.4,
    up_kbps=1480,
    down_kbps=5700,
    browser="firefox",
    system="linux",
)
UNMEASURED = replace(
    WELL,
    verdict="none",
    way=None,
    delay_ms=None,
    loss_up_percent=None,
    loss_down_percent=None,
    up_kbps=None,
    down_kbps=None,
)


async def left(store: Store, now: datetime = NOON) -> list[tuple[str, CheckOutcome]]:
    """What the administrator reads at this moment: whose, and what."""
    return [(view.member.id, view.result.outcome) for view in await last_results(store, ADMINISTRATOR, now)]


class TestWhatIsLeft:
    async def test_is_read_by_the_administrator_as_it_was_left(self, store: Store) -> None:
        await leave_result(store, ARTYOM, WELL, NOON)
        await leave_result(store, MOTHER, UNMEASURED, NOON + SECOND)
        mother, artyom = await last_results(store, ADMINISTRATOR, NOON + 2 * SECOND)
        assert (mother.member, mother.class_name, mother.result.outcome) == (MOTHER, None, UNMEASURED)
        assert (artyom.member, artyom.class_name, artyom.result.outcome) == (ARTYOM, "5А", WELL)
        assert (mother.result.at, artyom.result.at) == (NOON + SECOND, NOON)

    @pytest.mark.parametrize("member", [one for one in EVERYBODY if one is not ADMINISTRATOR], ids=lambda one: one.id)
    async def test_is_for_the_administrator_only(self, store: Store, member: Member) -> None:
        await leave_result(store, member, WELL, NOON)
        with pytest.raises(Refused) as caught:
            await last_results(store, member, NOON)
        assert caught.value.code == "not_allowed"

    async def test_is_not_for_an_administrator_whom_the_school_has_not_verified(self, store: Store) -> None:
        with pytest.raises(Refused):
            await last_results(store, replace(ADMINISTRATOR, verified=False), NOON)

    async def test_is_of_one_school(self, store: Store) -> None:
        birch = replace(ADMINISTRATOR, id="administrator of birch", school_id=BIRCH.id)
        async with store.write() as tx:
            await tx.structure.add_school(School(BIRCH.id, BIRCH.name, BIRCH.zone))
            await tx.people.add(birch)
        await leave_result(store, birch, WELL, NOON)
        await leave_result(store, DIRECTOR, UNMEASURED, NOON)
        assert await left(store) == [(DIRECTOR.id, UNMEASURED)]


class TestWhatIsKept:
    async def test_goes_after_thirty_days(self, store: Store) -> None:
        await leave_result(store, TEACHER, WELL, NOON)
        assert await left(store, NOON + KEPT_FOR - SECOND) == [(TEACHER.id, WELL)]
        assert await left(store, NOON + KEPT_FOR) == []
        await leave_result(store, ARTYOM, WELL, NOON + KEPT_FOR)
        async with store.read() as tx:
            rows = await tx.check_results.since(ARTYOM.school_id, NOON - DAY)
        assert [row.member_id for row in rows] == [ARTYOM.id], "what is too old is gone from the database, too"

    async def test_goes_at_a_start_though_nobody_checks_again(self, store: Store) -> None:
        await leave_result(store, TEACHER, WELL, NOON)
        await leave_result(store, ARTYOM, WELL, NOON + SECOND)
        await forget_old_results(store, NOON + KEPT_FOR)
        async with store.read() as tx:
            rows = await tx.check_results.since(ARTYOM.school_id, NOON - DAY)
        assert [row.member_id for row in rows] == [ARTYOM.id]

    async def test_is_little_of_one_person_so_that_nobody_pushes_the_others_out(self, store: Store) -> None:
        await leave_result(store, POLINA, WELL, NOON)
        for number in range(MOST_OF_MEMBER + 3):
            await leave_result(store, ARTYOM, replace(WELL, delay_ms=number), NOON + number * SECOND)
        kept = await left(store, NOON + DAY)
        assert [outcome.delay_ms for owner, outcome in kept if owner == ARTYOM.id] == [7, 6, 5, 4, 3]
        assert (POLINA.id, WELL) in kept

    async def test_is_the_newest_of_a_large_school(self, empty_store: Store) -> None:
        many = [pupil(f"pupil-{number}", "Белов", "Артём", FIVE_A) for number in range(MOST_OF_SCHOOL + 2)]
        school = roster(lesson())
        await found_school(empty_store, replace(school, members=[*EVERYBODY, *many]))
        for number, one in enumerate(many):
            await leave_result(empty_store, one, WELL, NOON + number * SECOND)
        kept = await left(empty_store, NOON + DAY)
        assert [owner for owner, _ in kept] == [one.id for one in reversed(many[2:])]
