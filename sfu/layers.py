"""Which layer of each picture one peer gets: sizes of tiles, layers as they arrive, and what the peer reports
(REMB, loss) turned into a layer per slot. One `LayerChooser` per receiving peer, asked with every report; it
takes `now`, sends nothing, knows no rooms. Audio comes first, then the pictures in the order of the view.

A receiver's REMB stays near what it gets, so it tells that the link is full, not how much more would fit.
Hence a budget of our own: a report of trouble cuts it at once, calm seconds let it grow step by step, and
each growth that fails multiplies the wait before the next one. That is what keeps a picture from flapping, and
since all that is too much is taken from the sound as well, a paused picture is tried alone.
REMB alone takes no picture away: a receiver that gets less says less, and on a busy computer it says little while
nothing is lost. Only loss pauses pictures, last ones first; on a link that has lost, REMB is believed for some minutes.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

PAUSED = -1

# What a peer is believed to take before it said anything: three pupils and a teacher at tile size.
START_BUDGET_BPS = 4_000_000
MIN_BUDGET_BPS = 100_000
MAX_BUDGET_BPS = 50_000_000
# An Opus stream with its headers; reserved for each audio slot in use before any picture.
AUDIO_BPS = 50_000
# Loss is the worst of all slots, and two of fifteen packets of a small picture are 13 %: only much of it counts
# at once, less when it stays.
SEVERE_LOSS = 0.25
HIGH_LOSS = 0.10
LOW_LOSS = 0.05
# Of all packets, where no slow picture exaggerates: a line that is a little too full loses this for ever.
HIGH_LOSS_OF_ALL = 0.05
_LOSS_MEMORY_S = 2.0
CALM_S = 2.0
LONGEST_CALM_S = 64.0
_IMPATIENCE = 4.0
# Trouble so soon after something was added is of that: reports come every second, and a queue takes one to fill.
_TRIED_S = 6.0
# After that long without trouble a former failure says nothing about the link any more.
FORGET_FAILURE_S = 180.0
# A line that has lost under its load is full at what REMB says. Longer keeps pictures of a busy computer away that it
# could take, shorter floods a thin line with all of them at once.
FORGET_LOSS_S = 300.0
_GROWTH = 1.5
_CUT = 0.85
# A single overuse, real or not, takes REMB to 0.85 of what arrives; trouble is what takes it further down.
_REMB_SLACK = 0.8
# Upward only with room to spare, downward only when really above: between the two nothing moves.
_ROOM_TO_RISE = 1.1
# A tile may be a little larger than its picture before the next layer is worth its bits.
_STRETCH = 1.3


class Layer(msgspec.Struct, frozen=True):
    """One simulcast layer as it arrives; bitrate 0 is silent."""

    bitrate_bps: int
    width: int
    height: int


class Demand(msgspec.Struct, frozen=True):
    """A slot with a picture on it: tile in device pixels, and the layers of its source from the smallest up."""

    slot: int
    source: int
    width: int
    height: int
    layers: tuple[Layer, ...]


class Feedback(msgspec.Struct, frozen=True):
    """What the peer said last: REMB (−1: nothing yet), the worst loss of the last second, and that of all packets."""

    remb_bps: int
    fraction_lost: float
    fraction_lost_down: float = 0.0


class _Choice(msgspec.Struct):
    source: int
    layer: int
    settled: bool
    rise_since: float | None = None


class _Load(msgspec.Struct, frozen=True):
    """What is sent; `next_bps` is what the first of the paused pictures would add."""

    pictures_bps: float
    audio_bps: float
    next_bps: float


HeldBack = Literal["none", "fewer", "all"]
Mood = Literal["trouble", "calm", "uneasy"]


class LayerChooser:
    def __init__(self) -> None:
        self._budget_bps = float(START_BUDGET_BPS)
        self._calm_s = CALM_S
        self._changed_at = float("-inf")
        self._rose_at: float | None = None
        self._trouble_at = float("-inf")
        self._usual_loss = 0.0
        self._usual_loss_of_all = 0.0
        self._lost_at = float("-inf")
        self._asked_at: float | None = None
        self._choices: dict[int, _Choice] = {}
        self.held_back: HeldBack = "none"
        """Of the pictures that were asked for last."""
        self.is_short = False
        """Some of them are smaller than asked for, since the link lost."""

    def choose(self, demands: Sequence[Demand], audio_slots: int, feedback: Feedback, now: float) -> dict[int, int]:
        """`demands` in the order of the view. Gives the layer of each slot, PAUSED where not even the smallest fits."""
        self._follow(demands)
        self._remember_loss(feedback, now)
        self._adapt(self._load(demands, audio_slots), feedback, now)
        smallest = [_smallest(demand) for demand in demands]
        least_bps = [_bitrate(demand, layer) for demand, layer in zip(demands, smallest, strict=True)]
        self._keep_all(AUDIO_BPS * audio_slots + sum(least_bps), feedback, now)
        goals = self._goals(demands, smallest, least_bps, self._budget_bps - AUDIO_BPS * audio_slots)
        for demand in demands:
            self._move(self._choices[demand.slot], demand, goals[demand.slot], now)
        layers = {demand.slot: self._choices[demand.slot].layer for demand in demands}
        paused = sum(layer == PAUSED for layer in layers.values())
        self.held_back = "none" if not paused else "fewer" if paused < len(layers) else "all"
        self.is_short = self._has_lost(now) and any(layers[demand.slot] < _fitting(demand) for demand in demands)
        return layers

    def _follow(self, demands: Sequence[Demand]) -> None:
        slots = {demand.slot: demand for demand in demands}
        for slot in [s for s, c in self._choices.items() if s not in slots or slots[s].source != c.source]:
            del self._choices[slot]
        for demand in demands:
            self._choices.setdefault(demand.slot, _Choice(demand.source, 0, settled=False))

    def _load(self, demands: Sequence[Demand], audio_slots: int) -> _Load:
        paused = [demand for demand in demands if self._choices[demand.slot].layer == PAUSED]
        return _Load(
            pictures_bps=float(sum(_bitrate(demand, self._choices[demand.slot].layer) for demand in demands)),
            audio_bps=float(AUDIO_BPS * audio_slots),
            next_bps=float(_bitrate(paused[0], _smallest(paused[0]))) if paused else 0.0,
        )

    def _loses(self, feedback: Feedback) -> bool:
        usually = self._usual_loss > HIGH_LOSS or self._usual_loss_of_all > HIGH_LOSS_OF_ALL
        return usually or feedback.fraction_lost > SEVERE_LOSS

    def _has_lost(self, now: float) -> bool:
        return now - self._lost_at <= FORGET_LOSS_S

    def _mood(self, pictures_bps: float, feedback: Feedback) -> Mood:
        """REMB is held against the pictures only: Firefox and aiortc leave audio out of it."""
        if self._loses(feedback) or 0 <= feedback.remb_bps < _REMB_SLACK * pictures_bps:
            return "trouble"
        return "calm" if self._usual_loss < LOW_LOSS else "uneasy"

    def _remember_loss(self, feedback: Feedback, now: float) -> None:
        passed_s = 0.0 if self._asked_at is None else now - self._asked_at
        weight = 1 - math.exp(-passed_s / _LOSS_MEMORY_S)
        self._usual_loss += (feedback.fraction_lost - self._usual_loss) * weight
        self._usual_loss_of_all += (feedback.fraction_lost_down - self._usual_loss_of_all) * weight
        self._asked_at = now

    def _keep_all(self, least_bps: float, feedback: Feedback, now: float) -> None:
        """While nothing was lost for long, the smallest layer of every picture fits whatever REMB says."""
        if self._loses(feedback):
            self._lost_at = now
        elif not self._has_lost(now):
            self._budget_bps = max(self._budget_bps, least_bps)

    def _adapt(self, load: _Load, feedback: Feedback, now: float) -> None:
        mood = self._mood(load.pictures_bps, feedback)
        if mood == "trouble":
            # One cut a second: the next report still tells of the time before it.
            if now - self._trouble_at >= 1.0:
                self._cut(load, feedback, now)
        elif mood == "calm":
            if now - self._trouble_at > FORGET_FAILURE_S:
                self._calm_s = CALM_S
            if now - self._changed_at >= self._calm_s:
                self._budget_bps = min(self._grown(load, feedback), MAX_BUDGET_BPS)
                self._changed_at = now

    def _grown(self, load: _Load, feedback: Feedback) -> float:
        if load.next_bps:
            return max(self._budget_bps, load.pictures_bps + load.audio_bps + load.next_bps)
        return max(self._budget_bps * _GROWTH, float(feedback.remb_bps))

    def _cut(self, load: _Load, feedback: Feedback, now: float) -> None:
        if self._rose_at is not None and now - self._rose_at < _TRIED_S:
            self._calm_s = min(_IMPATIENCE * self._calm_s, LONGEST_CALM_S)
        arrives = min(_CUT, 1.0 - feedback.fraction_lost_down)
        budget_bps = min(self._budget_bps, load.pictures_bps + load.audio_bps) * arrives
        if feedback.remb_bps >= 0:
            budget_bps = min(budget_bps, feedback.remb_bps + load.audio_bps)
        self._budget_bps = max(budget_bps, MIN_BUDGET_BPS)
        self._changed_at = self._trouble_at = now
        self._rose_at = None

    def _goals(
        self, demands: Sequence[Demand], smallest: Sequence[int], least_bps: Sequence[int], budget_bps: float
    ) -> Mapping[int, int]:
        """The smallest layer for all as far as it goes, then the first pictures up to the size of their tiles."""
        goals: dict[int, int] = {}
        for demand, layer, cost in zip(demands, smallest, least_bps, strict=True):
            goals[demand.slot] = layer if cost <= budget_bps or not goals else PAUSED
            budget_bps -= cost if goals[demand.slot] != PAUSED else 0
        for demand in demands:
            base = goals[demand.slot]
            if base == PAUSED:
                continue
            for layer in range(_fitting(demand), base, -1):
                current = self._choices[demand.slot].layer
                margin = _ROOM_TO_RISE if layer > current and self._choices[demand.slot].settled else 1.0
                extra = _bitrate(demand, layer) - _bitrate(demand, base)
                if _bitrate(demand, layer) and extra * margin <= budget_bps:
                    goals[demand.slot] = layer
                    budget_bps -= extra
                    break
        return goals

    def _move(self, choice: _Choice, demand: Demand, goal: int, now: float) -> None:
        if not _bitrate(demand, _smallest(demand)):
            return
        is_gone = choice.layer != PAUSED and _bitrate(demand, choice.layer) == 0
        if not choice.settled or is_gone or goal < choice.layer:
            choice.layer, choice.settled, choice.rise_since = goal, True, None
        elif goal == choice.layer:
            choice.rise_since = None
        elif choice.rise_since is None:
            choice.rise_since = now
        elif now - choice.rise_since >= CALM_S:
            choice.layer, choice.rise_since = goal, None
            self._rose_at = now


def _bitrate(demand: Demand, layer: int) -> int:
    return demand.layers[layer].bitrate_bps if 0 <= layer < len(demand.layers) else 0


def _smallest(demand: Demand) -> int:
    for index, layer in enumerate(demand.layers):
        if layer.bitrate_bps:
            return index
    return 0


def _fitting(demand: Demand) -> int:
    """The smallest layer that fills the tile, or the largest there is."""
    fitting = 0
    for index, layer in enumerate(demand.layers):
        if layer.bitrate_bps:
            fitting = index
            if layer.width * _STRETCH >= demand.width or layer.height * _STRETCH >= demand.height:
                break
    return fitting
