"""Who comes and who goes, as the others see it: the state machine of a room with invented time."""

import msgspec

from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person

ORLOVA = a_person("Орлова", "teacher")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")
RYABOV = a_person("Рябов", "observer")


def links(room: Classroom, link: commands.Link) -> list[str]:
    """The states of a person's network as this connection was told."""
    return [each.participant.link for each in room.heard(link) if isinstance(each, wire.ParticipantChanged)]


def departures(room: Classroom, link: commands.Link) -> list[str]:
    return [each.how for each in room.heard(link) if isinstance(each, wire.ParticipantLeft)]


def joined(room: Classroom, link: commands.Link) -> wire.Joined:
    return next(each for each in room.heard(link) if isinstance(each, wire.Joined))


def test_nobody_is_seen_before_the_node_has_answered() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.heard(desk)
    room.knock(ARTYOM)
    assert room.heard(desk) == []
    assert room.names() == ["Орлова"]
    assert len(room.peers_of(ARTYOM)) == 1
    room.answer()
    assert [type(each) for each in room.heard(desk)] == [wire.ParticipantJoined]


def test_a_newcomer_gets_everybody_and_the_number_of_the_last_event() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    first = joined(room, desk)
    assert first.snapshot.room.flow
    assert [each.id for each in first.snapshot.participants] == [first.you]
    second = joined(room, room.join(ARTYOM))
    assert [each.name for each in second.snapshot.participants] == ["Орлова", "Артём"]
    (event,) = room.heard(desk)
    assert isinstance(event, wire.ParticipantJoined)
    assert event.seq == second.snapshot.seq


def test_an_offer_that_the_node_refuses_leaves_no_trace_among_the_others() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.heard(desk)
    link = room.knock(ARTYOM)
    room.tell(commands.NotAnswered(room.asked.pop().ask, "bad_offer", "no BUNDLE", None))
    assert room.heard(link) == [wire.Failed(re=1, code="bad_offer", message="no BUNDLE")]
    assert room.turned_away == [link]
    assert room.heard(desk) == []
    assert room.peers_of(ARTYOM) == []


def test_leave_is_left_at_once() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(desk), room.heard(bench)
    room.ask(bench, wire.Leave(id=5))
    assert room.heard(bench) == [wire.Done(re=5)]
    assert room.shut == {bench: "left"}
    assert departures(room, desk) == ["left"]
    assert room.peers_of(ARTYOM) == []


def test_a_closed_page_is_closed_after_a_moment() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.tell(commands.Drop(bench, "closed"))
    room.heard(desk)
    room.pass_time(2.9)
    assert room.heard(desk) == []
    room.pass_time(0.2)
    assert departures(room, desk) == ["closed"]


def test_a_reload_is_not_seen_as_going() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.tell(commands.Drop(bench, "closed"))
    room.pass_time(1)
    room.heard(desk)
    room.join(ARTYOM)
    room.pass_time(60)
    assert [type(each) for each in room.heard(desk)] == [wire.ParticipantChanged]


def test_a_lost_network_shows_at_once_and_is_lost_after_half_a_minute() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(desk)
    room.tell(commands.Drop(bench, "lost"))
    assert links(room, desk) == ["lost"]
    room.pass_time(29)
    assert len(room.peers_of(ARTYOM)) == 1, "media may live on while only the socket is gone"
    room.pass_time(1)
    assert departures(room, desk) == ["lost"]
    assert room.peers_of(ARTYOM) == []


def test_resume_gives_what_was_missed_one_by_one() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    ticket = joined(room, bench)
    room.tell(commands.Drop(bench, "lost"))
    room.join(POLINA)
    room.heard(desk)
    again = room.resume(ticket.session, ticket.snapshot.seq, f"login-{ARTYOM.member}")
    reply, *missed = room.heard(again)
    assert reply == wire.Resumed(re=1, snapshot=None, media_lost=False)
    assert [type(each) for each in missed] == [wire.ParticipantChanged, wire.ParticipantJoined, wire.ParticipantChanged]
    assert [each.seq for each in missed if isinstance(each, wire.RoomEvent)] == [
        ticket.snapshot.seq + 1,
        ticket.snapshot.seq + 2,
        ticket.snapshot.seq + 3,
    ]
    assert links(room, desk) == ["here"]
    room.pass_time(60)
    assert "Артём" in room.names()


def test_who_has_missed_too_much_or_names_a_number_of_the_future_gets_a_snapshot() -> None:
    room = Classroom()
    room.join(ORLOVA)
    bench = room.join(ARTYOM)
    session = joined(room, bench).session
    link = bench
    for last_seq in (10_000, -5):
        link = room.resume(session, last_seq, f"login-{ARTYOM.member}")
        reply = room.heard(link)[0]
        assert isinstance(reply, wire.Resumed)
        assert reply.snapshot == room.state.snapshot(room.seat(ARTYOM))
    room.tell(commands.Drop(link, "lost"))
    for _ in range(150):
        room.tell(commands.Drop(room.join(POLINA), "lost"))
    assert isinstance(resumed := room.heard(room.resume(session, 3, f"login-{ARTYOM.member}"))[0], wire.Resumed)
    assert resumed.snapshot is not None


def test_a_session_is_of_no_use_to_another_browser() -> None:
    room = Classroom()
    room.join(ORLOVA)
    bench = room.join(ARTYOM)
    session = joined(room, bench).session
    link = room.resume(session, 0, "login-of-a-thief")
    assert room.heard(link) == [wire.Failed(re=1, code="session_refused", message="no such seat")]
    assert room.turned_away == [link]
    assert bench not in room.shut


def test_a_session_ends_with_its_seat() -> None:
    room = Classroom()
    room.join(ORLOVA)
    bench = room.join(ARTYOM)
    session = joined(room, bench).session
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(31)
    link = room.resume(session, 0, f"login-{ARTYOM.member}")
    assert isinstance(failed := room.heard(link)[0], wire.Failed)
    assert failed.code == "session_refused"


def test_whoever_comes_back_after_the_tile_was_gone_has_the_same_seat() -> None:
    room = Classroom()
    room.join(ORLOVA)
    bench = room.join(ARTYOM)
    before = joined(room, bench)
    sources = room.seat(ARTYOM).sources
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(600)
    after = joined(room, room.join(ARTYOM))
    assert after.you == before.you
    assert room.seat(ARTYOM).sources == sources


def test_a_second_tab_is_asked_first_and_nobody_notices() -> None:
    room = Classroom()
    desk, first = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(desk), room.heard(first)
    second = room.knock(ARTYOM)
    assert room.failures(second) == ["already_here"]
    assert room.turned_away == [second]
    assert (room.asked, room.shut, room.heard(desk), room.heard(first)) == ([], {}, [], [])


def test_the_second_tab_takes_over_when_its_media_stand() -> None:
    room = Classroom()
    desk, first = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(desk)
    second = room.knock(ARTYOM, take_over=True)
    assert first not in room.shut
    assert len(room.peers_of(ARTYOM)) == 2
    room.answer()
    assert room.shut == {first: "elsewhere"}
    (peer,) = room.peers_of(ARTYOM)
    assert peer.connection == 2, "each page counts from one, the node's numbers go on"
    room.tell(commands.Drop(first, "closed"))
    room.pass_time(60)
    assert [type(each) for each in room.heard(desk)] == [wire.ParticipantChanged]
    room.ask(second, wire.SetView(id=2, tracks=[]))
    assert wire.Done(re=2) in room.heard(second)


def test_of_three_tabs_at_once_the_first_one_wins() -> None:
    room = Classroom()
    first, second, third = room.knock(ARTYOM), room.knock(ARTYOM), room.knock(ARTYOM)
    assert room.failures(second) == room.failures(third) == ["already_here"]
    room.answer()
    assert [type(each) for each in room.heard(first)] == [wire.Joined]


def test_of_three_tabs_at_once_that_want_to_take_over_the_last_one_wins() -> None:
    room = Classroom()
    first, second = room.knock(ARTYOM, take_over=True), room.knock(ARTYOM, take_over=True)
    third = room.knock(ARTYOM, take_over=True)
    assert room.shut == {first: "elsewhere", second: "elsewhere"}
    room.answer()
    assert [type(each) for each in room.heard(third)] == [wire.Joined]
    assert len(room.peers_of(ARTYOM)) == 1


def test_a_page_that_closes_before_its_answer_was_never_here() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.heard(desk)
    bench = room.knock(ARTYOM)
    room.tell(commands.Drop(bench, "closed"))
    room.answer()
    room.pass_time(60)
    assert room.heard(desk) == []
    assert room.names() == ["Орлова"]


def test_the_same_page_over_another_network_replaces_its_dead_socket() -> None:
    room = Classroom()
    room.join(ORLOVA)
    bench = room.join(ARTYOM)
    session = joined(room, bench)
    again = room.resume(session.session, session.snapshot.seq, f"login-{ARTYOM.member}")
    assert room.shut == {bench: "lost"}
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(60)
    assert "Артём" in room.names()
    assert room.heard(again) == [wire.Resumed(re=1, snapshot=None, media_lost=False)]


def test_signing_out_ends_the_seat() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(desk)
    room.tell(commands.SignOut(f"login-{ARTYOM.member}"))
    assert room.shut == {bench: "signed_out"}
    assert departures(room, desk) == ["left"]


def test_observers_are_seen_and_send_nothing() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.heard(desk)
    link = room.join(RYABOV, media=wire.Media(microphone=True))
    (event,) = room.heard(desk)
    assert isinstance(event, wire.ParticipantJoined)
    assert (event.participant.role, event.participant.office) == ("observer", "director")
    assert (event.participant.sources, event.participant.media) == ({}, wire.Media())
    assert room.peers_of(RYABOV)[0].publish == []
    room.heard(link)
    refused = room.knock(a_person("Ковалёва", "observer"), an_offer())
    assert isinstance(failed := room.heard(refused)[0], wire.Failed)
    assert failed.code == "not_allowed"


def test_when_the_hour_is_long_over_the_room_closes_for_all() -> None:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.pass_time(10_000)
    assert room.shut == {}
    room.pass_time(3_600)
    assert room.state.over
    assert room.shut == {desk: "ended", bench: "ended"}


def test_a_join_costs_all_together_bytes_that_grow_with_the_room_and_no_faster() -> None:
    def cost(people: int) -> int:
        room = Classroom()
        for number in range(people):
            room.join(a_person(f"ученик-{number:03}"))
        room.said.clear()
        room.join(a_person("ученик-999"))
        return sum(len(msgspec.json.encode(message)) for heard in room.said.values() for message in heard)

    small, middle, large = cost(4), cost(10), cost(30)
    per_person = (middle - small) / 6
    assert abs((large - middle) / 20 - per_person) < per_person * 0.1
