"""Pupils are not left alone: the rule itself, and in a room."""

import pytest

from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.adults import Flow, flow
from tests.signaling.classroom import GRACE, Classroom, a_person

ORLOVA, RYABOV = a_person("Орлова", "teacher"), a_person("Рябов", "observer")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")


@pytest.mark.parametrize(
    ("adult_in", "last_left_at", "now", "expected"),
    [
        (True, None, 0.0, Flow(on=True, stops_at=None)),
        (True, 5.0, 900.0, Flow(on=True, stops_at=None)),
        (False, None, 0.0, Flow(on=False, stops_at=None)),
        (False, 100.0, 100.0, Flow(on=True, stops_at=400.0)),
        (False, 100.0, 399.9, Flow(on=True, stops_at=400.0)),
        (False, 100.0, 400.0, Flow(on=False, stops_at=None)),
    ],
)
def test_the_rule(adult_in: bool, last_left_at: float | None, now: float, expected: Flow) -> None:
    assert flow(adult_in=adult_in, last_left_at=last_left_at, now=now, grace_seconds=300.0) == expected


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
    assert (told.flow, told.media_stops_at) == (True, left_at + GRACE)
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


def test_a_teacher_whose_network_is_lost_counts_until_the_tile_goes() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    room.tell(commands.Drop(desk, "lost"))
    room.pass_time(30)
    assert room.state.info().media_stops_at == room.now + GRACE
    room.pass_time(GRACE)
    assert not room.state.desired("room").flow
