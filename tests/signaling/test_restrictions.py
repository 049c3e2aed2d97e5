"""Cut, closed, open, and the floor: what hosts do about microphones, cameras and screens of others."""

import msgspec
import pytest

from school.audit import Deed
from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.restrictions import How
from tests.signaling.classroom import Classroom, a_person

ORLOVA = a_person("Орлова", "teacher")
PETROVA = a_person("Петрова", "staff")
ARTYOM, POLINA = a_person("Артём"), a_person("Полина")
ALL_ON = wire.Media(microphone=True, camera=True, screen=True, screen_sound=True)
KINDS: tuple[wire.Restricted, ...] = ("microphone", "camera", "screen")


def a_lesson() -> tuple[Classroom, commands.Link, commands.Link]:
    room = Classroom()
    desk, bench = room.join(ORLOVA), room.join(ARTYOM, media=ALL_ON)
    room.join(PETROVA, media=ALL_ON)
    room.said.clear()
    room.recorded.clear()
    return room, desk, bench


def restrict(
    room: Classroom, desk: commands.Link, kind: wire.Restricted, how: How, person: commands.Person | None = None
) -> list[str]:
    """Whose track was cut, as the host is told."""
    participant = None if person is None else room.id_of(person)
    room.ask(desk, wire.Restrict(id=9, participant=participant, kind=kind, how=how))
    (power,) = room.enter_in_books()
    assert isinstance(power.reply, wire.RestrictedReply)
    assert power.target == (None if person is None else person.member)
    assert power.reply in room.heard(desk)
    return power.reply.participants


def turn_on(room: Classroom, link: commands.Link, person: commands.Person) -> list[wire.TrackKind]:
    """What flows when this person's page asks for everything."""
    room.ask(link, wire.SetMedia(id=3, media=ALL_ON, mute_seen=room.seat(person).mutes))
    return room.peers_of(person)[-1].publish


@pytest.mark.parametrize("one", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_switched_off_is_cut_at_the_node_and_its_person_may_turn_it_on(
    kind: wire.Restricted, one: bool
) -> None:
    room, desk, bench = a_lesson()
    assert restrict(room, desk, kind, "off", ARTYOM if one else None) == [room.id_of(ARTYOM)]
    assert kind not in room.peers_of(ARTYOM)[0].publish
    (told,) = room.events(bench, wire.ParticipantChanged)
    assert not getattr(told.participant.media, kind)
    assert kind in turn_on(room, bench, ARTYOM)


@pytest.mark.parametrize("one", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_closed_stays_off_whatever_its_page_asks_for(kind: wire.Restricted, one: bool) -> None:
    room, desk, bench = a_lesson()
    assert restrict(room, desk, kind, "closed", ARTYOM if one else None) == [room.id_of(ARTYOM)]
    assert kind not in turn_on(room, bench, ARTYOM)
    assert getattr(room.card(ARTYOM).rights, kind) == "closed"
    room.tell(commands.Drop(bench, "lost"))
    room.pass_time(120)
    again = room.join(ARTYOM, media=ALL_ON)
    assert kind not in turn_on(room, again, ARTYOM)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_opened_again_does_not_turn_on_by_itself(kind: wire.Restricted) -> None:
    room, desk, bench = a_lesson()
    restrict(room, desk, kind, "closed")
    room.ask(bench, wire.SetMedia(id=3, media=ALL_ON))
    assert restrict(room, desk, kind, "open") == []
    assert kind not in room.peers_of(ARTYOM)[0].publish
    assert kind in turn_on(room, bench, ARTYOM)


def test_a_request_that_crossed_the_closing_does_not_speak_after_the_opening() -> None:
    room, desk, bench = a_lesson()
    restrict(room, desk, "microphone", "closed")
    restrict(room, desk, "microphone", "open")
    room.ask(bench, wire.SetMedia(id=3, media=wire.Media(microphone=True)))
    assert room.peers_of(ARTYOM)[0].publish == []


def test_a_shared_screen_goes_with_its_sound() -> None:
    room, desk, bench = a_lesson()
    restrict(room, desk, "screen", "off", ARTYOM)
    assert room.peers_of(ARTYOM)[0].publish == ["microphone", "camera"]
    restrict(room, desk, "screen", "closed", ARTYOM)
    assert turn_on(room, bench, ARTYOM) == ["microphone", "camera"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_closed_for_all_is_closed_for_those_who_come_later_and_never_for_staff(kind: wire.Restricted) -> None:
    room, desk, _ = a_lesson()
    restrict(room, desk, kind, "closed")
    room.join(POLINA, media=ALL_ON)
    late = a_person("Завуч", "staff")
    room.join(late, media=ALL_ON)
    assert kind not in room.peers_of(POLINA)[0].publish
    for person in (PETROVA, late):
        assert kind in room.peers_of(person)[0].publish
    settings = room.state.info().settings
    field = {"microphone": "microphones", "camera": "cameras", "screen": "sharing"}[kind]
    assert getattr(settings, field) == "closed"
    restrict(room, desk, kind, "open")
    assert getattr(room.card(POLINA).rights, kind) == "open"


def test_quiet_for_all_touches_those_who_are_heard_only() -> None:
    room, desk, bench = a_lesson()
    silent = room.join(POLINA, media=wire.Media(camera=True))
    assert restrict(room, desk, "microphone", "off") == [room.id_of(ARTYOM)]
    assert (room.card(ARTYOM).mute, room.card(POLINA).mute) == (1, 0)
    room.ask(silent, wire.SetMedia(id=2, media=wire.Media(microphone=True)))
    assert room.peers_of(POLINA)[0].publish == ["microphone"]
    assert bench not in room.shut


def test_quiet_reaches_somebody_whose_media_are_only_about_to_stand() -> None:
    room, desk, _ = a_lesson()
    room.knock(POLINA, media=ALL_ON)
    for kind in KINDS:
        restrict(room, desk, kind, "off")
    assert room.peers_of(POLINA)[0].publish == []
    room.answer()
    assert room.peers_of(POLINA)[0].publish == []


def test_one_may_be_open_while_all_others_are_closed() -> None:
    room, desk, bench = a_lesson()
    room.join(POLINA, media=ALL_ON)
    restrict(room, desk, "camera", "closed")
    restrict(room, desk, "camera", "open", ARTYOM)
    assert "camera" in turn_on(room, bench, ARTYOM)
    assert room.card(POLINA).rights.camera == "closed"


def test_a_closing_for_all_tells_each_of_their_own_right_and_hosts_of_all() -> None:
    room, desk, bench = a_lesson()
    quiet = room.join(POLINA, media=wire.Media())
    room.said.clear()
    restrict_all = wire.Restrict(id=9, participant=None, kind="camera", how="closed")
    room.ask(desk, restrict_all)
    mine, his = room.id_of(POLINA), room.id_of(ARTYOM)
    assert [each.participant.id for each in room.events(desk, wire.ParticipantChanged)] == [his, mine]
    assert [each.participant.id for each in room.events(bench, wire.ParticipantChanged)] == [his]
    assert [each.participant.id for each in room.events(quiet, wire.ParticipantChanged)] == [his, mine]


def test_the_floor_opens_one_microphone_and_takes_the_hand_down() -> None:
    room, desk, bench = a_lesson()
    restrict(room, desk, "microphone", "closed")
    room.ask(bench, wire.RaiseHand(id=2, up=True))
    room.ask(desk, wire.GiveFloor(id=5, participant=room.id_of(ARTYOM)))
    card = room.card(ARTYOM)
    assert (card.rights.microphone, card.hand) == ("floor", None)
    assert "microphone" not in room.peers_of(ARTYOM)[0].publish, "its person's page turns it on"
    assert "microphone" in turn_on(room, bench, ARTYOM)
    assert [each.deed for each in room.enter_in_books()] == [Deed.FLOOR_GIVEN]
    assert wire.Done(re=5) in room.heard(desk)


@pytest.mark.parametrize("one", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_the_floor_that_is_taken_cuts_and_closes_where_microphones_are_closed(closed: bool, one: bool) -> None:
    room, desk, bench = a_lesson()
    if closed:
        restrict(room, desk, "microphone", "closed")
    room.ask(desk, wire.GiveFloor(id=5, participant=room.id_of(ARTYOM)))
    assert "microphone" in turn_on(room, bench, ARTYOM)
    room.ask(desk, wire.TakeFloor(id=6, participant=room.id_of(ARTYOM) if one else None))
    assert "microphone" not in room.peers_of(ARTYOM)[0].publish
    assert room.card(ARTYOM).rights.microphone == ("closed" if closed else "open")
    assert ("microphone" in turn_on(room, bench, ARTYOM)) is not closed


def test_closing_all_microphones_takes_the_floor_as_well() -> None:
    room, desk, bench = a_lesson()
    room.ask(desk, wire.GiveFloor(id=5, participant=room.id_of(ARTYOM)))
    room.enter_in_books()
    restrict(room, desk, "microphone", "closed")
    assert room.card(ARTYOM).rights.microphone == "closed"
    assert "microphone" not in turn_on(room, bench, ARTYOM)


def test_to_turn_on_is_asked_of_its_person_and_done_by_nobody_else() -> None:
    room, desk, bench = a_lesson()
    restrict(room, desk, "camera", "off", ARTYOM)
    polina = room.join(POLINA, media=wire.Media())
    restrict(room, desk, "camera", "closed", POLINA)
    room.said.clear()
    people = [room.id_of(each) for each in (ARTYOM, ARTYOM, POLINA, PETROVA)] + ["nobody"]
    room.ask(desk, wire.AskToTurnOn(id=4, participants=people, kind="camera"))
    assert room.heard(bench) == [wire.PleaseTurnOn(kind="camera", by=room.id_of(ORLOVA))]
    assert room.heard(polina) == [], "what is closed cannot be turned on"
    assert room.card(ARTYOM).media.camera is False
    (power,) = room.enter_in_books()
    assert (power.deed, power.target, power.detail) == (Deed.ASKED_TO_TURN_ON, ARTYOM.member, "camera")


@pytest.mark.parametrize(
    ("kind", "how", "deed"),
    [
        ("microphone", "off", Deed.PARTICIPANT_MUTED),
        ("microphone", "closed", Deed.MICROPHONE_CLOSED),
        ("microphone", "open", Deed.MICROPHONE_OPENED),
        ("camera", "off", Deed.CAMERA_STOPPED),
        ("camera", "closed", Deed.CAMERA_CLOSED),
        ("camera", "open", Deed.CAMERA_OPENED),
        ("screen", "off", Deed.SCREEN_STOPPED),
        ("screen", "closed", Deed.SHARING_CLOSED),
        ("screen", "open", Deed.SHARING_OPENED),
    ],
)
def test_each_use_is_put_down_once_and_kept_before_it_is_told(kind: wire.Restricted, how: How, deed: Deed) -> None:
    room, desk, _ = a_lesson()
    for person in (ARTYOM, None):
        room.kept.clear()
        participant = None if person is None else room.id_of(person)
        room.ask(desk, wire.Restrict(id=9, participant=participant, kind=kind, how=how))
        assert [each.deed for each in room.enter_in_books()] == [deed]
        assert room.kept == [True]


def test_a_paused_screen_keeps_its_place_at_everybody_and_its_sound_is_cut() -> None:
    room, desk, bench = a_lesson()
    paused = msgspec.structs.replace(ALL_ON, screen_paused=True)
    room.ask(bench, wire.SetMedia(id=2, media=paused))
    assert room.card(ARTYOM).media == paused
    assert room.peers_of(ARTYOM)[0].publish == ["microphone", "camera", "screen"]
    room.ask(bench, wire.SetMedia(id=3, media=ALL_ON))
    assert "screen_sound" in room.peers_of(ARTYOM)[0].publish
    assert wire.Media(screen_paused=True) != room.card(ARTYOM).media
    room.ask(bench, wire.SetMedia(id=4, media=wire.Media(screen_paused=True)))
    assert room.card(ARTYOM).media == wire.Media(), "no screen, nothing to pause"
    assert room.failures(desk) == []
