"""The test of a line: what a peer is sent back of its own. `room.py` asks for each peer of a room that is an echo,
instead of `forwarding.py` and `layers.py`. Pure: open tracks come in, what each slot should carry goes out.
"""

from collections.abc import Mapping, Sequence

from sfu.layers import Layer
from sfu.messages import TrackKind
from sfu.peer import Track

Carried = tuple[Track | None, int]
"""A track and its layer."""

NOTHING: Carried = (None, 0)


def echo_audio(own: Mapping[TrackKind, Track], slots: int, *, hears: bool) -> list[Carried]:
    """The microphone on the first slot."""
    return _onto(own.get("microphone"), 0, 1 if hears else 0, slots)


def echo_video(own: Mapping[TrackKind, Track], slots: int, viewed: int) -> list[Carried]:
    """The camera, as large as it arrives, on as many slots as pictures are viewed: a line is tried with the load of a
    whole lesson."""
    camera = own.get("camera")
    return _onto(camera, _largest(camera.layers) if camera else 0, viewed, slots)


def _onto(track: Track | None, layer: int, filled: int, slots: int) -> list[Carried]:
    carried = (track, layer) if track is not None and track.is_open else NOTHING
    return [carried if index < filled else NOTHING for index in range(slots)]


def _largest(layers: Sequence[Layer]) -> int:
    return max((index for index, layer in enumerate(layers) if layer.bitrate_bps), default=0)
