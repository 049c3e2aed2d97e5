"""A live room without its task: the state machine itself, with time as a number and the node's answers at hand."""

from dataclasses import dataclass, field

from sfu import messages as node
from signaling.live import commands, decide
from signaling.live import messages as wire
from signaling.live.room_state import RoomSettings, RoomState
from signaling.live.seats import Seat
from signaling.live.sources import SourceNumbers
from tests.signaling.browser import an_offer

ENDS_AT = 10_000.0
GRACE = 300.0


def a_person(name: str, role: wire.RoomRole = "pupil") -> commands.Person:
    office: commands.Office | None = "director" if role == "observer" else None
    return commands.Person(f"member-{name}", name, name, name[:2], role, verified=role != "pupil", office=office)


@dataclass
class Classroom:
    """`said`: what each connection was told; `shut`: which were closed, and why; `asked`: offers without an answer."""

    now: float = 100.0
    numbers: SourceNumbers = field(default_factory=lambda: SourceNumbers(7))
    said: dict[commands.Link, list[wire.Reply | wire.Event]] = field(default_factory=dict)
    shut: dict[commands.Link, str] = field(default_factory=dict)
    turned_away: list[commands.Link] = field(default_factory=list)
    asked: list[commands.Ask] = field(default_factory=list)
    recorded: list[commands.Effect] = field(default_factory=list)
    over: bool = False
    last_link: int = 0

    def __post_init__(self) -> None:
        settings = RoomSettings("lesson", "Математика", "5А", ENDS_AT, GRACE, unix_offset=0.0)
        self.state = RoomState(settings, self.numbers, self.now)

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
                case commands.RecordMute() | commands.RecordRemoval() | commands.RecordEnd():
                    self.recorded.append(effect)
                case commands.Over():
                    self.over = True
                case _:
                    pass

    # ── people ──

    def knock(
        self, person: commands.Person, offer: wire.MediaOffer | None = None, media: wire.Media | None = None
    ) -> commands.Link:
        """A join whose offer is not answered yet."""
        self.last_link += 1
        link = commands.Link(self.last_link)
        offer = offer or an_offer(observes=person.role == "observer")
        on = media or wire.Media(microphone=True, camera=True)
        join = wire.Join(id=1, ticket="", offer=offer, media=on)
        self.tell(commands.Enter(link, person, f"login-{person.member}", join, f"p{link}", f"session-{link}"))
        return link

    def answer(self) -> None:
        """The node answers everything that it was asked."""
        asked, self.asked = self.asked, []
        for ask in asked:
            self.tell(commands.Answered(ask.ask, f"answer {ask.connection}"))

    def join(
        self, person: commands.Person, offer: wire.MediaOffer | None = None, media: wire.Media | None = None
    ) -> commands.Link:
        link = self.knock(person, offer, media)
        self.answer()
        return link

    def ask(self, link: commands.Link, request: wire.Request) -> None:
        self.tell(commands.Act(link, request))

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

    def peers_of(self, person: commands.Person) -> list[node.DesiredPeer]:
        participant = self.id_of(person)
        return [peer for peer in self.state.desired("room").peers if peer.participant == participant]

    def names(self) -> list[str]:
        return [seat.person.name for seat in self.state.present()]
