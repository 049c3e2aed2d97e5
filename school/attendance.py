"""Who was in a room, when and how long: pure arithmetic from the intervals that the room noted.

Called by usecases/attendance.py with the clock's reading. It must not know people or databases.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MERGED_GAP = timedelta(seconds=60)
"""An absence up to this long is an interruption of one stay. Longer: who left and came back soon was never away."""
LATE_AFTER = timedelta(minutes=5)
"""Whoever first came later than this after the beginning is late."""
_MINUTE = timedelta(minutes=1)

Status = Literal["here", "late", "gone", "never"]


@dataclass(frozen=True)
class Stay:
    """`left_at` is None while its person is in."""

    came_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class Hours:
    """`begins_at`: when everybody could be in. `bell_at`: its end by the timetable. `closed_at`: when the room was
    closed; None while it is open."""

    begins_at: datetime
    bell_at: datetime
    closed_at: datetime | None
    now: datetime

    @property
    def until(self) -> datetime:
        return self.now if self.closed_at is None else self.closed_at


@dataclass(frozen=True)
class Record:
    """`late_minutes` is 0 for whoever was in time; it stays for who came late and has gone."""

    status: Status
    late_minutes: int
    present: timedelta
    stays: tuple[Stay, ...]

    @property
    def minutes(self) -> int:
        return self.present // _MINUTE


def record_of(noted: Iterable[Stay], hours: Hours) -> Record:
    """What one person's intervals come to."""
    stays = _merged(noted, hours)
    if not stays:
        return Record("never", 0, timedelta(), ())
    late = stays[0].came_at - hours.begins_at
    late_minutes = late // _MINUTE if late > LATE_AFTER else 0
    present = sum((max(stay.left_at or hours.until, stay.came_at) - stay.came_at for stay in stays), timedelta())
    return Record(_status(stays[-1], late_minutes, hours), late_minutes, present, stays)


def _status(last: Stay, late_minutes: int, hours: Hours) -> Status:
    """While the room is open: who is in. Afterwards: who stayed to the end."""
    if last.left_at is not None:
        end = None if hours.closed_at is None else min(hours.closed_at, hours.bell_at)
        if end is None or last.left_at < end - MERGED_GAP:
            return "gone"
    return "late" if late_minutes else "here"


def _merged(noted: Iterable[Stay], hours: Hours) -> tuple[Stay, ...]:
    merged: list[Stay] = []
    for stay in sorted((_closed(stay, hours) for stay in noted), key=lambda stay: stay.came_at):
        before = merged[-1] if merged else None
        if before is None or (before.left_at is not None and stay.came_at - before.left_at > MERGED_GAP):
            merged.append(stay)
        else:
            merged[-1] = Stay(before.came_at, _later(before.left_at, stay.left_at))
    return tuple(merged)


def _closed(stay: Stay, hours: Hours) -> Stay:
    """Nobody is in a closed room, and nobody left before they came, whatever two clocks say."""
    left_at = hours.closed_at if stay.left_at is None else stay.left_at
    return Stay(stay.came_at, None if left_at is None else max(left_at, stay.came_at))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)
