"""The rule that pupils are not left alone: media flow only while an adult of the school is in,
and for a set time after.

Pure. Called by the state of a room after whoever came or went; it must not know who the people are.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """`stops_at`: when the flow will stop by itself, unless an adult is back before."""

    on: bool
    stops_at: float | None


def flow(*, adult_in: bool, last_left_at: float | None, now: float, grace_seconds: float) -> Flow:
    """`last_left_at` is None as long as no adult has been in yet."""
    if adult_in:
        return Flow(on=True, stops_at=None)
    if last_left_at is None or now >= last_left_at + grace_seconds:
        return Flow(on=False, stops_at=None)
    return Flow(on=True, stops_at=last_left_at + grace_seconds)
