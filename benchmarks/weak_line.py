"""What does a person behind a weak line hear and see, and what do the others hear of that person?

A lesson in real Chromium: the teacher on a clean line, one pupil behind an emulated one (root is needed for that), and
synthetic pupils with cameras. Sound counts by `concealedSamples` of the audio that comes, at both ends; concealed
silence is told apart. The picture counts by presented frames of the teacher's. «Clean after» is counted from the press
on «Войти» to the first five seconds in a row in which less than a twentieth of the sound is concealed.
"""

import argparse
import asyncio
from collections.abc import Sequence

from benchmarks.tables import load_note, machine, number, table
from tests.e2e.behind_line import Second, behind_line, watched
from tests.e2e.line import even

OTHERS = 8
CLEAN_SHARE, CLEAN_SECONDS = 0.05, 5
# What is not measured: the join, and the time in which both ends find out how much the line carries.
SETTLING_S = 15


def clean_after(seconds: Sequence[Second]) -> float | None:
    for index in range(len(seconds) - CLEAN_SECONDS + 1):
        if all(second.concealed_share < CLEAN_SHARE for second in seconds[index : index + CLEAN_SECONDS]):
            return seconds[index].at
    return None


def concealed(seconds: Sequence[Second]) -> str:
    heard = sum(second.heard for second in seconds) or 1
    return number(100 * sum(second.concealed for second in seconds) / heard)


def silent(seconds: Sequence[Second]) -> str:
    heard = sum(second.heard for second in seconds) or 1
    return number(100 * sum(second.silent for second in seconds) / heard)


async def measure(options: argparse.Namespace, run: int) -> list[str]:
    shape = even(options.down, options.up, options.loss, options.round_trip)
    async with behind_line(shape, options.others) as lesson:
        pupil = await lesson.pupil_joins()
        await asyncio.sleep(SETTLING_S + options.seconds)
        down, up = await watched(pupil), await watched(lesson.teacher)
    joined = down[-1].at - SETTLING_S - options.seconds
    steady = [second for second in down if second.at > joined + SETTLING_S]
    heard_of = up[-len(steady) :]
    after = clean_after(down)
    return [
        str(run + 1),
        concealed(steady),
        silent(steady),
        concealed(heard_of),
        silent(heard_of),
        number(sum(second.frames for second in steady) / len(steady)),
        number(min(sum(s.frames for s in steady[i : i + 10]) / 10 for i in range(max(1, len(steady) - 9)))),
        number(after) if after is not None else "never",
    ]


async def measure_all(options: argparse.Namespace) -> list[list[str]]:
    return [await measure(options, run) for run in range(options.runs)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--others", type=int, default=OTHERS, help="synthetic pupils with cameras")
    parser.add_argument("--down", type=int, default=300_000, help="bits per second")
    parser.add_argument("--up", type=int, default=100_000, help="bits per second")
    parser.add_argument("--loss", type=float, default=0.02, help="0…1, each way")
    parser.add_argument("--round-trip", type=float, default=100, help="milliseconds")
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    rows = asyncio.run(measure_all(options))
    heads = ["run", "concealed % down", "silent", "concealed % up", "silent", "fps", "worst 10 s", "clean after s"]
    print(table(heads, rows))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
