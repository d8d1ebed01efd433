from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy import Calendar, Stretch
from core.policy.calendar import (
    months_later,
    public_holidays,
    rest_day,
    union,
    working_days_between,
    working_days_later,
)

DAY = timedelta(days=1)
HOLIDAYS = {
    2026: "01-01 04-03 04-05 04-06 04-27 05-05 05-14 05-24 05-25 12-25 12-26",
    2027: "01-01 03-26 03-28 03-29 04-27 05-05 05-06 05-16 05-17 12-25 12-26",
}
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
stretches = st.builds(
    lambda first, length, name: Stretch(first, first + length * DAY, name),
    st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    st.integers(0, 40),
    st.sampled_from(["herfst", "kerst", ""]),
)


def days_of(stretch: Stretch) -> list[date]:
    return [stretch.first + DAY * number for number in range(stretch.days)]


@given(st.lists(stretches, max_size=8))
def test_a_union_has_the_same_days_in_order_and_each_once(given_stretches: list[Stretch]) -> None:
    found = [day for stretch in union(given_stretches) for day in days_of(stretch)]
    assert found == sorted({day for stretch in given_stretches for day in days_of(stretch)})


@given(st.lists(stretches, max_size=8))
def test_a_day_in_a_union_keeps_a_name_it_had(given_stretches: list[Stretch]) -> None:
    had = {(day, stretch.name) for stretch in given_stretches for day in days_of(stretch)}
    assert {(day, stretch.name) for stretch in union(given_stretches) for day in days_of(stretch)} <= had


@given(st.lists(stretches, max_size=8))
def test_a_union_has_as_few_stretches_as_possible(given_stretches: list[Stretch]) -> None:
    found = union(given_stretches)
    assert all(one.last + DAY < other.first or one.name != other.name for one, other in pairwise(found))


def test_a_shared_day_belongs_to_the_stretch_that_began_first() -> None:
    early = Stretch(date(2026, 3, 1), date(2026, 3, 10), "vroeg")
    late = Stretch(date(2026, 3, 8), date(2026, 3, 12), "laat")
    assert union([late, early]) == [early, Stretch(date(2026, 3, 11), date(2026, 3, 12), "laat")]


def test_a_calendar_joins_only_the_regions_asked_for() -> None:
    north = Stretch(date(2026, 10, 10), date(2026, 10, 18), "herfstvakantie")
    south = Stretch(date(2026, 10, 17), date(2026, 10, 25), "herfstvakantie")
    calendar = Calendar((("zuid", south), ("noord", north)), north.first, south.last)
    assert calendar.holidays_in(["noord"]) == (north,)
    assert calendar.holidays_in(["noord", "zuid"]) == (Stretch(north.first, south.last, "herfstvakantie"),)
    assert calendar.holidays_in([]) == ()


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_public_holidays_are_those_of_the_law(year: int) -> None:
    assert sorted(public_holidays(year)) == [date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()]


@pytest.mark.parametrize("year", range(2024, 2033))
def test_the_fifth_of_may_is_a_public_holiday_every_year(year: int) -> None:
    assert public_holidays(year)[date(year, 5, 5)] == "Bevrijdingsdag"


def test_the_kings_birthday_on_a_sunday_is_kept_on_saturday() -> None:
    assert public_holidays(2025)[date(2025, 4, 26)] == "Koningsdag"
    assert date(2025, 4, 27) not in public_holidays(2025)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 4, 3), "Goede vrijdag"),
        (date(2026, 4, 5), "weekend"),
        (date(2026, 12, 26), "weekend"),
        (date(2026, 11, 21), "weekend"),
        (date(2026, 11, 20), ""),
    ],
)
def test_a_rest_day_says_why(day: date, why: str) -> None:
    assert rest_day(day) == why


@given(days, days)
def test_working_days_between_is_the_opposite_the_other_way_round(start: date, end: date) -> None:
    assert working_days_between(start, end) == -working_days_between(end, start)


@given(days, st.integers(0, 400))
def test_working_days_between_equals_a_slow_count(start: date, length: int) -> None:
    end, day, count = start + DAY * length, start, 0
    while day < end:
        day += DAY
        count += day.isoweekday() < 6 and day not in public_holidays(day.year)
    assert working_days_between(start, end) == count


def test_the_first_day_is_not_counted_and_the_last_one_is() -> None:
    assert working_days_between(date(2026, 11, 16), date(2026, 11, 17)) == 1
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 22)) == 0
    assert working_days_between(date(2026, 12, 24), date(2026, 12, 28)) == 1


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 17), 3, date(2027, 2, 17)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 31), 11, date(2026, 12, 31)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
    ],
)
def test_months_later_is_the_same_day_number_or_the_end_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(day=days, count=st.integers(0, 30))
def test_so_many_working_days_later_lies_so_many_of_them_away(day: date, count: int) -> None:
    later = working_days_later(day, count)
    assert working_days_between(day, later) == count
    assert count == 0 or not rest_day(later)
