"""One person by two devices: both stay, with one card; and the second tab of one browser, which asks first."""

from dataclasses import replace
from typing import Literal

import pytest

from sfu import messages as node
from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.devices import CLOSING_SECONDS, LOST_SECONDS, Presence
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, login_of
from tests.signaling.two_devices import (
    ARTYOM,
    BOTH_ON,
    CAMERA,
    NOTHING,
    ORLOVA,
    PHONE,
    RYABOV,
    TABLET,
    by_two,
    hears,
    mute,
    publish,
    this_device,
    turn_on,
)

# ── coming in ──


def test_a_second_device_comes_in_beside_the_first_and_the_others_hear_nothing_of_it() -> None:
    room = Classroom()
    desk, laptop = room.join(ORLOVA), room.join(ARTYOM)
    room.heard(desk)
    before = room.card(ARTYOM)
    tablet = room.join(ARTYOM, media=NOTHING, browser=TABLET)
    assert room.shut == {}
    assert room.heard(desk) == []
    assert room.names() == ["Орлова", "Артём"]
    assert room.card(ARTYOM) == before
    joined = next(each for each in room.heard(tablet) if isinstance(each, wire.Joined))
    assert joined.you == room.id_of(ARTYOM)
    assert [each.id for each in joined.snapshot.participants].count(joined.you) == 1
    assert [peer.connection for peer in room.peers_of(ARTYOM)] == [1, 2]
    assert laptop in room.links_of(ARTYOM)


def test_both_devices_are_told_of_each_other_and_where_the_sound_is() -> None:
    room = Classroom()
    laptop = room.join(ARTYOM)
    assert this_device(room, laptop) == []
    tablet = room.join(ARTYOM, browser=TABLET, media=NOTHING)
    heard = room.said[tablet]
    assert [type(each) for each in heard] == [wire.Joined, wire.ThisDevice]
    assert this_device(room, tablet) == [(1, False, [])]
    assert this_device(room, laptop) == [(1, True, [])]


def test_the_second_device_is_silent_until_its_person_says_otherwise() -> None:
    room = Classroom()
    room.join(ARTYOM, media=BOTH_ON)
    room.knock(ARTYOM, media=BOTH_ON, browser=TABLET)
    assert publish(room) == [["microphone", "camera"], []], "not for the moment of coming in either"
    assert hears(room) == [True, False]
    room.answer()
    assert publish(room) == [["microphone", "camera"], []]
    assert hears(room) == [True, False]


def test_a_page_that_comes_in_with_everything_on_is_told_what_is_off() -> None:
    room = Classroom()
    room.join(ARTYOM, media=BOTH_ON)
    tablet = room.join(ARTYOM, media=BOTH_ON, browser=TABLET)
    assert this_device(room, tablet) == [(1, False, ["microphone", "camera"])]


def test_a_microphone_that_may_not_be_on_has_not_been_taken() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    room.ask(desk, mute(room, 2))
    tablet = room.join(ARTYOM, media=wire.Media(microphone=True), browser=TABLET)
    assert this_device(room, tablet) == [(1, False, [])]


def test_the_second_device_takes_no_picture_and_may_bring_the_only_one() -> None:
    room, desk, laptop, _ = by_two(CAMERA)
    assert publish(room) == [["microphone", "camera"], []]
    room = Classroom()
    desk, laptop = room.join(ORLOVA), room.join(ARTYOM, media=wire.Media(microphone=True))
    room.said.clear()
    room.join(ARTYOM, media=CAMERA, browser=TABLET)
    assert publish(room) == [["microphone"], ["camera"]]
    assert this_device(room, laptop) == [(1, True, [])]
    assert [each.participant.media for each in room.events(desk, wire.ParticipantChanged)] == [BOTH_ON]


def test_attendance_is_one_stay() -> None:
    room, _, laptop, tablet = by_two()
    room.pass_time(10)
    room.ask(laptop, wire.Leave(id=2))
    room.pass_time(10)
    assert [each[:2] for each in room.attendance if each[0] == ARTYOM.member] == [(ARTYOM.member, "came")]
    room.tell(commands.Drop(tablet, "lost"))
    left_at = room.state.unix_now
    room.pass_time(LOST_SECONDS)
    assert room.attendance[-1] == (ARTYOM.member, "left", left_at)


def test_an_observer_hears_on_one_device_too() -> None:
    room = Classroom()
    room.join(RYABOV)
    tablet = room.join(RYABOV, browser=TABLET)
    assert [peer.hears for peer in room.peers_of(RYABOV)] == [True, False]
    room.ask(tablet, wire.TakeSound(id=2))
    assert [peer.hears for peer in room.peers_of(RYABOV)] == [False, True]
    assert [peer.publish for peer in room.peers_of(RYABOV)] == [[], []]


# ── the second tab, the third browser ──


def test_a_second_tab_asks_and_may_try_again_on_the_same_connection() -> None:
    room, desk, laptop, tablet = by_two()
    tab = room.knock(ARTYOM)
    (failed,) = room.events(tab, wire.Failed)
    assert (failed.code, room.turned_away) == ("already_here", [tab])
    assert (room.shut, room.heard(laptop), room.heard(tablet), room.heard(desk)) == ({}, [], [], [])
    room.join(ARTYOM, take_over=True)
    assert room.shut == {laptop: "elsewhere"}
    assert this_device(room, tablet) == []
    assert hears(room) == [False, True], "the tab takes the place of its browser, with the sound"


@pytest.mark.parametrize("how", ["closed", "lost"])
def test_a_page_that_closes_or_is_lost_is_replaced_by_its_own_browser_without_a_question(
    how: Literal["closed", "lost"],
) -> None:
    room, _, _, tablet = by_two()
    room.tell(commands.Drop(tablet, how))
    again = room.join(ARTYOM, media=NOTHING, browser=TABLET)
    assert isinstance(room.said[again][0], wire.Joined)
    assert len(room.peers_of(ARTYOM)) == 2
    room.pass_time(60)
    assert len(room.links_of(ARTYOM)) == 2


def test_a_third_browser_asks_too_and_takes_the_place_of_the_one_that_came_first() -> None:
    room, _, laptop, tablet = by_two()
    assert room.failures(room.knock(ARTYOM, browser=PHONE)) == ["already_here"]
    phone = room.join(ARTYOM, browser=PHONE, take_over=True)
    assert room.shut == {laptop: "elsewhere"}
    assert room.links_of(ARTYOM) == [tablet, phone]


def test_or_rather_of_the_one_that_is_lost() -> None:
    room, _, laptop, tablet = by_two()
    room.tell(commands.Drop(tablet, "lost"))
    assert room.failures(room.knock(ARTYOM, browser=PHONE)) == ["already_here"], "it may come back"
    phone = room.join(ARTYOM, browser=PHONE, take_over=True)
    assert room.shut == {}
    assert room.links_of(ARTYOM) == [laptop, phone]


def test_a_page_that_closes_makes_room_for_another_browser_unasked() -> None:
    room, _, laptop, tablet = by_two()
    room.tell(commands.Drop(tablet, "closed"))
    phone = room.join(ARTYOM, browser=PHONE)
    assert room.links_of(ARTYOM) == [laptop, phone]


def test_of_twenty_tabs_of_one_browser_one_is_in_and_the_others_are_asked() -> None:
    room = Classroom()
    tabs = [room.knock(ARTYOM, take_over=number % 3 == 0) for number in range(20)]
    room.answer()
    assert len(room.links_of(ARTYOM)) == len(room.peers_of(ARTYOM)) == 1
    asked = [tab for tab in tabs if room.failures(tab) == ["already_here"]]
    assert len(asked) + len(room.shut) == 19


# ── one person all the same ──


def test_replies_go_to_the_device_that_asks_and_events_to_both() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(tablet, wire.RaiseHand(id=2, up=True))
    assert [type(each) for each in room.heard(tablet)] == [wire.Done, wire.ParticipantChanged]
    assert [type(each) for each in room.heard(laptop)] == [wire.ParticipantChanged]
    room.ask(laptop, wire.RaiseHand(id=3, up=False))
    assert room.card(ARTYOM).hand is None
    room.said.clear()
    room.ask(tablet, wire.SendChat(id=4, key="k", text="привет"))
    room.keep_chat()
    assert [type(each) for each in room.heard(tablet)] == [wire.Done, wire.ChatSaid]
    assert [type(each) for each in room.heard(laptop)] == [wire.ChatSaid]
    room.ask(desk, wire.AskToTurnOn(id=5, participants=[room.id_of(ARTYOM)], kind="camera"))
    room.ask(laptop, turn_on(6, microphone=True))
    room.said.clear()
    room.ask(desk, wire.AskToTurnOn(id=7, participants=[room.id_of(ARTYOM)], kind="camera"))
    assert room.heard(laptop) == room.heard(tablet) == [wire.PleaseTurnOn(kind="camera", by=room.id_of(ORLOVA))]


def test_each_device_resumes_what_it_has_missed_itself() -> None:
    room, desk, laptop, tablet = by_two()
    seq = room.state.log.seq
    room.tell(commands.Drop(tablet, "lost"))
    room.ask(laptop, wire.RaiseHand(id=2, up=True))
    again = room.resume(f"session-{tablet}", seq, login_of(ARTYOM, TABLET))
    assert [type(each) for each in room.heard(again)] == [wire.Resumed, wire.ParticipantChanged, wire.ThisDevice]
    thief = room.resume(f"session-{tablet}", seq, login_of(ARTYOM))
    assert room.failures(thief) == ["session_refused"], "a session is of its own browser only"
    assert len(room.links_of(ARTYOM)) == 2
    room.heard(desk)


def test_a_person_is_lost_only_when_the_last_device_is() -> None:
    room, desk, laptop, tablet = by_two()
    room.tell(commands.Drop(laptop, "lost"))
    assert room.heard(desk) == []
    room.tell(commands.Drop(tablet, "lost"))
    assert [each.participant.link for each in room.events(desk, wire.ParticipantChanged)] == ["lost"]
    room.resume(f"session-{laptop}", 0, login_of(ARTYOM))
    assert [each.participant.link for each in room.events(desk, wire.ParticipantChanged)] == ["here"]
    room.pass_time(LOST_SECONDS)
    assert [each.login for each in room.seat(ARTYOM).devices] == [login_of(ARTYOM)]
    assert room.heard(desk) == []


def test_a_closed_page_leaves_a_person_whose_other_device_is_lost() -> None:
    room, desk, laptop, tablet = by_two()
    room.tell(commands.Drop(laptop, "lost"))
    room.tell(commands.Drop(tablet, "closed"))
    assert room.seat(ARTYOM).presence is Presence.CLOSING
    assert room.heard(desk) == []
    room.pass_time(CLOSING_SECONDS)
    assert [each.participant.link for each in room.events(desk, wire.ParticipantChanged)] == ["lost"]
    room.pass_time(LOST_SECONDS)
    assert [each.how for each in room.events(desk, wire.ParticipantLeft)] == ["lost"]


def test_whoever_leaves_by_one_device_stays_by_the_other_and_hears_there() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(laptop, wire.Leave(id=2))
    assert room.shut == {laptop: "left"}
    assert this_device(room, tablet) == [(0, True, [])]
    assert hears(room) == [True]
    (changed,) = room.events(desk, wire.ParticipantChanged)
    assert changed.participant.media == NOTHING, "what that device sent is off"
    room.ask(tablet, wire.RaiseHand(id=3, up=True))
    room.ask(tablet, wire.Leave(id=4))
    assert [each.how for each in room.events(desk, wire.ParticipantLeft)] == ["left"]
    assert room.seat(ARTYOM).hand is None
    assert room.peers_of(ARTYOM) == []


@pytest.mark.parametrize(("how", "seconds"), [("closed", CLOSING_SECONDS), ("lost", LOST_SECONDS)])
def test_the_sound_goes_to_the_other_device_when_the_one_that_has_it_is_gone_for_good(
    how: Literal["closed", "lost"], seconds: float
) -> None:
    room, _, laptop, tablet = by_two()
    room.tell(commands.Drop(laptop, how))
    room.pass_time(seconds - 0.1)
    assert this_device(room, tablet) == [], "a network that is lost for a moment moves nothing"
    room.pass_time(0.1)
    assert this_device(room, tablet) == [(0, True, [])]
    assert hears(room) == [True]


def test_meanwhile_its_person_may_take_the_sound_by_a_press() -> None:
    room, _, laptop, tablet = by_two()
    room.tell(commands.Drop(laptop, "lost"))
    room.ask(tablet, wire.TakeSound(id=2))
    assert hears(room) == [False, True]
    assert publish(room) == [["camera"], []]


def test_signing_out_ends_the_devices_of_that_browser_only() -> None:
    room, desk, laptop, tablet = by_two()
    coming = room.knock(ARTYOM, browser=TABLET, take_over=True)
    room.tell(commands.SignOut(login_of(ARTYOM, TABLET)))
    assert room.shut == {tablet: "signed_out", coming: "signed_out"}
    room.answer()
    assert room.links_of(ARTYOM) == [laptop]
    assert [type(each) for each in room.heard(desk)] == []


def test_the_adult_rule_sees_one_teacher_and_one_who_is_here_as_long_as_one_device_is() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.join(ORLOVA, browser=TABLET)
    room.join(ARTYOM)
    assert room.state.clock.present.adults == 1
    room.tell(commands.Drop(desk, "lost"))
    assert room.state.clock.present.heard
    room.pass_time(LOST_SECONDS)
    assert room.state.info().flow
    assert room.state.info().media_stops_at is None


# ── media connections ──


def test_connections_of_two_devices_are_never_one_for_the_node() -> None:
    room, _, laptop, tablet = by_two()
    room.ask(laptop, wire.Reoffer(id=2, offer=an_offer(2)))
    room.ask(tablet, wire.Reoffer(id=3, offer=an_offer(2)))
    room.answer()
    numbers = [peer.connection for peer in room.peers_of(ARTYOM)]
    assert numbers == [1, 3, 2, 4]
    assert [each.connection for each in room.events(laptop, wire.Reoffered)] == [2]
    assert [each.connection for each in room.events(tablet, wire.Reoffered)] == [2]
    room.ask(tablet, wire.Settle(id=4, connection=2))
    assert [peer.connection for peer in room.peers_of(ARTYOM)] == [1, 3, 4]


def test_what_the_node_reports_goes_to_the_device_whose_connection_it_is() -> None:
    room, desk, laptop, tablet = by_two()
    participant = room.id_of(ARTYOM)
    slots = [node.SlotMapping(mid="6", source=77)]
    room.tell(node.SlotsMapped(room="r", participant=participant, connection=2, slots=slots))
    room.tell(node.PeerLink(room="r", participant=participant, connection=1, link="silent"))
    assert room.heard(tablet) == [wire.SlotsMapped(connection=1, slots=[wire.SlotMapping(mid="6", source=77)])]
    assert room.heard(laptop) == [wire.PleaseReoffer(reason="silent")]
    room.tell(commands.ResetMedia(epoch=3))
    assert room.heard(tablet) == room.heard(laptop) == room.heard(desk) == [wire.MediaReset(epoch=3)]
    assert room.peers_of(ARTYOM) == []


def test_an_answer_to_a_device_that_has_gone_is_nobodys() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(tablet, wire.Reoffer(id=2, offer=an_offer(2)))
    room.ask(tablet, wire.Leave(id=3))
    room.said.clear()
    room.answer()
    assert (room.heard(tablet), room.heard(laptop), room.heard(desk)) == ([], [], [])
    assert [peer.connection for peer in room.peers_of(ARTYOM)] == [1]


def test_two_devices_that_come_in_at_once_are_both_in_and_one_has_the_sound() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.heard(desk)
    laptop, tablet = room.knock(ARTYOM), room.knock(ARTYOM, browser=TABLET)
    room.answer()
    assert room.links_of(ARTYOM) == [laptop, tablet]
    assert hears(room) == [True, False]
    assert publish(room) == [["microphone", "camera"], []]
    assert [type(each) for each in room.heard(desk)] == [wire.ParticipantJoined]


def test_another_browser_takes_the_place_of_a_page_that_was_just_closed() -> None:
    room = Classroom()
    desk, laptop = room.join(ORLOVA), room.join(ARTYOM, media=BOTH_ON)
    room.tell(commands.Drop(laptop, "closed"))
    room.said.clear()
    room.knock(ARTYOM, media=BOTH_ON, browser=TABLET)
    assert publish(room)[-1] == ["microphone", "camera"]
    room.answer()
    assert publish(room) == [["microphone", "camera"]]
    assert hears(room) == [True]
    assert room.events(desk, wire.ParticipantLeft) == []


def test_a_page_takes_nothing_from_a_device_that_reloads_beside_it() -> None:
    room = Classroom()
    room.join(ORLOVA)
    room.join(ARTYOM, media=wire.Media(microphone=True))
    tablet = room.join(ARTYOM, media=CAMERA, browser=TABLET)
    room.tell(commands.Drop(tablet, "closed"))
    room.join(ARTYOM, media=BOTH_ON, take_over=True)
    told = {peer.connection: peer.publish for peer in room.peers_of(ARTYOM)}
    assert told == {2: ["camera"], 3: ["microphone"]}


def test_a_page_that_is_on_its_way_back_keeps_its_place() -> None:
    room = Classroom()
    room.join(ORLOVA)
    laptop = room.join(ARTYOM, media=BOTH_ON)
    room.tell(commands.Drop(laptop, "closed"))
    room.knock(ARTYOM, media=BOTH_ON, browser=TABLET)
    room.knock(ARTYOM, media=BOTH_ON)
    room.answer()
    told = {peer.connection: (peer.hears, peer.publish) for peer in room.peers_of(ARTYOM)}
    assert told == {2: (False, []), 3: (True, ["microphone", "camera"])}, "the tablet came second, the laptop third"


def test_what_the_books_say_at_the_second_join_holds_for_the_first_device_too() -> None:
    room = Classroom()
    laptop = room.join(ORLOVA)
    tablet = room.join(replace(ORLOVA, role="staff", host=False), browser=TABLET)
    assert (room.seated[laptop], room.seated[tablet]) == ("staff", "staff")
