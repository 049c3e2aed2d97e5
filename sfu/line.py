"""How one peer's line carries, as people would say it: good or weak, and whether pictures are held back. One
`LineWatch` per peer, told with every report; `room.py` passes on what it says. It takes `now`, sends nothing and
decides nothing about media.

A line is weak after trouble that lasts, and good again after a long calm, so that a mark on a person does not blink:
loss either way, a long round trip, pictures that are not sent or are smaller than what was asked for.
"""

import math
from typing import Literal

import msgspec

from sfu.layers import HeldBack

Quality = Literal["good", "weak"]

# A connection that is being made loses, and its first pictures come all at once.
UNJUDGED_S = 5.0
WEAK_AFTER_S = 2.0
GOOD_AFTER_S = 10.0
# Pictures come back one after another: said when it stays so.
MORE_HELD_AFTER_S = 2.0
LESS_HELD_AFTER_S = 3.0
# Opus in a browser hides a few percent; at five it is heard. Between the two nothing changes.
LOSS_TROUBLE, LOSS_CALM = 0.05, 0.03
RTT_TROUBLE_MS, RTT_CALM_MS = 600, 400
_LOSS_MEMORY_S = 2.0
# One report of a moment without any line counts no more than this: by itself it is no weak line.
_MOST_LOSS = 0.25
_ORDER: tuple[HeldBack, ...] = ("none", "fewer", "all")


class LineReport(msgspec.Struct, frozen=True, kw_only=True):
    """`lost_down`, `lost_up`: 0…1 of all packets of the last second. `rtt_ms`: −1 until known. `is_short`: what the
    peer asked to see does not fit."""

    lost_down: float
    lost_up: float
    rtt_ms: int
    held_back: HeldBack
    is_short: bool


class LineVerdict(msgspec.Struct, frozen=True):
    quality: Quality = "good"
    held_back: HeldBack = "none"


class LineWatch:
    def __init__(self, now: float) -> None:
        self.verdict = LineVerdict()
        self._since = now
        self._told_at = now
        self._lost_down = 0.0
        self._lost_up = 0.0
        self._quality_since: float | None = None
        self._held_since: float | None = None

    def observe(self, report: LineReport, now: float) -> None:
        passed_s, self._told_at = now - self._told_at, now
        weight = 1 - math.exp(-passed_s / _LOSS_MEMORY_S)
        self._lost_down += (min(report.lost_down, _MOST_LOSS) - self._lost_down) * weight
        self._lost_up += (min(report.lost_up, _MOST_LOSS) - self._lost_up) * weight
        if now - self._since >= UNJUDGED_S:
            self.verdict = LineVerdict(self._judge(report, now), self._held(report.held_back, now))

    def _judge(self, report: LineReport, now: float) -> Quality:
        quality = self.verdict.quality
        is_other = self._is_trouble(report) if quality == "good" else self._is_calm(report)
        self._quality_since = _start(self._quality_since, now) if is_other else None
        wait_s = WEAK_AFTER_S if quality == "good" else GOOD_AFTER_S
        if self._quality_since is None or now - self._quality_since < wait_s:
            return quality
        self._quality_since = None
        return "weak" if quality == "good" else "good"

    def _is_trouble(self, report: LineReport) -> bool:
        lost = max(self._lost_down, self._lost_up)
        return lost > LOSS_TROUBLE or report.rtt_ms > RTT_TROUBLE_MS or report.held_back != "none" or report.is_short

    def _is_calm(self, report: LineReport) -> bool:
        lost = max(self._lost_down, self._lost_up)
        is_whole = report.held_back == "none" and not report.is_short
        return lost < LOSS_CALM and report.rtt_ms < RTT_CALM_MS and is_whole

    def _held(self, seen: HeldBack, now: float) -> HeldBack:
        held = self.verdict.held_back
        self._held_since = _start(self._held_since, now) if seen != held else None
        is_more = _ORDER.index(seen) > _ORDER.index(held)
        wait_s = MORE_HELD_AFTER_S if is_more else LESS_HELD_AFTER_S
        if self._held_since is None or now - self._held_since < wait_s:
            return held
        self._held_since = None
        return seen


def _start(since: float | None, now: float) -> float:
    return now if since is None else since
