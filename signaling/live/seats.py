"""Seats: what a room remembers of each member who has been in it, present or not.

    absent ──answered──▶ here ──page closed──▶ closing ──3 s──▶ absent (closed)
                          │ ▲────resume/join────┘
                          │ └──resume/join── lost ──30 s──▶ absent (lost)
                          └──network lost────▶┘

A seat is never taken back while its room lives: it keeps participant id, source numbers, mute and removal. Data and the
questions about it only; who changes what is in entrance.py, transport.py and conduct.py.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from sfu import messages as node
from signaling.live.commands import Link, Person
from signaling.live.messages import Media, MediaOffer, Participant, TrackKind, ViewedTrack
from signaling.live.sources import KINDS

# A page that reloads is back within this time, and nobody sees it go.
CLOSING_SECONDS = 3.0
# A network that comes back later than this finds its tile gone, and its seat kept.
LOST_SECONDS = 30.0
# While a client swaps there are two; a third drops the one in the middle.
MAX_TRANSPORTS = 2


class Presence(Enum):
    ABSENT = "absent"
    HERE = "here"
    CLOSING = "closing"
    LOST = "lost"


@dataclass(slots=True)
class Transport:
    """One PeerConnection, numbered as the node knows it."""

    connection: int
    publish: frozenset[TrackKind]
    answered: bool = False
    failed: bool = False
    slots: list[node.SlotMapping] = field(default_factory=list)


@dataclass(slots=True)
class Arrival:
    """A join whose offer the node has not answered: nobody sees it, and it replaces what the seat has when it is."""

    link: Link
    re: int
    person: Person
    login: str
    session: str
    base: int
    media: Media
    transport: Transport


@dataclass(slots=True)
class Seat:
    participant: str
    person: Person
    sources: dict[TrackKind, int]
    presence: Presence = Presence.ABSENT
    gone_at: float | None = None
    link: Link | None = None
    login: str = ""
    session_digest: str = ""
    media: Media = field(default_factory=Media)
    muted: bool = False
    mutes: int = 0
    removed: bool = False
    view: list[ViewedTrack] = field(default_factory=list)
    transports: list[Transport] = field(default_factory=list)
    arrival: Arrival | None = None
    # Each page of a person counts its connections from 1: the node's numbers go on from here.
    base: int = 0
    highest: int = 0

    @property
    def present(self) -> bool:
        return self.presence is not Presence.ABSENT

    @property
    def adult(self) -> bool:
        """Teachers and observers are staff; everybody else in a lesson is a child."""
        return self.present and self.person.role != "pupil"

    def card(self) -> Participant:
        link: Literal["here", "lost"] = "lost" if self.presence is Presence.LOST else "here"
        return Participant(
            id=self.participant,
            name=self.person.name,
            short_name=self.person.short_name,
            initials=self.person.initials,
            role=self.person.role,
            verified=self.person.verified,
            office=self.person.office,
            sources=self.sources,
            media=self.media,
            mute=self.mutes if self.muted else 0,
            link=link,
        )

    def transport(self, connection: int) -> Transport | None:
        return next((each for each in self.transports if each.connection == connection), None)

    def all_transports(self) -> list[Transport]:
        return self.transports if self.arrival is None else [*self.transports, self.arrival.transport]

    def effective(self, wanted: Media, publish: frozenset[TrackKind]) -> Media:
        """What is on of what is wanted: nothing without a sender for it, no microphone that the teacher has muted."""
        on = {kind: getattr(wanted, kind) and kind in publish for kind in KINDS}
        return Media(**on | {"microphone": on["microphone"] and not self.muted})


def offered(offer: MediaOffer) -> frozenset[TrackKind]:
    return frozenset(offer.publish)
