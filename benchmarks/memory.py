"""How much memory do the processes take at start, and how much more with each participant?

A demo school whose 5А has 29 pupils; lessons of 4, 10 and 30 synthetic participants with real media, one after
another on fresh servers, so that memory kept by an allocator after a larger lesson is not counted for a smaller one.
PSS shares the pages of libraries among the processes that map them; RSS counts them in each.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks import large_class
from benchmarks.processes import DemoSchool, demo_school, load, memory_mib
from benchmarks.tables import load_note, machine, number, table

ROOMS = (4, 10, 30)
PROCESSES = ("supervisor", "signaling", "sfu")

Memory = dict[str, tuple[float, float]]


def memory(school: DemoSchool) -> Memory:
    return {name: memory_mib(school.pids[name]) for name in PROCESSES}


def measure(data: Path, people: int, after: float) -> tuple[Memory, Memory]:
    """At start, and with a lesson of so many, some seconds after the last of them came."""
    with demo_school(data) as (school, line):
        at_start = memory(school)
        times = ("--quiet-ms", "50", "--warm-up", str(after), "--seconds", "1", "--hold")
        with load("lesson", "--demo", str(line), "--people", str(people), *times) as run:
            run.at("measured")
            with_people = memory(school)
            run.release()
            report = run.result()
    if report["connected"] != people or report["failures"]:
        raise RuntimeError(f"{report['connected']} of {people} were connected, {report['failures']} requests failed")
    return at_start, with_people


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--after", type=float, default=3, help="seconds of lesson before memory is read")
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), max(ROOMS) - 1)
        measured = {people: measure(Path(folder), people, options.after) for people in ROOMS}
    start = measured[ROOMS[0]][0]
    rows = []
    for name in PROCESSES:
        at = {people: after[name][1] for people, (_, after) in measured.items()}
        few, many = ROOMS[0], ROOMS[-1]
        each_kib = (at[many] - at[few]) / (many - few) * 1024
        rss, pss = start[name]
        rows.append([name, number(rss), number(pss), *(number(at[people]) for people in ROOMS), f"{each_kib:,.0f}"])
    header = ["MiB", "RSS at start", "PSS at start", *(f"PSS, {people} people" for people in ROOMS)]
    print(table([*header, f"KiB per participant ({ROOMS[0]} → {ROOMS[-1]})"], rows))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
