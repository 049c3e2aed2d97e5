"""Checks of a line: rooms of one peer at the media node, in which a browser is sent its own tracks back.

Anybody may have one, signed in or not, so there are few at once, of one address fewer, and each ends by itself soon; a
process that starts again knows none of them, and the node closes what nobody confirms. `CheckTable` decides and is
pure; `ConnectionChecks` carries it out. Called by the HTTP API. It must not know people or lessons: nobody of a lesson
can be in such a room, since ids of lessons' rooms have no colon.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sfu import messages as node
from signaling.live import messages as wire
from signaling.live.commands import Ask
from signaling.live.room import MediaNode
from signaling.metrics import Metrics

# A page needs 15 s: to connect, to listen to the line at rest, then to fill it. Longer helps nobody.
LIFE_SECONDS: Final = 40
# Each may fill 6 Mbit/s for some seconds: more at once would be felt by the lessons of the same machine.
MOST_AT_ONCE: Final = 20
# A class that checks from one school is one address; it leaves room for somebody at home.
MOST_OF_ADDRESS: Final = 15
# As many pictures back as make a line that is four times faster down than up known, as those at home are.
MOST_COPIES: Final = 4
_TRY_AGAIN_SECONDS: Final = 5.0
_ROOM: Final = "check:"
_PEER: Final = "page"
_SOURCES: Final[dict[wire.TrackKind, int]] = {"microphone": 1, "camera": 2}
_PICTURE: Final = node.ViewedTrack(source=_SOURCES["camera"], width=1280, height=720)


@dataclass(frozen=True, slots=True)
class _Check:
    address: str
    until: float


class ChecksFull(Exception):
    """As many as there may be; `retry_after` in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("too many checks at once")
        self.retry_after = retry_after


class CheckTable:
    """Which checks there are. Ids are secrets: who knows one has asked for it."""

    def __init__(self) -> None:
        self._checks: dict[str, _Check] = {}

    def begin(self, check: str, address: str, now: float) -> None:
        """Raises ChecksFull."""
        mine = sum(one.address == address for one in self._checks.values())
        if len(self._checks) >= MOST_AT_ONCE or mine >= MOST_OF_ADDRESS:
            first = min(one.until for one in self._checks.values())
            raise ChecksFull(min(_TRY_AGAIN_SECONDS, max(1.0, first - now)))
        self._checks[check] = _Check(address, now + LIFE_SECONDS)

    def end(self, check: str) -> bool:
        """False when there is no such check."""
        return self._checks.pop(check, None) is not None

    def over(self, now: float) -> list[str]:
        """Those whose time has gone, which are taken out."""
        found = [check for check, one in self._checks.items() if one.until <= now]
        for check in found:
            del self._checks[check]
        return found

    def __len__(self) -> int:
        return len(self._checks)


class ConnectionChecks:
    def __init__(
        self, media: MediaNode, new_secret: Callable[[], str], monotonic: Callable[[], float], metrics: Metrics
    ) -> None:
        self._media = media
        self._new_secret = new_secret
        self._monotonic = monotonic
        self._table = CheckTable()
        metrics.connection_checks.set_function(lambda: len(self._table))

    async def run(self) -> None:
        """Closes what has lived its time."""
        while True:
            await asyncio.sleep(1)
            for check in self._table.over(self._monotonic()):
                self._media.close_room(_ROOM + check)

    async def begin(self, offer: wire.MediaOffer, address: str) -> tuple[str, str]:
        """The check's id and the node's answer. Raises ChecksFull, MediaRefused."""
        check = self._new_secret()
        self._table.begin(check, address, self._monotonic())
        self._media.set_room(_room(check, offer))
        try:
            return check, await self._media.offer(_ROOM + check, Ask(0, _PEER, 1, offer))
        except BaseException:
            self.end(check)
            raise

    def end(self, check: str) -> bool:
        """False when there is no such check."""
        was = self._table.end(check)
        if was:
            self._media.close_room(_ROOM + check)
        return was


def _room(check: str, offer: wire.MediaOffer) -> node.SetRoom:
    peer = node.DesiredPeer(
        participant=_PEER,
        connection=1,
        sources=_SOURCES,
        publish=[kind for kind in _SOURCES if kind in offer.publish],
        view=[_PICTURE] * min(len(offer.video_slots), MOST_COPIES),
    )
    return node.SetRoom(room=_ROOM + check, flow=True, peers=[peer], echo=True)
