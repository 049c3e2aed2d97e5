"""How long after the teacher's command is the last packet of a muted or removed person forwarded?

Thirty synthetic participants who all go on sending, as a client would that does not obey. Once through the whole
product: from the teacher's `restrict` (or `remove_participant`) to the last packet of that person at anybody, and of
anybody at the removed one. Once on a bare media node: from the message on its control connection. A time of 0 says
that no packet came after the command.
"""

import argparse
from typing import Any

from benchmarks.held_lesson import HEADER, HeldLesson, held_lesson, rest, spread
from benchmarks.processes import load, media_node
from benchmarks.tables import load_note, machine, table

PEOPLE = 30
GOAL = "p99 ≤ 200"


def of_product(lesson: HeldLesson, mutes: int, removals: int) -> list[list[str]]:
    muted = [lesson.load.ask(f"mute {1 + index % 3}") for index in range(mutes)]
    if not all(each["was_heard"] and each["is_heard_again"] for each in muted):
        raise RuntimeError("somebody was not heard before the mute, or not when the microphone was opened again")
    # Those who came first are on everybody's page.
    removed = [lesson.load.ask(f"remove {1 + index}") for index in range(removals)]
    if any(each["closed"] != "removed" for each in removed):
        raise RuntimeError("somebody who was removed did not hear of it")
    return [
        spread("mute → last packet of the microphone", [each["last_packet_ms"] for each in muted], GOAL),
        spread("mute → `restricted` is answered", [each["answered_ms"] for each in muted], ""),
        spread("remove → last packet of the removed", [each["from_ms"] for each in removed], GOAL),
        spread("remove → last packet to the removed", [each["to_ms"] for each in removed], GOAL),
    ]


def of_node(mutes: int, removals: int) -> list[list[str]]:
    counts = ("--mutes", str(mutes), "--removals", str(removals))
    with (
        media_node() as node,
        load("node", "--socket", str(node.socket), "--peers", str(PEOPLE), "--seconds", "1", *counts) as run,
    ):
        report: dict[str, Any] = run.result()
    return [
        spread("node: microphone closed → last packet", report["mute_ms"], GOAL),
        spread("node: peer removed → last packet of it", report["removal_from_ms"], GOAL),
        spread("node: peer removed → last packet to it", report["removal_to_ms"], GOAL),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutes", type=int, default=100)
    parser.add_argument("--removals", type=int, default=20)
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    rows = of_node(options.mutes, options.removals)
    with held_lesson(PEOPLE, "--talkers", "4") as lesson:
        rest(1.0)
        rows = of_product(lesson, options.mutes, options.removals) + rows
    print(table(HEADER, rows))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
