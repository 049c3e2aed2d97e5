"""The numbered events of a room and the last of them, for those who were away for a moment; and who hears which.

Pure. Used by the state of a room only.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from signaling.live.messages import ChatMessage, DoorChanged, RoomEvent

# A lesson of 30 makes some 100 events in its first minute; who missed more gets a snapshot, which is about as long.
KEPT = 256


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody, or the hosts and at most one person more."""

    hosts_only: bool = False
    and_also: str | None = None

    def includes(self, participant: str, *, host: bool) -> bool:
        return not self.hosts_only or host or participant == self.and_also


EVERYBODY: Final = Audience()
HOSTS: Final = Audience(hosts_only=True)


def readers_of(message: ChatMessage) -> Audience:
    return EVERYBODY if message.to == "all" else Audience(hosts_only=True, and_also=message.author)


class EventLog:
    def __init__(self, seq: int = 0) -> None:
        self._events: deque[tuple[RoomEvent, Audience]] = deque(maxlen=KEPT)
        self.seq = seq

    def next_seq(self) -> int:
        return self.seq + 1

    def append(self, event: RoomEvent, audience: Audience) -> None:
        self.seq = event.seq
        self._events.append((event, audience))

    def since(self, last_seq: int, hears: Callable[[Audience], bool]) -> list[RoomEvent] | None:
        """None when the missed ones are not all here, or the number is none that this room has given. Of the states of
        the door only the last one matters."""
        if last_seq == self.seq:
            return []
        if last_seq > self.seq or not self._events or last_seq < self._events[0][0].seq - 1:
            return None
        missed = [event for event, audience in self._events if event.seq > last_seq and hears(audience)]
        door = max((event.seq for event in missed if isinstance(event, DoorChanged)), default=0)
        return [event for event in missed if not isinstance(event, DoorChanged) or event.seq == door]
