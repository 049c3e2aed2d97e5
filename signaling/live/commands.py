"""What a live room is told and what it wants done: the two ends of its state machine, as data.

Commands come from connections, the clock and the media node through the room's queue; effects are carried
out by the room's task. Neither knows a socket, a store or a school.
"""

from dataclasses import dataclass
from typing import Literal, NewType

from sfu import messages as node
from signaling.live import messages as wire

Link = NewType("Link", int)
Office = Literal["director", "administrator", "class_teacher"]
RemovalReason = Literal["noise", "conduct", "stranger", "other"]
ClosedReason = Literal["removed", "ended", "elsewhere", "left", "lost", "signed_out"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the room shows them."""

    member: str
    name: str
    short_name: str
    initials: str
    role: wire.RoomRole
    verified: bool
    office: Office | None


# ── commands ──


@dataclass(frozen=True, slots=True)
class Enter:
    """An admitted member with a redeemed ticket. `participant` and `session` are fresh random strings; the first is
    used only when the member has no seat here yet. `login` is the hash of the browser's session."""

    link: Link
    person: Person
    login: str
    join: wire.Join
    participant: str
    session: str


@dataclass(frozen=True, slots=True)
class Return:
    link: Link
    login: str
    resume: wire.Resume


@dataclass(frozen=True, slots=True)
class Act:
    """A request of somebody who has a seat and whose role reaches for it."""

    link: Link
    request: wire.Request


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection is gone: `closed` by the page, or `lost`."""

    link: Link
    how: Literal["closed", "lost"]


@dataclass(frozen=True, slots=True)
class SignOut:
    login: str


@dataclass(frozen=True, slots=True)
class Answered:
    ask: int
    sdp: str


@dataclass(frozen=True, slots=True)
class NotAnswered:
    ask: int
    code: wire.ErrorCode
    message: str
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The school was told of a mute, a removal or the end. `allowed` false: by its books the person may not."""

    link: Link
    re: int
    allowed: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class ResetMedia:
    epoch: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The lesson is over for a reason outside of the room."""


NodeReport = node.PeerLink | node.SlotsMapped | node.Speaking
Command = Enter | Return | Act | Drop | SignOut | Answered | NotAnswered | Recorded | ResetMedia | Finish | NodeReport


# ── effects ──


@dataclass(frozen=True, slots=True)
class Send:
    link: Link
    message: wire.Reply | wire.Event


@dataclass(frozen=True, slots=True)
class Seated:
    link: Link
    role: wire.RoomRole


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The connection has no seat (it has been told why) and may try again."""

    link: Link


@dataclass(frozen=True, slots=True)
class Shut:
    """Last word to a connection, then it is closed."""

    link: Link
    reason: ClosedReason


@dataclass(frozen=True, slots=True)
class Push:
    """The desired state of the room has changed."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An offer for the media node; `connection` is numbered as the node knows it."""

    ask: int
    participant: str
    connection: int
    offer: wire.MediaOffer


@dataclass(frozen=True, slots=True)
class RecordMute:
    link: Link
    re: int
    by: str
    muted: str


@dataclass(frozen=True, slots=True)
class RecordRemoval:
    link: Link
    re: int
    by: str
    removed: str
    reason: RemovalReason


@dataclass(frozen=True, slots=True)
class RecordEnd:
    link: Link
    re: int
    by: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nobody is in any more and nobody comes in: the node forgets the room, the registry too."""


Effect = Send | Seated | TurnedAway | Shut | Push | Ask | RecordMute | RecordRemoval | RecordEnd | Over
