"""The rules that pupils are not left alone: media flow only while an adult of the school is in, and for a set time
after; and, where the school wants it so, not while one adult and one child are by themselves.

Pure. Called by supervision.py after whoever came or went; it must not know who the people are.
"""

import math
from dataclasses import dataclass, field
from typing import Literal

Rule = Literal["no_adult", "two_adults"]
TwoAdults = Literal["off", "log", "stop"]


@dataclass(frozen=True, slots=True)
class Flow:
    """`stops_at`: when the flow will stop by itself, unless somebody is back before. `why_not`: the rule by which
    nothing flows."""

    on: bool
    stops_at: float | None = None
    why_not: Rule | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """Who is in. `counting`: somebody who counts as an adult by the school's setting; `adults`, `children`: how many
    grown-ups of the school and how many pupils there are. `heard`: one of those who count is really there, not only
    held a place for while the network of that one may come back."""

    counting: bool = False
    adults: int = 0
    children: int = 0
    heard: bool = False

    @property
    def one_to_one(self) -> bool:
        return self.adults == 1 and self.children == 1

    @property
    def company(self) -> bool:
        """Adults and children, and not one to one."""
        return self.adults > 0 and self.children > 0 and not self.one_to_one


@dataclass(slots=True)
class Clock:
    """What the rules remember. `left_at`: when the last one who counts as an adult left, None before the first one has
    been in. `unheard_since`: since when nobody of them is really there; the minutes count from then.
    `company_left_at`: when the last others left one adult and one child behind; None while there is no such pair, and
    when the pair came together by itself. Seconds of the room's `now`."""

    present: Present = field(default_factory=Present)
    left_at: float | None = None
    company_left_at: float | None = None
    unheard_since: float | None = None

    def see(self, present: Present, now: float) -> None:
        before = self.present
        self.present = present
        if present.heard or not (before.counting or present.counting):
            self.unheard_since = None
        elif self.unheard_since is None:
            self.unheard_since = now
        if before.counting and not present.counting:
            self.left_at = self.unheard_since
        if not present.one_to_one:
            self.company_left_at = None
        elif before.company:
            self.company_left_at = now


def flow(clock: Clock, *, now: float, grace_seconds: float, two_adults: TwoAdults) -> Flow:
    if not clock.present.counting:
        return _until(clock.left_at, now, grace_seconds, "no_adult")
    if not clock.present.heard and now >= unheard_until(clock, grace_seconds):
        return Flow(on=False, why_not="no_adult")
    if two_adults == "stop" and clock.present.one_to_one:
        return _until(clock.company_left_at, now, grace_seconds, "two_adults")
    return Flow(on=True)


def unheard_until(clock: Clock, grace_seconds: float) -> float:
    """How long a place that is only held counts as an adult."""
    return math.inf if clock.unheard_since is None else clock.unheard_since + grace_seconds


def _until(left_at: float | None, now: float, grace_seconds: float, rule: Rule) -> Flow:
    if left_at is None or now >= left_at + grace_seconds:
        return Flow(on=False, why_not=rule)
    return Flow(on=True, stops_at=left_at + grace_seconds)
