"""The chat of a room: who may write, who reads it, what is kept and what is taken away."""

import pytest

from school.audit import Deed
from school.chat import SHOWN_LINES
from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.classroom import Classroom, a_person

ORLOVA = a_person("Орлова", "teacher")
PETROVA = a_person("Петрова", "staff")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench, window = room.join(ORLOVA), room.join(ARTYOM), room.join(POLINA)
    room.said.clear()
    return room, desk, bench, window


def write(room: Classroom, link: commands.Link, text: str, key: str = "", number: int = 2) -> None:
    room.ask(link, wire.SendChat(id=number, key=key or text, text=text))


def said(room: Classroom, link: commands.Link) -> list[str]:
    return [each.message.text for each in room.events(link, wire.ChatSaid)]


def set_chat(room: Classroom, desk: commands.Link, how: str) -> None:
    room.ask(desk, wire.SetRoom(id=99, chat="hosts" if how == "hosts" else "off" if how == "off" else "all"))
    room.said.clear()


def session_of(room: Classroom, link: commands.Link) -> wire.Joined:
    return next(each for each in room.heard(link) if isinstance(each, wire.Joined))


def test_a_message_is_read_when_it_is_in_the_books_and_by_everybody() -> None:
    room, desk, bench, window = a_lesson()
    write(room, bench, "  Можно вопрос?\n")
    (kept,) = room.records(commands.KeepChat)
    assert (kept.author, kept.message.text, kept.message.to) == (ARTYOM.member, "Можно вопрос?", "all")
    assert room.said == {}
    room.keep_chat()
    assert room.heard(bench)[0] == wire.Done(re=2)
    assert said(room, desk) == said(room, window) == ["Можно вопрос?"]
    assert room.state.snapshot(room.seat(POLINA)).chat == [kept.message]


def test_a_message_to_hosts_is_read_by_hosts_and_its_author() -> None:
    room, desk, bench, window = a_lesson()
    staff = room.join(PETROVA)
    set_chat(room, desk, "hosts")
    write(room, bench, "Я не понял")
    room.keep_chat()
    assert (said(room, desk), said(room, bench)) == (["Я не понял"], ["Я не понял"])
    assert (said(room, window), said(room, staff)) == ([], [])
    lines = [len(room.state.snapshot(room.seat(each)).chat) for each in (ORLOVA, ARTYOM, POLINA, PETROVA)]
    assert lines == [1, 1, 0, 0]
    write(room, desk, "Смотрите на доску")
    room.keep_chat()
    assert said(room, window) == ["Смотрите на доску"], "hosts write to all"


def test_a_closed_chat_takes_words_of_hosts_only() -> None:
    room, desk, bench, window = a_lesson()
    set_chat(room, desk, "off")
    write(room, bench, "А я?")
    assert room.failures(bench) == ["not_allowed"]
    write(room, desk, "Тетради")
    room.keep_chat()
    assert said(room, window) == ["Тетради"]


@pytest.mark.parametrize("text", [" ", "\n\n", "\x00\x07", "\t"])
def test_nothing_is_not_a_message(text: str) -> None:
    room, _, bench, _ = a_lesson()
    write(room, bench, text)
    assert room.failures(bench) == ["bad_request"]
    assert room.recorded == []


def test_lines_stay_lines_and_control_characters_do_not() -> None:
    room, _, bench, _ = a_lesson()
    write(room, bench, "раз\x1b[2J\nдва\x00")
    assert [each.message.text for each in room.records(commands.KeepChat)] == ["раз [2J\nдва"]


def test_a_repeated_message_is_one() -> None:
    room, desk, bench, _ = a_lesson()
    write(room, bench, "Да", key="k1", number=5)
    write(room, bench, "Да", key="k1", number=6)
    assert len(room.records(commands.KeepChat)) == 1
    room.keep_chat()
    assert [each for each in room.heard(bench) if isinstance(each, wire.Done)] == [wire.Done(re=5), wire.Done(re=6)]
    write(room, bench, "Да", key="k1", number=7)
    assert room.heard(bench) == [wire.Done(re=7)]
    assert said(room, desk) == ["Да"]


def test_a_message_that_is_repeated_over_the_next_connection_is_one() -> None:
    room, desk, bench, _ = a_lesson()
    write(room, bench, "Да", key="k1", number=5)
    room.tell(commands.Drop(bench, "lost"))
    again = room.resume("session-2", room.state.log.seq, f"login-{ARTYOM.member}")
    write(room, again, "Да", key="k1", number=8)
    room.keep_chat()
    assert wire.Done(re=8) in room.heard(again)
    assert said(room, desk) == ["Да"]


def test_the_same_key_of_another_person_is_another_message() -> None:
    room, desk, bench, window = a_lesson()
    write(room, bench, "мой", key="k1")
    write(room, window, "твой", key="k1")
    room.keep_chat()
    assert said(room, desk) == ["мой", "твой"]


def test_five_at_once_and_then_one_a_second() -> None:
    room, _, bench, _ = a_lesson()
    for number in range(6):
        write(room, bench, f"{number}")
    (refused,) = room.events(bench, wire.Failed)
    assert (refused.code, refused.retry_after) == ("too_many", 1.0)
    room.pass_time(1)
    write(room, bench, "5")
    assert len(room.records(commands.KeepChat)) == 6


def test_the_last_two_hundred_are_kept() -> None:
    room, desk, _, _ = a_lesson()
    for number in range(SHOWN_LINES + 10):
        write(room, desk, f"{number}")
        room.keep_chat()
        room.pass_time(1)
    lines = room.state.snapshot(room.seat(ARTYOM)).chat
    assert [line.text for line in lines] == [f"{number}" for number in range(10, SHOWN_LINES + 10)]


def the_message(room: Classroom) -> str:
    return room.state.chat[-1].id


def test_ones_own_message_is_ones_own_to_take_away() -> None:
    room, desk, bench, _ = a_lesson()
    write(room, bench, "Ой")
    room.keep_chat()
    room.said.clear()
    room.ask(bench, wire.RemoveChat(id=7, message=the_message(room)))
    assert [each.by for each in room.events(desk, wire.ChatRemoved)] == ["author"]
    assert wire.Done(re=7) in room.heard(bench)
    assert room.records(commands.KeepChatRemoval) == [commands.KeepChatRemoval(the_message(room), ARTYOM.member)]
    (line,) = room.state.snapshot(room.seat(POLINA)).chat
    assert (line.text, line.removed) == ("", "author")
    assert room.enter_in_books() == []


def test_a_host_takes_any_message_away_and_nobody_else_does() -> None:
    room, desk, bench, window = a_lesson()
    write(room, bench, "Дурак")
    room.keep_chat()
    room.ask(window, wire.RemoveChat(id=7, message=the_message(room)))
    assert room.failures(window) == ["not_allowed"]
    room.ask(desk, wire.RemoveChat(id=8, message=the_message(room)))
    (power,) = room.enter_in_books()
    assert (power.deed, power.target, power.detail) == (Deed.CHAT_REMOVED, ARTYOM.member, the_message(room))
    assert wire.Done(re=8) in room.heard(desk)
    assert room.records(commands.KeepChatRemoval) == [commands.KeepChatRemoval(the_message(room), ORLOVA.member)]
    room.ask(desk, wire.RemoveChat(id=9, message=the_message(room)))
    assert room.heard(desk) == [wire.Done(re=9)]


def test_a_message_to_hosts_cannot_even_be_guessed_at_by_others() -> None:
    room, desk, bench, window = a_lesson()
    set_chat(room, desk, "hosts")
    write(room, bench, "Я не понял")
    room.keep_chat()
    room.said.clear()
    for message in (the_message(room), "x"):
        room.ask(window, wire.RemoveChat(id=7, message=message))
    assert room.failures(window) == ["not_found"] * 2
    room.ask(bench, wire.RemoveChat(id=8, message=the_message(room)))
    assert room.events(window, wire.ChatRemoved) == []
    assert len(room.events(desk, wire.ChatRemoved)) == 1


def test_who_was_away_is_told_only_what_is_theirs_to_read() -> None:
    room = Classroom()
    desk, bench, window = room.join(ORLOVA), room.join(ARTYOM), room.join(POLINA)
    tickets = {link: session_of(room, link) for link in (desk, bench, window)}
    room.ask(desk, wire.SetRoom(id=1, chat="hosts"))
    write(room, bench, "Мне плохо")
    room.keep_chat()
    for link, person, expected in ((desk, ORLOVA, 1), (bench, ARTYOM, 1), (window, POLINA, 0)):
        ticket = tickets[link]
        again = room.resume(ticket.session, ticket.snapshot.seq, f"login-{person.member}")
        assert len(said(room, again)) == expected


def test_a_message_on_its_way_while_its_author_is_removed_answers_nobody() -> None:
    room, desk, bench, _ = a_lesson()
    write(room, bench, "Ха")
    room.ask(desk, wire.RemoveParticipant(id=8, participant=room.id_of(ARTYOM), reason="conduct"))
    room.heard(bench)
    room.keep_chat()
    assert room.heard(bench) == []
