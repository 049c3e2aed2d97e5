"""Figures as Markdown, and the line that says on which machine and how busy it was they came about."""

import math
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; NaN of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else math.nan


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def number(value: float) -> str:
    """Three figures that mean something."""
    if math.isnan(value):
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(seconds: Iterable[float]) -> list[str]:
    """The cells p50, p95, max and how many."""
    found = list(seconds)
    return [*(number(percentile(found, share)) for share in (0.5, 0.95, 1.0)), str(len(found))]


def machine() -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores {cpu}, Linux {platform.release()}, Python {platform.python_version()}"


def load_note() -> str:
    """How many processes wanted a core in the last minute: more than one at the start means that others worked here."""
    return f"load average before the run {os.getloadavg()[0]:.1f}"
