"""Media connections of a seat: re-offers, the swap to a second one, a new media node, and what the node reports."""

from sfu import messages as node
from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person

ORLOVA = a_person("Орлова", "teacher")
ARTYOM = a_person("Артём")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.said.clear()
    return room, desk, bench


def numbers(room: Classroom) -> list[int]:
    return [peer.connection for peer in room.peers_of(ARTYOM)]


def test_an_ice_restart_keeps_its_connection() -> None:
    room, _, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(1)))
    assert numbers(room) == [1]
    room.answer()
    assert room.heard(bench) == [wire.Reoffered(re=3, connection=1, answer="answer 1")]


def test_a_second_connection_stands_beside_the_first_until_it_is_settled() -> None:
    room, _, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(2)))
    room.answer()
    assert numbers(room) == [1, 2]
    room.ask(bench, wire.Settle(id=4, connection=2))
    assert numbers(room) == [2]
    assert room.heard(bench)[-1] == wire.Done(re=4)


def test_settling_what_is_not_there_or_not_answered_is_refused() -> None:
    room, _, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(2)))
    room.ask(bench, wire.Settle(id=4, connection=2))
    room.ask(bench, wire.Settle(id=5, connection=77))
    assert [each.code for each in room.heard(bench) if isinstance(each, wire.Failed)] == ["bad_request"] * 2
    assert numbers(room) == [1, 2]


def test_a_third_connection_drops_the_one_in_the_middle() -> None:
    room, _, bench = a_lesson()
    for connection in (2, 3):
        room.ask(bench, wire.Reoffer(id=connection, offer=an_offer(connection)))
        room.answer()
    assert numbers(room) == [1, 3]


def test_the_number_of_a_connection_that_is_gone_is_not_used_again() -> None:
    room, _, bench = a_lesson()
    for connection in (2, 3):
        room.ask(bench, wire.Reoffer(id=connection, offer=an_offer(connection)))
        room.answer()
    room.heard(bench)
    room.ask(bench, wire.Reoffer(id=9, offer=an_offer(2)))
    assert isinstance(failed := room.heard(bench)[0], wire.Failed)
    assert failed.code == "bad_offer"


def test_the_next_page_counts_from_one_and_the_node_goes_on() -> None:
    room, _, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(5)))
    room.answer()
    link = room.join(ARTYOM, take_over=True)
    assert numbers(room) == [3]
    room.heard(link)
    slots = [node.SlotMapping(mid="6", source=9)]
    room.tell(node.SlotsMapped(room="r", participant=room.id_of(ARTYOM), connection=3, slots=slots))
    assert room.heard(link) == [wire.SlotsMapped(connection=1, slots=[wire.SlotMapping(mid="6", source=9)])]
    room.ask(link, wire.Reoffer(id=3, offer=an_offer(1)))
    room.answer()
    assert room.heard(link) == [wire.Reoffered(re=3, connection=1, answer="answer 3")]


def test_a_refused_second_connection_leaves_the_first() -> None:
    room, _, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(2)))
    room.tell(commands.NotAnswered(room.asked.pop().ask, "overloaded", "full", 5.0))
    assert numbers(room) == [1]
    assert room.heard(bench) == [wire.Failed(re=3, code="overloaded", message="full", retry_after=5.0)]


def test_a_new_media_node_is_told_to_everybody_and_has_none_of_the_old_connections() -> None:
    room, desk, bench = a_lesson()
    room.tell(commands.ResetMedia(epoch=12))
    assert room.heard(desk) == room.heard(bench) == [wire.MediaReset(epoch=12)]
    assert numbers(room) == []
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(2)))
    room.answer()
    assert numbers(room) == [2]


def test_an_offer_on_its_way_is_put_to_the_new_node() -> None:
    room, _, _ = a_lesson()
    polina = a_person("Полина")
    link = room.knock(polina)
    room.tell(commands.ResetMedia(epoch=12))
    assert len(room.peers_of(polina)) == 1
    room.answer()
    assert isinstance(room.heard(link)[0], wire.Joined)


def test_who_resumes_after_a_reset_hears_that_media_are_lost() -> None:
    room = Classroom()
    bench = room.join(ARTYOM)
    session = next(each for each in room.heard(bench) if isinstance(each, wire.Joined)).session
    room.tell(commands.Drop(bench, "lost"))
    room.tell(commands.ResetMedia(epoch=12))
    reply = room.heard(room.resume(session, room.state.log.seq, f"login-{ARTYOM.member}"))[0]
    assert isinstance(reply, wire.Resumed)
    assert reply.media_lost


def test_a_connection_that_is_silent_or_failed_is_asked_to_offer_again() -> None:
    room, desk, bench = a_lesson()
    me = room.id_of(ARTYOM)
    for link in ("silent", "failed", "heard"):
        room.tell(node.PeerLink(room="r", participant=me, connection=1, link=link))
    assert room.heard(bench) == [wire.PleaseReoffer(reason="silent"), wire.PleaseReoffer(reason="ice")]
    assert room.heard(desk) == []


def test_of_two_connections_only_the_newer_one_matters() -> None:
    room, _, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(2)))
    room.answer()
    room.heard(bench)
    room.tell(node.PeerLink(room="r", participant=room.id_of(ARTYOM), connection=1, link="failed"))
    assert room.heard(bench) == []


def test_the_mapping_of_slots_is_told_to_their_owner_only() -> None:
    room, desk, bench = a_lesson()
    slots = [node.SlotMapping(mid="6", source=room.seat(ORLOVA).sources["camera"])]
    room.tell(node.SlotsMapped(room="r", participant=room.id_of(ARTYOM), connection=1, slots=slots))
    expected = wire.SlotsMapped(
        connection=1, slots=[wire.SlotMapping(mid=slot.mid, source=slot.source) for slot in slots]
    )
    assert room.heard(bench) == [expected]
    assert room.heard(desk) == []
    room.tell(node.SlotsMapped(room="r", participant="somebody", connection=1, slots=slots))
    room.tell(node.SlotsMapped(room="r", participant=room.id_of(ARTYOM), connection=99, slots=slots))
    assert (room.heard(bench), room.heard(desk)) == ([], [])


def test_a_mapping_that_overtakes_the_answer_is_told_after_it() -> None:
    room, _, _ = a_lesson()
    polina = a_person("Полина")
    link = room.knock(polina)
    slots = [node.SlotMapping(mid="6", source=0)]
    room.tell(node.SlotsMapped(room="r", participant=room.id_of(polina), connection=1, slots=slots))
    assert room.heard(link) == []
    room.answer()
    assert [type(each) for each in room.heard(link)] == [wire.Joined, wire.SlotsMapped]


def speak(room: Classroom, *sources: int) -> None:
    room.tell(node.Speaking(room="r", sources=list(sources)))


def test_voices_are_told_as_participants_and_at_most_ten_times_a_second() -> None:
    room, desk, _ = a_lesson()
    hers, his = room.seat(ORLOVA).sources["microphone"], room.seat(ARTYOM).sources["microphone"]
    speak(room, hers, 999_999)
    for _ in range(20):
        room.pass_time(0.004)
        speak(room, his)
        speak(room, hers, his)
    assert room.heard(desk) == [wire.Speaking(participants=[room.id_of(ORLOVA)])]
    room.pass_time(0.1)
    assert room.heard(desk) == [wire.Speaking(participants=[room.id_of(ORLOVA), room.id_of(ARTYOM)])]
    speak(room, hers, his)
    room.pass_time(1)
    assert room.heard(desk) == [], "the same is not said twice"


def test_a_muted_microphone_has_no_voice() -> None:
    room, desk, bench = a_lesson()
    room.ask(desk, wire.Restrict(id=1, participant=room.id_of(ARTYOM), kind="microphone", how="off"))
    room.said.clear()
    speak(room, room.seat(ARTYOM).sources["microphone"])
    assert room.heard(bench) == []
