"""How many messages and bytes of signalling does one join cost everybody together, at 30, 100 and 300 people?

A demo school whose 5А is large enough; the teacher and the pupils join one after another through signaling, every
participant views up to nine others, as pages do. They connect to the media node and send nothing, so that one
machine holds them all. Counted are the payloads of the WebSockets of all participants, both directions, from a join
until all is quiet; `speaking`, which comes from voices and not from the join, is left out.
"""

import argparse
import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import large_class
from benchmarks.processes import demo_school, measure_load
from benchmarks.tables import load_note, machine, number, table

ROOMS = (30, 100, 300)
QUIET_MS = 1500
# Said by, or to, the one who joins, whatever the others do.
OWN = ("join", "joined")


def join_costs(rooms: Sequence[int]) -> list[dict[str, Any]]:
    people = max(rooms)
    counted = ("--count-at", ",".join(map(str, rooms)), "--quiet-ms", str(QUIET_MS))
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), people - 1)
        with demo_school(Path(folder)) as (_, line):
            result = measure_load(
                "lesson", "--demo", str(line), "--people", str(people), "--still", *counted, "--seconds", "1"
            )
    if result["failures"] or result["closed"]:
        raise RuntimeError(f"{result['failures']} requests failed, closed: {result['closed']}")
    joins: list[dict[str, Any]] = result["joins"]
    return joins


def cost(join: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Messages and bytes by type."""
    sides = join["traffic"]["said"], join["traffic"]["heard"]
    return {
        name: (tally["messages"], tally["bytes"])
        for side in sides
        for name, tally in side.items()
        if name != "speaking"
    }


def columns(join: dict[str, Any]) -> dict[str, str]:
    by_type = cost(join)
    messages, size = (sum(tally[index] for tally in by_type.values()) for index in (0, 1))
    own = sum(by_type[name][1] for name in OWN)
    people = join["people"]
    heard = sum(tally["bytes"] for name, tally in join["traffic"]["heard"].items() if name != "speaking")
    return {
        "messages": str(messages),
        "messages per person (goal: does not grow)": number(messages / people),
        "bytes": f"{size:,}",
        "· to all": f"{heard:,}",
        "· to all, per person present (goal: ≤ 1,536)": f"{heard / people:,.0f}",
        "· the joiner's offer and answer": f"{own:,}",
        "· the rest": f"{size - own:,}",
        "· the rest per person": f"{(size - own) / people:,.0f}",
    }


def by_type(joins: list[dict[str, Any]]) -> str:
    costs = [cost(join) for join in joins]
    names = sorted({name for each in costs for name in each}, key=lambda name: -costs[-1].get(name, (0, 0))[1])
    header = ["messages / bytes", *(f"{join['people']} people" for join in joins)]
    cells = [[" / ".join(f"{value:,}" for value in each.get(name, (0, 0))) for each in costs] for name in names]
    return table(header, [[f"`{name}`", *row] for name, row in zip(names, cells, strict=True)])


def slope(joins: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    """Bytes by which a join grows with each person who is present, between neighbouring rooms."""
    sizes = [(join["people"], sum(cost(join).get(name, (0, 0))[1] for name in names)) for join in joins]
    steps = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in itertools.pairwise(sizes)]
    return " and ".join(f"{step:,.0f}" for step in steps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, nargs="+", default=ROOMS)
    parser.add_argument("--markdown", action="store_true", help="only the tables")
    options = parser.parse_args()
    note = load_note()
    joins = join_costs(options.rooms)
    counted = [columns(join) for join in joins]
    header = ["one join into a room of", *(f"{join['people']} people" for join in joins)]
    print(table(header, [[name, *(each[name] for each in counted)] for name in counted[0]]))
    print(f"\n{by_type(joins)}")
    names = {name for join in joins for name in cost(join)}
    print(f"\nEach person more adds {slope(joins, sorted(names))} bytes to a join between these rooms.")
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
