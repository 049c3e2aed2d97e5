"""What the noted intervals of one person come to, as a teacher would say it. The lesson is 12:00–12:40."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.attendance import Hours, Record, Stay, record_of

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    """So many minutes after the beginning."""
    return BEGINS + timedelta(minutes=minute)


def stay(came: float, left: float | None) -> Stay:
    return Stay(at(came), None if left is None else at(left))


def during(minute: float) -> Hours:
    return Hours(BEGINS, at(40), None, at(minute))


def after(closed: float = 40) -> Hours:
    return Hours(BEGINS, at(40), at(closed), at(300))


def kept(*noted: Stay, hours: Hours) -> Record:
    return record_of(noted, hours)


# ── while the room is open ──


def test_whoever_is_in_is_here_and_the_open_stay_counts_until_this_moment() -> None:
    assert kept(stay(0, None), hours=during(25)) == Record("here", 0, timedelta(minutes=25), (stay(0, None),))


def test_whoever_was_never_in_never_came() -> None:
    assert kept(hours=during(25)) == Record("never", 0, timedelta(), ())


def test_whoever_was_in_and_is_not_has_gone() -> None:
    assert kept(stay(0, 10), hours=during(25)) == Record("gone", 0, timedelta(minutes=10), (stay(0, 10),))


def test_whoever_is_back_is_here_with_two_stays_and_the_minutes_of_both() -> None:
    back = kept(stay(0, 10), stay(15, None), hours=during(25))
    assert back == Record("here", 0, timedelta(minutes=20), (stay(0, 10), stay(15, None)))


@pytest.mark.parametrize(("came", "status", "minutes_late"), [(5, "here", 0), (5.02, "late", 5), (12.5, "late", 12)])
def test_late_is_whoever_first_came_more_than_five_minutes_after_the_beginning(
    came: float, status: str, minutes_late: int
) -> None:
    found = kept(stay(came, None), hours=during(25))
    assert (found.status, found.late_minutes) == (status, minutes_late)


def test_who_was_in_time_and_comes_back_late_is_not_late() -> None:
    assert kept(stay(0, 2), stay(20, None), hours=during(25)).status == "here"


def test_who_came_late_and_has_gone_is_gone_and_was_late() -> None:
    found = kept(stay(10, 20), hours=during(25))
    assert (found.status, found.late_minutes) == ("gone", 10)


def test_who_was_there_before_the_beginning_is_in_time_and_those_minutes_count() -> None:
    found = kept(stay(-5, None), hours=during(10))
    assert (found.status, found.minutes) == ("here", 15)


# ── interruptions ──


def test_a_gap_of_a_minute_is_no_absence() -> None:
    assert kept(stay(0, 10), stay(11, None), hours=during(20)).stays == (stay(0, None),)


def test_a_longer_gap_is_one() -> None:
    assert kept(stay(0, 10), stay(11.02, None), hours=during(20)).stays == (stay(0, 10), stay(11.02, None))


def test_many_reconnects_in_a_row_are_one_stay() -> None:
    noted = [stay(number, number + 0.5) for number in range(20)]
    assert kept(*noted, hours=during(25)).stays == (stay(0, 19.5),)


def test_the_order_in_which_they_were_noted_does_not_matter() -> None:
    assert kept(stay(15, 20), stay(0, 10), hours=during(25)).stays == (stay(0, 10), stay(15, 20))


def test_stays_that_overlap_count_once() -> None:
    assert kept(stay(0, 20), stay(5, 10), hours=during(25)).minutes == 20


def test_a_stay_that_ends_before_it_begins_is_a_moment() -> None:
    assert kept(stay(10, 5), hours=during(25)) == Record("gone", 10, timedelta(), (stay(10, 10),))


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    assert kept(stay(10, None), hours=during(8)).present == timedelta()


# ── when the room is closed ──


def test_whoever_stayed_to_the_end_was_here() -> None:
    assert kept(stay(0, 40), hours=after()).status == "here"
    assert kept(stay(0, 39.5), hours=after()).status == "here", "they hurry out with the bell"
    assert kept(stay(8, 40), hours=after()).status == "late"


def test_whoever_left_before_the_end_was_gone() -> None:
    assert kept(stay(0, 30), hours=after()).status == "gone"


def test_the_end_is_when_the_teacher_ended_it_or_the_bell_whichever_came_first() -> None:
    assert kept(stay(0, 30), hours=after(closed=30)).status == "here"
    assert kept(stay(0, 40), hours=after(closed=100)).status == "here", "nobody has to stay after the bell"


def test_a_stay_that_nobody_closed_ends_with_the_room() -> None:
    """As after a power cut: the process that would have noted the leaving is gone."""
    assert kept(stay(0, None), hours=after()) == Record("here", 0, timedelta(minutes=40), (stay(0, 40),))


# ── whatever was noted ──

minutes = st.floats(-30, 300, allow_nan=False)
noted_stays = st.lists(st.builds(stay, minutes, st.none() | minutes), max_size=12)


@given(noted_stays, st.booleans())
def test_stays_are_apart_and_in_order_and_add_up(noted: list[Stay], closed: bool) -> None:
    hours = after(300) if closed else during(300)
    found = record_of(noted, hours)
    for before, behind in zip(found.stays, found.stays[1:], strict=False):
        assert before.left_at is not None
        assert behind.came_at - before.left_at > timedelta(seconds=60)
    ends = [one.left_at or hours.until for one in found.stays]
    assert found.present == sum((end - one.came_at for end, one in zip(ends, found.stays, strict=True)), timedelta())
    assert timedelta() <= found.present <= at(300) - at(-30)
    assert (found.status == "never") == (not noted)


@given(noted_stays)
def test_nobody_loses_a_minute_by_an_interruption_in_the_notes(noted: list[Stay]) -> None:
    whole = record_of(noted, during(300))
    cut = [
        part
        for one in noted
        for part in ([one] if one.left_at is None else [Stay(one.came_at, one.came_at), Stay(one.came_at, one.left_at)])
    ]
    assert record_of(cut, during(300)).present == whole.present
