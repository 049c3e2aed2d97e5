"""A lesson that stays while a benchmark asks the generator for moments of it: turns, mutes, kills and their ends."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import large_class
from benchmarks.processes import LOAD_CORE, SERVER_CORE, DemoSchool, Load, demo_school, load
from benchmarks.tables import number, percentile


@dataclass(frozen=True)
class HeldLesson:
    school: DemoSchool
    load: Load
    people: int


@contextmanager
def held_lesson(people: int, *arguments: str, pinned: bool = True, places: int = 0) -> Iterator[HeldLesson]:
    """With so many synthetic participants, the teacher first, all of them connected and viewing nine others. `places`:
    pupils of the class more than that, for pages of a browser."""
    server, generator = (SERVER_CORE, LOAD_CORE) if pinned else (None, None)
    course = ("--people", str(people), "--quiet-ms", "50", "--warm-up", "3", "--seconds", "1", "--hold")
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), people - 1 + places)
        with (
            demo_school(Path(folder), core=server) as (school, line),
            load("lesson", "--demo", str(line), *course, *arguments, core=generator) as run,
        ):
            report = run.report()
            if report["connected"] != people or report["failures"]:
                raise RuntimeError(f"{report['connected']} of {people} were connected, {report['failures']} failures")
            yield HeldLesson(school, run, people)
            run.release()
            failures = run.result()["failures"]
            if failures:
                print(f"{failures} requests of the generator failed:\n{run.complaints()}", file=sys.stderr)


def rest(seconds: float) -> None:
    """Between two moments, so that one does not measure the other's end."""
    time.sleep(seconds)


def spread(name: str, values: Sequence[float | None], goal: str) -> list[str]:
    """A row of a table; what never came is said, and counts as infinite."""
    never = sum(value is None for value in values)
    known = [float("inf") if value is None else value for value in values]
    shown = ["never" if value == float("inf") else number(value) for value in _quantiles(known)]
    return [name, *shown, f"{len(values)}{f' ({never} never)' if never else ''}", goal]


HEADER = ["ms", "p50", "p95", "p99", "max", "samples", "goal"]


def _quantiles(values: Sequence[float]) -> list[float]:
    return [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)]
