"""Raised hands in their order, how they go down, and answers by yes and no."""

from collections.abc import Sequence

from school.audit import Deed
from sfu import messages as node
from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.classroom import UNIX_OFFSET, Classroom, a_person

ORLOVA = a_person("Орлова", "teacher")
PETROVA = a_person("Петрова", "staff")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench, window = room.join(ORLOVA), room.join(ARTYOM), room.join(POLINA)
    room.said.clear()
    return room, desk, bench, window


def queue(room: Classroom) -> list[str]:
    up = [seat for seat in room.state.present() if seat.hand is not None]
    return [seat.person.name for seat in sorted(up, key=lambda seat: seat.hand or 0)]


def raise_hand(room: Classroom, link: commands.Link, *, up: bool = True) -> None:
    room.ask(link, wire.RaiseHand(id=2, up=up))


def speak(room: Classroom, people: Sequence[commands.Person], seconds: float) -> None:
    sources = [room.seat(person).sources["microphone"] for person in people]
    room.tell(node.Speaking(room="r", sources=sources))
    room.pass_time(seconds)


def test_hands_stand_in_the_order_in_which_they_went_up() -> None:
    room, desk, bench, window = a_lesson()
    raise_hand(room, window)
    room.pass_time(5)
    raise_hand(room, bench)
    assert queue(room) == ["Полина", "Артём"]
    hands = [each.participant.hand for each in room.events(desk, wire.ParticipantChanged)]
    assert hands == [room.now - 5 + UNIX_OFFSET, room.now + UNIX_OFFSET]
    room.pass_time(2)
    raise_hand(room, window)
    assert queue(room) == ["Полина", "Артём"], "to raise it again does not change the place"
    raise_hand(room, window, up=False)
    raise_hand(room, window)
    assert queue(room) == ["Артём", "Полина"]


def test_hands_that_go_up_and_down_all_the_time_are_written_at_once_as_often_as_they_are_told() -> None:
    room, desk, bench, _ = a_lesson()
    room.kept.clear()
    for number in range(100):
        raise_hand(room, bench, up=number % 2 == 0)
    assert len(room.kept) == 100
    assert room.kept.count(True) == len(room.events(desk, wire.ParticipantChanged))
    assert room.kept.count(True) <= 2


def test_a_hand_outlives_a_reload_and_a_lost_network_and_goes_with_its_person() -> None:
    room, _, bench, _ = a_lesson()
    raise_hand(room, bench)
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(120)
    bench = room.join(ARTYOM)
    assert queue(room) == ["Артём"]
    room.ask(bench, wire.Leave(id=3))
    room.join(ARTYOM)
    assert queue(room) == []


def test_a_host_lowers_one_hand_or_all() -> None:
    room, desk, bench, window = a_lesson()
    staff = room.join(PETROVA)
    for link in (bench, window, staff):
        raise_hand(room, link)
    room.ask(desk, wire.LowerHand(id=5, participant=room.id_of(ARTYOM)))
    assert queue(room) == ["Полина", "Петрова"]
    room.ask(desk, wire.LowerHand(id=6, participant=None))
    assert queue(room) == ["Петрова"], "staff lower their own"
    powers = room.enter_in_books()
    assert [(each.deed, each.target) for each in powers] == [
        (Deed.HAND_LOWERED, ARTYOM.member),
        (Deed.HAND_LOWERED, None),
    ]
    assert wire.Done(re=5) in (heard := room.heard(desk))
    assert wire.Done(re=6) in heard


def test_a_hand_goes_down_by_itself_when_its_person_has_spoken() -> None:
    room, desk, bench, _ = a_lesson()
    raise_hand(room, bench)
    speak(room, [ARTYOM], 2.5)
    speak(room, [], 2.9)
    assert queue(room) == ["Артём"]
    room.heard(desk)
    room.pass_time(0.2)
    assert queue(room) == []
    assert [each.participant.hand for each in room.events(desk, wire.ParticipantChanged)] == [None]


def test_a_pause_to_think_is_not_the_end_of_speaking() -> None:
    room, _, bench, _ = a_lesson()
    raise_hand(room, bench)
    speak(room, [ARTYOM], 1.5)
    speak(room, [], 2)
    speak(room, [ARTYOM], 1.5)
    speak(room, [], 2.9)
    assert queue(room) == ["Артём"]
    room.pass_time(0.2)
    assert queue(room) == []


def test_a_cough_lowers_nothing_and_many_coughs_do_not_add_up() -> None:
    room, _, bench, _ = a_lesson()
    raise_hand(room, bench)
    for _ in range(10):
        speak(room, [ARTYOM], 0.5)
        speak(room, [], 4)
    assert queue(room) == ["Артём"]


def test_speaking_before_the_hand_went_up_does_not_count_and_after_it_does() -> None:
    room, _, bench, window = a_lesson()
    speak(room, [ARTYOM, POLINA], 5)
    raise_hand(room, bench)
    raise_hand(room, window)
    speak(room, [POLINA], 3)
    speak(room, [], 3.1)
    assert queue(room) == ["Артём"]


def test_a_new_media_node_ends_all_speaking() -> None:
    room, _, bench, _ = a_lesson()
    raise_hand(room, bench)
    speak(room, [ARTYOM], 2.5)
    room.tell(commands.ResetMedia(2))
    room.pass_time(3.1)
    assert queue(room) == []


def test_a_flood_of_hands_is_told_once_a_second_and_ends_as_it_ended() -> None:
    room, desk, bench, _ = a_lesson()
    for number in range(100):
        raise_hand(room, bench, up=number % 2 == 0)
        room.pass_time(0.03)
    room.pass_time(2)
    told = [each.participant.hand for each in room.events(desk, wire.ParticipantChanged)]
    assert len(told) <= 5
    assert told[-1] is None
    assert room.card(ARTYOM).hand is None
    assert room.heard(bench).count(wire.Done(re=2)) == 100


def test_a_flood_of_switching_is_told_as_often_as_a_person_switches() -> None:
    room, desk, bench, _ = a_lesson()
    for number in range(100):
        room.ask(bench, wire.SetMedia(id=2, media=wire.Media(camera=number % 2 == 0)))
        room.pass_time(0.03)
    room.pass_time(1)
    told = room.events(desk, wire.ParticipantChanged)
    assert len(told) <= 18
    assert told[-1].participant.media == room.card(ARTYOM).media == wire.Media()


def test_answers_stand_until_they_are_taken_back_or_cleared() -> None:
    room, desk, bench, window = a_lesson()
    room.ask(bench, wire.SetAnswer(id=2, answer="yes"))
    room.ask(window, wire.SetAnswer(id=2, answer="no"))
    assert [each.participant.answer for each in room.events(desk, wire.ParticipantChanged)] == ["yes", "no"]
    room.pass_time(2)
    room.ask(window, wire.SetAnswer(id=3, answer=None))
    assert [each.participant.answer for each in room.events(desk, wire.ParticipantChanged)] == [None]
    room.ask(desk, wire.ClearAnswers(id=4))
    assert room.card(ARTYOM).answer is None
    assert [type(each) for each in room.heard(desk)] == [wire.ParticipantChanged]
    assert [each.deed for each in room.enter_in_books()] == [Deed.ANSWERS_CLEARED]
    assert [type(each) for each in room.heard(desk)] == [wire.Done]
