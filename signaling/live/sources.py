"""Source numbers: what stands in the CSRC of forwarded packets, so that a tile knows whose picture it gets.

One counter for all rooms of the process, so that a number is never two people's, not even of two lessons. A seat
keeps its four for the life of its room.
"""

from signaling.live.messages import TrackKind

KINDS: tuple[TrackKind, ...] = ("microphone", "camera", "screen", "screen_sound")
_HIGHEST = 0xFFFFFFFF


class SourceNumbers:
    def __init__(self, random_24_bits: int) -> None:
        """A random start keeps the numbers of a restarted process apart from those that pages still hold."""
        self._next = max(1, (random_24_bits & 0xFFFFFF) << 8)

    def take(self) -> dict[TrackKind, int]:
        return {kind: self._take_one() for kind in KINDS}

    def _take_one(self) -> int:
        number = self._next
        self._next = 1 if number == _HIGHEST else number + 1
        return number
