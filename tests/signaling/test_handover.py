"""What goes from one device of a person to the other: each kind is sent by one, the sound is on one, and what hosts do
holds on both."""

from typing import Literal

import pytest

from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.handover import CROSSED_SECONDS
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, login_of
from tests.signaling.two_devices import (
    ARTYOM,
    BOTH_ON,
    CAMERA,
    NOTHING,
    ORLOVA,
    PHONE,
    TABLET,
    by_two,
    hears,
    mute,
    publish,
    this_device,
    turn_on,
)

# ── one sends each kind ──


def test_what_one_device_turns_on_goes_off_on_the_other() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(tablet, turn_on(2, camera=True))
    assert publish(room) == [["microphone"], ["camera"]]
    assert this_device(room, laptop) == [(1, True, ["camera"])]
    assert this_device(room, tablet) == []
    assert room.heard(desk) == [], "the person's camera is on as before"


def test_turning_off_what_the_other_device_sends_does_nothing_to_it() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(tablet, turn_on(2))
    assert publish(room) == [["microphone", "camera"], []]
    assert room.heard(desk) == []
    room.ask(laptop, turn_on(3))
    assert publish(room) == [[], []]
    assert [each.participant.media for each in room.events(desk, wire.ParticipantChanged)] == [NOTHING]


def test_a_screen_goes_over_with_its_sound_and_its_pause() -> None:
    room, _, laptop, tablet = by_two()
    room.ask(laptop, turn_on(2, screen=True, screen_sound=True, screen_paused=True))
    room.ask(tablet, turn_on(3, screen=True))
    assert publish(room) == [[], ["screen"]]
    assert this_device(room, laptop) == [(1, True, ["screen", "screen_sound"])]
    assert room.card(ARTYOM).media == wire.Media(screen=True)


def test_the_microphone_takes_the_sound_with_it() -> None:
    room, _, laptop, tablet = by_two()
    room.ask(tablet, turn_on(2, microphone=True))
    assert publish(room) == [["camera"], ["microphone"]]
    assert hears(room) == [False, True]
    assert this_device(room, laptop) == [(1, False, ["microphone"])]
    assert this_device(room, tablet) == [(1, True, [])]


def test_the_sound_takes_the_microphone_away_and_turns_on_none() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(tablet, wire.TakeSound(id=2))
    assert room.heard(tablet)[:2] == [wire.Done(re=2), wire.ThisDevice(others=1, sound=True, taken=[])]
    assert this_device(room, laptop) == [(1, False, ["microphone"])]
    assert publish(room) == [["camera"], []]
    assert hears(room) == [False, True]
    (changed,) = room.events(desk, wire.ParticipantChanged)
    assert changed.participant.media == CAMERA
    room.ask(tablet, turn_on(3, microphone=True))
    assert publish(room) == [["camera"], ["microphone"]]


def test_whoever_came_in_silent_speaks_as_soon_as_the_sound_is_taken() -> None:
    room, _, _, tablet = by_two(BOTH_ON)
    room.ask(tablet, wire.TakeSound(id=2))
    room.ask(tablet, turn_on(3, microphone=True))
    assert publish(room) == [["camera"], ["microphone"]]


def test_taking_the_sound_where_it_is_changes_nothing() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(laptop, wire.TakeSound(id=2))
    assert room.heard(laptop) == [wire.Done(re=2)]
    assert (room.heard(tablet), room.heard(desk)) == ([], [])
    assert publish(room) == [["microphone", "camera"], []]


def test_a_wish_that_crossed_a_handover_is_answered_with_what_was_taken() -> None:
    room, _, laptop, tablet = by_two()
    room.ask(tablet, turn_on(2, camera=True))
    room.heard(laptop)
    room.ask(laptop, turn_on(3, microphone=False, camera=True))
    assert room.heard(laptop)[:2] == [wire.Done(re=3), wire.ThisDevice(others=1, sound=True, taken=["camera"])]
    assert publish(room) == [[], ["camera"]]
    room.pass_time(CROSSED_SECONDS)
    room.ask(laptop, turn_on(4, camera=True))
    assert publish(room) == [["camera"], []], "a moment later it is what its person wants"
    assert this_device(room, tablet) == [(1, False, ["camera"])]


def test_a_press_that_is_repeated_is_obeyed_after_a_second() -> None:
    room, _, laptop, tablet = by_two()
    room.ask(tablet, turn_on(2, camera=True))
    for number in range(3, 7):
        room.ask(laptop, turn_on(number, camera=True))
        room.pass_time(CROSSED_SECONDS / 2)
    assert publish(room) == [["camera"], []]


def test_a_device_that_was_away_when_something_was_taken_is_told_when_it_is_back() -> None:
    room, _, laptop, tablet = by_two()
    room.tell(commands.Drop(laptop, "lost"))
    room.ask(tablet, turn_on(2, microphone=True))
    again = room.resume(f"session-{laptop}", room.state.log.seq, login_of(ARTYOM))
    assert [type(each) for each in room.said[again]] == [wire.Resumed, wire.ThisDevice]
    assert this_device(room, again) == [(1, False, ["microphone"])]
    room.ask(again, turn_on(3, microphone=True, camera=True))
    assert publish(room) == [["camera"], ["microphone"]], "its page has repeated what it believed"


def test_what_was_taken_by_a_device_that_has_left_is_nobodys() -> None:
    room, _, laptop, tablet = by_two(BOTH_ON)
    room.ask(laptop, wire.Leave(id=2))
    room.tell(commands.Drop(tablet, "lost"))
    again = room.resume(f"session-{tablet}", room.state.log.seq, login_of(ARTYOM, TABLET))
    assert this_device(room, again) == [(0, True, [])]
    room.ask(again, turn_on(3, camera=True))
    assert publish(room) == [["camera"]], "what its person turned on while away is on"


def test_whoever_was_always_alone_hears_nothing_of_devices_at_a_resume() -> None:
    room = Classroom()
    laptop = room.join(ARTYOM)
    room.tell(commands.Drop(laptop, "lost"))
    again = room.resume(f"session-{laptop}", room.state.log.seq, login_of(ARTYOM))
    assert this_device(room, again) == []


def test_a_view_and_a_layout_are_of_the_device_and_the_next_one_begins_with_the_last_layout() -> None:
    room, _, laptop, tablet = by_two()
    view = [wire.ViewedTrack(source=room.seat(ORLOVA).sources["camera"], width=320, height=180)]
    room.ask(tablet, wire.SetView(id=2, tracks=view))
    assert [len(peer.view) for peer in room.peers_of(ARTYOM)] == [0, 1]
    speaker, pinned = wire.Layout(mode="speaker"), wire.Layout(pins=["p"])
    room.ask(laptop, wire.SetLayout(id=3, layout=speaker))
    room.ask(tablet, wire.SetLayout(id=4, layout=pinned))
    reloaded = room.join(ARTYOM, take_over=True)
    assert next(each for each in room.heard(reloaded) if isinstance(each, wire.Joined)).layout == speaker
    for link in room.links_of(ARTYOM):
        room.ask(link, wire.Leave(id=5))
    anew = room.join(ARTYOM, browser=PHONE)
    assert next(each for each in room.heard(anew) if isinstance(each, wire.Joined)).layout == pinned


# ── what hosts do holds on every device ──


def test_a_muted_person_stays_muted_whichever_device_turns_the_microphone_on() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(desk, mute(room, 2))
    for link in (tablet, laptop):
        room.ask(link, turn_on(3, microphone=True, camera=True))
        assert "microphone" not in [kind for kinds in publish(room) for kind in kinds]
        assert room.card(ARTYOM).mute == 1
    assert hears(room) == [True, False], "nor has the tablet taken the sound"
    room.pass_time(CROSSED_SECONDS)
    room.ask(tablet, wire.SetMedia(id=5, media=wire.Media(microphone=True), mute_seen=1))
    assert publish(room) == [[], ["microphone"]]


def test_a_wish_that_crossed_a_handover_ends_no_mute() -> None:
    room, desk, laptop, tablet = by_two()
    room.ask(desk, mute(room, 2))
    room.ask(laptop, wire.SetMedia(id=3, media=BOTH_ON, mute_seen=1))
    room.ask(tablet, wire.TakeSound(id=4))
    room.ask(desk, mute(room, 5))
    room.ask(laptop, wire.SetMedia(id=6, media=BOTH_ON, mute_seen=2))
    assert room.card(ARTYOM).mute == 2


@pytest.mark.parametrize("kind", ["microphone", "camera", "screen"])
@pytest.mark.parametrize("how", ["off", "closed"])
@pytest.mark.parametrize("sender", [0, 1])
def test_what_a_host_cuts_is_cut_on_every_device_and_on_one_that_is_coming_in(
    kind: wire.Restricted, how: Literal["off", "closed"], sender: int
) -> None:
    room, desk, laptop, tablet = by_two()
    on = {kind: True} | ({"screen_sound": True} if kind == "screen" else {})
    room.ask((laptop, tablet)[sender], turn_on(2, **on))
    room.knock(ARTYOM, media=wire.Media(**on), browser=TABLET, take_over=True)
    room.ask(desk, wire.Restrict(id=3, participant=room.id_of(ARTYOM), kind=kind, how=how))
    cut = {kind, "screen_sound"} if kind == "screen" else {kind}
    assert not cut & {each for kinds in publish(room) for each in kinds}
    room.answer()
    assert not cut & {each for kinds in publish(room) for each in kinds}


def test_a_right_that_is_closed_is_closed_for_the_second_device_too() -> None:
    room = Classroom()
    desk = room.join(ORLOVA)
    room.join(ARTYOM)
    room.ask(desk, wire.Restrict(id=2, participant=room.id_of(ARTYOM), kind="camera", how="closed"))
    tablet = room.join(ARTYOM, media=BOTH_ON, browser=TABLET)
    room.ask(tablet, turn_on(3, microphone=True, camera=True))
    room.ask(tablet, wire.Reoffer(id=4, offer=an_offer(2)))
    assert "camera" not in [kind for kinds in publish(room) for kind in kinds]


def test_a_removal_reaches_every_device_and_keeps_all_of_them_out() -> None:
    room, desk, laptop, tablet = by_two()
    coming = room.knock(ARTYOM, browser=PHONE, take_over=True)
    room.ask(desk, wire.RemoveParticipant(id=2, participant=room.id_of(ARTYOM), reason="conduct"))
    assert room.shut == {laptop: "removed", tablet: "removed", coming: "removed"}
    assert room.peers_of(ARTYOM) == []
    room.answer()
    assert room.names() == ["Орлова"]
    for browser in ("", TABLET, PHONE):
        assert room.shut[room.knock(ARTYOM, browser=browser, take_over=True)] == "removed"
        session = {"": laptop, TABLET: tablet, PHONE: coming}[browser]
        assert room.failures(room.resume(f"session-{session}", 0, login_of(ARTYOM, browser))) == ["session_refused"]


def test_a_microphone_that_is_thrown_to_and_fro_is_a_trickle_for_the_others() -> None:
    room, desk, laptop, tablet = by_two()
    for number in range(200):
        link = (laptop, tablet)[number % 2]
        room.ask(link, wire.TakeSound(id=number))
        room.ask(link, turn_on(1000 + number, microphone=True))
        room.pass_time(0.02)
    assert sorted(kind for kinds in publish(room) for kind in kinds) in (["microphone"], [])
    assert len(room.events(desk, wire.ParticipantChanged)) <= 20
    assert hears(room).count(True) == 1
