"""What a live room is told and what it wants done: the two ends of its state machine, as data.

Commands come from connections, the clock and the media node through the room's queue; effects are carried
out by the room's task. Neither knows a socket, a store or a school.
"""

from dataclasses import dataclass
from typing import Literal, NewType

from school.audit import Deed
from sfu import messages as node
from signaling.live import messages as wire

Link = NewType("Link", int)
Office = Literal["director", "administrator", "class_teacher"]
RemovalReason = Literal["noise", "conduct", "stranger", "other"]
ReportCategory = Literal["insult", "stranger", "picture", "technical", "other"]
ClosedReason = Literal["removed", "ended", "elsewhere", "left", "lost", "signed_out", "declined"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the room shows them. `host`: by the school's books, its teacher or a co-host. `expected`: on the list
    of this room. `adult`: counts as an adult of the school by the school's setting."""

    member: str
    name: str
    short_name: str
    initials: str
    about: str
    role: wire.RoomRole
    host: bool
    expected: bool
    adult: bool
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
    """The school was told of the use of a power. `allowed` false: by its books the person may not. `reply` is what the
    person is told when allowed."""

    link: Link
    reply: wire.Reply
    allowed: bool
    ends: bool = False


@dataclass(frozen=True, slots=True)
class HostNamed:
    """The school's books have a co-host more, or fewer. `person` is the member as the room shows them from now on;
    None where the books do not allow it."""

    link: Link
    re: int
    participant: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class ChatKept:
    """The message is in the school's books (or they do not answer, and the lesson goes on): everybody may read it."""

    link: Link
    re: int
    message: wire.ChatMessage


@dataclass(frozen=True, slots=True)
class Restart:
    """The process is going down in an orderly way and another one will take this room over."""


@dataclass(frozen=True, slots=True)
class ResetMedia:
    epoch: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The lesson is over for a reason outside of the room."""


NodeReport = node.PeerLink | node.LinkQuality | node.SlotsMapped | node.Speaking
Command = (
    Enter
    | Return
    | Act
    | Drop
    | SignOut
    | Answered
    | NotAnswered
    | Recorded
    | HostNamed
    | ChatKept
    | Restart
    | ResetMedia
    | Finish
    | NodeReport
)


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
class Keep:
    """What the room remembers has changed and is to survive the end of this process. `now`: before anything that was
    said after it is carried out; otherwise soon, several changes together."""

    now: bool


@dataclass(frozen=True, slots=True)
class RecordPower:
    """The use of a power over others, for the audit; it has been carried out. `target` is a member, or None for the
    class. Answered by `Recorded` with `reply`."""

    link: Link
    reply: wire.Reply
    by: str
    deed: Deed
    target: str | None
    detail: str


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
class RecordHost:
    """Answered by `HostNamed`."""

    link: Link
    re: int
    by: str
    participant: str
    member: str
    on: bool


@dataclass(frozen=True, slots=True)
class RecordReport:
    link: Link
    re: int
    by: str
    about: str | None
    category: ReportCategory
    text: str


@dataclass(frozen=True, slots=True)
class KeepChat:
    """Answered by `ChatKept`. `author` is a member."""

    link: Link
    re: int
    author: str
    message: wire.ChatMessage


@dataclass(frozen=True, slots=True)
class KeepChatRemoval:
    message: str
    by: str


@dataclass(frozen=True, slots=True)
class KeepPresence:
    """For the attendance: a member came, or left. Unix seconds. Staff who look at others' lessons are in the audit."""

    member: str
    what: Literal["came", "left"]
    at: float
    observes: bool = False


@dataclass(frozen=True, slots=True)
class RecordOneToOne:
    """One adult and one child are alone in the room, and the school's setting says that this is to be known."""

    adult: str
    child: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nobody is in any more and nobody comes in: the node forgets the room, the registry too."""


Effect = (
    Send
    | Seated
    | TurnedAway
    | Shut
    | Push
    | Ask
    | Keep
    | RecordPower
    | RecordRemoval
    | RecordEnd
    | RecordHost
    | RecordReport
    | RecordOneToOne
    | KeepChat
    | KeepChatRemoval
    | KeepPresence
    | Over
)
