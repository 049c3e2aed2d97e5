"""What a room remembers, as a text: everything that matters comes back in another process with another clock."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from school.chat import ChatLine
from sfu import messages as node
from signaling.live import commands, decide, kept
from signaling.live import messages as wire
from signaling.live.devices import LOST_SECONDS, Device, Presence, Transport
from signaling.live.room_state import RoomState
from signaling.live.seats import Seat
from signaling.live.sources import SourceNumbers
from tests.signaling.browser import an_offer
from tests.signaling.classroom import GRACE, UNIX_OFFSET, Classroom, a_person, a_setting, login_of

ORLOVA, ARTYOM, POLINA, YEGOR = a_person("Орлова", "teacher"), a_person("Артём"), a_person("Полина"), a_person("Егор")
EVERYBODY = {person.member: person for person in (ORLOVA, ARTYOM, POLINA, YEGOR)}
# Another process: its monotonic clock began 400 seconds later than the one before.
LATER = UNIX_OFFSET + 400.0
ORIGIN = kept.Origin("room", datetime(2026, 11, 24, 9, tzinfo=UTC).timestamp())
NOT_KEPT = {"person", "arrivals", "gone_since"}
NOT_KEPT_OF_A_DEVICE = {"presence", "gone_at", "link", "crossed_until"}


def a_class() -> tuple[Classroom, commands.Link]:
    room = Classroom()
    desk = room.join(ORLOVA)
    for person in (ARTYOM, POLINA, YEGOR):
        room.join(person)
    return room, desk


def again(room: Classroom, persons: dict[str, commands.Person], chat: list[ChatLine] | None = None) -> RoomState:
    """As the next process makes it, a second later by the clock of people."""
    now = room.now + 1.0 + UNIX_OFFSET - LATER
    state = RoomState(replace(a_setting(), unix_offset=LATER), SourceNumbers(9), now)
    kept.restore(state, kept.read(kept.dump(room.state, ORIGIN, "incarnation")), persons, chat or [])
    return state


@pytest.mark.parametrize(
    ("of_room", "of_text", "not_kept", "only_in_text"),
    [
        (Seat, kept.KeptSeat, NOT_KEPT, {"member", "role"}),
        (Device, kept.KeptDevice, NOT_KEPT_OF_A_DEVICE, set()),
        (Transport, kept.KeptTransport, set(), set()),
    ],
)
def test_every_field_is_kept_or_belongs_to_the_process(
    of_room: type, of_text: type[msgspec.Struct], not_kept: set[str], only_in_text: set[str]
) -> None:
    in_room = {each.name for each in fields(of_room)}
    in_text = {each.name for each in msgspec.structs.fields(of_text)}
    assert in_room - not_kept == in_text - only_in_text


def test_a_busy_room_comes_back_as_it_was_and_the_node_is_told_the_same() -> None:
    room, desk = a_class()
    artyom, polina, yegor = (room.id_of(person) for person in (ARTYOM, POLINA, YEGOR))
    (bench,) = room.links_of(POLINA)
    room.ask(bench, wire.RaiseHand(id=1, up=True))
    room.ask(bench, wire.SetAnswer(id=2, answer="yes"))
    room.ask(bench, wire.SetLayout(id=3, layout=wire.Layout(mode="speaker", pins=[artyom], self_view=False)))
    view = [wire.ViewedTrack(source=room.seat(ORLOVA).sources["camera"], width=320, height=180)]
    room.ask(bench, wire.SetView(id=4, tracks=view))
    room.ask(desk, wire.Restrict(id=5, participant=artyom, kind="microphone", how="off"))
    room.ask(desk, wire.Restrict(id=6, participant=None, kind="microphone", how="closed"))
    room.ask(desk, wire.GiveFloor(id=7, participant=yegor))
    room.ask(desk, wire.SetRoom(id=8, locked=True, chat="hosts", pupils_cameras="hosts"))
    room.ask(desk, wire.SetSpotlight(id=9, participants=[polina]))
    state = again(room, EVERYBODY)
    assert state.desired("room") == room.state.desired("room")
    assert state.rules == room.state.rules
    assert state.spotlight == [polina]
    for person in EVERYBODY.values():
        before, after = room.seat(person), state.seat_of_member(person.member)
        assert after is not None
        for name in {each.name for each in fields(Seat)} - NOT_KEPT - {"devices"}:
            assert getattr(after, name) == getattr(before, name), name
        (device_before,), (device,) = before.devices, after.devices
        for name in {each.name for each in fields(Device)} - NOT_KEPT_OF_A_DEVICE:
            assert getattr(device, name) == getattr(device_before, name), name
        assert (device.presence, device.gone_at) == (Presence.LOST, state.now + LOST_SECONDS)
        assert state.device_of_session(device_before.session_digest) == (after, device)
    assert state.info().flow


def test_both_devices_come_back_with_what_each_sends_and_the_sound_where_it_was() -> None:
    room, _ = a_class()
    (laptop,) = room.links_of(ARTYOM)
    tablet = room.join(ARTYOM, media=wire.Media(camera=True), browser="-tablet")
    view = [wire.ViewedTrack(source=room.seat(ORLOVA).sources["camera"], width=320, height=180)]
    room.ask(tablet, wire.SetView(id=2, tracks=view))
    room.ask(tablet, wire.TakeSound(id=3))
    room.ask(laptop, wire.Reoffer(id=4, offer=an_offer(2)))
    room.answer()
    participant = room.id_of(ARTYOM)
    room.tell(node.LinkQuality(room="room", participant=participant, connection=6, quality="weak", held_back="fewer"))
    state = again(room, EVERYBODY)
    assert state.desired("room") == room.state.desired("room")
    before, after = room.seat(ARTYOM), state.seats[participant]
    assert [device.login for device in after.devices] == [login_of(ARTYOM), login_of(ARTYOM, "-tablet")]
    assert [device.sound for device in after.devices] == [False, True]
    for mine, kept_one in zip(before.devices, after.devices, strict=True):
        for name in {each.name for each in fields(Device)} - NOT_KEPT_OF_A_DEVICE:
            assert getattr(kept_one, name) == getattr(mine, name), name
        assert state.device_of_session(mine.session_digest) == (after, kept_one)
    assert after.media == before.media


def test_whoever_was_away_is_away_and_whoever_was_removed_is_removed() -> None:
    room, desk = a_class()
    yegor = room.seat(YEGOR)
    room.ask(desk, wire.RemoveParticipant(id=1, participant=yegor.participant, reason="noise"))
    (bench,) = room.links_of(POLINA)
    room.ask(bench, wire.Leave(id=2))
    state = again(room, EVERYBODY)
    assert [seat.person for seat in state.present()] == [ORLOVA, ARTYOM]
    removed = state.seat_of_member(YEGOR.member)
    assert removed is not None
    assert removed.removed


def test_the_clock_of_the_adult_rule_goes_on() -> None:
    room, desk = a_class()
    room.ask(desk, wire.Leave(id=1))
    stops_at = room.state.info().media_stops_at
    assert stops_at is not None
    state = again(room, EVERYBODY)
    assert state.info().media_stops_at == stops_at


def test_the_minutes_of_a_teacher_whose_network_is_gone_do_not_begin_anew() -> None:
    room, desk = a_class()
    room.tell(commands.Drop(desk, "lost"))
    lost_at = room.state.unix_now
    room.pass_time(LOST_SECONDS - 5)
    state = again(room, EVERYBODY)
    for late in (10.0, LOST_SECONDS + 1):
        decide.handle_timeout(state, state.now + late)
    assert state.info().media_stops_at == lost_at + GRACE


def test_a_teacher_who_was_there_until_the_restart_is_not_from_then_on() -> None:
    room, _ = a_class()
    state = again(room, EVERYBODY)
    restarted_at = state.unix_now
    assert state.info().flow
    decide.handle_timeout(state, state.now + LOST_SECONDS)
    assert state.info().media_stops_at == restarted_at + GRACE


def test_an_answered_connection_stays_answered_with_its_numbers_and_slots() -> None:
    room, _ = a_class()
    slots = [node.SlotMapping(mid="6", source=room.seat(ORLOVA).sources["camera"])]
    participant = room.id_of(ARTYOM)
    room.tell(node.SlotsMapped(room="room", participant=participant, connection=1, slots=slots))
    seat = again(room, EVERYBODY).seats[participant]
    (transport,) = seat.devices[0].transports
    assert (transport.connection, transport.answered, transport.failed) == (1, True, False)
    assert transport.slots == slots


def test_whoever_resumes_is_shown_the_whole_room() -> None:
    room, _ = a_class()
    state = again(room, EVERYBODY)
    for last_seq in (0, room.state.log.seq, room.state.log.seq + 50):
        assert state.log.since(last_seq, lambda _: True) is None


def test_numbers_of_newcomers_are_nobodys() -> None:
    room, _ = a_class()
    used = {number for seat in room.state.seats.values() for number in seat.sources.values()}
    text = kept.read(kept.dump(room.state, ORIGIN, None))
    numbers = SourceNumbers(7)
    state = RoomState(a_setting(), numbers, 0.0)
    kept.restore(state, text, EVERYBODY, [])
    for _ in range(20):
        assert used.isdisjoint(numbers.take().values())


def test_a_member_whom_nobody_knows_any_more_has_no_seat() -> None:
    room, _ = a_class()
    known = {member: person for member, person in EVERYBODY.items() if person is not YEGOR}
    state = again(room, known)
    assert state.seat_of_member(YEGOR.member) is None
    assert len(state.present()) == 3


def test_chat_comes_from_its_rows_with_the_names_of_today() -> None:
    room, _ = a_class()
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    lines = [
        ChatLine("m1", "lesson", at, ARTYOM.member, "раз", "all", at, None),
        ChatLine("m2", "lesson", at, POLINA.member, "", "hosts", at, "host"),
        ChatLine("m3", "lesson", at, "somebody of the past", "три", "all", at, None),
        ChatLine("m0", "lesson", at, ARTYOM.member, "до перезапуска урока", "all", at - timedelta(minutes=5), None),
    ]
    first, second = again(room, EVERYBODY, lines).chat
    assert (first.id, first.author, first.name, first.text) == ("m1", room.id_of(ARTYOM), "Артём", "раз")
    assert (second.to, second.removed, second.text) == ("hosts", "host", "")


@pytest.mark.parametrize("text", ["", "{}", "null", '{"room": 1}', "[" * 5000])
def test_anything_else_is_an_error_of_decoding(text: str) -> None:
    with pytest.raises((msgspec.DecodeError, RecursionError)):
        kept.read(text)


MOMENTS = ["hand", "mute", "close", "floor", "leave", "lost", "tablet", "sound", "speak"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(MOMENTS))))
def test_whatever_has_happened_comes_back(steps: list[tuple[int, str]]) -> None:
    room, desk = a_class()
    people = [ARTYOM, POLINA, YEGOR, ORLOVA]
    for number, (who, what) in enumerate(steps):
        seat = room.seat(people[who])
        if what in {"mute", "close", "floor"} and seat is not room.seat(ORLOVA):
            request: wire.Request = {
                "mute": wire.Restrict(id=number, participant=seat.participant, kind="microphone", how="off"),
                "close": wire.Restrict(id=number, participant=seat.participant, kind="camera", how="closed"),
                "floor": wire.GiveFloor(id=number, participant=seat.participant),
            }[what]
            room.ask(desk, request)
        if what == "tablet":
            room.join(people[who], browser="-tablet", take_over=True)
        for link in seat.links():
            if what == "sound":
                room.ask(link, wire.TakeSound(id=number))
            elif what == "speak":
                room.ask(link, wire.SetMedia(id=number, media=wire.Media(microphone=True, camera=number % 2 == 0)))
            elif what == "hand":
                room.ask(link, wire.RaiseHand(id=number, up=number % 2 == 0))
            elif what == "leave":
                room.ask(link, wire.Leave(id=number))
            elif what == "lost":
                room.tell(commands.Drop(link, "lost"))
        room.pass_time(0.5)
    state = again(room, EVERYBODY)
    assert state.desired("room") == room.state.desired("room")
    assert {seat.participant for seat in state.present()} == {seat.participant for seat in room.state.present()}
    assert state.flow.on == room.state.flow.on
