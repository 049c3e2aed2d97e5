"""What holds in every lesson, whatever anybody does in whatever order: thousands of random moments of a few people."""

from collections.abc import Callable
from random import Random
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from sfu import messages as node
from signaling.live import commands
from signaling.live import messages as wire
from signaling.live.adults import TwoAdults
from signaling.live.devices import MAX_DEVICES
from signaling.live.seats import Seat
from signaling.live.sources import KINDS
from tests.signaling.browser import an_offer
from tests.signaling.classroom import Classroom, a_person, a_setting, login_of

STEPS = 1200
HOSTS = [a_person("Орлова", "teacher"), a_person("Петрова", "staff", host=True)]
OTHERS = [
    a_person("Рябов", "observer"),
    a_person("Завуч", "staff"),
    a_person("Артём"),
    a_person("Полина"),
    a_person("Егор"),
    a_person("Ольга", "parent"),
    a_person("Чужой", "parent", expected=False),
]
ROOMS: list[wire.RoomKind] = ["lesson", "lesson", "meeting"]
TWO_ADULTS: list[TwoAdults] = ["log", "stop"]
BROWSERS = ["", "-tablet", "-phone"]
QUALITIES: list[Literal["good", "weak"]] = ["good", "weak"]
HELD_BACK: list[Literal["none", "fewer", "all"]] = ["none", "fewer", "all"]
RESTRICTED: list[wire.Restricted] = ["microphone", "camera", "screen"]


class AnyLesson(Classroom):
    """A room that checks what it says while it says it. `of`: whose each connection is; `logins`: of which browser;
    `shared`: connections of people who have been in by two devices."""

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.of: dict[commands.Link, str] = {}
        self.logins: dict[commands.Link, str] = {}
        self.shared: set[str] = set()
        self.last_seq: dict[commands.Link, int] = {}
        self.ended: set[commands.Link] = set()
        self.by_command: commands.Command | None = None
        self.gone: set[str] = set()
        self.at_the_door: set[commands.Link] = set()
        self.on: dict[str, wire.Media] = {}

    @override
    def tell(self, command: commands.Command) -> None:
        if isinstance(command, commands.Enter):
            self.of[command.link] = command.person.member
            self.logins[command.link] = command.login
        self.by_command = command
        super().tell(command)

    @override
    def _note(self, effects: list[commands.Effect]) -> None:
        for effect in effects:
            if isinstance(effect, commands.Send):
                self.check_word(effect.link, effect.message)
            elif isinstance(effect, commands.Shut):
                assert effect.link not in self.ended, "nobody is shut twice"
                self.ended.add(effect.link)
        powers = [each for each in effects if isinstance(each, commands.RecordPower)]
        assert len(powers) <= 1
        assert not powers or commands.Keep(now=True) in effects
        super()._note(effects)
        self.check_room()
        self.by_command = None

    # ── of every word ──

    def check_word(self, link: commands.Link, message: wire.Reply | wire.Event) -> None:
        assert link not in self.ended, "the last word was the last one"
        assert self.of[link] not in self.gone, "whoever was removed hears nothing"
        if link in self.at_the_door and link in self.links_at_the_door():
            assert isinstance(message, wire.AtTheDoor)
        if isinstance(message, wire.RoomEvent):
            assert message.seq > self.last_seq.get(link, 0)
            self.last_seq[link] = message.seq
        seat = self.state.seat_of_link(link)
        if isinstance(message, wire.DoorChanged):
            assert seat is not None
            assert seat.host
        elif isinstance(message, wire.ThisDevice):
            assert self.of[link] in self.shared | self.by_two_devices(), "whoever is alone hears nothing of devices"
        elif isinstance(message, wire.ChatSaid):
            assert seat is not None
            assert may_read(seat, message.message)
        elif isinstance(message, wire.Joined | wire.Resumed) and message.snapshot is not None:
            assert seat is not None
            assert all(may_read(seat, line) for line in message.snapshot.chat)
            assert seat.host or message.snapshot.waiting == []
            self.last_seq[link] = message.snapshot.seq

    def by_two_devices(self) -> set[str]:
        return {seat.person.member for seat in self.state.present() if len(seat.devices) > 1}

    def links_at_the_door(self) -> set[commands.Link]:
        return {enter.link for knock in self.state.door.values() for enter in knock.enters}

    # ── of the room after every command ──

    def check_room(self) -> None:
        numbers = [event.seq for event, _ in self.state.log._events]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
        assert self.state.log.seq == (numbers[-1] if numbers else 0)
        self.gone = {seat.person.member for seat in self.state.seats.values() if seat.removed}
        self.shared |= self.by_two_devices()
        self.at_the_door = self.links_at_the_door()
        assert not self.at_the_door & {link for link, _ in self.state.connected()}
        assert all(self.state.seats[each].present for each in self.state.spotlight)
        for peer in self.state.desired("room").peers:
            self.check_peer(self.state.seats[peer.participant], peer)
        for seat in self.state.present():
            self.check_seat(seat)

    def check_peer(self, seat: Seat, peer: node.DesiredPeer) -> None:
        assert not seat.removed
        if seat.rights.microphone == "closed" or seat.muted:
            assert "microphone" not in peer.publish
        if seat.rights.camera == "closed":
            assert "camera" not in peer.publish
        if seat.rights.screen == "closed":
            assert not {"screen", "screen_sound"} & set(peer.publish)
        if seat.person.role == "observer" and not seat.arrivals:
            assert peer.publish == []
        assert peer.hears or "microphone" not in peer.publish, "one speaks where one hears"
        for track in peer.view:
            assert self.may_see(seat, track.source)

    def may_see(self, viewer: Seat, source: int) -> bool:
        owner = next(seat for seat in self.state.present() if source in seat.sources.values())
        hidden = (
            self.state.rules.pupils_cameras == "hosts"
            and owner.person.role == "pupil"
            and owner.sources["camera"] == source
        )
        return owner is not viewer and (viewer.host or not hidden)

    def check_seat(self, seat: Seat) -> None:
        """On goes a microphone or a camera by its own person only, on one of at most two devices."""
        assert len({device.login for device in seat.devices}) == len(seat.devices) <= MAX_DEVICES
        assert len(seat.arrivals) <= MAX_DEVICES
        assert [device.sound for device in seat.devices].count(True) == 1
        for kind in KINDS:
            assert sum(getattr(device.media, kind) for device in seat.devices) <= 1
        numbers = [transport.connection for _, transport in seat.all_transports()]
        assert len(set(numbers)) == len(numbers)
        assert all(number <= seat.highest for number in numbers)
        before = self.on.get(seat.participant, wire.Media())
        self.on[seat.participant] = seat.media
        if before.microphone >= seat.media.microphone and before.camera >= seat.media.camera:
            return
        command = self.by_command
        if isinstance(command, commands.Act):
            assert isinstance(command.request, wire.SetMedia)
            assert command.link in seat.links()
        else:
            assert isinstance(command, commands.Answered), "or with the join that its page has sent"


def may_read(seat: Seat, message: wire.ChatMessage) -> bool:
    return message.to == "all" or seat.host or message.author == seat.participant


class Life:
    """Draws what happens next."""

    def __init__(self, room: AnyLesson, random: Random) -> None:
        self.room = room
        self.random = random
        self.moments: list[tuple[int, Callable[[], None]]] = [
            (8, self.come),
            (10, self.node_answers),
            (1, self.node_refuses),
            (2, self.go),
            (3, self.come_back),
            (40, self.ask),
            (14, self.host_asks),
            (6, self.books_answer),
            (6, self.time_passes),
            (1, self.sign_out),
            (1, lambda: room.tell(commands.ResetMedia(2))),
            (4, self.speak),
            (4, self.line_changes),
        ]

    def happen(self) -> None:
        weights, moments = [each[0] for each in self.moments], [each[1] for each in self.moments]
        self.random.choices(moments, weights)[0]()

    def come(self) -> None:
        person = self.random.choice(HOSTS + OTHERS)
        browser, take_over = self.random.choice(BROWSERS), self.random.random() < 0.5
        self.room.knock(person, media=self.media(), browser=browser, take_over=take_over)

    def node_answers(self) -> None:
        self.room.answer()

    def node_refuses(self) -> None:
        asked, self.room.asked = self.room.asked, []
        for ask in asked:
            self.room.tell(commands.NotAnswered(ask.ask, "overloaded", "full", 1.0))

    def go(self) -> None:
        how = self.random.choice(["closed", "lost"])
        self.room.tell(commands.Drop(self.link(), "closed" if how == "closed" else "lost"))

    def come_back(self) -> None:
        old = self.link()
        member, login = self.room.of.get(old, ""), self.room.logins.get(old, "")
        link = commands.Link(self.room.last_link + 1)
        self.room.of[link], self.room.logins[link] = member, login
        if member not in self.room.gone:
            self.room.resume(f"session-{old}", self.random.randrange(0, 300), login)

    def ask(self) -> None:
        self.room.ask(self.link(), self.request())

    def host_asks(self) -> None:
        hosts = [link for link, seat in self.room.state.connected() if seat.host]
        if hosts:
            self.room.ask(self.random.choice(hosts), self.request())

    def books_answer(self) -> None:
        recorded, self.room.recorded = self.room.recorded, []
        for record in recorded:
            match record:
                case commands.RecordPower(link, reply):
                    self.room.tell(commands.Recorded(link, reply, allowed=self.random.random() < 0.9))
                case commands.RecordRemoval(link, re) | commands.RecordReport(link, re):
                    self.room.tell(commands.Recorded(link, wire.Done(re=re), allowed=True))
                case commands.KeepChat(link, re, _, message):
                    self.room.tell(commands.ChatKept(link, re, message))
                case commands.RecordHost(link, re, _, participant, member, on):
                    named = a_person(member.removeprefix("member-"), "staff" if on else "observer", host=on)
                    self.room.tell(commands.HostNamed(link, re, participant, named))
                case _:
                    pass

    def time_passes(self) -> None:
        self.room.pass_time(self.random.choice([0.05, 0.6, 4.0, 40.0]))

    def sign_out(self) -> None:
        self.room.tell(commands.SignOut(login_of(self.random.choice(OTHERS), self.random.choice(BROWSERS))))

    def speak(self) -> None:
        sources = [seat.sources["microphone"] for seat in self.room.state.present() if seat.sources]
        heard = self.random.sample(sources, min(len(sources), self.random.randrange(3)))
        self.room.tell(node.Speaking(room="r", sources=heard))

    def line_changes(self) -> None:
        seats = [seat for seat in self.room.state.seats.values() if seat.highest]
        if seats:
            seat = self.random.choice(seats)
            report = node.LinkQuality(
                room="r",
                participant=seat.participant,
                connection=self.random.randint(1, seat.highest),
                quality=self.random.choice(QUALITIES),
                held_back=self.random.choice(HELD_BACK),
            )
            self.room.tell(report)

    # ── what is drawn from ──

    def link(self) -> commands.Link:
        """Of somebody who is in, as a rule; also of those who wait or are gone."""
        connected = [link for link, _ in self.room.state.connected()]
        if connected and self.random.random() < 0.8:
            return self.random.choice(connected)
        return commands.Link(self.random.randint(max(1, self.room.last_link - 12), max(1, self.room.last_link)))

    def participant(self) -> str:
        guests = [seat.participant for seat in self.room.state.present() if not seat.staff]
        if guests and self.random.random() < 0.7:
            return self.random.choice(guests)
        return self.random.choice([*self.room.state.seats, "nobody"])

    def media(self) -> wire.Media:
        on = [self.random.random() < 0.6 for _ in range(5)]
        return wire.Media(microphone=on[0], camera=on[1], screen=on[2], screen_sound=on[3], screen_paused=on[4])

    def request(self) -> wire.Request:
        return self.random.choice([self.about_oneself, self.about_oneself, self.of_a_host, self.of_a_host])()

    def about_oneself(self) -> wire.Request:
        number = self.random.randrange(1000)
        sources = [number for seat in self.room.state.seats.values() for number in seat.sources.values()]
        tracks = [wire.ViewedTrack(source=source, width=320, height=180) for source in sources]
        messages = [line.id for line in self.room.state.chat] or ["nothing"]
        return self.random.choice([
            wire.SetMedia(id=number, media=self.media(), mute_seen=self.random.randrange(3)),
            wire.TakeSound(id=number),
            wire.SetView(id=number, tracks=self.random.sample(tracks, min(len(tracks), 9))),
            wire.Reoffer(id=number, offer=an_offer(self.random.randrange(1, 4), observes=self.random.random() < 0.3)),
            wire.Settle(id=number, connection=self.random.randrange(1, 4)),
            wire.RaiseHand(id=number, up=self.random.random() < 0.6),
            wire.SetAnswer(id=number, answer=self.random.choice(["yes", "no", None])),
            wire.React(id=number, reaction="clap"),
            wire.SendChat(id=number, key=str(self.random.randrange(50)), text="слово"),
            wire.RemoveChat(id=number, message=self.random.choice(messages)),
            wire.Report(id=number, participant=self.participant(), category="other", text=""),
            wire.SetLayout(id=number, layout=wire.Layout(mode="speaker")),
        ])

    def of_a_host(self) -> wire.Request:
        number, one = self.random.randrange(1000), self.random.choice([self.participant(), None])
        who, waiting = self.participant(), self.random.choice([*self.room.state.door, "nobody"])
        restrict = wire.Restrict(
            id=number,
            participant=one,
            kind=self.random.choice(RESTRICTED),
            how=self.random.choice(["off", "closed", "open"]),
        )
        return self.random.choice([
            restrict,
            restrict,
            restrict,
            wire.GiveFloor(id=number, participant=who),
            wire.TakeFloor(id=number, participant=one),
            wire.LowerHand(id=number, participant=one),
            wire.ClearAnswers(id=number),
            wire.AskToTurnOn(id=number, participants=[who, self.participant()], kind="camera"),
            self.settings(number),
            wire.SetSpotlight(id=number, participants=[who]),
            wire.Admit(id=number, waiting=None if one is None else waiting),
            wire.Decline(id=number, waiting=waiting),
            wire.SetHost(id=number, participant=who, host=self.random.random() < 0.6),
            wire.RemoveParticipant(id=number, participant=who, reason="other") if number % 4 == 0 else self.settings(1),
        ])

    def settings(self, number: int) -> wire.SetRoom:
        return wire.SetRoom(
            id=number,
            door=self.random.choice(["list", "knock", None]),
            locked=self.random.choice([True, False, None]),
            chat=self.random.choice(["all", "hosts", "off", None]),
            pupils_cameras=self.random.choice(["all", "hosts", None]),
        )


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=True), st.sampled_from(ROOMS), st.sampled_from(TWO_ADULTS))
def test_whatever_happens(random: Random, kind: wire.RoomKind, two_adults: TwoAdults) -> None:
    room = AnyLesson(a_setting(kind, two_adults))
    for host in HOSTS:
        room.join(host)
    life = Life(room, random)
    for _ in range(STEPS):
        life.happen()
    assert not room.state.over
    room.tell(commands.Finish())
    assert {link for link, _ in room.state.connected()} == set()
    assert room.state.desired("room").peers == []
