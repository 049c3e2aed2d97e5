"""Co-hosts: named and no longer, with what that changes at once for them and for the others."""

import pytest

from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person, a_setting

ORLOVA = a_person("Орлова", "teacher")
RYABOV = a_person("Рябов", "observer")
RYABOV_HOSTS = a_person("Рябов", "staff", host=True)
ARTYOM = a_person("Артём")
ALL_ON = wire.Media(microphone=True, camera=True)


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link]:
    room = Classroom()
    desk, back = room.join(ORLOVA), room.join(RYABOV)
    room.said.clear()
    return room, desk, back


def name_host(room: Classroom, desk: commands.Link, person: commands.Person | None, *, host: bool = True) -> None:
    """The school has answered with `person` as they are from now on."""
    participant = room.id_of(RYABOV)
    room.ask(desk, wire.SetHost(id=6, participant=participant, host=host))
    record = room.recorded.pop()
    assert record == commands.RecordHost(desk, 6, ORLOVA.member, participant, RYABOV.member, host)
    room.tell(commands.HostNamed(desk, 6, participant, person))


def test_a_co_host_is_named_by_the_books_and_everybody_is_told() -> None:
    room, desk, back = a_lesson()
    bench = room.join(ARTYOM)
    room.said.clear()
    name_host(room, desk, RYABOV_HOSTS)
    assert room.seated[back] == "staff", "the session learns the role"
    assert room.kept[-1] is True
    for link in (desk, back, bench):
        (told,) = [each.participant for each in room.said[link] if isinstance(each, wire.ParticipantChanged)]
        assert (told.role, told.host) == ("staff", True)
    assert wire.Done(re=6) in room.heard(desk)


def test_a_new_host_is_told_what_is_closed_to_whom() -> None:
    room, desk, back = a_lesson()
    room.join(ARTYOM)
    artyom = room.id_of(ARTYOM)
    room.ask(desk, wire.Restrict(id=5, participant=artyom, kind="camera", how="closed"))
    room.said.clear()
    name_host(room, desk, RYABOV_HOSTS)
    told = [each.participant for each in room.said[back] if isinstance(each, wire.ParticipantChanged)]
    assert [each.rights.camera for each in told if each.id == artyom] == ["closed"]


def test_an_observer_who_becomes_a_host_gets_sources_and_may_send_with_the_next_offer() -> None:
    room, desk, back = a_lesson()
    name_host(room, desk, RYABOV_HOSTS)
    assert set(room.card(RYABOV).sources) == {"microphone", "camera", "screen", "screen_sound"}
    assert room.peers_of(RYABOV)[0].publish == []
    room.ask(back, wire.Reoffer(id=2, offer=an_offer(2)))
    room.answer()
    room.ask(back, wire.SetMedia(id=3, media=ALL_ON))
    assert room.peers_of(RYABOV)[-1].publish == ["microphone", "camera"]


def test_a_host_no_longer_loses_voice_and_picture_at_once() -> None:
    room, desk, back = a_lesson()
    name_host(room, desk, RYABOV_HOSTS)
    room.ask(back, wire.Reoffer(id=2, offer=an_offer(2)))
    room.answer()
    room.ask(back, wire.SetMedia(id=3, media=ALL_ON))
    name_host(room, desk, RYABOV, host=False)
    assert [peer.publish for peer in room.peers_of(RYABOV)] == [[], []]
    assert (room.card(RYABOV).sources, room.card(RYABOV).media) == ({}, wire.Media())
    assert room.seated[back] == "observer"
    room.heard(back)
    room.ask(back, wire.SetMedia(id=4, media=ALL_ON))
    room.ask(back, wire.Reoffer(id=5, offer=an_offer(3)))
    assert room.failures(back) == ["not_allowed"] * 2
    assert [peer.publish for peer in room.peers_of(RYABOV)] == [[], []]


def test_a_host_again_sends_nothing_over_the_offer_from_before() -> None:
    room, desk, back = a_lesson()
    name_host(room, desk, RYABOV_HOSTS)
    room.ask(back, wire.Reoffer(id=2, offer=an_offer(2)))
    room.answer()
    name_host(room, desk, RYABOV, host=False)
    name_host(room, desk, RYABOV_HOSTS)
    room.ask(back, wire.SetMedia(id=3, media=ALL_ON))
    assert [peer.publish for peer in room.peers_of(RYABOV)] == [[], []], "its tracks carry other numbers"


def test_who_comes_back_as_staff_is_held_back_by_nothing_from_before() -> None:
    room = Classroom(a_setting("meeting"))
    desk = room.join(ORLOVA)
    room.knock(a_person("Ольга", "parent"))
    room.ask(desk, wire.Admit(id=1, waiting=None))
    room.answer()
    room.ask(desk, wire.Restrict(id=2, participant=None, kind="microphone", how="closed"))
    olga = a_person("Ольга", "staff")
    room.join(olga, media=ALL_ON, take_over=True)
    assert room.peers_of(olga)[0].publish == ["microphone", "camera"]
    assert (room.card(olga).rights.microphone, room.card(olga).mute) == ("open", 0)


def test_a_second_tab_on_its_way_does_not_bring_the_powers_back() -> None:
    room, desk, _ = a_lesson()
    name_host(room, desk, RYABOV_HOSTS)
    tab = room.knock(RYABOV_HOSTS, an_offer(), ALL_ON, take_over=True)
    name_host(room, desk, RYABOV, host=False)
    room.answer()
    assert room.seated[tab] == "observer"
    assert (room.card(RYABOV).host, room.peers_of(RYABOV)[0].publish) == (False, [])


def test_what_the_books_do_not_allow_changes_nothing() -> None:
    room, desk, _ = a_lesson()
    before = room.card(RYABOV)
    name_host(room, desk, None)
    assert room.failures(desk) == ["not_allowed"]
    assert room.card(RYABOV) == before


@pytest.mark.parametrize("person", [ORLOVA, ARTYOM])
@pytest.mark.parametrize("host", [True, False])
def test_neither_the_teacher_nor_a_pupil_is_named_or_ended(person: commands.Person, host: bool) -> None:
    room, desk, _ = a_lesson()
    room.join(ARTYOM)
    room.said.clear()
    room.ask(desk, wire.SetHost(id=6, participant=room.id_of(person), host=host))
    assert room.failures(desk) == ["not_allowed"]
    assert room.recorded == []


def test_a_new_host_is_told_who_waits_at_the_door_and_one_no_longer_is_not() -> None:
    room = Classroom(a_setting("meeting"))
    desk, back = room.join(ORLOVA), room.join(a_person("Рябов", "staff"))
    room.knock(a_person("Ольга", "parent"))
    room.pass_time(1)
    room.said.clear()
    name_host(room, desk, RYABOV_HOSTS)
    assert [each.name for each in room.events(back, wire.DoorChanged)[-1].waiting] == ["Ольга"]
    name_host(room, desk, a_person("Рябов", "staff"), host=False)
    room.said.clear()
    room.knock(a_person("Елена", "parent"))
    room.pass_time(1)
    assert room.heard(back) == []


def test_an_answer_of_the_books_about_somebody_who_has_left_is_kept_for_the_return() -> None:
    room, desk, back = a_lesson()
    participant = room.id_of(RYABOV)
    room.ask(back, wire.Leave(id=2))
    room.said.clear()
    room.tell(commands.HostNamed(desk, 6, participant, RYABOV_HOSTS))
    assert room.heard(desk) == [
        wire.DoorChanged(seq=room.state.log.seq, waiting=[]),
        wire.Done(re=6),
    ], "nobody is told of a person who is not in"
