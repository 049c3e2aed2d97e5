"""Devices: the browsers through which one person is in a room, each with its own connection, media and view.

    here ──page closed──▶ closing ──3 s──▶ gone
     │ ▲──resume/join────────┘
     │ └──resume/join── lost ──30 s──▶ gone
     └──network lost────▶┘

Plain data. A seat (seats.py) has at most two, each of another login; who comes and goes is decided by entrance.py and
arrivals.py, what goes from one to the other by handover.py. `link`, `crossed_until` and arrivals belong to this
process; everything else may outlive it, and restored devices begin as lost.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeVar

from sfu import messages as node
from signaling.live.commands import Enter, Link, Person
from signaling.live.messages import Layout, Media, MediaOffer, ThisDevice, TrackKind, ViewedTrack, YourLink

MAX_DEVICES = 2
# A page that reloads is back within this time, and nobody sees it go.
CLOSING_SECONDS = 3.0
# A network that comes back later than this finds its tile gone, and its seat kept.
LOST_SECONDS = 30.0
# While a client swaps there are two; a third drops the one in the middle.
MAX_TRANSPORTS = 2

# What a page takes for true until it is told.
ALONE: Final = ThisDevice(others=0, sound=True, taken=[])
GOOD_LINE: Final = YourLink(quality="good", held_back="none")


class Presence(Enum):
    ABSENT = "absent"
    HERE = "here"
    CLOSING = "closing"
    LOST = "lost"


@dataclass(slots=True)
class Transport:
    """One PeerConnection: `connection` as the node knows it, `number` as its page counts. `line`: how it carries."""

    connection: int
    number: int
    publish: frozenset[TrackKind]
    answered: bool = False
    failed: bool = False
    slots: list[node.SlotMapping] = field(default_factory=list)
    line: YourLink = GOOD_LINE


@dataclass(slots=True)
class Arrival:
    """A join whose offer the node has not answered: nobody sees it; answered, it becomes a device."""

    link: Link
    re: int
    person: Person
    login: str
    session: str
    media: Media
    transport: Transport


@dataclass(slots=True)
class Device:
    """`media`: what is on and sent from here, after mute and rights. `sound`: the lesson is heard, and spoken to, here.
    `taken`: kinds that another device took from this one; a wish for one of them before `crossed_until` was made before
    its page knew. `highest`: the last number that its page gave to a connection. `told`, `told_line`: what its page was
    told last, None for never."""

    login: str
    session_digest: str = ""
    presence: Presence = Presence.HERE
    gone_at: float | None = None
    link: Link | None = None
    media: Media = field(default_factory=Media)
    sound: bool = True
    taken: frozenset[TrackKind] = frozenset()
    crossed_until: float = 0.0
    layout: Layout = field(default_factory=Layout)
    view: list[ViewedTrack] = field(default_factory=list)
    transports: list[Transport] = field(default_factory=list)
    highest: int = 0
    told: ThisDevice | None = None
    told_line: YourLink | None = None

    @property
    def newest(self) -> Transport | None:
        return self.transports[-1] if self.transports else None

    @property
    def line(self) -> YourLink:
        return GOOD_LINE if self.newest is None else self.newest.line

    @property
    def sends(self) -> bool:
        media = self.media
        return media.microphone or media.camera or media.screen or media.screen_sound

    def transport_of_page(self, number: int) -> Transport | None:
        return next((each for each in self.transports if each.number == number), None)


def offered(offer: MediaOffer) -> frozenset[TrackKind]:
    return frozenset(offer.publish)


Coming = TypeVar("Coming", Arrival, Enter)


def displaced(coming: list[Coming], login: str) -> list[Coming]:
    """Of those on their way in, who makes room for another one of this browser: its own earlier one, or whoever is too
    many."""
    return [each for each in coming if each.login == login] or coming[: 1 - MAX_DEVICES]
