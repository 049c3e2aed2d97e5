"""What a room says soon and does not keep, and how often one person may make it speak.

Data only, part of a room's state: the modules that put something here (transport.py, reactions.py, door_queue.py,
hands.py) also say when it is due.
"""

from dataclasses import dataclass, field

from signaling.buckets import Allowance, BucketTable
from signaling.live import messages as wire

# Of hand and answer; what is above is said later, as it is then.
CARDS = Allowance(rate=1.0, burst=1)
MEDIA_CARDS = Allowance(rate=2.0, burst=10)
# How a line carries; lost ones are told at once.
LINK_CARDS = Allowance(rate=1 / 5, burst=1)
CHAT = Allowance(rate=1.0, burst=5)
REACTIONS = Allowance(rate=2.0, burst=2)
REPORTS = Allowance(rate=1 / 20, burst=3)


@dataclass(slots=True)
class Speech:
    """How somebody whose hand is up has spoken since. Seconds of the room's `now`."""

    speaks_since: float | None = None
    spoken: float = 0.0
    silent_since: float | None = None


@dataclass(slots=True)
class SpeakingMark:
    """Who has voice, as last said and as next to say."""

    said: list[str] = field(default_factory=list)
    waiting: list[str] | None = None
    next_at: float = 0.0

    @property
    def latest(self) -> list[str]:
        return self.said if self.waiting is None else self.waiting


@dataclass(slots=True)
class ReactionsMark:
    waiting: list[wire.ReactionSign] = field(default_factory=list)
    next_at: float = 0.0


@dataclass(slots=True)
class DoorMark:
    """Whether the queue at the door is another one than the one that was last told."""

    changed: bool = False
    next_at: float = 0.0


class Passing:
    """`late_cards`: participants whose change is announced later, and when. `speeches`: of those whose hand is up."""

    def __init__(self) -> None:
        self.speaking = SpeakingMark()
        self.reactions = ReactionsMark()
        self.door = DoorMark()
        self.late_cards: dict[str, float] = {}
        self.speeches: dict[str, Speech] = {}


class Limits:
    """By participant id."""

    def __init__(self) -> None:
        self.cards = BucketTable(CARDS)
        self.media_cards = BucketTable(MEDIA_CARDS)
        self.link_cards = BucketTable(LINK_CARDS)
        self.chat = BucketTable(CHAT)
        self.reactions = BucketTable(REACTIONS)
        self.reports = BucketTable(REPORTS)
