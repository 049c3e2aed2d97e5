"""A live room without its task: the state machine itself, with time as a number and the node's answers at hand."""

from dataclasses import dataclass, field
from typing import TypeVar

from sfu import messages as node
from signaling.live import commands, decide
from signaling.live import messages as wire
from signaling.live.adults import TwoAdults
from signaling.live.room_state import RoomSettings, RoomState
from signaling.live.seats import Seat
from signaling.live.sources import SourceNumbers
from tests.signaling.browser import an_offer

UNIX_OFFSET = 5_000.0
ENDS_AT = UNIX_OFFSET + 10_000.0
GRACE = 300.0

Event = TypeVar("Event")


def a_person(
    name: str,
    role: wire.RoomRole = "pupil",
    *,
    host: bool | None = None,
    expected: bool = True,
    adult: bool | None = None,
) -> commands.Person:
    """The teacher is a host, and staff of the school count as adults, unless it is said otherwise."""
    of_school = role in {"teacher", "staff", "observer"}
    return commands.Person(
        member=f"member-{name}",
        name=name,
        short_name=name,
        initials=name[:2],
        about="",
        role=role,
        host=role == "teacher" if host is None else host,
        expected=expected,
        adult=of_school if adult is None else adult,
        verified=of_school,
        office="director" if role == "observer" else None,
    )


def login_of(person: commands.Person, browser: str = "") -> str:
    return f"login-{person.member}{browser}"


def a_setting(kind: wire.RoomKind = "lesson", two_adults: TwoAdults = "off") -> RoomSettings:
    return RoomSettings(
        lesson="lesson",
        kind=kind,
        title="Математика",
        class_name="5А",
        teacher="Ирина Орлова",
        starts_at=0.0,
        ends_at=ENDS_AT,
        seconds_without_adult=GRACE,
        two_adults=two_adults,
        unix_offset=UNIX_OFFSET,
    )


@dataclass
class Classroom:
    """`said`: what each connection was told; `shut`: which were closed, and why; `asked`: offers without an answer;
    `recorded`: what is for the school's books; `kept`: what was to outlive the process, and how soon."""

    settings: RoomSettings = field(default_factory=a_setting)
    now: float = 100.0
    numbers: SourceNumbers = field(default_factory=lambda: SourceNumbers(7))
    said: dict[commands.Link, list[wire.Reply | wire.Event]] = field(default_factory=dict)
    shut: dict[commands.Link, str] = field(default_factory=dict)
    turned_away: list[commands.Link] = field(default_factory=list)
    asked: list[commands.Ask] = field(default_factory=list)
    recorded: list[commands.Effect] = field(default_factory=list)
    seated: dict[commands.Link, wire.RoomRole] = field(default_factory=dict)
    attendance: list[tuple[str, str, float]] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)
    last_link: int = 0

    def __post_init__(self) -> None:
        self.state = RoomState(self.settings, self.numbers, self.now)

    # ── what happens ──

    def tell(self, command: commands.Command) -> None:
        self._note(decide.handle(self.state, command, self.now))

    def pass_time(self, seconds: float) -> None:
        """As the room's task does: at each moment that the state has named, and then at the last one."""
        until = self.now + seconds
        while (due := decide.next_timeout(self.state)) is not None and due <= until:
            self.now = max(self.now, due)
            self._note(decide.handle_timeout(self.state, self.now))
        self.now = until

    def _note(self, effects: list[commands.Effect]) -> None:
        for effect in effects:
            match effect:
                case commands.Send(link, message):
                    self.said.setdefault(link, []).append(message)
                case commands.Shut(link, reason):
                    self.shut[link] = reason
                case commands.TurnedAway(link):
                    self.turned_away.append(link)
                case commands.Ask():
                    self.asked.append(effect)
                case commands.Seated(link, role):
                    self.seated[link] = role
                case commands.KeepPresence(member, what, at):
                    self.attendance.append((member, what, at))
                case commands.Keep(now):
                    self.kept.append(now)
                case commands.Push() | commands.Over():
                    pass
                case _:
                    self.recorded.append(effect)

    # ── people ──

    def knock(
        self,
        person: commands.Person,
        offer: wire.MediaOffer | None = None,
        media: wire.Media | None = None,
        *,
        browser: str = "",
        take_over: bool = False,
    ) -> commands.Link:
        """A join whose offer is not answered yet, from this browser of the person."""
        self.last_link += 1
        link = commands.Link(self.last_link)
        offer = offer or an_offer(observes=person.role == "observer")
        on = media or wire.Media(microphone=True, camera=True)
        join = wire.Join(id=1, ticket="", offer=offer, media=on, take_over=take_over)
        self.tell(commands.Enter(link, person, login_of(person, browser), join, f"p{link}", f"session-{link}"))
        return link

    def answer(self) -> None:
        """The node answers everything that it was asked."""
        asked, self.asked = self.asked, []
        for ask in asked:
            self.tell(commands.Answered(ask.ask, f"answer {ask.connection}"))

    def join(
        self,
        person: commands.Person,
        offer: wire.MediaOffer | None = None,
        media: wire.Media | None = None,
        *,
        browser: str = "",
        take_over: bool = False,
    ) -> commands.Link:
        link = self.knock(person, offer, media, browser=browser, take_over=take_over)
        self.answer()
        return link

    def ask(self, link: commands.Link, request: wire.Request) -> None:
        self.tell(commands.Act(link, request))

    def enter_in_books(self) -> list[commands.RecordPower]:
        """The school has put down every use of a power; the people are told."""
        powers = [each for each in self.recorded if isinstance(each, commands.RecordPower)]
        self.recorded = [each for each in self.recorded if not isinstance(each, commands.RecordPower)]
        for each in powers:
            self.tell(commands.Recorded(each.link, each.reply, allowed=True))
        return powers

    def keep_chat(self) -> None:
        """What was written is in the books."""
        kept = [each for each in self.recorded if isinstance(each, commands.KeepChat)]
        self.recorded = [each for each in self.recorded if not isinstance(each, commands.KeepChat)]
        for each in kept:
            self.tell(commands.ChatKept(each.link, each.re, each.message))

    def resume(self, session: str, last_seq: int, login: str) -> commands.Link:
        self.last_link += 1
        link = commands.Link(self.last_link)
        self.tell(commands.Return(link, login, wire.Resume(id=1, session=session, last_seq=last_seq)))
        return link

    # ── what is to be seen ──

    def seat(self, person: commands.Person) -> Seat:
        seat = self.state.seat_of_member(person.member)
        assert seat is not None
        return seat

    def id_of(self, person: commands.Person) -> str:
        return self.seat(person).participant

    def heard(self, link: commands.Link) -> list[wire.Reply | wire.Event]:
        """Everything since the last time, and forgets it."""
        return self.said.pop(link, [])

    def links_of(self, person: commands.Person) -> list[commands.Link]:
        return self.seat(person).links()

    def peers_of(self, person: commands.Person) -> list[node.DesiredPeer]:
        participant = self.id_of(person)
        return [peer for peer in self.state.desired("room").peers if peer.participant == participant]

    def card(self, person: commands.Person) -> wire.Participant:
        return self.seat(person).card()

    def events(self, link: commands.Link, kind: type[Event]) -> list[Event]:
        """Of what was said since the last time those of one kind; the rest is forgotten as well."""
        return [each for each in self.heard(link) if isinstance(each, kind)]

    def failures(self, link: commands.Link) -> list[str]:
        return [each.code for each in self.events(link, wire.Failed)]

    def records(self, kind: type[Event]) -> list[Event]:
        return [each for each in self.recorded if isinstance(each, kind)]

    def names(self) -> list[str]:
        return [seat.person.name for seat in self.state.present()]
