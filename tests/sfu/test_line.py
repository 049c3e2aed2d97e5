"""When a line is called weak, when good again, and that neither blinks."""

import itertools
import random

import pytest

from sfu.layers import HeldBack
from sfu.line import GOOD_AFTER_S, UNJUDGED_S, WEAK_AFTER_S, LineReport, LineVerdict, LineWatch

STEP_S = 0.2


def report(
    down: float = 0.0, up: float = 0.0, rtt_ms: int = 40, held_back: HeldBack = "none", *, is_short: bool = False
) -> LineReport:
    return LineReport(lost_down=down, lost_up=up, rtt_ms=rtt_ms, held_back=held_back, is_short=is_short)


FINE = report()
TROUBLES = [
    ("loss on the way down", report(down=0.1)),
    ("loss on the way up", report(up=0.1)),
    ("a long round trip", report(rtt_ms=900)),
    ("pictures that are held back", report(held_back="fewer")),
    ("pictures that are smaller than asked for", report(is_short=True)),
]


class Watched:
    """Told every 200 ms, as reports come."""

    def __init__(self) -> None:
        self.now = 100.0
        self.watch = LineWatch(self.now)
        self.history: list[LineVerdict] = []

    def run(self, seconds: float, given: LineReport = FINE) -> LineVerdict:
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            self.watch.observe(given, self.now)
            self.history.append(self.watch.verdict)
        return self.watch.verdict

    def changes(self) -> int:
        return sum(before != after for before, after in itertools.pairwise(self.history))


@pytest.fixture
def watched() -> Watched:
    """A line that has been fine for some time."""
    watched = Watched()
    watched.run(UNJUDGED_S + 5)
    return watched


@pytest.mark.parametrize(("case", "trouble"), TROUBLES)
def test_trouble_that_lasts_makes_a_line_weak(case: str, trouble: LineReport, watched: Watched) -> None:
    assert watched.run(WEAK_AFTER_S - STEP_S, trouble).quality == "good", case
    assert watched.run(3, trouble).quality == "weak", case


@pytest.mark.parametrize(("case", "trouble"), TROUBLES)
def test_only_a_long_calm_makes_it_good_again(case: str, trouble: LineReport, watched: Watched) -> None:
    watched.run(10, trouble)
    assert watched.run(GOOD_AFTER_S - 1).quality == "weak", case
    assert watched.run(5).quality == "good", case


def test_nothing_is_said_of_the_first_seconds(watched: Watched) -> None:
    young = Watched()
    assert young.run(UNJUDGED_S - STEP_S, report(down=0.5, held_back="fewer")) == LineVerdict("good", "none")


def test_a_second_without_a_line_is_no_weak_line(watched: Watched) -> None:
    watched.run(1, report(down=1.0, up=1.0))
    watched.run(10)
    assert watched.changes() == 0


@pytest.mark.parametrize("period_s", [1.0, 3.0, 6.0])
def test_trouble_that_comes_and_goes_does_not_blink(period_s: float, watched: Watched) -> None:
    for _ in range(round(120 / period_s)):
        watched.run(period_s / 2, report(down=0.2))
        watched.run(period_s / 2)
    assert watched.changes() <= 1


def test_two_percent_of_random_loss_is_a_good_line(watched: Watched) -> None:
    dice = random.Random(3)  # noqa: S311 - repeatable loss, not a secret
    for _ in range(300):
        watched.run(1, report(down=sum(dice.random() < 0.02 for _ in range(100)) / 100))
    assert watched.changes() == 0


def test_ten_percent_of_random_loss_is_a_weak_line_throughout(watched: Watched) -> None:
    dice = random.Random(3)  # noqa: S311 - repeatable loss, not a secret
    for _ in range(300):
        watched.run(1, report(down=sum(dice.random() < 0.10 for _ in range(100)) / 100))
    assert watched.changes() == 1
    assert watched.watch.verdict.quality == "weak"


def test_held_back_pictures_are_said_when_it_stays_so(watched: Watched) -> None:
    assert watched.run(1, report(held_back="fewer")).held_back == "none"
    assert watched.run(2, report(held_back="fewer")).held_back == "fewer"
    assert watched.run(2.4, report(held_back="all")).held_back == "all"
    assert watched.run(2).held_back == "all"
    assert watched.run(2).held_back == "none"


def test_a_picture_that_is_tried_and_taken_away_again_is_not_said(watched: Watched) -> None:
    watched.run(10, report(held_back="fewer"))
    before = watched.changes()
    for _ in range(10):
        watched.run(2)
        watched.run(8, report(held_back="fewer"))
    assert watched.changes() == before
