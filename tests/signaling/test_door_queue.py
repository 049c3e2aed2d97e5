"""The door: who waits, what they and the hosts are told, who is let in and who is not."""

import pytest

from school.audit import Deed
from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.door_queue import MOST_WAITING
from tests.signaling.classroom import UNIX_OFFSET, Classroom, a_person, a_setting, login_of

ORLOVA = a_person("Орлова", "teacher")
PETROVA = a_person("Петрова", "staff")
RYABOV = a_person("Рябов", "observer")
OLGA, ELENA = a_person("Ольга", "parent"), a_person("Елена", "parent")
STRANGER = a_person("Чужой", "parent", expected=False)
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")


def a_meeting() -> tuple[Classroom, commands.Link]:
    room = Classroom(a_setting("meeting"))
    desk = room.join(ORLOVA)
    room.said.clear()
    return room, desk


def waiting(room: Classroom) -> list[str]:
    return [each.name for each in room.state.waiting()]


def place(room: Classroom, name: str) -> str:
    return next(each.id for each in room.state.waiting() if each.name == name)


def test_in_a_lesson_who_is_on_the_list_comes_in_and_who_is_not_waits() -> None:
    room = Classroom()
    room.join(ORLOVA)
    assert isinstance(room.heard(room.join(ARTYOM))[0], wire.Joined)
    stranger = room.join(STRANGER)
    assert room.heard(stranger) == [wire.AtTheDoor(host="Ирина Орлова", expected=False, waiting=1)]
    assert room.asked == []


@pytest.mark.parametrize("person", [ORLOVA, PETROVA, RYABOV, a_person("Вторая", "staff", expected=False)])
def test_no_door_holds_up_the_schools_staff(person: commands.Person) -> None:
    room = Classroom(a_setting("meeting"))
    desk = room.join(a_person("Первая", "teacher"))
    room.ask(desk, wire.SetRoom(id=1, locked=True))
    assert isinstance(room.heard(room.join(person))[0], wire.Joined)


def test_whoever_waits_sees_nothing_of_the_room_and_the_room_nothing_of_them() -> None:
    room, desk = a_meeting()
    link = room.knock(OLGA)
    assert room.heard(link) == [wire.AtTheDoor(host="Ирина Орлова", expected=True, waiting=1)]
    room.ask(desk, wire.SendChat(id=2, key="k", text="Добрый вечер"))
    room.keep_chat()
    room.ask(desk, wire.RaiseHand(id=3, up=True))
    room.ask(desk, wire.React(id=4, reaction="clap"))
    room.tell(commands.ResetMedia(2))
    room.tell(commands.Restart())
    assert room.heard(link) == []
    assert room.state.seat_of_member(OLGA.member) is None
    assert [peer.participant for peer in room.state.desired("r").peers] == []
    assert room.names() == ["Орлова"]
    room.ask(link, wire.SendChat(id=5, key="k", text="Я тут"))
    assert room.recorded == []


def test_hosts_see_who_waits_and_nobody_else_does() -> None:
    room, desk = a_meeting()
    staff = room.join(PETROVA)
    room.said.clear()
    room.knock(OLGA)
    (told,) = room.events(desk, wire.DoorChanged)
    (one,) = told.waiting
    assert (one.name, one.role, one.expected, one.since) == ("Ольга", "parent", True, room.now + UNIX_OFFSET)
    assert room.heard(staff) == []
    assert room.state.snapshot(room.seat(ORLOVA)).waiting == told.waiting
    assert room.state.snapshot(room.seat(PETROVA)).waiting == []


def test_who_is_let_in_comes_in_by_itself_as_any_arrival() -> None:
    room, desk = a_meeting()
    link = room.knock(OLGA)
    room.ask(desk, wire.Admit(id=4, waiting=place(room, "Ольга")))
    assert len(room.asked) == 1
    assert room.names() == ["Орлова"], "not before the node has answered"
    room.answer()
    assert [type(each) for each in room.heard(link)] == [wire.AtTheDoor, wire.Joined]
    (power,) = room.enter_in_books()
    assert (power.deed, power.target) == (Deed.ADMITTED, OLGA.member)
    assert wire.Done(re=4) in room.heard(desk)
    assert waiting(room) == []


def test_all_who_are_expected_are_let_in_together_and_strangers_are_not() -> None:
    room, desk = a_meeting()
    for person in (OLGA, STRANGER, ELENA):
        room.knock(person)
    room.ask(desk, wire.Admit(id=4, waiting=None))
    room.answer()
    assert room.names() == ["Орлова", "Ольга", "Елена"]
    assert waiting(room) == ["Чужой"]
    (power,) = room.enter_in_books()
    assert (power.target, power.detail) == (None, "2")


def test_who_is_declined_is_told_so_and_may_knock_again() -> None:
    room, desk = a_meeting()
    link = room.knock(STRANGER)
    room.ask(desk, wire.Decline(id=4, waiting=place(room, "Чужой")))
    assert room.shut == {link: "declined"}
    (power,) = room.enter_in_books()
    assert (power.deed, power.target) == (Deed.DECLINED, STRANGER.member)
    room.knock(STRANGER)
    assert waiting(room) == ["Чужой"]


@pytest.mark.parametrize("request_", [wire.Admit(id=4, waiting="nobody"), wire.Decline(id=4, waiting="nobody")])
def test_who_does_not_wait_can_neither_be_let_in_nor_declined(request_: wire.Request) -> None:
    room, desk = a_meeting()
    room.ask(desk, request_)
    assert room.failures(desk) == ["not_found"]
    assert room.recorded == []


@pytest.mark.parametrize("how", ["closed", "lost"])
def test_a_waiting_page_that_goes_is_forgotten(how: str) -> None:
    room, desk = a_meeting()
    link = room.knock(OLGA)
    key = place(room, "Ольга")
    room.tell(commands.Drop(link, "closed" if how == "closed" else "lost"))
    assert waiting(room) == []
    room.pass_time(1)
    assert room.events(desk, wire.DoorChanged)[-1].waiting == []
    room.ask(desk, wire.Admit(id=4, waiting=key))
    assert room.failures(desk) == ["not_found"]


def test_who_was_in_comes_back_without_waiting_locked_or_not() -> None:
    room, desk = a_meeting()
    room.knock(OLGA)
    room.ask(desk, wire.Admit(id=4, waiting=None))
    room.answer()
    room.ask(desk, wire.SetRoom(id=5, locked=True))
    room.tell(commands.Drop(commands.Link(2), "lost"))
    room.pass_time(300)
    assert isinstance(room.heard(room.join(OLGA))[0], wire.Joined)


def test_who_was_let_in_and_lost_the_page_before_the_answer_does_not_wait_again() -> None:
    room, desk = a_meeting()
    link = room.knock(OLGA)
    room.ask(desk, wire.Admit(id=4, waiting=None))
    room.tell(commands.Drop(link, "closed"))
    room.answer()
    assert isinstance(room.heard(room.join(OLGA))[0], wire.Joined)


def test_a_removed_person_does_not_even_wait() -> None:
    room, desk = a_meeting()
    room.knock(OLGA)
    room.ask(desk, wire.Admit(id=4, waiting=None))
    room.answer()
    room.ask(desk, wire.RemoveParticipant(id=5, participant=room.id_of(OLGA), reason="stranger"))
    assert room.shut[room.knock(OLGA)] == "removed"
    assert waiting(room) == []


def test_a_locked_lesson_lets_nobody_in_by_itself_and_everybody_expected_when_it_opens() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.ask(desk, wire.SetRoom(id=1, locked=True))
    room.knock(ARTYOM)
    room.knock(STRANGER)
    assert waiting(room) == ["Артём", "Чужой"]
    room.ask(desk, wire.SetRoom(id=2, locked=False))
    room.answer()
    assert room.names() == ["Орлова", "Артём"]
    assert waiting(room) == ["Чужой"]
    assert [each.detail for each in room.enter_in_books()] == ["locked=True", "locked=False"]


def test_one_person_waits_once_and_keeps_the_place_with_another_tab() -> None:
    room, _ = a_meeting()
    first = room.knock(OLGA)
    room.knock(ELENA)
    asked = room.knock(OLGA)
    assert room.failures(asked) == ["already_here"]
    second = room.knock(OLGA, take_over=True)
    assert room.shut == {first: "elsewhere"}
    assert waiting(room) == ["Ольга", "Елена"]
    room.tell(commands.Drop(first, "closed"))
    assert waiting(room) == ["Ольга", "Елена"]
    assert second not in room.shut


def test_two_devices_of_one_person_wait_in_one_place_and_go_in_together() -> None:
    room, desk = a_meeting()
    laptop, tablet = room.knock(OLGA), room.knock(OLGA, browser="-tablet")
    assert waiting(room) == ["Ольга"]
    assert room.shut == {}
    assert [each.waiting for each in room.events(tablet, wire.AtTheDoor)][-1:] == [1]
    third = room.knock(OLGA, browser="-phone")
    assert room.failures(third) == ["already_here"]
    room.ask(desk, wire.Admit(id=4, waiting=place(room, "Ольга")))
    room.answer()
    assert room.links_of(OLGA) == [laptop, tablet]
    assert room.names() == ["Орлова", "Ольга"]
    assert [peer.hears for peer in room.peers_of(OLGA)] == [True, False]


def test_a_place_is_kept_while_one_device_waits_in_it() -> None:
    room, desk = a_meeting()
    laptop, tablet = room.knock(OLGA), room.knock(OLGA, browser="-tablet")
    room.tell(commands.Drop(laptop, "closed"))
    assert waiting(room) == ["Ольга"]
    room.tell(commands.SignOut(login_of(OLGA, "-tablet")))
    assert room.shut == {tablet: "signed_out"}
    assert waiting(room) == []
    both = [room.knock(OLGA), room.knock(OLGA, browser="-tablet")]
    room.ask(desk, wire.Decline(id=4, waiting=place(room, "Ольга")))
    assert [room.shut[link] for link in both] == ["declined", "declined"]


def test_a_third_browser_at_the_door_takes_the_place_of_the_first() -> None:
    room, _ = a_meeting()
    first, second = room.knock(OLGA), room.knock(OLGA, browser="-tablet")
    room.knock(OLGA, browser="-phone", take_over=True)
    assert room.shut == {first: "elsewhere"}
    assert second not in room.shut
    assert waiting(room) == ["Ольга"]


def test_the_second_device_of_somebody_who_is_in_walks_in() -> None:
    room, desk = a_meeting()
    room.knock(OLGA)
    room.ask(desk, wire.Admit(id=4, waiting=None))
    room.answer()
    room.ask(desk, wire.SetRoom(id=5, locked=True))
    tablet = room.join(OLGA, browser="-tablet")
    assert isinstance(room.heard(tablet)[0], wire.Joined)
    assert len(room.links_of(OLGA)) == 2


def test_a_device_that_waits_goes_in_with_the_one_that_goes_in() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    laptop = room.knock(ARTYOM)
    room.ask(desk, wire.SetRoom(id=1, locked=True))
    tablet = room.knock(ARTYOM, browser="-tablet")
    assert waiting(room) == ["Артём"]
    room.answer()
    room.tell(commands.Drop(laptop, "closed"))
    again = room.knock(ARTYOM)
    room.answer()
    assert waiting(room) == []
    assert set(room.links_of(ARTYOM)) == {again, tablet}


def test_the_queue_is_bounded() -> None:
    room, _ = a_meeting()
    for number in range(MOST_WAITING):
        room.knock(a_person(f"мама-{number}", "parent"))
    late = room.knock(OLGA)
    (failed,) = room.events(late, wire.Failed)
    assert failed.code == "too_many"
    assert failed.retry_after is not None
    assert room.turned_away == [late]
    assert len(waiting(room)) == MOST_WAITING


def test_a_crowd_at_the_door_is_told_of_twice_a_second() -> None:
    room, desk = a_meeting()
    first = room.knock(a_person("мама", "parent"))
    for number in range(100):
        room.knock(a_person(f"мама-{number}", "parent"))
        room.pass_time(0.01)
    room.pass_time(1)
    told = room.events(desk, wire.DoorChanged)
    assert len(told) <= 4
    assert len(told[-1].waiting) == 101
    numbers = [each.waiting for each in room.events(first, wire.AtTheDoor)]
    assert len(numbers) <= 4
    assert numbers[-1] == 101


def test_a_host_who_was_away_is_told_the_last_state_of_the_door_only() -> None:
    room = Classroom(a_setting("meeting"))
    desk = room.join(ORLOVA)
    ticket = next(each for each in room.heard(desk) if isinstance(each, wire.Joined))
    for number in range(5):
        room.knock(a_person(f"мама-{number}", "parent"))
        room.pass_time(1)
    again = room.resume(ticket.session, ticket.snapshot.seq, f"login-{ORLOVA.member}")
    (told,) = room.events(again, wire.DoorChanged)
    assert len(told.waiting) == 5


def test_signing_out_and_the_end_reach_the_door() -> None:
    room, _ = a_meeting()
    olga, elena = room.knock(OLGA), room.knock(ELENA)
    room.tell(commands.SignOut(f"login-{OLGA.member}"))
    assert room.shut == {olga: "signed_out"}
    room.tell(commands.Finish())
    assert room.shut[elena] == "ended"


def test_a_pupil_who_knocks_while_the_first_tab_is_coming_in_takes_over_when_let_in() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    first = room.knock(ARTYOM)
    room.ask(desk, wire.SetRoom(id=1, locked=True))
    second = room.knock(ARTYOM, take_over=True)
    assert waiting(room) == ["Артём"]
    room.answer()
    room.ask(desk, wire.Admit(id=2, waiting=place(room, "Артём")))
    room.answer()
    assert room.shut == {first: "elsewhere"}
    assert isinstance(room.heard(second)[-1], wire.Joined)
    assert room.names() == ["Орлова", "Артём"]
