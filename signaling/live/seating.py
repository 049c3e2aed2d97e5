"""The seats of a room and the ways to find one: by participant, connection, member and session.

Pure. The state of a room is one; nothing here decides who sits where.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from signaling.live.commands import Link
from signaling.live.devices import Device
from signaling.live.seats import Seat


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose request it is: the person, the device that asks, and the connection that gets the reply."""

    seat: Seat
    device: Device
    link: Link


class Seating:
    """`seats` by participant id; add with `add_seat` only."""

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}
        self._by_link: dict[Link, Asker] = {}
        self._by_member: dict[str, Seat] = {}
        self._by_session: dict[str, tuple[Seat, Device]] = {}

    def asker(self, link: Link) -> Asker | None:
        return self._by_link.get(link)

    def seat_of_link(self, link: Link) -> Seat | None:
        found = self._by_link.get(link)
        return None if found is None else found.seat

    def seat_of_member(self, member: str) -> Seat | None:
        return self._by_member.get(member)

    def device_of_session(self, session_digest: str) -> tuple[Seat, Device] | None:
        return self._by_session.get(session_digest)

    def present(self) -> list[Seat]:
        return [seat for seat in self.seats.values() if seat.present]

    def connected(self) -> Iterator[tuple[Link, Seat]]:
        """Every device that has a connection."""
        return ((link, found.seat) for link, found in self._by_link.items())

    def add_seat(self, seat: Seat) -> None:
        self.seats[seat.participant] = seat
        self._by_member[seat.person.member] = seat
        for device in seat.devices:
            self._by_session[device.session_digest] = (seat, device)

    def add_device(self, seat: Seat, device: Device) -> None:
        seat.devices.append(device)
        self._by_session[device.session_digest] = (seat, device)

    def take_device(self, seat: Seat, device: Device) -> None:
        """Out of the room; nothing resumes it any more."""
        self.unbind(device)
        self._by_session.pop(device.session_digest, None)
        seat.devices = seat.others(device)

    def bind(self, seat: Seat, device: Device, link: Link) -> None:
        device.link = link
        self._by_link[link] = Asker(seat, device, link)

    def unbind(self, device: Device) -> None:
        if device.link is not None:
            self._by_link.pop(device.link, None)
            device.link = None
