"""The numbered events of a room and the last of them, for those who were away for a moment.

Pure. Used by the state of a room only.
"""

from collections import deque

from signaling.live.messages import RoomEvent

# A lesson of 30 makes some 100 events in its first minute; who missed more gets a snapshot, which is about as long.
KEPT = 256


class EventLog:
    def __init__(self) -> None:
        self._events: deque[RoomEvent] = deque(maxlen=KEPT)
        self.seq = 0

    def next_seq(self) -> int:
        return self.seq + 1

    def append(self, event: RoomEvent) -> None:
        self.seq = event.seq
        self._events.append(event)

    def since(self, last_seq: int) -> list[RoomEvent] | None:
        """None when the missed ones are not all here, or the number is none that this room has given."""
        if last_seq == self.seq:
            return []
        if last_seq > self.seq or not self._events or last_seq < self._events[0].seq - 1:
            return None
        return [event for event in self._events if event.seq > last_seq]
