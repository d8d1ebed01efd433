from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.clock import day_of, start_of


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_a_day_begins_at_its_first_moment(day: date) -> None:
    assert day_of(start_of(day)) == day
    assert day_of(start_of(day) - timedelta(seconds=1)) == day - timedelta(days=1)


def test_a_day_begins_earlier_in_summer() -> None:
    assert start_of(date(2026, 1, 1)) == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert start_of(date(2026, 7, 1)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
