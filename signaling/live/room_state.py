"""The state of a live room, and the few moves that everything in it is made of. No I/O; `now` is an argument.

`seats` by participant id, events with their numbers, what the hosts have set, the clock of the adult rules, and
`effects`: what the task has to carry out. Decisions are in the modules around it; decide.py finds the one for a
command. Times are monotonic seconds unless they are said to be Unix; `unix_offset` makes the clock of people of them.
"""

from dataclasses import dataclass

from school.schedule import OVERRUN
from sfu import messages as node
from signaling.live import adults
from signaling.live import messages as wire
from signaling.live.commands import ClosedReason, Effect, Enter, Keep, Link, Person, Push, Send, Shut
from signaling.live.desired import desired_room
from signaling.live.devices import Arrival, Device, Transport
from signaling.live.event_log import EVERYBODY, Audience, EventLog, readers_of
from signaling.live.passing import Limits, Passing
from signaling.live.seating import Seating
from signaling.live.seats import Seat
from signaling.live.sources import SourceNumbers


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What a room is from its first moment. `teacher`: whom those at the door wait for, as they are told. `starts_at`,
    `ends_at`: Unix seconds. `unix_offset`: Unix time minus monotonic time."""

    lesson: str
    kind: wire.RoomKind
    title: str
    class_name: str
    teacher: str
    starts_at: float
    ends_at: float
    seconds_without_adult: float
    two_adults: adults.TwoAdults
    unix_offset: float

    @property
    def closes_at(self) -> float:
        """People finish a lesson after its hour, for as long as the school still counts it as going on."""
        return self.ends_at + OVERRUN.total_seconds() - self.unix_offset

    def rules(self) -> wire.RoomSettings:
        """What is in force before a host sets anything."""
        return wire.RoomSettings(
            door="knock" if self.kind == "meeting" else "list",
            locked=False,
            microphones="open",
            cameras="open",
            sharing="open",
            chat="all",
            pupils_cameras="all",
        )


@dataclass(slots=True)
class Question:
    """An offer that the node has not answered: whose it is and how to reply."""

    seat: Seat
    of: Device | Arrival
    transport: Transport
    link: Link
    re: int


@dataclass(slots=True)
class Knock:
    """Somebody at the door: the ways in that were asked for, one a browser, and since when (Unix seconds)."""

    enters: list[Enter]
    since: float

    @property
    def person(self) -> Person:
        return self.enters[-1].person


@dataclass(slots=True)
class PendingChat:
    """A message that is on its way into the books, and who is to be told that it is there."""

    message: wire.ChatMessage
    asked_by: list[tuple[Link, int]]


class RoomState(Seating):
    """What may outlive the process: `rules`, `seats` (by `add_seat`), `spotlight`, `chat`, `clock`, and the number that
    `log` goes on from; `flow` follows from them. The rest belongs to the connections and the node of the moment."""

    def __init__(self, settings: RoomSettings, numbers: SourceNumbers, now: float) -> None:
        super().__init__()
        self.settings = settings
        self.numbers = numbers
        self.rules = settings.rules()
        self.spotlight: list[str] = []
        self.chat: list[wire.ChatMessage] = []
        self.clock = adults.Clock()
        self.log = EventLog()
        self.questions: dict[int, Question] = {}
        self.door: dict[str, Knock] = {}
        self.pending_chat: dict[str, PendingChat] = {}
        self.passing = Passing()
        self.limits = Limits()
        self.effects: list[Effect] = []
        self.over = False
        self.now = now
        self._asked = 0
        self._keep: bool | None = None
        self.flow = self.flow_at_the_moment()

    # ── questions ──

    @property
    def unix_now(self) -> float:
        return round(self.now + self.settings.unix_offset, 3)

    def snapshot(self, seat: Seat) -> wire.RoomSnapshot:
        """The room as this person may see it."""
        return wire.RoomSnapshot(
            seq=self.log.seq,
            room=self.info(),
            participants=[each.card() for each in self.present()],
            chat=[line for line in self.chat if readers_of(line).includes(seat.participant, host=seat.host)],
            waiting=self.waiting() if seat.host else [],
        )

    def waiting(self) -> list[wire.Waiting]:
        """Longest first."""
        return [
            wire.Waiting(
                id=key,
                name=knock.person.name,
                short_name=knock.person.short_name,
                initials=knock.person.initials,
                about=self._about_at_the_door(knock.person),
                role=knock.person.role,
                expected=knock.person.expected,
                since=knock.since,
            )
            for key, knock in self.door.items()
        ]

    def _about_at_the_door(self, person: Person) -> str:
        """Relation and class, for those whose class the room is of."""
        of_class = person.expected and person.role in ("pupil", "parent")
        return ", ".join(part for part in (person.about, self.settings.class_name if of_class else "") if part)

    def info(self) -> wire.RoomInfo:
        stops_at = self.flow.stops_at
        return wire.RoomInfo(
            lesson=self.settings.lesson,
            kind=self.settings.kind,
            title=self.settings.title,
            class_name=self.settings.class_name,
            starts_at=self.settings.starts_at,
            ends_at=self.settings.ends_at,
            flow=self.flow.on,
            why_not=self.flow.why_not,
            media_stops_at=None if stops_at is None else round(stops_at + self.settings.unix_offset, 3),
            settings=self.rules,
            spotlight=self.spotlight,
        )

    def desired(self, room: str) -> node.SetRoom:
        """The whole of what the node should do for this room."""
        return desired_room(self.seats.values(), room, flow=self.flow.on, rules=self.rules)

    def flow_at_the_moment(self) -> adults.Flow:
        """A meeting of adults has no pupils who could be alone."""
        if self.settings.kind == "meeting":
            return adults.Flow(on=True)
        return adults.flow(
            self.clock,
            now=self.now,
            grace_seconds=self.settings.seconds_without_adult,
            two_adults=self.settings.two_adults,
        )

    # ── moves ──

    def send(self, link: Link | None, message: wire.Reply | wire.Event) -> None:
        if link is not None:
            self.effects.append(Send(link, message))

    def fail(
        self, link: Link | None, re: int, code: wire.ErrorCode, message: str, retry_after: float | None = None
    ) -> None:
        self.send(link, wire.Failed(re=re, code=code, message=message, retry_after=retry_after))

    def tell(self, seat: Seat, message: wire.Event) -> None:
        """On every device of this person."""
        for link in seat.links():
            self.effects.append(Send(link, message))

    def shut(self, device: Device, reason: ClosedReason) -> None:
        if device.link is not None:
            self.effects.append(Shut(device.link, reason))
            self.unbind(device)

    def push(self) -> None:
        self.effects.append(Push())

    def keep(self, *, now: bool) -> None:
        """What has changed is to survive this process; `now`: before anybody hears of it."""
        self._keep = now or bool(self._keep)

    def announce(self, event: wire.RoomEvent, *, to: Audience = EVERYBODY, apart_from: Link | None = None) -> None:
        """To everybody of the audience who is connected, and into the log for those who are not at the moment."""
        self.log.append(event, to)
        for link, seat in self.connected():
            if link != apart_from and to.includes(seat.participant, host=seat.host):
                self.effects.append(Send(link, event))

    def announce_changed(self, seat: Seat, *, to: Audience = EVERYBODY, apart_from: Link | None = None) -> None:
        if to is EVERYBODY:
            self.passing.late_cards.pop(seat.participant, None)
        event = wire.ParticipantChanged(seq=self.log.next_seq(), participant=seat.card())
        self.announce(event, to=to, apart_from=apart_from)

    def announce_room(self) -> None:
        self.announce(wire.RoomChanged(seq=self.log.next_seq(), room=self.info()))

    def ask(self, question: Question) -> int:
        self._asked += 1
        self.questions[self._asked] = question
        return self._asked

    def withdraw(self, arrival: Arrival) -> None:
        """An arrival that is not wanted any more: its answer, when it comes, is nobody's."""
        self.questions = {ask: each for ask, each in self.questions.items() if each.of is not arrival}

    def take_effects(self) -> list[Effect]:
        """What is to be kept comes first."""
        effects, self.effects = self.effects, []
        if self._keep is not None:
            effects.insert(0, Keep(now=self._keep))
            self._keep = None
        return effects
