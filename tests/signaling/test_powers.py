"""Who may ask what of a room, and about whom: every request, for every role, with and without being a host."""

from typing import get_args

import msgspec
import pytest

from signaling.live import commands, powers
from signaling.live import messages as wire
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person

ROLES: tuple[wire.RoomRole, ...] = get_args(wire.RoomRole)
REQUESTS = sorted(set(get_args(wire.ClientMessage)) - {wire.Join, wire.Resume}, key=lambda kind: kind.__name__)

OF_EVERYBODY = {wire.Reoffer, wire.Settle, wire.SetView, wire.TakeSound, wire.SetLayout, wire.Leave, wire.Report}
OF_WHOEVER_TAKES_PART = {wire.SetMedia, wire.RaiseHand, wire.SetAnswer, wire.React, wire.SendChat, wire.RemoveChat}
OVER_PUPILS_AND_PARENTS = {
    wire.Restrict,
    wire.GiveFloor,
    wire.TakeFloor,
    wire.LowerHand,
    wire.AskToTurnOn,
    wire.RemoveParticipant,
}
OVER_THE_ROOM = {wire.ClearAnswers, wire.SetRoom, wire.Admit, wire.Decline, wire.EndLesson}
OF_HOSTS = OVER_PUPILS_AND_PARENTS | OVER_THE_ROOM | {wire.SetSpotlight, wire.SetHost}

ORLOVA = a_person("Орлова", "teacher")
PETROVA = a_person("Петрова", "staff", host=True)
PEOPLE: dict[wire.RoomRole, commands.Person] = {
    "teacher": a_person("Вторая", "teacher", host=False),
    "pupil": a_person("Артём"),
    "parent": a_person("Ольга", "parent"),
    "staff": a_person("Завуч", "staff"),
    "observer": a_person("Рябов", "observer"),
}


def about(target: str) -> list[wire.Request]:
    """Every request that names a person."""
    return [
        wire.Restrict(id=1, participant=target, kind="microphone", how="off"),
        wire.Restrict(id=1, participant=target, kind="camera", how="closed"),
        wire.Restrict(id=1, participant=target, kind="screen", how="open"),
        wire.GiveFloor(id=1, participant=target),
        wire.TakeFloor(id=1, participant=target),
        wire.LowerHand(id=1, participant=target),
        wire.AskToTurnOn(id=1, participants=[target], kind="camera"),
        wire.SetSpotlight(id=1, participants=[target]),
        wire.SetHost(id=1, participant=target, host=True),
        wire.RemoveParticipant(id=1, participant=target, reason="other"),
    ]


def about_the_room() -> list[wire.Request]:
    return [
        wire.Restrict(id=1, participant=None, kind="microphone", how="closed"),
        wire.TakeFloor(id=1, participant=None),
        wire.LowerHand(id=1, participant=None),
        wire.ClearAnswers(id=1),
        wire.SetRoom(id=1, locked=True),
        wire.SetSpotlight(id=1, participants=[]),
        wire.Admit(id=1, waiting=None),
        wire.Decline(id=1, waiting="w"),
        wire.EndLesson(id=1),
    ]


def a_full_room() -> tuple[Classroom, dict[wire.RoomRole, commands.Link], commands.Link]:
    room = Classroom()
    desk = room.join(ORLOVA)
    links = {role: room.join(person) for role, person in PEOPLE.items()}
    room.said.clear()
    room.recorded.clear()
    return room, links, desk


def test_the_table_has_every_request_of_the_protocol_and_no_other() -> None:
    assert set(powers.RULES) == set(REQUESTS) == OF_EVERYBODY | OF_WHOEVER_TAKES_PART | OF_HOSTS


@pytest.mark.parametrize("host", [False, True])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("request_", REQUESTS)
def test_who_may_ask_what(request_: type[wire.Request], role: wire.RoomRole, host: bool) -> None:
    if request_ in OF_HOSTS:
        expected = host
    elif request_ in OF_WHOEVER_TAKES_PART:
        expected = role != "observer"
    else:
        expected = True
    assert powers.may_ask(request_, role, host=host) == expected


@pytest.mark.parametrize("target", ROLES)
@pytest.mark.parametrize("request_", REQUESTS)
def test_whom_it_may_be_about(request_: type[wire.Request], target: wire.RoomRole) -> None:
    if request_ in OVER_PUPILS_AND_PARENTS:
        expected = target in {"pupil", "parent"}
    elif request_ is wire.SetSpotlight:
        expected = target != "observer"
    elif request_ is wire.SetHost:
        expected = target in {"staff", "observer"}
    else:
        expected = request_ is wire.Report
    assert powers.reaches(request_, target) == expected


def test_what_is_not_in_the_table_is_nobodys() -> None:
    class DrawLine(wire.Request, frozen=True, kw_only=True, tag="draw_line"):
        pass

    assert not powers.may_ask(DrawLine, "teacher", host=True)
    assert not powers.reaches(DrawLine, "pupil")


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_no_host_changes_nothing_about_others_or_the_room(role: wire.RoomRole) -> None:
    room, links, _ = a_full_room()
    requests = about_the_room() + [each for person in PEOPLE.values() for each in about(room.id_of(person))]
    before = (room.state.snapshot(room.seat(ORLOVA)), room.state.desired("room"))
    for request in requests:
        room.ask(links[role], request)
    assert room.failures(links[role]) == ["not_allowed"] * len(requests)
    assert (room.state.snapshot(room.seat(ORLOVA)), room.state.desired("room")) == before
    assert (room.recorded, room.shut) == ([], {})


@pytest.mark.parametrize("target", ["teacher", "staff", "observer"])
def test_the_powers_of_a_host_do_not_reach_the_schools_staff(target: wire.RoomRole) -> None:
    room, _, desk = a_full_room()
    before = room.card(PEOPLE[target])
    for request in about(room.id_of(PEOPLE[target])):
        if type(request) in OVER_PUPILS_AND_PARENTS:
            room.ask(desk, request)
            assert room.failures(desk) == ["not_allowed"]
    assert room.card(PEOPLE[target]) == before
    assert room.recorded == []


def test_nobody_ends_the_teacher_not_even_another_host() -> None:
    room, _, _ = a_full_room()
    second = room.join(PETROVA)
    room.heard(second)
    room.ask(second, wire.SetHost(id=1, participant=room.id_of(ORLOVA), host=False))
    room.ask(second, wire.RemoveParticipant(id=2, participant=room.id_of(ORLOVA), reason="other"))
    assert room.failures(second) == ["not_allowed"] * 2


def test_a_co_host_has_the_powers_of_the_teacher() -> None:
    room, _, _ = a_full_room()
    second = room.join(PETROVA)
    room.recorded.clear()
    for request in about(room.id_of(PEOPLE["parent"])):
        room.heard(second)
        room.ask(second, request)
        refused = room.failures(second)
        assert refused == (["not_allowed"] if isinstance(request, wire.SetHost) else [])


def test_no_request_turns_anything_on_for_somebody_else() -> None:
    room, _, desk = a_full_room()
    for role in ("pupil", "parent"):
        person = PEOPLE[role]
        (link,) = room.links_of(person)
        room.ask(link, wire.SetMedia(id=1, media=wire.Media()))
        for request in about(room.id_of(person)):
            room.ask(desk, request)
            assert room.seat(person).media == wire.Media()


def test_no_request_says_who_sent_it_or_renames_anybody() -> None:
    for request in REQUESTS:
        fields = {field.name for field in msgspec.structs.fields(request)}
        assert not fields & {"sender", "by", "author", "name", "short_name", "role"}


def test_whoever_is_no_host_any_more_has_no_power_at_once() -> None:
    room, _, desk = a_full_room()
    second = room.join(PETROVA)
    room.tell(commands.HostNamed(desk, 5, room.id_of(PETROVA), a_person("Петрова", "observer")))
    room.heard(second)
    for request in about_the_room():
        room.ask(second, request)
    assert set(room.failures(second)) == {"not_allowed"}
    room.ask(second, wire.Reoffer(id=9, offer=an_offer(2)))
    assert room.failures(second) == ["not_allowed"], "the session may not have heard of it yet"
