"""The state machine of one connection: what is legal when, for whom, how often and how large. No I/O, no clock.

    opening ──join/resume──▶ entering ──seated──▶ live ──hang up──▶ over
       ▲                        │
       └──────turned away───────┘

Frames go in, effects come out: words for this client, a way in (`Enter`, `Return`), a request for the room (`Pass`),
or the end (`HangUp`). The client (live/client.py) carries them out and says when the room has seated it. What a
role may ask for is looked up in powers.py; who is a host, and whether the target exists, is the room's to know.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec

from signaling.buckets import Allowance, TokenBucket
from signaling.live import messages as wire
from signaling.live import powers

FIRST_MESSAGE_SECONDS = 15.0
MESSAGES = Allowance(rate=30.0, burst=100)
# One connection may be refused this many messages before it is a flood rather than a burst.
FLOOD_REFUSALS = 200
# Frames that are not of this protocol, without a good one between them.
BAD_FRAMES = 5
# Ways in that were refused: more is guessing.
BAD_ENTRIES = 5

CLOSE_NO_MESSAGE = 1008
CLOSE_FLOOD = 1008
CLOSE_TOO_BIG = 1009
# `re` of a failure whose request could not be read.
NO_REQUEST = -1

_REQUESTS: Final[tuple[type[wire.Request], ...]] = (wire.Join, wire.Resume, *powers.RULES)
KNOWN_TYPES: Final = frozenset(str(struct.__struct_config__.tag) for struct in _REQUESTS)


@dataclass(frozen=True, slots=True)
class Say:
    message: wire.Failed


@dataclass(frozen=True, slots=True)
class Enter:
    join: wire.Join


@dataclass(frozen=True, slots=True)
class Return:
    resume: wire.Resume


@dataclass(frozen=True, slots=True)
class Pass:
    request: wire.Request


@dataclass(frozen=True, slots=True)
class HangUp:
    code: int
    why: str


Effect = Say | Enter | Return | Pass | HangUp


class Phase(Enum):
    OPENING = "opening"
    ENTERING = "entering"
    LIVE = "live"
    OVER = "over"


class Heading(msgspec.Struct):
    """As much of a frame as tells whom to answer, and whether this server has ever heard of its type."""

    type: str
    id: int = NO_REQUEST


_heading = msgspec.json.Decoder(Heading)


class Session:
    def __init__(self, now: float) -> None:
        self.phase = Phase.OPENING
        self.role: wire.RoomRole | None = None
        self._bucket = TokenBucket(MESSAGES, now)
        self._opened_at = now
        self._refused = 0
        self._bad_frames = 0
        self._bad_entries = 0

    # ── what the room says ──

    def seated(self, role: wire.RoomRole) -> None:
        if self.phase is not Phase.OVER:
            self.phase = Phase.LIVE
            self.role = role

    def turned_away(self, now: float) -> list[Effect]:
        if self.phase is not Phase.ENTERING:
            return []
        self._bad_entries += 1
        if self._bad_entries >= BAD_ENTRIES:
            return self._hang_up(CLOSE_FLOOD, "too many refused entries")
        self.phase = Phase.OPENING
        self._opened_at = now
        return []

    # ── time ──

    def next_timeout(self) -> float | None:
        return self._opened_at + FIRST_MESSAGE_SECONDS if self.phase is Phase.OPENING else None

    def handle_timeout(self, now: float) -> list[Effect]:
        until = self.next_timeout()
        if until is None or now < until:
            return []
        return self._hang_up(CLOSE_NO_MESSAGE, "no join")

    # ── what the client says ──

    def receive(self, frame: str, now: float) -> list[Effect]:
        if self.phase is Phase.OVER:
            return []
        retry_after = self._bucket.take(now)
        if retry_after > 0.0:
            return self._too_many(frame, retry_after)
        try:
            request = wire.decode(frame)
        except msgspec.DecodeError:
            return self._unreadable(frame)
        self._bad_frames = 0
        if _too_big(request, frame):
            return self._hang_up(CLOSE_TOO_BIG, "message too big")
        return self._legal(request)

    def receive_binary(self, now: float) -> list[Effect]:
        """There is no binary message in this protocol."""
        return self.receive("", now)

    def _legal(self, request: wire.Request) -> list[Effect]:
        if isinstance(request, wire.Join | wire.Resume):
            return self._way_in(request)
        if self.phase is not Phase.LIVE or self.role is None:
            return [_failed(request.id, "bad_request", "join or resume first")]
        if not powers.role_may_ask(type(request), self.role):
            return [_failed(request.id, "not_allowed", f"not for the role {self.role}")]
        if self.role == "observer" and isinstance(request, wire.Reoffer) and request.offer.publish:
            return [_failed(request.id, "not_allowed", "observers send nothing")]
        return [Pass(request)]

    def _way_in(self, request: wire.Join | wire.Resume) -> list[Effect]:
        if self.phase is not Phase.OPENING:
            return [_failed(request.id, "bad_request", "this connection has its seat already")]
        self.phase = Phase.ENTERING
        return [Enter(request) if isinstance(request, wire.Join) else Return(request)]

    def _too_many(self, frame: str, retry_after: float) -> list[Effect]:
        self._refused += 1
        if self._refused >= FLOOD_REFUSALS:
            return self._hang_up(CLOSE_FLOOD, "flood")
        return [_failed(_read_heading(frame).id, "too_many", "slow down", retry_after)]

    def _unreadable(self, frame: str) -> list[Effect]:
        if len(frame) > wire.MAX_MESSAGE_BYTES:
            return self._hang_up(CLOSE_TOO_BIG, "message too big")
        heading = _read_heading(frame)
        if heading.type and heading.type not in KNOWN_TYPES:
            return [_failed(heading.id, "unsupported", "unknown type")]
        self._bad_frames += 1
        if self._bad_frames >= BAD_FRAMES:
            return self._hang_up(wire.CLOSE_PROTOCOL, "not this protocol")
        return [_failed(heading.id, "bad_request", "not a request of this protocol")]

    def _hang_up(self, code: int, why: str) -> list[Effect]:
        self.phase = Phase.OVER
        return [HangUp(code, why)]


def _failed(re: int, code: wire.ErrorCode, message: str, retry_after: float | None = None) -> Say:
    return Say(wire.Failed(re=re, code=code, message=message, retry_after=retry_after))


def _read_heading(frame: str) -> Heading:
    try:
        heading = _heading.decode(frame)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return Heading(type="")
    return heading if 0 <= heading.id <= 2**53 else Heading(type=heading.type)


def _too_big(request: wire.Request, frame: str) -> bool:
    if isinstance(request, wire.Join | wire.Reoffer):
        return False
    return len(frame) > wire.MAX_MESSAGE_BYTES or len(frame.encode()) > wire.MAX_MESSAGE_BYTES
