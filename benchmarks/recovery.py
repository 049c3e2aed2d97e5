"""How long are thirty people without pictures and sound, or without signalling, when a process is killed?

A lesson of thirty synthetic participants who view nine others each. `kill -9` of the media node, again and again: from
the kill to each participant's first whole picture, to the last picture of its page, and to the first sound, all by the
new connection that `media_reset` asks for. Then `kill -9` of signaling: from the kill to each participant's `resumed`,
the longest silence of their sound meanwhile, and the packets that were lost.
"""

import argparse
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from benchmarks.held_lesson import HEADER, HeldLesson, held_lesson, rest, spread
from benchmarks.processes import active_pid
from benchmarks.tables import load_note, machine, table

PEOPLE = 30
LIMIT_S = 15
# The supervisor counts a process as well after five seconds, and has its spare ready by then.
BETWEEN_S = 8.0

Seats = list[dict[str, Any]]


def kill(lesson: HeldLesson, name: str) -> int:
    """The moment, in nanoseconds of the clock that the generator reads."""
    pid = active_pid(lesson.school.pids["supervisor"], name)
    lesson.load.ask("watch")
    killed_ns = time.clock_gettime_ns(time.CLOCK_REALTIME)
    os.kill(pid, signal.SIGKILL)
    return killed_ns


def runs(lesson: HeldLesson, name: str, question: str, count: int) -> list[tuple[int, Seats]]:
    measured = []
    for _ in range(count):
        rest(BETWEEN_S)
        killed_ns = kill(lesson, name)
        measured.append((killed_ns, lesson.load.ask(f"{question} {LIMIT_S}")["seats"]))
        if len(measured[-1][1]) != lesson.people:
            raise RuntimeError(f"only {len(measured[-1][1])} of {lesson.people} are still in")
    return measured


def after(measured: list[tuple[int, Seats]], name: str) -> list[float | None]:
    """Milliseconds from the kill, of everybody in all runs."""
    return [
        None if seat[name] is None else (seat[name] - killed_ns) / 1e6
        for killed_ns, seats in measured
        for seat in seats
    ]


def of_node(measured: list[tuple[int, Seats]]) -> list[list[str]]:
    goal = "p95 ≤ 2,000, max ≤ 4,000"
    both = [
        None if picture is None or sound is None else max(picture, sound)
        for picture, sound in zip(after(measured, "pictures_ns"), after(measured, "sound_ns"), strict=True)
    ]
    return [
        spread("`media_reset` is heard", after(measured, "reset_ns"), ""),
        spread("first picture", after(measured, "picture_ns"), ""),
        spread("first sound", after(measured, "sound_ns"), ""),
        spread("sees all nine and hears", both, goal),
    ]


def of_signaling(measured: list[tuple[int, Seats]]) -> list[list[str]]:
    seats = [seat for _, seats in measured for seat in seats]
    complete = sum(seat["others"] == PEOPLE - 1 for seat in seats)
    lost = sum(seat["lost_packets"] for seat in seats)
    rows = [
        spread("`resumed`", after(measured, "resumed_ns"), "max ≤ 3,000"),
        spread("longest silence", [seat["longest_silence_ms"] for seat in seats], "media never stop"),
    ]
    rows.append([f"rosters complete: {complete} of {len(seats)}; packets lost: {lost:,}", "", "", "", "", "", "all; 0"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--of", choices=("sfu", "signaling", "both"), default="both")
    parser.add_argument("--markdown", action="store_true", help="only the tables")
    options = parser.parse_args()
    note = load_note()
    questions: dict[str, tuple[str, Callable[[list[tuple[int, Seats]]], list[list[str]]]]] = {
        "sfu": ("recovered", of_node),
        "signaling": ("resumed", of_signaling),
    }
    for name, (question, rows) in questions.items():
        if options.of not in (name, "both"):
            continue
        with held_lesson(PEOPLE) as lesson:
            measured = runs(lesson, name, question, options.runs)
        print(f"\n`kill -9` of {name}, {options.runs} runs with {PEOPLE} in the room:\n")
        print(table(HEADER, rows(measured)))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
