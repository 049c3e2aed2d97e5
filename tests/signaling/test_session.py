"""The state machine of one connection: what is legal when, for whom, how often and how large."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.live import messages as wire
from signaling.live import session
from signaling.live.session import BAD_FRAMES, FLOOD_REFUSALS, HangUp, Pass, Say, Session
from tests.signaling.browser import an_offer

JOIN = wire.Join(id=1, ticket="t", offer=an_offer(), media=wire.Media())
RESUME = wire.Resume(id=1, session="s", last_seq=0)
AFTER_THE_DOOR: list[wire.Request] = [
    wire.Reoffer(id=2, offer=an_offer(observes=True)),
    wire.Settle(id=3, connection=1),
    wire.SetMedia(id=4, media=wire.Media()),
    wire.SetView(id=5, tracks=[]),
    wire.RemoveParticipant(id=7, participant="p", reason="noise"),
    wire.EndLesson(id=8),
    wire.Leave(id=9),
    wire.SetLayout(id=10, layout=wire.Layout()),
    wire.RaiseHand(id=11, up=True),
    wire.SetAnswer(id=12, answer="yes"),
    wire.React(id=13, reaction="clap"),
    wire.SendChat(id=14, key="k", text="привет"),
    wire.RemoveChat(id=15, message="m"),
    wire.Report(id=16, participant=None, category="technical", text=""),
    wire.Restrict(id=17, participant=None, kind="camera", how="closed"),
    wire.GiveFloor(id=18, participant="p"),
    wire.TakeFloor(id=19, participant=None),
    wire.LowerHand(id=20, participant=None),
    wire.ClearAnswers(id=21),
    wire.AskToTurnOn(id=22, participants=["p"], kind="camera"),
    wire.SetRoom(id=23, locked=True),
    wire.SetSpotlight(id=24, participants=[]),
    wire.Admit(id=25, waiting=None),
    wire.Decline(id=26, waiting="w"),
    wire.SetHost(id=27, participant="p", host=True),
    wire.TakeSound(id=28),
]
OF_THOSE_WHO_TAKE_PART = {
    wire.SetMedia,
    wire.RaiseHand,
    wire.SetAnswer,
    wire.React,
    wire.SendChat,
    wire.RemoveChat,
}


def frame(request: wire.Request) -> str:
    return msgspec.json.encode(request).decode()


def live(role: wire.RoomRole) -> Session:
    opened = Session(0.0)
    opened.receive(frame(JOIN), 0.0)
    opened.seated(role)
    return opened


def failures(effects: list[session.Effect]) -> list[tuple[int, str]]:
    return [(effect.message.re, effect.message.code) for effect in effects if isinstance(effect, Say)]


@pytest.mark.parametrize("request_", AFTER_THE_DOOR)
def test_before_the_door_only_join_and_resume_are_legal(request_: wire.Request) -> None:
    assert failures(Session(0.0).receive(frame(request_), 0.0)) == [(request_.id, "bad_request")]


@pytest.mark.parametrize("way_in", [JOIN, RESUME])
def test_nobody_comes_in_twice(way_in: wire.Request) -> None:
    entering = Session(0.0)
    assert len(entering.receive(frame(way_in), 0.0)) == 1
    assert failures(entering.receive(frame(JOIN), 0.0)) == [(1, "bad_request")]
    entering.seated("pupil")
    assert failures(entering.receive(frame(RESUME), 0.0)) == [(1, "bad_request")]


def test_every_request_of_the_protocol_is_tried_here() -> None:
    assert {type(request) for request in AFTER_THE_DOOR} | {wire.Join, wire.Resume} == set(get_args(wire.ClientMessage))


@pytest.mark.parametrize("role", ["teacher", "pupil", "parent", "staff", "observer"])
def test_an_observer_takes_no_part_and_whether_a_host_asks_is_the_rooms_to_know(role: wire.RoomRole) -> None:
    opened = live(role)
    for request in AFTER_THE_DOOR:
        effects = opened.receive(frame(request), 0.0)
        if role == "observer" and type(request) in OF_THOSE_WHO_TAKE_PART:
            assert failures(effects) == [(request.id, "not_allowed")]
        else:
            assert effects == [Pass(request)]


def test_another_role_of_the_same_person_counts_from_the_moment_the_room_says_so() -> None:
    opened, request = live("observer"), wire.RaiseHand(id=2, up=True)
    assert failures(opened.receive(frame(request), 0.0)) == [(2, "not_allowed")]
    opened.seated("staff")
    assert opened.receive(frame(request), 0.0) == [Pass(request)]
    opened.seated("observer")
    assert failures(opened.receive(frame(request), 0.0)) == [(2, "not_allowed")]


def test_an_observer_offers_no_sender() -> None:
    assert failures(live("observer").receive(frame(wire.Reoffer(id=2, offer=an_offer())), 0.0)) == [(2, "not_allowed")]


def test_who_says_nothing_is_closed_after_a_quarter_of_a_minute() -> None:
    opened = Session(100.0)
    assert opened.next_timeout() == 115.0
    assert opened.handle_timeout(114.9) == []
    assert opened.handle_timeout(115.0) == [HangUp(1008, "no join")]
    assert live("pupil").next_timeout() is None


def test_a_refused_entry_may_be_tried_again_but_not_for_ever() -> None:
    opened = Session(0.0)
    for _ in range(4):
        opened.receive(frame(JOIN), 0.0)
        assert opened.turned_away(0.0) == []
    opened.receive(frame(JOIN), 0.0)
    assert opened.turned_away(0.0) == [HangUp(1008, "too many refused entries")]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "not JSON",
        "null",
        "[]",
        "{}",
        '{"type":"leave"}',
        '{"type":"leave","id":-1}',
        '{"type":"leave","id":9223372036854775808}',
        '{"type":"leave","id":1e400}',
        '{"type":"leave","id":NaN}',
        '{"type":"leave","id":Infinity}',
        '{"type":"leave","id":1,"x":"\\ud800"}',
        '{"type":"leave","id":1,"x":' + "[" * 10_000,
        '{"type":"leave","id":1,"x":' + "[" * 10_000 + "]" * 10_000 + "}",
        '{"type":"give_floor","id":1}',
        '{"type":"give_floor","id":1,"participant":"' + "x" * 65 + '"}',
        '{"type":"restrict","id":1,"participant":null,"kind":"microphone","how":"on"}',
        '{"type":"send_chat","id":1,"key":"k","text":""}',
        '{"type":"send_chat","id":1,"key":"k","text":"' + "x" * 2001 + '"}',
        '{"type":"set_view","id":1,"tracks":[{"source":0,"width":1,"height":1}]}',
        '{"type":"set_view","id":1,"tracks":[{"source":1,"width":1e9,"height":1}]}',
        '{"type":["leave"],"id":1}',
        "\ud800",
        "\x00",
    ],
)
def test_what_is_not_of_this_protocol_is_answered_and_repeated_it_ends_the_connection(bad: str) -> None:
    opened = live("pupil")
    for _ in range(BAD_FRAMES - 1):
        assert [code for _, code in failures(opened.receive(bad, 0.0))] == ["bad_request"]
    assert opened.receive(bad, 0.0) == [HangUp(wire.CLOSE_PROTOCOL, "not this protocol")]
    assert opened.receive(frame(wire.Leave(id=1)), 0.0) == []


def test_the_number_of_an_unreadable_request_is_echoed() -> None:
    opened = live("pupil")
    assert failures(opened.receive('{"type":"set_media","id":77,"media":5}', 0.0)) == [(77, "bad_request")]
    assert failures(opened.receive("nonsense", 0.0)) == [(-1, "bad_request")]


def test_a_type_of_the_future_is_unsupported_and_no_offence() -> None:
    opened = live("pupil")
    for number in range(50):
        assert failures(opened.receive(f'{{"type":"draw_line","id":{number}}}', 0.0)) == [(number, "unsupported")]


def test_unknown_fields_are_ignored_and_of_two_equal_keys_the_last_one_counts() -> None:
    opened = live("pupil")
    assert opened.receive('{"type":"leave","id":1,"sender":"p2","id":2}', 0.0) == [Pass(wire.Leave(id=2))]


def test_ten_thousand_unknown_keys_are_read_past() -> None:
    many = ",".join(f'"k{number}":0' for number in range(3_000))
    assert live("pupil").receive(f'{{"type":"leave","id":1,{many}}}', 0.0) == [Pass(wire.Leave(id=1))]


def padded(request: wire.Request, size: int) -> str:
    text = frame(request)[:-1] + ',"x":"'
    return text + "x" * (size - len(text) - 2) + '"}'


def test_a_message_may_be_64_kib_and_not_a_byte_more() -> None:
    assert live("pupil").receive(padded(wire.Leave(id=1), wire.MAX_MESSAGE_BYTES), 0.0) == [Pass(wire.Leave(id=1))]
    too_big = live("pupil").receive(padded(wire.Leave(id=1), wire.MAX_MESSAGE_BYTES + 1), 0.0)
    assert too_big == [HangUp(1009, "message too big")]


def test_the_limit_counts_bytes_and_not_letters() -> None:
    text = '{"type":"leave","id":1,"x":"' + "я" * 40_000 + '"}'
    assert live("pupil").receive(text, 0.0) == [HangUp(1009, "message too big")]


def test_a_message_with_an_offer_may_be_larger() -> None:
    reoffer = wire.Reoffer(id=1, offer=an_offer(sdp="v" * 200_000))
    assert live("pupil").receive(frame(reoffer), 0.0) == [Pass(reoffer)]


def test_thirty_messages_a_second_are_fine_and_more_are_refused_with_the_time_to_wait() -> None:
    opened, text = live("pupil"), frame(wire.SetView(id=5, tracks=[]))
    for number in range(300):
        assert failures(opened.receive(text, 1 + number / 30)) == []
    (refused,) = [opened.receive(text, 11.0) for _ in range(150)][-1]
    assert isinstance(refused, Say)
    assert (refused.message.re, refused.message.code) == (5, "too_many")
    assert 0 < (refused.message.retry_after or 0) <= 1 / 30
    assert failures(opened.receive(text, 12.0)) == []


def test_a_flood_ends_the_connection() -> None:
    opened, text = live("pupil"), frame(wire.SetView(id=5, tracks=[]))
    effects = [opened.receive(text, 0.0)[0] for _ in range(99 + FLOOD_REFUSALS)]
    assert effects[-1] == HangUp(1008, "flood")
    assert opened.receive(text, 0.0) == []


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_request_or_a_decode_error(data: bytes) -> None:
    try:
        request = wire.decode(data)
    except msgspec.DecodeError:
        return
    assert wire.decode(msgspec.json.encode(request)) == request


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=12,
)


@given(
    st.sampled_from(sorted(session.KNOWN_TYPES)),
    st.dictionaries(
        st.sampled_from([
            "id",
            "ticket",
            "offer",
            "media",
            "session",
            "last_seq",
            "connection",
            "tracks",
            "participant",
            "participants",
            "kind",
            "how",
            "key",
            "text",
            "answer",
            "layout",
        ]),
        JSON,
    ),
)
def test_any_json_of_a_known_type_is_taken_or_answered(kind: str, fields: dict[str, object]) -> None:
    text = msgspec.json.encode({"type": kind} | fields).decode()
    assert len(live("teacher").receive(text, 0.0)) == 1


@given(st.lists(st.binary(max_size=60).map(lambda data: data.decode("latin-1")), max_size=20))
def test_any_frames_in_any_order_raise_nothing(frames: list[str]) -> None:
    opened = Session(0.0)
    for text in frames:
        opened.receive(text, 0.0)
