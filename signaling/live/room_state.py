"""The state of a live room, and the few moves that everything in it is made of. No I/O; `now` is an argument.

`seats` by participant id, events with their numbers, the adult rule, and `effects`: what the task has to carry out.
Decisions are in entrance.py (who comes and goes), transport.py (offers and what the node reports) and conduct.py
(what participants ask for); decide.py finds the one for a command. Times are monotonic seconds; `unix_offset` makes
the clock of people out of them.
"""

from dataclasses import dataclass, field

from school.schedule import OVERRUN
from sfu import messages as node
from signaling.live import adults
from signaling.live import messages as wire
from signaling.live.commands import ClosedReason, Effect, Link, Over, Push, Send, Shut
from signaling.live.event_log import EventLog
from signaling.live.seats import Arrival, Seat, Transport
from signaling.live.sources import SourceNumbers


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What a room is from its first moment. `ends_at`: Unix seconds. `unix_offset`: Unix time minus monotonic time."""

    lesson: str
    title: str
    class_name: str
    ends_at: float
    seconds_without_adult: float
    unix_offset: float

    @property
    def closes_at(self) -> float:
        """People finish a lesson after its hour, for as long as the school still counts it as going on."""
        return self.ends_at + OVERRUN.total_seconds() - self.unix_offset


@dataclass(slots=True)
class Question:
    """An offer that the node has not answered: whose it is and how to reply."""

    seat: Seat
    transport: Transport
    arrival: Arrival | None
    link: Link
    re: int


@dataclass(slots=True)
class SpeakingMark:
    """Who has voice, as last said and as next to say."""

    said: list[str] = field(default_factory=list)
    waiting: list[str] | None = None
    next_at: float = 0.0


class RoomState:
    def __init__(self, settings: RoomSettings, numbers: SourceNumbers, now: float) -> None:
        self.settings = settings
        self.numbers = numbers
        self.seats: dict[str, Seat] = {}
        self.questions: dict[int, Question] = {}
        self.log = EventLog()
        self.speaking = SpeakingMark()
        self.effects: list[Effect] = []
        self.over = False
        self.now = now
        self._by_link: dict[Link, Seat] = {}
        self._asked = 0
        self._adult_left_at: float | None = None
        self._adult_in = False
        self.flow = self._flow_at_the_moment()

    # ── questions ──

    def seat_of_link(self, link: Link) -> Seat | None:
        return self._by_link.get(link)

    def seat_of_member(self, member: str) -> Seat | None:
        return next((seat for seat in self.seats.values() if seat.person.member == member), None)

    def seat_of_session(self, session_digest: str) -> Seat | None:
        return next((seat for seat in self.present() if seat.session_digest == session_digest), None)

    def present(self) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.present]

    def snapshot(self) -> wire.RoomSnapshot:
        return wire.RoomSnapshot(
            seq=self.log.seq, room=self.info(), participants=[seat.card() for seat in self.present()]
        )

    def info(self) -> wire.RoomInfo:
        stops_at = self.flow.stops_at
        return wire.RoomInfo(
            lesson=self.settings.lesson,
            title=self.settings.title,
            class_name=self.settings.class_name,
            ends_at=self.settings.ends_at,
            flow=self.flow.on,
            media_stops_at=None if stops_at is None else round(stops_at + self.settings.unix_offset, 3),
        )

    def desired(self, room: str) -> node.SetRoom:
        """The whole of what the node should do for this room."""
        seen = {number for seat in self.present() for number in seat.sources.values()}
        peers = [
            self._desired_peer(seat, transport, seen)
            for seat in self.seats.values()
            for transport in seat.all_transports()
        ]
        return node.SetRoom(room=room, flow=self.flow.on, peers=peers)

    def _desired_peer(self, seat: Seat, transport: Transport, seen: set[int]) -> node.DesiredPeer:
        arriving = seat.arrival is not None and seat.arrival.transport is transport
        media = seat.arrival.media if arriving and seat.arrival is not None else seat.media
        on = seat.effective(media, transport.publish)
        view = [] if arriving else seat.view
        return node.DesiredPeer(
            participant=seat.participant,
            connection=transport.connection,
            sources=seat.sources,
            publish=[kind for kind in seat.sources if getattr(on, kind)],
            view=[
                node.ViewedTrack(source=track.source, width=track.width, height=track.height)
                for track in view
                if track.source in seen and track.source not in seat.sources.values()
            ],
        )

    # ── moves ──

    def bind(self, seat: Seat, link: Link) -> None:
        seat.link = link
        self._by_link[link] = seat

    def unbind(self, seat: Seat) -> None:
        if seat.link is not None:
            self._by_link.pop(seat.link, None)
            seat.link = None

    def send(self, link: Link | None, message: wire.Reply | wire.Event) -> None:
        if link is not None:
            self.effects.append(Send(link, message))

    def fail(self, link: Link, re: int, code: wire.ErrorCode, message: str) -> None:
        self.send(link, wire.Failed(re=re, code=code, message=message))

    def shut(self, seat: Seat, link: Link | None, reason: ClosedReason) -> None:
        if link is None:
            return
        if seat.link == link:
            self.unbind(seat)
        self.effects.append(Shut(link, reason))

    def push(self) -> None:
        self.effects.append(Push())

    def announce(self, event: wire.RoomEvent, *, apart_from: Link | None = None) -> None:
        """To everybody who is connected, and into the log for those who are not at the moment."""
        self.log.append(event)
        for link in self._by_link:
            if link != apart_from:
                self.effects.append(Send(link, event))

    def announce_changed(self, seat: Seat, *, apart_from: Link | None = None) -> None:
        self.announce(wire.ParticipantChanged(seq=self.log.next_seq(), participant=seat.card()), apart_from=apart_from)

    def ask(self, question: Question) -> int:
        self._asked += 1
        self.questions[self._asked] = question
        return self._asked

    def withdraw(self, arrival: Arrival) -> None:
        """An arrival that is not wanted any more: its answer, when it comes, is nobody's."""
        self.questions = {ask: each for ask, each in self.questions.items() if each.arrival is not arrival}

    def review_adults(self) -> None:
        """After whoever came or went, and when the time of the rule has come."""
        adult_in = any(seat.adult for seat in self.seats.values())
        if self._adult_in and not adult_in:
            self._adult_left_at = self.now
        self._adult_in = adult_in
        flow = self._flow_at_the_moment()
        if flow == self.flow:
            return
        self.flow = flow
        self.announce(wire.RoomChanged(seq=self.log.next_seq(), room=self.info()))
        self.push()

    def _flow_at_the_moment(self) -> adults.Flow:
        return adults.flow(
            adult_in=self._adult_in,
            last_left_at=self._adult_left_at,
            now=self.now,
            grace_seconds=self.settings.seconds_without_adult,
        )

    def finish(self) -> None:
        if self.over:
            return
        self.over = True
        for seat in self.seats.values():
            if seat.arrival is not None:
                self.effects.append(Shut(seat.arrival.link, "ended"))
                seat.arrival = None
            self.shut(seat, seat.link, "ended")
            seat.transports = []
        self.questions.clear()
        self.effects.append(Over())
