"""The test of a line: each peer is sent its own microphone and camera, and nothing of anybody else."""

import pytest

from sfu.dtls import DtlsIdentity
from sfu.echo import echo_audio, echo_video
from sfu.layers import Layer
from sfu.peer import Track
from tests.sfu.room_stage import Stage, source, wanted

ANNA_MIC, ANNA_CAMERA = source("anna", "microphone"), source("anna", "camera")
BORIS_MIC, BORIS_CAMERA = source("boris", "microphone"), source("boris", "camera")
# What is viewed does not matter in an echo, only how many.
ANNA = wanted("anna", view=(1, 2, 3))
BORIS = wanted("boris", view=(1,))
SMALL, LARGE, SILENT = Layer(150_000, 320, 180), Layer(500_000, 640, 360), Layer(0, 0, 0)


@pytest.fixture
def echo(server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> Stage:
    stage = Stage(server_identity, client_identity)
    stage.set_room(ANNA, BORIS, echo=True)
    stage.join("anna")
    stage.join("boris")
    stage.report(sending=(ANNA_MIC, ANNA_CAMERA, BORIS_MIC, BORIS_CAMERA))
    return stage


def camera(*layers: Layer, is_open: bool = True) -> Track:
    return Track(5, 71, "camera", "1", is_open=is_open, layers=layers)


@pytest.mark.parametrize(
    ("case", "layers", "layer"),
    [
        ("the largest", (SMALL, LARGE), 1),
        ("the largest that arrives", (SMALL, LARGE, SILENT), 1),
        ("nothing has arrived yet", (SILENT, SILENT), 0),
        ("nothing is known yet", (), 0),
    ],
)
def test_the_camera_comes_back_as_large_as_it_arrives(case: str, layers: tuple[Layer, ...], layer: int) -> None:
    track = camera(*layers)
    assert echo_video({"camera": track}, 3, viewed=2) == [(track, layer), (track, layer), (None, 0)], case


def test_no_more_slots_are_filled_than_there_are() -> None:
    assert len(echo_video({"camera": camera(SMALL)}, 2, viewed=9)) == 2
    assert echo_audio({}, 0, hears=True) == []


def test_a_closed_camera_does_not_come_back() -> None:
    assert echo_video({"camera": camera(SMALL, is_open=False)}, 1, viewed=1) == [(None, 0)]


def test_everybody_is_sent_the_own_sound_and_picture_only(echo: Stage) -> None:
    anna, boris = (echo.path.carried(echo.peer(name)) for name in ("anna", "boris"))
    assert anna["audio"] == [ANNA_MIC, 0, 0, 0]
    assert anna["video"] == [ANNA_CAMERA] * 3 + [0] * 7
    assert boris["audio"] == [BORIS_MIC, 0, 0, 0]
    assert boris["video"] == [BORIS_CAMERA] + [0] * 9


def test_the_picture_is_the_largest_layer_whatever_the_tile(echo: Stage) -> None:
    assert {slot.layer for slot in echo.path.slots.values() if slot.kind == "video" and slot.track} == {2}


def test_the_slots_are_told_as_those_of_a_lesson_are(echo: Stage) -> None:
    assert list(echo.last_mapping("anna").values()) == [ANNA_MIC] + [ANNA_CAMERA] * 3


def test_who_does_not_hear_gets_no_sound_back(echo: Stage) -> None:
    echo.set_room(wanted("anna", view=(1,), hears=False), BORIS, echo=True)
    assert echo.path.carried(echo.peer("anna"))["audio"] == [0] * 4


def test_without_flow_nothing_comes_back(echo: Stage) -> None:
    echo.set_room(ANNA, BORIS, echo=True, flow=False)
    assert echo.last_mapping("anna") == echo.last_mapping("boris") == {}


def test_the_same_echo_again_changes_nothing(echo: Stage) -> None:
    before = echo.path.commands, len(echo.told)
    echo.set_room(ANNA, BORIS, echo=True)
    assert (echo.path.commands, len(echo.told)) == before
