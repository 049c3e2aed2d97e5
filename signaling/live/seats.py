"""Seats: what a room remembers of each member who has been in it, present or not.

A seat is never taken back while its room lives: it keeps participant id, source numbers, rights, mute and removal.
Whoever is in is so by one or two devices (devices.py): one person all the same, with one card, whose presence, media
and link follow from the devices. Plain data and the questions about it only; who changes what is in the modules that
decide (entrance.py, transport.py, handover.py, conduct.py and those that conduct.py names).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from signaling.live.commands import Link, Person
from signaling.live.devices import MAX_DEVICES, Arrival, Device, Presence, Transport
from signaling.live.messages import Layout, Media, Participant, Restricted, Rights, RoomRole, TrackKind
from signaling.live.sources import KINDS

# Of the school: the powers of hosts do not reach them, and no door holds them up.
STAFF_ROLES = frozenset[RoomRole]({"teacher", "staff", "observer"})
HowGone = Literal["left", "closed", "lost", "removed"]
# A page that closes may be a reload: while it does, its person is no less here than by a device whose network is gone.
_NEAREST_FIRST: Final = (Presence.HERE, Presence.CLOSING, Presence.LOST)
# Which of two devices makes room for a third one.
_LEAST_HERE_FIRST: Final = (Presence.CLOSING, Presence.LOST, Presence.HERE)


@dataclass(slots=True)
class Seat:
    """`closed`: what this person may not turn on; `floor`: the microphone may be on though it is closed. `hand`: Unix
    seconds. `layout`: as last set on any device. `known`: was in, or was let in at the door. `said`: ids of the last
    messages of this person in the chat. `devices`: in the order in which they came in; none when not present.
    `highest`: the last number of a connection at the node. `gone_since`: since when no device is really here."""

    participant: str
    person: Person
    sources: dict[TrackKind, int]
    muted: bool = False
    mutes: int = 0
    closed: frozenset[Restricted] = frozenset()
    floor: bool = False
    hand: float | None = None
    answer: Literal["yes", "no"] | None = None
    layout: Layout = field(default_factory=Layout)
    known: bool = False
    removed: bool = False
    said: list[str] = field(default_factory=list)
    highest: int = 0
    devices: list[Device] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    gone_since: float | None = None

    # ── of the person ──

    @property
    def present(self) -> bool:
        return bool(self.devices)

    @property
    def presence(self) -> Presence:
        found = {device.presence for device in self.devices}
        return next((each for each in _NEAREST_FIRST if each in found), Presence.ABSENT)

    @property
    def media(self) -> Media:
        """Each kind is sent by one device at most."""
        on = {kind: any(getattr(device.media, kind) for device in self.devices) for kind in KINDS}
        return Media(**on, screen_paused=any(device.media.screen_paused for device in self.devices))

    @property
    def staff(self) -> bool:
        return self.person.role in STAFF_ROLES

    @property
    def host(self) -> bool:
        return self.person.host

    @property
    def rights(self) -> Rights:
        return Rights(
            microphone="floor" if self.floor else self._right("microphone"),
            camera=self._right("camera"),
            screen=self._right("screen"),
        )

    def _right(self, kind: Restricted) -> Literal["open", "closed"]:
        return "closed" if kind in self.closed else "open"

    @property
    def link(self) -> Literal["here", "weak", "lost"]:
        """Weak by a device that matters to the others, or by which this person hears them."""
        if self.presence is Presence.LOST:
            return "lost"
        there = [device for device in self.devices if device.presence is not Presence.LOST]
        weak = any(device.line.quality == "weak" and (device.sound or device.sends) for device in there)
        return "weak" if weak else "here"

    def card(self) -> Participant:
        return Participant(
            id=self.participant,
            name=self.person.name,
            short_name=self.person.short_name,
            initials=self.person.initials,
            about=self.person.about,
            role=self.person.role,
            host=self.person.host,
            verified=self.person.verified,
            office=self.person.office,
            sources=self.sources,
            media=self.media,
            mute=self.mutes if self.muted else 0,
            rights=self.rights,
            hand=self.hand,
            answer=self.answer,
            link=self.link,
        )

    # ── of the devices ──

    def device_of_login(self, login: str) -> Device | None:
        return next((device for device in self.devices if device.login == login), None)

    def giving_way_to(self, login: str) -> Device | None:
        """Whose place a page of this browser takes: the browser's earlier page; one that was closed and is not on its
        way back; before a third browser, one of the two."""
        coming = {arrival.login for arrival in self.arrivals}
        closed = (each for each in self.devices if each.presence is Presence.CLOSING and each.login not in coming)
        gives = self.device_of_login(login) or next(closed, None)
        if gives is None and len(self.devices) >= MAX_DEVICES:
            gives = min(self.devices, key=lambda device: _LEAST_HERE_FIRST.index(device.presence))
        return gives

    def others(self, device: Device) -> list[Device]:
        return [each for each in self.devices if each is not device]

    def links(self) -> list[Link]:
        return [device.link for device in self.devices if device.link is not None]

    def all_transports(self) -> Iterator[tuple[Device | Arrival, Transport]]:
        """With whose each is."""
        for device in self.devices:
            for transport in device.transports:
                yield device, transport
        for arrival in self.arrivals:
            yield arrival, arrival.transport

    def hears(self, of: Device | Arrival) -> bool:
        """Whoever comes in beside another device comes in silent; who takes a device's place is as that one was."""
        device = of if isinstance(of, Device) else self.giving_way_to(of.login)
        return not self.devices if device is None else device.sound

    def withheld(self, arrival: Arrival) -> frozenset[TrackKind]:
        """What a newcomer may not bring: what the devices that stay send, and a voice where the lesson is not heard."""
        gives = self.giving_way_to(arrival.login)
        staying = [device.media for device in self.devices if device is not gives]
        sent = frozenset(kind for kind in KINDS if any(getattr(media, kind) for media in staying))
        return sent if self.hears(arrival) else sent | {"microphone"}

    def next_connection(self) -> int:
        """Each page counts its connections from 1; for the node the numbers of one person go on."""
        self.highest += 1
        return self.highest

    # ── what may be on ──

    def effective(self, wanted: Media, publish: frozenset[TrackKind]) -> Media:
        """What is on of what is wanted: nothing without a sender for it, nothing that is muted or closed."""
        may = {
            "microphone": not self.muted and (self.floor or "microphone" not in self.closed),
            "camera": "camera" not in self.closed,
            "screen": "screen" not in self.closed,
            "screen_sound": "screen" not in self.closed,
        }
        on = {kind: getattr(wanted, kind) and kind in publish and may[kind] for kind in KINDS}
        return Media(**on, screen_paused=wanted.screen_paused and on["screen"])

    def restrain(self) -> None:
        """After rights or mute have become less: whatever is on and may not be any more goes off."""
        for device in self.devices:
            device.media = self.effective(device.media, frozenset(self.sources))

    def turn_off(self, off: dict[str, bool]) -> None:
        """On every device, and at the door of the node: who is about to come in with it on is meant as well."""
        for each in self._all():
            each.media = msgspec.structs.replace(each.media, **off)

    def is_on(self, kind: Restricted) -> bool:
        """Here or about to be."""
        return any(getattr(each.media, kind) for each in self._all())

    def _all(self) -> list[Device | Arrival]:
        return [*self.devices, *self.arrivals]
