"""What participants may do to themselves and the teacher to others, on the state machine of a room."""

from school.audit import Deed
from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person

ORLOVA = a_person("Орлова", "teacher")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")
RYABOV = a_person("Рябов", "observer")


def a_mute(number: int, participant: str) -> wire.Restrict:
    return wire.Restrict(id=number, participant=participant, kind="microphone", how="off")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM)
    room.said.clear()
    return room, desk, bench


def test_what_somebody_sends_is_what_the_node_lets_through_and_the_others_see() -> None:
    room, desk, bench = a_lesson()
    assert room.peers_of(ARTYOM)[0].publish == ["microphone", "camera"]
    room.ask(bench, wire.SetMedia(id=4, media=wire.Media(camera=True, screen=True)))
    assert room.peers_of(ARTYOM)[0].publish == ["camera", "screen"]
    (event,) = room.heard(desk)
    assert isinstance(event, wire.ParticipantChanged)
    assert event.participant.media == wire.Media(camera=True, screen=True)
    assert room.heard(bench) == [wire.Done(re=4), event]


def test_nothing_is_on_that_the_offer_has_no_sender_for() -> None:
    room = Classroom()
    offer = wire.MediaOffer(connection=1, sdp="", publish={"microphone": "0"}, audio_slots=[], video_slots=[])
    link = room.join(ARTYOM, offer, wire.Media(microphone=True, camera=True))
    assert room.seat(ARTYOM).media == wire.Media(microphone=True)
    room.ask(link, wire.SetMedia(id=2, media=wire.Media(camera=True)))
    assert room.seat(ARTYOM).media == wire.Media()


def test_a_mute_is_cut_at_the_node_and_told_to_its_person() -> None:
    room, desk, bench = a_lesson()
    room.ask(desk, a_mute(7, room.id_of(ARTYOM)))
    assert room.peers_of(ARTYOM)[0].publish == ["camera"]
    assert [event.participant.mute for event in room.heard(bench) if isinstance(event, wire.ParticipantChanged)] == [1]
    assert [type(each) for each in room.heard(desk)] == [wire.ParticipantChanged]
    reply = wire.RestrictedReply(re=7, participants=[room.id_of(ARTYOM)])
    deed = commands.RecordPower(desk, reply, ORLOVA.member, Deed.PARTICIPANT_MUTED, ARTYOM.member, "")
    assert room.recorded == [deed]
    room.tell(commands.Recorded(desk, reply, allowed=True))
    assert room.heard(desk) == [reply]


def test_a_mute_survives_reconnect_reload_and_a_second_tab() -> None:
    room, desk, bench = a_lesson()
    room.ask(desk, a_mute(7, room.id_of(ARTYOM)))
    room.tell(commands.Drop(bench, "closed"))
    link = bench
    for _ in range(2):
        link = room.join(ARTYOM, media=wire.Media(microphone=True, camera=True))
        assert room.seat(ARTYOM).media == wire.Media(camera=True)
        assert room.peers_of(ARTYOM)[0].publish == ["camera"]
    room.tell(commands.Drop(link, "lost"))
    room.pass_time(60)
    room.join(ARTYOM)
    assert room.peers_of(ARTYOM)[0].publish == ["camera"]


def test_only_the_muted_person_ends_a_mute() -> None:
    room, desk, bench = a_lesson()
    room.ask(desk, a_mute(7, room.id_of(ARTYOM)))
    room.ask(bench, wire.SetMedia(id=2, media=wire.Media(camera=False)))
    assert room.seat(ARTYOM).muted
    room.ask(bench, wire.SetMedia(id=3, media=wire.Media(microphone=True), mute_seen=1))
    assert room.peers_of(ARTYOM)[0].publish == ["microphone"]


def test_a_request_that_crossed_the_mute_does_not_end_it() -> None:
    room, desk, bench = a_lesson()
    for number in (1, 2):
        room.ask(desk, a_mute(7, room.id_of(ARTYOM)))
        room.ask(bench, wire.SetMedia(id=2, media=wire.Media(microphone=True), mute_seen=number - 1))
        assert room.peers_of(ARTYOM)[0].publish == []
        room.ask(bench, wire.SetMedia(id=3, media=wire.Media(microphone=True), mute_seen=number))
        assert room.peers_of(ARTYOM)[0].publish == ["microphone"]


def test_a_mute_reaches_a_second_connection_too() -> None:
    room, desk, _ = a_lesson()
    room.knock(ARTYOM, take_over=True)
    room.ask(desk, a_mute(7, room.id_of(ARTYOM)))
    assert [peer.publish for peer in room.peers_of(ARTYOM)] == [["camera"], ["camera"]]


def test_a_removal_stops_media_at_once_and_closes_every_door() -> None:
    room, desk, bench = a_lesson()
    third = room.knock(ARTYOM, take_over=True)
    room.ask(desk, wire.RemoveParticipant(id=8, participant=room.id_of(ARTYOM), reason="noise"))
    assert room.peers_of(ARTYOM) == []
    assert room.shut == {bench: "removed", third: "removed"}
    assert [each.how for each in room.heard(desk) if isinstance(each, wire.ParticipantLeft)] == ["removed"]
    assert room.recorded == [commands.RecordRemoval(desk, 8, ORLOVA.member, ARTYOM.member, "noise")]
    room.answer()
    assert room.names() == ["Орлова"], "the answer that was on its way seats nobody"


def test_a_removed_pupil_is_refused_again_and_again_and_cannot_resume() -> None:
    room, desk, _ = a_lesson()
    session = "session-2"
    room.ask(desk, wire.RemoveParticipant(id=8, participant=room.id_of(ARTYOM), reason="conduct"))
    for _ in range(2):
        link = room.knock(ARTYOM)
        assert room.shut[link] == "removed"
        assert room.asked == []
    again = room.resume(session, 0, f"login-{ARTYOM.member}")
    assert isinstance(failed := room.heard(again)[0], wire.Failed)
    assert failed.code == "session_refused"
    room.pass_time(1000)
    assert room.shut[room.knock(ARTYOM)] == "removed"


def test_a_removed_pupil_hears_nothing_of_what_was_still_on_its_way() -> None:
    room, desk, bench = a_lesson()
    room.ask(bench, wire.Reoffer(id=3, offer=an_offer(2)))
    room.ask(bench, wire.Report(id=4, participant=None, category="other", text=""))
    room.ask(desk, wire.RemoveParticipant(id=8, participant=room.id_of(ARTYOM), reason="conduct"))
    room.said.clear()
    room.tell(commands.NotAnswered(room.asked.pop().ask, "overloaded", "full", 1.0))
    room.tell(commands.Recorded(bench, wire.Done(re=4), allowed=True))
    room.tell(commands.ResetMedia(2))
    assert room.heard(bench) == []


def test_forged_and_foreign_ids_find_nobody() -> None:
    room, desk, _ = a_lesson()
    for participant in ("", "p99", ARTYOM.member, "x" * 64):
        room.ask(desk, a_mute(1, participant))
        room.ask(desk, wire.RemoveParticipant(id=2, participant=participant, reason="other"))
    failures = [each.code for each in room.heard(desk) if isinstance(each, wire.Failed)]
    assert failures == ["not_found"] * 8
    assert room.recorded == []


def test_the_teachers_powers_reach_pupils_only() -> None:
    room, desk, _ = a_lesson()
    room.join(RYABOV)
    room.said.clear()
    for person in (RYABOV, ORLOVA):
        room.ask(desk, wire.RemoveParticipant(id=2, participant=room.id_of(person), reason="other"))
        room.ask(desk, a_mute(3, room.id_of(person)))
    assert [each.code for each in room.heard(desk) if isinstance(each, wire.Failed)] == ["not_allowed"] * 4


def test_the_end_is_for_all_and_for_good() -> None:
    room, desk, bench = a_lesson()
    third = room.knock(POLINA)
    room.ask(desk, wire.EndLesson(id=9))
    assert room.recorded == [commands.RecordEnd(desk, 9, ORLOVA.member)]
    assert room.shut == {}, "first the books, so that nobody comes back in between"
    room.tell(commands.Recorded(desk, wire.Done(re=9), allowed=True, ends=True))
    assert room.state.over
    assert room.heard(desk) == [wire.Done(re=9)]
    assert room.shut == {desk: "ended", bench: "ended", third: "ended"}
    assert room.state.desired("room").peers == []
    assert room.shut[room.knock(ARTYOM)] == "ended"


def test_what_the_school_does_not_allow_is_said_so() -> None:
    room, desk, _ = a_lesson()
    room.ask(desk, wire.EndLesson(id=9))
    room.tell(commands.Recorded(desk, wire.Done(re=9), allowed=False))
    assert isinstance(failed := room.heard(desk)[0], wire.Failed)
    assert failed.code == "not_allowed"
    assert not room.state.over


def test_a_view_holds_sources_of_this_room_and_not_ones_own() -> None:
    room, _, bench = a_lesson()
    other = Classroom(numbers=room.numbers)
    other.join(POLINA)
    theirs = other.seat(POLINA).sources["camera"]
    mine, hers = room.seat(ARTYOM).sources["camera"], room.seat(ORLOVA).sources["camera"]
    tracks = [wire.ViewedTrack(source=source, width=320, height=180) for source in (theirs, mine, hers, 1)]
    room.ask(bench, wire.SetView(id=1, tracks=tracks))
    assert [track.source for track in room.peers_of(ARTYOM)[0].view] == [hers]


def test_nobody_is_shown_who_has_left() -> None:
    room, desk, bench = a_lesson()
    hers = room.seat(ORLOVA).sources["camera"]
    room.ask(bench, wire.SetView(id=1, tracks=[wire.ViewedTrack(source=hers, width=320, height=180)]))
    room.ask(desk, wire.Leave(id=2))
    assert room.peers_of(ARTYOM)[0].view == []
