"""How long until a page that was turned to, or a new speaker, is to be seen?

A lesson of thirty synthetic participants. One of them turns the pages of nine pictures: from its `set_view` to a whole
keyframe of each picture that was not on the last page. Then it views the speaker alone: from the first loud packet of
another speaker, and from the message that names that speaker, to a whole keyframe of that speaker. All on loopback, so
a network's round trips (one for the signalling, one and a half for the keyframe) come on top, and a browser's decoding.
"""

import argparse
import itertools

from benchmarks.held_lesson import HEADER, HeldLesson, held_lesson, rest, spread
from benchmarks.tables import load_note, machine, table

PEOPLE = 30
VIEWER = PEOPLE - 1
BETWEEN_TURNS_S = 1.0
# Who spoke keeps the marks and the place for two seconds.
BETWEEN_SPEAKERS_S = 2.5


def turns(lesson: HeldLesson, count: int) -> list[float | None]:
    pictures: list[float | None] = []
    for _ in range(count):
        rest(BETWEEN_TURNS_S)
        pictures += lesson.load.ask(f"turn {VIEWER}")["ms"]
    return pictures


def speakers(lesson: HeldLesson, count: int) -> tuple[list[float | None], list[float | None]]:
    from_voice, from_name = [], []
    for index in itertools.islice(itertools.cycle(range(VIEWER)), count):
        rest(BETWEEN_SPEAKERS_S)
        answer = lesson.load.ask(f"speaker {index} {VIEWER}")
        from_voice.append(answer["voice_to_picture_ms"])
        from_name.append(answer["named_to_picture_ms"])
    return from_voice, from_name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--speakers", type=int, default=40)
    parser.add_argument("--markdown", action="store_true", help="only the table")
    options = parser.parse_args()
    note = load_note()
    with held_lesson(PEOPLE) as lesson:
        pictures = turns(lesson, options.turns)
        # The first one leaves the pages.
        from_voice, from_name = (values[1:] for values in speakers(lesson, options.speakers + 1))
    rows = [
        spread(f"page turned → picture ({options.turns} turns)", pictures, "p95 ≤ 300"),
        spread("speaker named → right picture", from_name, "p95 ≤ 300"),
        spread("first loud packet → right picture", from_voice, ""),
    ]
    print(table(HEADER, rows))
    if not options.markdown:
        print(f"\n{machine()}; {note}.")


if __name__ == "__main__":
    main()
