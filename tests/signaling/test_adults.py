"""Pupils are not left alone: the rule itself, and in a room."""

from dataclasses import replace

import pytest

from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.adults import Clock, Flow, Present, TwoAdults, flow
from tests.signaling.classroom import GRACE, UNIX_OFFSET, Classroom, a_person, a_setting

ORLOVA, RYABOV = a_person("Орлова", "teacher"), a_person("Рябов", "observer")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")


TEACHER_ALONE = Present(counting=True, adults=1)
ONE_TO_ONE = Present(counting=True, adults=1, children=1)
CLASS = Present(counting=True, adults=1, children=2)
TWO_ADULTS = Present(counting=True, adults=2, children=1)
CHILD_ALONE = Present(children=1)


@pytest.mark.parametrize(
    ("present", "left_at", "now", "expected"),
    [
        (TEACHER_ALONE, None, 0.0, Flow(on=True)),
        (CLASS, 5.0, 900.0, Flow(on=True)),
        (CHILD_ALONE, None, 0.0, Flow(on=False, why_not="no_adult")),
        (CHILD_ALONE, 100.0, 100.0, Flow(on=True, stops_at=400.0)),
        (CHILD_ALONE, 100.0, 399.9, Flow(on=True, stops_at=400.0)),
        (CHILD_ALONE, 100.0, 400.0, Flow(on=False, why_not="no_adult")),
        (Present(adults=1, children=5), None, 0.0, Flow(on=False, why_not="no_adult")),
    ],
)
def test_the_rule_of_the_adult_who_is_in(present: Present, left_at: float | None, now: float, expected: Flow) -> None:
    clock = Clock(present, left_at=left_at)
    assert flow(clock, now=now, grace_seconds=300.0, two_adults="stop") == expected


@pytest.mark.parametrize(
    ("two_adults", "present", "company_left_at", "now", "expected"),
    [
        ("stop", TEACHER_ALONE, None, 0.0, Flow(on=True)),
        ("stop", CLASS, None, 0.0, Flow(on=True)),
        ("stop", TWO_ADULTS, None, 0.0, Flow(on=True)),
        ("stop", ONE_TO_ONE, None, 0.0, Flow(on=False, why_not="two_adults")),
        ("stop", ONE_TO_ONE, 100.0, 100.0, Flow(on=True, stops_at=400.0)),
        ("stop", ONE_TO_ONE, 100.0, 400.0, Flow(on=False, why_not="two_adults")),
        ("log", ONE_TO_ONE, None, 0.0, Flow(on=True)),
        ("off", ONE_TO_ONE, None, 0.0, Flow(on=True)),
    ],
)
def test_the_rule_of_the_second_adult(
    two_adults: TwoAdults, present: Present, company_left_at: float | None, now: float, expected: Flow
) -> None:
    clock = Clock(present, company_left_at=company_left_at)
    assert flow(clock, now=now, grace_seconds=300.0, two_adults=two_adults) == expected


@pytest.mark.parametrize(
    ("before", "after", "company_left_at"),
    [
        (CLASS, ONE_TO_ONE, 50.0),
        (TWO_ADULTS, ONE_TO_ONE, 50.0),
        (TEACHER_ALONE, ONE_TO_ONE, None),
        (CHILD_ALONE, ONE_TO_ONE, None),
        (ONE_TO_ONE, CLASS, None),
        (ONE_TO_ONE, TEACHER_ALONE, None),
    ],
)
def test_a_pair_that_others_left_behind_has_the_minutes_and_one_that_came_together_has_not(
    before: Present, after: Present, company_left_at: float | None
) -> None:
    clock = Clock(before)
    clock.see(after, 50.0)
    assert clock.company_left_at == company_left_at
    clock.see(after, 60.0)
    assert clock.company_left_at == company_left_at


def rooms_told(room: Classroom, link: commands.Link) -> list[wire.RoomInfo]:
    return [each.room for each in room.heard(link) if isinstance(each, wire.RoomChanged)]


def test_no_media_before_an_adult_is_in() -> None:
    room = Classroom()
    bench = room.join(ARTYOM)
    assert not room.state.desired("room").flow
    desk = room.join(ORLOVA)
    assert room.state.desired("room").flow
    assert [told.flow for told in rooms_told(room, bench)] == [True]
    assert rooms_told(room, desk) == [], "the newcomer's snapshot holds it"


def test_media_stop_the_set_minutes_after_the_last_adult_left() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(bench)
    room.ask(desk, wire.Leave(id=1))
    left_at = room.now
    (told,) = rooms_told(room, bench)
    assert (told.flow, told.media_stops_at) == (True, left_at + UNIX_OFFSET + GRACE)
    room.pass_time(GRACE - 1)
    assert room.state.desired("room").flow
    room.pass_time(1)
    assert not room.state.desired("room").flow
    (told,) = rooms_told(room, bench)
    assert (told.flow, told.media_stops_at) == (False, None)


def test_an_observer_of_the_school_is_an_adult_too() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.join(RYABOV)
    room.heard(bench)
    room.ask(desk, wire.Leave(id=1))
    room.pass_time(2 * GRACE)
    assert room.state.desired("room").flow
    assert rooms_told(room, bench) == []


def test_an_adult_who_is_back_in_time_starts_the_minutes_anew() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    room.ask(desk, wire.Leave(id=1))
    room.pass_time(GRACE - 1)
    desk = room.join(ORLOVA)
    room.ask(desk, wire.Leave(id=1))
    room.pass_time(GRACE - 1)
    assert room.state.desired("room").flow


def test_the_minutes_of_a_teacher_whose_network_is_lost_count_from_the_loss() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    room.tell(commands.Drop(desk, "lost"))
    lost_at = room.now
    assert room.state.info().media_stops_at is None, "a network that comes back is no reason to frighten children"
    room.pass_time(30)
    assert room.state.info().media_stops_at == lost_at + UNIX_OFFSET + GRACE
    room.pass_time(GRACE - 30 - 1)
    assert room.state.desired("room").flow
    room.pass_time(1)
    assert not room.state.desired("room").flow


def test_a_place_that_is_only_held_is_no_adult_for_longer_than_the_set_time() -> None:
    room = Classroom(replace(a_setting(), seconds_without_adult=3.0))
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    room.tell(commands.Drop(desk, "lost"))
    room.pass_time(2.9)
    assert room.state.desired("room").flow
    room.pass_time(0.2)
    assert not room.state.desired("room").flow


def test_who_counts_as_an_adult_is_the_schools_to_say() -> None:
    room = Classroom()
    room.join(ARTYOM)
    room.join(a_person("Рябов", "observer", adult=False))
    assert not room.state.desired("room").flow
    room.join(ORLOVA)
    assert room.state.desired("room").flow


def test_a_meeting_of_adults_goes_on_without_the_teacher() -> None:
    room = Classroom(a_setting("meeting", "stop"))
    desk = room.join(ORLOVA)
    room.ask(desk, wire.SetRoom(id=1, door="list"))
    room.join(a_person("Ольга", "parent"))
    room.ask(desk, wire.Leave(id=2))
    room.pass_time(2 * GRACE)
    assert room.state.desired("room").flow


def test_one_adult_and_one_child_get_no_media_where_the_school_says_so() -> None:
    room = Classroom(a_setting(two_adults="stop"))
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    assert not room.state.desired("room").flow
    assert room.state.info().why_not == "two_adults"
    bench = room.join(POLINA)
    assert [(told.flow, told.why_not) for told in rooms_told(room, desk)] == [(False, "two_adults"), (True, None)]
    room.ask(bench, wire.Leave(id=1))
    assert room.state.info().media_stops_at == room.now + UNIX_OFFSET + GRACE
    room.pass_time(GRACE)
    assert (room.state.desired("room").flow, room.state.info().why_not) == (False, "two_adults")


def test_a_second_adult_of_any_kind_is_enough() -> None:
    room = Classroom(a_setting(two_adults="stop"))
    room.join(ORLOVA)
    room.join(ARTYOM)
    room.join(a_person("Рябов", "observer", adult=False))
    assert room.state.desired("room").flow


def test_where_the_school_wants_to_know_a_pair_is_put_down_once_an_occasion_and_not_stopped() -> None:
    room = Classroom(a_setting(two_adults="log"))
    room.join(ORLOVA)
    bench = room.join(ARTYOM)
    alone = commands.RecordOneToOne(ORLOVA.member, ARTYOM.member)
    assert room.recorded == [alone]
    assert room.state.desired("room").flow
    room.tell(commands.Drop(bench, "closed"))
    room.join(ARTYOM)
    assert room.recorded == [alone], "a reload is the same occasion"
    room.ask(room.join(POLINA), wire.Leave(id=1))
    assert room.recorded == [alone, alone]
