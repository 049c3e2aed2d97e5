"""Source numbers: what stands in the CSRC of forwarded packets, so that a tile knows whose picture it gets.

One counter for all rooms of the process, so that a number is never two people's, not even of two lessons. A seat
keeps its four for the life of its room.
"""

from collections.abc import Iterable

from signaling.live.messages import TrackKind

KINDS: tuple[TrackKind, ...] = ("microphone", "camera", "screen", "screen_sound")
_HIGHEST = 0xFFFFFFFF


class SourceNumbers:
    def __init__(self, random_24_bits: int) -> None:
        """A random start keeps the numbers of a restarted process apart from those that pages still hold."""
        self._next = max(1, (random_24_bits & 0xFFFFFF) << 8)
        self._taken: set[int] = set()

    def keep_clear_of(self, numbers: Iterable[int]) -> None:
        """Those of rooms that an earlier process has made."""
        self._taken.update(numbers)

    def take(self) -> dict[TrackKind, int]:
        return {kind: self._take_one() for kind in KINDS}

    def _take_one(self) -> int:
        number = self._next
        while number in self._taken:
            number = _after(number)
        self._next = _after(number)
        return number


def _after(number: int) -> int:
    return 1 if number == _HIGHEST else number + 1
