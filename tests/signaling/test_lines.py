"""How lines carry, as the node reports it: told to the device whose line it is, and quietly to the others."""

from typing import Literal

from sfu import messages as node
from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person, login_of

ORLOVA, ARTYOM = a_person("Орлова", "teacher"), a_person("Артём")
TABLET = "-tablet"
WEAK = wire.YourLink(quality="weak", held_back="fewer")
GOOD = wire.YourLink(quality="good", held_back="none")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.said.clear()
    return room, desk, bench


def report(room: Classroom, line: wire.YourLink, connection: int = 1) -> None:
    participant = room.id_of(ARTYOM)
    quality = node.LinkQuality(
        room="r", participant=participant, connection=connection, quality=line.quality, held_back=line.held_back
    )
    room.tell(quality)


def told(room: Classroom, link: commands.Link) -> list[wire.YourLink]:
    return room.events(link, wire.YourLink)


def seen(room: Classroom, link: commands.Link) -> list[Literal["here", "weak", "lost"]]:
    return [each.participant.link for each in room.events(link, wire.ParticipantChanged)]


def test_a_weak_line_is_told_to_its_device_and_the_others_see_the_card_change() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    assert told(room, bench) == [WEAK]
    assert seen(room, desk) == ["weak"]
    report(room, WEAK)
    assert (told(room, bench), seen(room, desk)) == ([], [])
    room.pass_time(10)
    report(room, GOOD)
    assert told(room, bench) == [GOOD]
    assert seen(room, desk) == ["here"]


def test_what_is_held_back_concerns_nobody_else() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    room.said.clear()
    room.pass_time(60)
    report(room, wire.YourLink(quality="weak", held_back="all"))
    assert told(room, bench) == [wire.YourLink(quality="weak", held_back="all")]
    assert room.heard(desk) == []


def test_a_line_that_changes_all_the_time_is_told_to_the_others_now_and_then() -> None:
    room, desk, bench = a_lesson()
    for number in range(600):
        report(room, (WEAK, GOOD)[number % 2])
        room.pass_time(0.1)
    assert len(seen(room, desk)) <= 60 / 5 + 1
    assert len(told(room, bench)) == 600
    report(room, WEAK)
    room.pass_time(5)
    assert seen(room, desk)[-1:] == ["weak"]


def test_a_change_of_the_line_that_waits_holds_up_nothing_else() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    report(room, GOOD)
    room.said.clear()
    room.ask(bench, wire.RaiseHand(id=2, up=True))
    (changed,) = room.events(desk, wire.ParticipantChanged)
    assert (changed.participant.hand is not None, changed.participant.link) == (True, "here")
    room.pass_time(60)
    assert room.heard(desk) == []


def test_lost_is_louder_than_weak() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    room.tell(commands.Drop(bench, "lost"))
    assert seen(room, desk) == ["weak", "lost"]
    report(room, GOOD)
    assert seen(room, desk) == []


def test_a_page_that_is_back_is_told_again() -> None:
    room, _, bench = a_lesson()
    report(room, WEAK)
    room.tell(commands.Drop(bench, "lost"))
    again = room.resume(f"session-{bench}", room.state.log.seq, login_of(ARTYOM))
    assert told(room, again) == [WEAK]
    room.tell(commands.Drop(again, "lost"))
    report(room, GOOD)
    last = room.resume(f"session-{bench}", room.state.log.seq, login_of(ARTYOM))
    assert told(room, last) == [GOOD], "it may have missed that the line is good again"


def test_a_page_whose_line_was_never_weak_is_told_nothing() -> None:
    room, _, bench = a_lesson()
    room.tell(commands.Drop(bench, "lost"))
    again = room.resume(f"session-{bench}", room.state.log.seq, login_of(ARTYOM))
    assert told(room, again) == []


def test_another_connection_begins_with_a_good_line() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    room.pass_time(10)
    room.said.clear()
    room.ask(bench, wire.Reoffer(id=2, offer=an_offer(2)))
    assert told(room, bench) == [GOOD]
    assert seen(room, desk) == ["here"]
    report(room, WEAK, connection=1)
    assert told(room, bench) == [], "nobody goes by the old one any more"
    report(room, WEAK, connection=2)
    assert told(room, bench) == [WEAK]
    room.tell(node.PeerLink(room="r", participant=room.id_of(ARTYOM), connection=2, link="failed"))
    assert told(room, bench) == [GOOD]


def test_a_node_that_is_a_new_one_begins_with_good_lines() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    room.pass_time(10)
    room.said.clear()
    room.tell(commands.ResetMedia(epoch=4))
    assert told(room, bench) == [GOOD]
    assert seen(room, desk) == ["here"]


def test_a_page_that_comes_anew_begins_with_a_good_line() -> None:
    room, desk, bench = a_lesson()
    report(room, WEAK)
    room.tell(commands.Drop(bench, "closed"))
    room.said.clear()
    again = room.join(ARTYOM)
    assert told(room, again) == []
    assert seen(room, desk) == ["here"]


def test_a_line_that_is_weak_before_its_page_is_in_is_told_with_the_seat() -> None:
    room, _, _ = a_lesson()
    tab = room.knock(ARTYOM, take_over=True)
    report(room, WEAK, connection=2)
    room.answer()
    assert [type(each) for each in room.said[tab]] == [wire.Joined, wire.YourLink]


def test_of_two_devices_only_the_one_that_matters_to_the_others_makes_a_person_weak() -> None:
    room, desk, laptop = a_lesson()
    tablet = room.join(ARTYOM, media=wire.Media(), browser=TABLET)
    room.said.clear()
    report(room, WEAK, connection=2)
    assert told(room, tablet) == [WEAK]
    assert told(room, laptop) == []
    assert room.heard(desk) == [], "it shows the lesson and sends nothing"
    room.ask(tablet, wire.SetMedia(id=2, media=wire.Media(camera=True)))
    assert seen(room, desk) == ["weak"]


def test_a_report_of_nobody_changes_nothing() -> None:
    room, desk, bench = a_lesson()
    room.tell(node.LinkQuality(room="r", participant="nobody", connection=1, quality="weak", held_back="all"))
    report(room, WEAK, connection=99)
    assert (room.heard(desk), room.heard(bench)) == ([], [])
