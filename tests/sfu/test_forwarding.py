"""Who gets what, as tables: what the slots carry, what is wanted, what they should carry."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfu.forwarding import Source, Viewer, map_slots

# Numbers: 10·person is the microphone, +1 the camera, +2 the screen, +3 its sound.
SOURCES = {
    source.number: source
    for person in range(1, 8)
    for source in (
        Source(10 * person, f"p{person}", "microphone"),
        Source(10 * person + 1, f"p{person}", "camera"),
        Source(10 * person + 2, f"p{person}", "screen"),
        Source(10 * person + 3, f"p{person}", "screen_sound"),
    )
}


def viewer(view: tuple[int, ...] = (), audio: tuple[int, ...] = (0,) * 4, video: tuple[int, ...] = (0,) * 3) -> Viewer:
    return Viewer("p1", True, view, audio, video)


@pytest.mark.parametrize(
    ("case", "slots", "loudest", "expected"),
    [
        ("in the order of their claim onto free slots", (0, 0, 0, 0), [20, 30, 40], (20, 30, 40, 0)),
        ("nobody hears oneself", (0, 0, 0, 0), [10, 20, 13], (20, 0, 0, 0)),
        ("who has a slot keeps it", (30, 0, 20, 0), [20, 30, 40], (30, 40, 20, 0)),
        ("only the freed slot changes", (20, 30, 40, 50), [60, 20, 30, 50], (20, 30, 60, 50)),
        ("a fifth is not heard", (0, 0, 0, 0), [20, 30, 40, 50, 60], (20, 30, 40, 50)),
        ("the sound of a screen is heard too", (0, 0, 0, 0), [23, 30], (23, 30, 0, 0)),
        ("a picture is not audio", (0, 0, 0, 0), [21, 30], (30, 0, 0, 0)),
        ("an unknown source is skipped", (0, 0, 0, 0), [99, 30], (30, 0, 0, 0)),
        ("who fell silent for others is taken off", (20, 30, 0, 0), [30], (0, 30, 0, 0)),
        ("a source twice is mapped once", (20, 20, 0, 0), [20, 20], (20, 0, 0, 0)),
    ],
)
def test_audio_slots(case: str, slots: tuple[int, ...], loudest: list[int], expected: tuple[int, ...]) -> None:
    assert map_slots(viewer(audio=slots), SOURCES, loudest).audio == expected, case


@pytest.mark.parametrize(
    ("case", "view", "slots", "loudest", "expected"),
    [
        ("the stage's voice shares the stream of the first slot", (31, 21), (20, 30, 0, 0), [20, 30], (30, 20, 0, 0)),
        ("for a screen it is the voice of who shows it", (42,), (20, 0, 40, 0), [20, 40], (40, 0, 20, 0)),
        ("a silent stage moves nobody", (31,), (20, 40, 0, 0), [20, 40], (20, 40, 0, 0)),
        ("the own picture is no stage", (11, 31), (20, 30, 0, 0), [20, 30], (30, 20, 0, 0)),
    ],
)
def test_the_stages_microphone(
    case: str, view: tuple[int, ...], slots: tuple[int, ...], loudest: list[int], expected: tuple[int, ...]
) -> None:
    assert map_slots(viewer(view, audio=slots), SOURCES, loudest).audio == expected, case


@pytest.mark.parametrize(
    ("case", "view", "slots", "expected"),
    [
        ("the view in its order", (31, 21), (0, 0, 0), (31, 21, 0)),
        ("a source stays where it is", (31, 21), (21, 0, 0), (21, 31, 0)),
        ("a new order moves nothing", (31, 41, 21), (21, 31, 41), (21, 31, 41)),
        ("what is no longer viewed goes", (31,), (21, 31, 0), (0, 31, 0)),
        ("the place of who went is filled", (31, 41), (21, 31, 0), (41, 31, 0)),
        ("more than there are slots: the most wanted", (21, 31, 41, 51), (51, 0, 0), (21, 31, 41)),
        ("own, unknown and audio sources are ignored", (11, 12, 99, 30, 21), (0, 0, 0), (21, 0, 0)),
        ("a source named twice has one slot", (21, 21, 31), (0, 0, 0), (21, 31, 0)),
        ("an empty view empties", (), (21, 31, 41), (0, 0, 0)),
    ],
)
def test_video_slots(case: str, view: tuple[int, ...], slots: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert map_slots(viewer(view, video=slots), SOURCES, []).video == expected, case


def test_a_closed_source_is_mapped_to_nobody() -> None:
    open_sources = {number: source for number, source in SOURCES.items() if number != 21}
    assert map_slots(viewer((21, 31), video=(21, 0, 0)), open_sources, []).video == (31, 0, 0)


def test_where_nothing_may_flow_every_slot_is_empty() -> None:
    mapped = map_slots(viewer((21, 31), (20, 30, 0, 0), (21, 31, 0)), {}, [20, 30])
    assert set(mapped.audio + mapped.video) == {0}


def test_a_device_that_does_not_hear_sees_and_gets_no_sound_whoever_speaks() -> None:
    deaf = Viewer("p1", False, (21, 31), (20, 0, 0, 0), (21, 0, 0))
    mapped = map_slots(deaf, SOURCES, [20, 30, 23])
    assert mapped.audio == (0, 0, 0, 0)
    assert mapped.video == (21, 31, 0)


numbers = st.sampled_from([0, 99, *SOURCES])
slot_states = st.lists(numbers, min_size=1, max_size=6).map(tuple)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(numbers, max_size=8).map(tuple), slot_states, slot_states, st.lists(numbers, max_size=8))
def test_whatever_is_wanted_each_slot_has_a_foreign_source_of_its_kind_and_none_twice(
    view: tuple[int, ...], audio: tuple[int, ...], video: tuple[int, ...], loudest: list[int]
) -> None:
    mapped = map_slots(viewer(view, audio, video), SOURCES, loudest)
    assert (len(mapped.audio), len(mapped.video)) == (len(audio), len(video))
    used = [number for number in mapped.audio + mapped.video if number]
    assert len(used) == len(set(used))
    assert all(SOURCES[number].participant != "p1" for number in used)
    assert all(SOURCES[number].is_audio for number in mapped.audio if number)
    assert not any(SOURCES[number].is_audio for number in mapped.video if number)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(numbers, max_size=8).map(tuple), slot_states, slot_states, st.lists(numbers, max_size=8))
def test_a_second_look_at_the_same_moves_nothing(
    view: tuple[int, ...], audio: tuple[int, ...], video: tuple[int, ...], loudest: list[int]
) -> None:
    once = map_slots(viewer(view, audio, video), SOURCES, loudest)
    assert map_slots(viewer(view, once.audio, once.video), SOURCES, loudest) == once
