"""When lessons are held: days of the school's zone, full hours, changes of clocks, the bell and what comes after."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.schedule import (
    EARLY_START,
    OVERRUN,
    Course,
    Occurrence,
    Weekly,
    course_in_force,
    number_in_day,
    occurrence,
    occurrence_or_next,
    occurrences_of_day,
)
from tests.school.roster import COLLEAGUE, FIVE_B, hourly, lesson

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
MINUTE = timedelta(minutes=1)


def moscow(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=MOSCOW)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


def held(starts_at: datetime, length: timedelta = timedelta(minutes=40)) -> Occurrence:
    return Occurrence("maths", starts_at, starts_at + length)


@pytest.mark.parametrize(("hour", "number"), [(0, 1), (8, 1), (9, 2), (13, 6), (14, 7), (23, 7)])
def test_an_hourly_lesson_counts_the_hours_of_the_schools_day(hour: int, number: int) -> None:
    found = occurrence(hourly(), moscow(2026, 11, 23, hour, 30), MOSCOW)
    assert found is not None
    assert number_in_day(hourly(), found, MOSCOW) == number


def test_a_weekly_lesson_has_the_number_of_the_timetable() -> None:
    assert number_in_day(lesson(), held(moscow(2026, 11, 23, 12)), MOSCOW) == lesson().number


class TestWeekly:
    def test_is_held_on_its_days_only(self) -> None:
        assert occurrence(lesson(), moscow(2026, 11, 23, 8), MOSCOW) == held(moscow(2026, 11, 23, 12))
        assert occurrence(lesson(), moscow(2026, 11, 24, 8), MOSCOW) is None

    def test_the_day_is_that_of_the_school_and_changes_at_its_midnight(self) -> None:
        before, after = moscow(2026, 11, 23, 0), moscow(2026, 11, 24, 0)
        assert occurrence(lesson(), before - MINUTE, MOSCOW) is None
        assert occurrence(lesson(), before, MOSCOW) == held(moscow(2026, 11, 23, 12))
        assert occurrence(lesson(), after - MINUTE, MOSCOW) == held(moscow(2026, 11, 23, 12))
        assert occurrence(lesson(), after, MOSCOW) is None

    def test_it_is_the_schools_day_also_when_it_is_another_one_in_utc(self) -> None:
        vladivostok = ZoneInfo("Asia/Vladivostok")
        monday_there_sunday_in_utc = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
        found = occurrence(lesson(), monday_there_sunday_in_utc, vladivostok)
        assert found is not None
        assert found.starts_at == datetime(2026, 11, 23, 12, 0, tzinfo=vladivostok)

    def test_the_next_one_is_today_or_on_the_first_later_day(self) -> None:
        twice = lesson(repeats=Weekly(frozenset({1, 4})))
        assert occurrence_or_next(twice, moscow(2026, 11, 23, 20), MOSCOW) == held(moscow(2026, 11, 23, 12))
        assert occurrence_or_next(twice, moscow(2026, 11, 24, 8), MOSCOW) == held(moscow(2026, 11, 26, 12))
        assert occurrence_or_next(twice, moscow(2026, 11, 29, 8), MOSCOW) == held(moscow(2026, 11, 30, 12))

    def test_keeps_its_time_of_day_and_its_length_when_clocks_change(self) -> None:
        sunday = lesson(starts=time(12), ends=time(12, 40), repeats=Weekly(frozenset({7})))
        for day in (datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)):
            found = occurrence(sunday, day, BERLIN)
            assert found is not None
            assert found.starts_at.astimezone(BERLIN).time() == time(12)
            assert found.ends_at - found.starts_at == timedelta(minutes=40)

    def test_has_at_least_one_day_and_ends_on_the_day_on_which_it_starts(self) -> None:
        with pytest.raises(ValueError, match="weekdays"):
            Weekly(frozenset())
        with pytest.raises(ValueError, match="weekdays"):
            Weekly(frozenset({0}))
        with pytest.raises(ValueError, match="ends"):
            lesson(starts=time(23, 30), ends=time(0, 10))


class TestHourly:
    @pytest.mark.parametrize("day", range(23, 30), ids=["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
    @pytest.mark.parametrize("hour", [0, 3, 12, 23])
    def test_is_going_on_at_any_hour_of_any_day(self, day: int, hour: int) -> None:
        now = moscow(2026, 11, day, hour, 34)
        found = occurrence(hourly(), now, MOSCOW)
        assert found is not None
        assert found.when(now) == "now"
        assert found.starts_at == moscow(2026, 11, day, hour)

    def test_the_next_hour_begins_with_the_full_hour_itself(self) -> None:
        ten = moscow(2026, 11, 23, 10)
        last = occurrence(hourly(), ten - timedelta(microseconds=1), MOSCOW)
        first = occurrence(hourly(), ten, MOSCOW)
        assert last is not None
        assert first is not None
        assert (last.ends_at, first.starts_at) == (ten, ten)

    def test_hours_are_those_of_the_schools_clock_where_it_stands_half_an_hour_aside(self) -> None:
        found = occurrence(hourly(), datetime(2026, 11, 23, 5, 10, tzinfo=UTC), KOLKATA)
        assert found is not None
        assert found.starts_at == datetime(2026, 11, 23, 10, 0, tzinfo=KOLKATA)

    def test_an_hour_that_the_clocks_repeat_is_held_twice(self) -> None:
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 summer time in Berlin
        second = first + timedelta(hours=1)  # 02:30 again
        starts = [occurrence_or_next(hourly(), now, BERLIN).starts_at for now in (first, second)]
        assert starts[1] - starts[0] == timedelta(hours=1)

    @given(
        st.integers(0, 2 * 366 * 86_400).map(lambda seconds: NEW_YEAR + timedelta(seconds=seconds)),
        st.sampled_from([MOSCOW, BERLIN, KOLKATA, LORD_HOWE, ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Kathmandu")]),
    )
    def test_is_always_going_on_for_exactly_an_hour_in_every_zone(self, now: datetime, zone: ZoneInfo) -> None:
        found = occurrence_or_next(hourly(), now, zone)
        assert found.starts_at <= now < found.ends_at
        assert found.ends_at - found.starts_at == timedelta(hours=1)
        assert occurrence_or_next(hourly(), found.starts_at, zone) == found


class TestTheDay:
    def test_stands_in_order_of_time(self) -> None:
        lessons = [lesson("late", starts=time(14), ends=time(15)), lesson("early", starts=time(8), ends=time(9))]
        day = occurrences_of_day(lessons, moscow(2026, 11, 23, 12), MOSCOW)
        assert [one.id for one, _ in day] == ["early", "late"]

    def test_an_hourly_lesson_takes_the_place_of_its_classs_lesson_at_that_hour(self) -> None:
        lessons = [lesson("maths"), lesson("later", starts=time(13, 5), ends=time(13, 45)), hourly()]
        day = occurrences_of_day(lessons, moscow(2026, 11, 23, 12, 10), MOSCOW)
        assert [one.id for one, _ in day] == ["always", "later"]

    def test_it_takes_the_place_of_its_teachers_lesson_too_and_leaves_others_alone(self) -> None:
        lessons = [
            lesson("of-its-teacher", school_class=FIVE_B),
            lesson("of-others", school_class=FIVE_B, teacher=COLLEAGUE),
            hourly(),
        ]
        day = occurrences_of_day(lessons, moscow(2026, 11, 23, 12, 10), MOSCOW)
        assert {one.id for one, _ in day} == {"of-others", "always"}


class TestWhatHappenedInIt:
    noon = moscow(2026, 11, 23, 12)
    bell = moscow(2026, 11, 23, 12, 40)

    def test_is_closed_until_its_teacher_opens_it(self) -> None:
        assert Course(held(self.noon)).room(self.noon) == "closed"
        assert Course(held(self.noon), started_at=self.noon).room(self.noon) == "open"

    def test_is_ended_when_its_teacher_ends_it(self) -> None:
        ended = Course(held(self.noon), started_at=self.noon, ended_at=self.noon + MINUTE)
        assert ended.room(self.noon + MINUTE) == "ended"
        assert ended.when(self.noon + MINUTE) == "now"

    def test_goes_on_past_the_bell_for_a_while_when_nobody_ends_it(self) -> None:
        open_ = Course(held(self.noon), started_at=self.noon)
        last = self.bell + OVERRUN - timedelta(microseconds=1)
        assert (open_.room(last), open_.when(last)) == ("open", "now")
        assert (open_.room(self.bell + OVERRUN), open_.when(self.bell + OVERRUN)) == ("ended", "done")

    def test_may_be_opened_a_little_before_its_time_and_not_after_the_bell(self) -> None:
        course = Course(held(self.noon))
        moments = [self.noon - EARLY_START - MINUTE, self.noon - EARLY_START, self.bell - MINUTE, self.bell]
        assert [course.may_start(moment) for moment in moments] == [False, True, True, False]

    def test_what_is_still_going_on_stands_before_what_the_timetable_has(self) -> None:
        ten, half_past_ten = moscow(2026, 11, 23, 10), moscow(2026, 11, 23, 10, 30)
        earlier = Occurrence("always", ten - timedelta(hours=1), ten)
        running = Course(earlier, started_at=ten - MINUTE)
        assert course_in_force(hourly(), [running], half_past_ten, MOSCOW) == running
        ended = Course(earlier, started_at=ten - MINUTE, ended_at=half_past_ten)
        assert course_in_force(hourly(), [ended], half_past_ten, MOSCOW).occurrence.starts_at == ten
