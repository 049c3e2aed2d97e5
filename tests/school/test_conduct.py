"""What hosts do in a room, on a real database: powers, removals, co-hosts, the end; and what reaches the administrator.

A property of all of it: a deed that was allowed has exactly one row in the audit, one that was refused has none.
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from school.audit import Deed
from school.people import Member
from school.refusals import NotFound, Refused
from school.store import Store
from school.structure import School
from school.usecases import conduct, lessons
from school.usecases.founding import found_school
from tests.school.audit_rows import audit_of
from tests.school.roster import (
    ADMINISTRATOR,
    ARTYOM,
    BIRCH,
    CLASS_TEACHER,
    COLLEAGUE,
    DEPUTY,
    DIRECTOR,
    EVERYBODY,
    MAPLE,
    MOTHER,
    MOTHER_OF_TIMUR,
    NOON,
    POLINA,
    TEACHER,
    TIMUR,
    lesson,
    meeting,
    person,
    roster,
)

DURING = NOON
"""12:30 of the lesson and of the meeting, which are held 12:00–12:40."""
STARTS = NOON - timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def open_store(empty_store: Store) -> Store:
    """The lesson «maths» and the meeting «meeting» of 5А are going on."""
    await found_school(empty_store, roster(lesson(), meeting()))
    await lessons.start(empty_store, TEACHER, "maths", STARTS)
    await lessons.start(empty_store, CLASS_TEACHER, "meeting", STARTS)
    return empty_store


async def refusal_of(store: Store, member: Member, now: datetime = DURING, lesson_id: str = "maths") -> Refused:
    with pytest.raises(Refused) as caught:
        await lessons.admission(store, member, lesson_id, now)
    return caught.value


async def is_allowed(deed: Awaitable[object]) -> bool:
    try:
        await deed
    except (Refused, NotFound):
        return False
    return True


async def rows_of(store: Store) -> int:
    return len(await audit_of(store, MAPLE.id))


class TestAPower:
    @pytest.mark.parametrize("deed", sorted(conduct.POWERS))
    async def test_is_for_hosts_only_and_has_one_row_when_allowed_and_none_when_refused(
        self, open_store: Store, deed: Deed
    ) -> None:
        for actor in EVERYBODY:
            for target in (None, POLINA.id):
                before = await rows_of(open_store)
                used = conduct.use_power(open_store, actor, "maths", conduct.Use(deed, target, "x"), DURING)
                assert await is_allowed(used) == (actor is TEACHER)
                assert await rows_of(open_store) - before == (1 if actor is TEACHER else 0)
        last = (await audit_of(open_store, MAPLE.id))[-1]
        assert (last.actor_id, last.deed, last.target_id, last.detail) == (TEACHER.id, deed, POLINA.id, "x")

    @pytest.mark.parametrize(
        ("room", "host", "within"),
        [("maths", TEACHER, {ARTYOM.id, POLINA.id}), ("meeting", CLASS_TEACHER, {MOTHER.id})],
        ids=["in a lesson", "in a meeting"],
    )
    async def test_reaches_pupils_or_parents_of_the_room_and_nobody_else(
        self, open_store: Store, room: str, host: Member, within: set[str]
    ) -> None:
        for deed in (Deed.MICROPHONE_CLOSED, Deed.DECLINED):
            reached = {
                target.id
                for target in EVERYBODY
                if await is_allowed(conduct.use_power(open_store, host, room, conduct.Use(deed, target.id, ""), DURING))
            }
            assert reached == within
        assert not await is_allowed(
            conduct.use_power(open_store, host, room, conduct.Use(Deed.MICROPHONE_CLOSED, "unknown", ""), DURING)
        )

    @pytest.mark.parametrize("deed", [Deed.ADMITTED, Deed.CHAT_REMOVED, Deed.SPOTLIGHT_SET])
    async def test_that_is_none_over_a_person_concerns_staff_too(self, open_store: Store, deed: Deed) -> None:
        for target in (DIRECTOR, COLLEAGUE, TEACHER, POLINA):
            await conduct.use_power(open_store, TEACHER, "maths", conduct.Use(deed, target.id, ""), DURING)
        for target in (TIMUR, MOTHER):
            assert not await is_allowed(
                conduct.use_power(open_store, TEACHER, "maths", conduct.Use(deed, target.id, ""), DURING)
            ), "they are not of this lesson"

    @pytest.mark.parametrize("deed", sorted(set(Deed) - conduct.POWERS))
    async def test_is_no_deed_that_has_its_own_way(self, open_store: Store, deed: Deed) -> None:
        before = await rows_of(open_store)
        assert not await is_allowed(
            conduct.use_power(open_store, TEACHER, "maths", conduct.Use(deed, COLLEAGUE.id, ""), DURING)
        )
        assert await rows_of(open_store) == before

    async def test_ends_with_the_lesson(self, open_store: Store) -> None:
        await conduct.end(open_store, TEACHER, "maths", DURING)
        with pytest.raises(Refused) as caught:
            await conduct.use_power(open_store, TEACHER, "maths", conduct.Use(Deed.ROOM_SET, None, ""), DURING)
        assert caught.value.code == "ended"

    async def test_does_not_exist_for_another_school(self, open_store: Store) -> None:
        async with open_store.write() as tx:
            await tx.structure.add_school(School(BIRCH.id, BIRCH.name, BIRCH.zone))
        stranger = person(TEACHER.id, *TEACHER.appointments, school=BIRCH)
        with pytest.raises(NotFound):
            await conduct.use_power(open_store, stranger, "maths", conduct.Use(Deed.ROOM_SET, None, ""), DURING)


class TestACohost:
    async def test_is_a_host_until_the_end_and_no_longer(self, open_store: Store) -> None:
        named = await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=True)
        assert (named.room_role, named.host, named.about) == ("staff", True, COLLEAGUE.post)
        again = await lessons.admission(open_store, COLLEAGUE, "maths", DURING)
        assert (again.room_role, again.host) == ("staff", True)
        (view,) = await lessons.today(open_store, COLLEAGUE, DURING)
        assert (view.lesson.id, view.action) == ("maths", "join")
        await conduct.use_power(
            open_store, COLLEAGUE, "maths", conduct.Use(Deed.PARTICIPANT_MUTED, POLINA.id, ""), DURING
        )
        await conduct.remove(open_store, COLLEAGUE, "maths", ARTYOM.id, "noise", DURING)
        await conduct.end(open_store, COLLEAGUE, "maths", DURING)
        assert (await refusal_of(open_store, COLLEAGUE)).code == "not_a_member"
        await lessons.start(open_store, TEACHER, "maths", DURING)
        assert (await refusal_of(open_store, COLLEAGUE)).code == "not_a_member", "it is another room"

    async def test_outlives_a_restart_of_the_process(self, open_store: Store, url: str) -> None:
        await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=True)
        await open_store.close()
        async with await Store.open(url) as again:
            assert (await lessons.admission(again, COLLEAGUE, "maths", DURING)).host

    async def test_does_not_open_the_room(self, open_store: Store) -> None:
        await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=True)
        with pytest.raises(Refused) as caught:
            await lessons.start(open_store, COLLEAGUE, "maths", DURING)
        assert caught.value.code == "not_allowed"

    async def test_who_may_look_is_an_observer_again_afterwards(self, open_store: Store) -> None:
        assert (
            await conduct.name_cohost(open_store, TEACHER, "maths", DEPUTY.id, DURING, on=True)
        ).room_role == "staff"
        ended = await conduct.name_cohost(open_store, TEACHER, "maths", DEPUTY.id, DURING, on=False)
        assert (ended.room_role, ended.host) == ("observer", False)

    async def test_who_was_nothing_else_is_refused_afterwards(self, open_store: Store) -> None:
        await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=True)
        with pytest.raises(Refused) as caught:
            await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=False)
        assert caught.value.code == "not_a_member"
        assert (await refusal_of(open_store, COLLEAGUE)).code == "not_a_member"

    async def test_is_verified_staff_and_never_the_teacher(self, open_store: Store) -> None:
        unverified = person("unverified", *COLLEAGUE.appointments, verified=False)
        async with open_store.write() as tx:
            await tx.people.add(unverified)
        before = await rows_of(open_store)
        for target in (POLINA, MOTHER, unverified, TEACHER):
            for on in (True, False):
                assert not await is_allowed(conduct.name_cohost(open_store, TEACHER, "maths", target.id, DURING, on=on))
        assert await rows_of(open_store) == before
        assert (await lessons.admission(open_store, TEACHER, "maths", DURING)).room_role == "teacher"

    async def test_is_named_by_hosts_only_a_cohost_too(self, open_store: Store) -> None:
        for member in EVERYBODY:
            if member is not TEACHER:
                assert not await is_allowed(
                    conduct.name_cohost(open_store, member, "maths", COLLEAGUE.id, DURING, on=True)
                )
        await conduct.name_cohost(open_store, TEACHER, "maths", COLLEAGUE.id, DURING, on=True)
        await conduct.name_cohost(open_store, COLLEAGUE, "maths", DEPUTY.id, DURING, on=True)
        assert (await lessons.admission(open_store, DEPUTY, "maths", DURING)).host

    async def test_has_one_row_for_each_change_and_none_for_the_same_again(self, open_store: Store) -> None:
        before = await rows_of(open_store)
        for on in (True, True, False, False):
            await conduct.name_cohost(open_store, TEACHER, "maths", DEPUTY.id, DURING, on=on)
        named = (await audit_of(open_store, MAPLE.id))[before:]
        assert {(entry.deed, entry.target_id) for entry in named} == {
            (Deed.COHOST_NAMED, DEPUTY.id),
            (Deed.COHOST_ENDED, DEPUTY.id),
        }
        assert len(named) == 2


class TestAReport:
    async def test_reaches_the_administrator_with_who_when_and_where(self, open_store: Store) -> None:
        await conduct.report(open_store, POLINA, "maths", conduct.Complaint(ARTYOM.id, "insult", "дразнится"), DURING)
        (view,) = await conduct.reports(open_store, ADMINISTRATOR)
        assert (view.author, view.about, view.lesson.id, view.class_name) == (POLINA, ARTYOM, "maths", "5А")
        report = view.report
        assert (report.category, report.text, report.at, report.seen_at) == ("insult", "дразнится", DURING, None)
        last = (await audit_of(open_store, MAPLE.id))[-1]
        assert (last.actor_id, last.deed, last.target_id) == (POLINA.id, Deed.REPORTED, ARTYOM.id)
        assert last.detail == "insult", "what was written is for the administrator only"

    async def test_comes_from_people_of_the_room_only(self, open_store: Store) -> None:
        for member in (TIMUR, MOTHER, COLLEAGUE):
            assert not await is_allowed(
                conduct.report(open_store, member, "maths", conduct.Complaint(None, "other", ""), DURING)
            )
        with pytest.raises(NotFound):
            await conduct.report(open_store, POLINA, "maths", conduct.Complaint("unknown", "other", ""), DURING)
        assert await conduct.reports(open_store, ADMINISTRATOR) == []

    async def test_is_shown_unseen_first_then_the_newest(self, open_store: Store) -> None:
        for minute, text in enumerate(("first", "second", "third")):
            await conduct.report(
                open_store, POLINA, "maths", conduct.Complaint(None, "other", text), DURING + minute * MINUTE
            )
        shown = await conduct.reports(open_store, ADMINISTRATOR)
        assert [view.report.text for view in shown] == ["third", "second", "first"]
        for _ in range(2):
            await conduct.mark_seen(open_store, ADMINISTRATOR, shown[0].report.id, DURING + 5 * MINUTE)
        shown = await conduct.reports(open_store, ADMINISTRATOR)
        assert [(view.report.text, view.report.seen_at is None) for view in shown] == [
            ("second", True),
            ("first", True),
            ("third", False),
        ]

    async def test_is_read_and_marked_by_the_administrator_of_that_school_only(self, open_store: Store) -> None:
        await conduct.report(open_store, POLINA, "maths", conduct.Complaint(None, "other", ""), DURING)
        (view,) = await conduct.reports(open_store, ADMINISTRATOR)
        for member in EVERYBODY:
            if member is not ADMINISTRATOR:
                assert not await is_allowed(conduct.reports(open_store, member))
                assert not await is_allowed(conduct.mark_seen(open_store, member, view.report.id, DURING))
        stranger = person("stranger", *ADMINISTRATOR.appointments, school=BIRCH)
        assert await conduct.reports(open_store, stranger) == []
        for member, report_id in ((stranger, view.report.id), (ADMINISTRATOR, "unknown")):
            with pytest.raises(NotFound):
                await conduct.mark_seen(open_store, member, report_id, DURING)


class TestAQuestionAtTheDoor:
    async def test_of_a_refused_parent_reaches_the_administrator_once_until_it_is_seen(self, open_store: Store) -> None:
        before = await rows_of(open_store)
        for _ in range(3):
            await conduct.question(open_store, MOTHER_OF_TIMUR, "meeting", DURING)
        (view,) = await conduct.reports(open_store, ADMINISTRATOR)
        assert (view.author, view.about, view.report.category) == (MOTHER_OF_TIMUR, None, "wrong_class")
        assert await rows_of(open_store) - before == 1
        await conduct.mark_seen(open_store, ADMINISTRATOR, view.report.id, DURING)
        await conduct.question(open_store, MOTHER_OF_TIMUR, "meeting", DURING)
        assert len(await conduct.reports(open_store, ADMINISTRATOR)) == 2

    async def test_is_for_nobody_else(self, open_store: Store) -> None:
        for member in EVERYBODY:
            if member is not MOTHER_OF_TIMUR:
                assert not await is_allowed(conduct.question(open_store, member, "meeting", DURING))
            assert not await is_allowed(conduct.question(open_store, member, "maths", DURING))
        assert await conduct.reports(open_store, ADMINISTRATOR) == []


class TestWhatTheRoomNotices:
    async def test_one_adult_alone_with_one_child_is_kept(self, open_store: Store) -> None:
        await conduct.one_to_one(open_store, "maths", TEACHER.id, POLINA.id, DURING)
        last = (await audit_of(open_store, MAPLE.id))[-1]
        assert (last.deed, last.actor_id, last.target_id, last.starts_at) == (
            Deed.ONE_TO_ONE,
            TEACHER.id,
            POLINA.id,
            STARTS,
        )
        with pytest.raises(NotFound):
            await conduct.one_to_one(open_store, "unknown", TEACHER.id, POLINA.id, DURING)

    async def test_an_observer_who_comes_is_kept(self, open_store: Store) -> None:
        await conduct.observer_came(open_store, DIRECTOR, "maths", DURING)
        assert (await audit_of(open_store, MAPLE.id))[-1].deed is Deed.OBSERVER_CAME
        for member in (TEACHER, POLINA, COLLEAGUE):
            assert not await is_allowed(conduct.observer_came(open_store, member, "maths", DURING))


class TestRemoving:
    async def test_shuts_the_pupil_out_until_the_lesson_ends(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.remove(store, TEACHER, "maths", ARTYOM.id, "noise", DURING)
        refusal = await refusal_of(store, ARTYOM)
        assert refusal.code == "removed"
        assert refusal.lesson is not None
        assert refusal.own_lesson is None
        (view,) = await lessons.today(store, ARTYOM, DURING)
        assert view.action is None
        await lessons.admission(store, POLINA, "maths", DURING)

    async def test_outlives_a_restart_of_the_process(self, store: Store, url: str) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.remove(store, TEACHER, "maths", ARTYOM.id, "noise", DURING)
        await store.close()
        async with await Store.open(url) as again:
            assert (await refusal_of(again, ARTYOM)).code == "removed"

    async def test_is_forgotten_when_the_lesson_ends(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.remove(store, TEACHER, "maths", ARTYOM.id, "noise", DURING)
        await conduct.end(store, TEACHER, "maths", DURING)
        await lessons.start(store, TEACHER, "maths", DURING)
        assert (await lessons.admission(store, ARTYOM, "maths", DURING)).room_role == "pupil"

    async def test_is_valid_in_this_occurrence_only(self, store_that_is_always_on: Store) -> None:
        store, later = store_that_is_always_on, NOON + timedelta(hours=2)
        await lessons.start(store, TEACHER, "always", NOON)
        await conduct.remove(store, TEACHER, "always", ARTYOM.id, "conduct", NOON)
        await lessons.start(store, TEACHER, "always", later)
        assert (await lessons.admission(store, ARTYOM, "always", later)).room_role == "pupil"

    async def test_twice_is_once(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        for _ in range(2):
            await conduct.remove(store, TEACHER, "maths", ARTYOM.id, "noise", DURING)
        assert (await refusal_of(store, ARTYOM)).code == "removed"

    async def test_and_muting_are_for_the_lessons_teacher_only(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        for member in (POLINA, TIMUR, MOTHER, COLLEAGUE, DIRECTOR, CLASS_TEACHER):
            with pytest.raises(Refused):
                await conduct.remove(store, member, "maths", ARTYOM.id, "other", DURING)
            with pytest.raises(Refused):
                await conduct.use_power(
                    store, member, "maths", conduct.Use(Deed.PARTICIPANT_MUTED, ARTYOM.id, ""), DURING
                )
        await lessons.admission(store, ARTYOM, "maths", DURING)

    async def test_and_muting_do_not_reach_observers_or_people_elsewhere(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        for target in (DIRECTOR, CLASS_TEACHER, TEACHER, TIMUR):
            with pytest.raises(Refused):
                await conduct.remove(store, TEACHER, "maths", target.id, "other", DURING)
        with pytest.raises(NotFound):
            await conduct.use_power(store, TEACHER, "maths", conduct.Use(Deed.PARTICIPANT_MUTED, "unknown", ""), DURING)

    async def test_needs_a_lesson_that_is_going_on(self, store: Store) -> None:
        with pytest.raises(Refused) as caught:
            await conduct.remove(store, TEACHER, "maths", ARTYOM.id, "noise", DURING)
        assert caught.value.code == "ended"


class TestPowersInTheRoom:
    async def test_leave_an_audit_entry_each(self, store: Store) -> None:
        await lessons.start(store, TEACHER, "maths", DURING)
        await conduct.use_power(
            store, TEACHER, "maths", conduct.Use(Deed.PARTICIPANT_MUTED, POLINA.id, ""), DURING + SECOND
        )
        await conduct.remove(store, TEACHER, "maths", ARTYOM.id, "noise", DURING + 2 * SECOND)
        await conduct.end(store, TEACHER, "maths", DURING + 3 * SECOND)
        entries = await audit_of(store, MAPLE.id)
        assert [(entry.deed, entry.target_id, entry.detail) for entry in entries] == [
            (Deed.LESSON_STARTED, "", ""),
            (Deed.PARTICIPANT_MUTED, POLINA.id, ""),
            (Deed.PARTICIPANT_REMOVED, ARTYOM.id, "noise"),
            (Deed.LESSON_ENDED, "", ""),
        ]
        assert {(entry.actor_id, entry.lesson_id, entry.starts_at) for entry in entries} == {
            (TEACHER.id, "maths", STARTS)
        }

    async def test_that_were_refused_leave_none(self, store: Store) -> None:
        with pytest.raises(Refused):
            await lessons.start(store, ARTYOM, "maths", DURING)
        assert await audit_of(store, MAPLE.id) == []
