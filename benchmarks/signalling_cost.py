"""How many messages and bytes of signalling does one join cost everybody together, at 4, 10 and 30 people?

A demo school whose 5А has 29 pupils; the teacher and all of them join one after another through signaling, with real
media, and every participant views up to nine others, as pages do. Counted are the payloads of the WebSocket of all
participants, both directions, from a join until all is quiet; `speaking`, which comes from voices and
not from the join, is left out.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import large_class
from benchmarks.processes import demo_school, measure_load
from benchmarks.tables import load_note, machine, number, table

ROOMS = (4, 10, 30)
QUIET_MS = 700
# Said by, or to, the one who joins, whatever the others do.
OWN = ("join", "joined")


def join_costs(people: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        large_class.found(Path(folder), people - 1)
        with demo_school(Path(folder)) as (_, line):
            result = measure_load(
                "lesson", "--demo", str(line), "--people", str(people), "--quiet-ms", str(QUIET_MS), "--seconds", "1"
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
    return {
        "messages": str(messages),
        "messages per person (goal: does not grow)": number(messages / people),
        "bytes": f"{size:,}",
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markdown", action="store_true", help="only the tables")
    options = parser.parse_args()
    note = load_note()
    joins = [join for join in join_costs(max(ROOMS)) if join["people"] in ROOMS]
    counted = [columns(join) for join in joins]
    header = ["one join into a room of", *(f"{join['people']} people" for join in joins)]
    print(table(header, [[name, *(each[name] for each in counted)] for name in counted[0]]))
    print(f"\n{by_type(joins)}")
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
