from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.policy import Calendar, Length, Procedure, Stretch, TermRule, TermUnit
from core.policy.calendar import off_rest_days, rest_day
from core.policy.loading import load_policies
from validation.statistics.term_days import TermDays
from validation.terms import compute_term

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
POLICIES = load_policies(Path("policies"))
REGIONS = ("noord", "midden", "zuid")

days = st.dates(FIRST, LAST)
stretches = st.builds(
    lambda start, length: Stretch(start, start + length * DAY, "stil"),
    st.dates(FIRST - 40 * DAY, LAST),
    st.integers(0, 40),
)
calendars = st.lists(st.tuples(st.sampled_from(REGIONS), stretches), max_size=6).map(
    lambda table: Calendar(tuple(table), date(2020, 1, 1), date(2040, 1, 1))
)
units = st.sampled_from([TermUnit.DAYS, TermUnit.WEEKS, TermUnit.WORKING_DAYS])
rules = st.builds(
    lambda unit, amount, regions: TermRule(Length(amount, unit), tuple(regions)),
    units,
    st.integers(1, 60),
    st.sets(st.sampled_from(REGIONS)),
)
several_pauses = st.lists(stretches, max_size=4)


def days_of(stretch: Stretch) -> set[date]:
    return {stretch.first + DAY * number for number in range(stretch.days)}


@settings(max_examples=300)
@given(days, days, rules, calendars, several_pauses)
def test_term_days_equal_a_slow_day_by_day_count(
    after: date, until: date, rule: TermRule, calendar: Calendar, pauses: list[Stretch]
) -> None:
    stops = [*calendar.holidays_in(rule.school_holidays), *pauses]
    crossed_out = {day for stop in stops for day in days_of(stop)}
    later = (after + DAY * number for number in range(1, (until - after).days + 1))
    is_working = rule.length.unit is TermUnit.WORKING_DAYS
    left = [day for day in later if day not in crossed_out and not (is_working and rest_day(day))]
    assert TermDays(calendar, FIRST, LAST).between(after, until, rule, pauses) == len(left)


@settings(max_examples=300)
@given(st.dates(FIRST, date(2027, 2, 1)), st.integers(1, 60), units, calendars, several_pauses)
def test_the_day_on_which_all_days_of_the_term_are_counted_is_the_due_date_or_leads_to_it(
    received: date, amount: int, unit: TermUnit, calendar: Calendar, pauses: list[Stretch]
) -> None:
    rule = TermRule(Length(amount, unit), REGIONS)
    term = compute_term(received, rule, calendar, pauses)
    clock = TermDays(calendar, FIRST, term.due_on)
    later = (received + DAY * number for number in range(1, (term.due_on - received).days + 1))
    counted = next(day for day in later if clock.between(received, day, rule, pauses) == term.parts[0].days)
    assert off_rest_days(counted) == term.due_on


@pytest.mark.parametrize(
    ("received", "decided", "pause", "procedure", "counted"),
    [
        # As in docs/terms.md: 13 + 15 + 8 days around three days of waiting and sixteen of kerstvakantie.
        ("2026-11-17", "2027-01-11", "2026-12-01:2026-12-03", Procedure.VALIDATION, 36),
        ("2026-11-17", "2027-01-11", "", Procedure.VALIDATION, 39),
        ("2026-11-17", "2027-01-11", "", Procedure.OBJECTION, 55),
        ("2026-09-14", "2026-11-11", "", Procedure.VALIDATION, 42),
        ("2026-11-17", "2026-11-17", "", Procedure.VALIDATION, 0),
        # Both begin within a holiday: a day counts once.
        ("2026-11-23", "2027-02-05", "2026-12-10:2027-01-10", Procedure.VALIDATION, 42),
    ],
)
def test_term_days_by_hand(received: str, decided: str, pause: str, procedure: Procedure, counted: int) -> None:
    rule = POLICIES.all[0].terms[procedure]
    ends = [date.fromisoformat(day) for day in pause.split(":") if day]
    pauses = [Stretch(ends[0], ends[1])] if ends else []
    clock = TermDays(POLICIES.calendar, date(2026, 9, 1), date(2027, 3, 1))
    assert clock.between(date.fromisoformat(received), date.fromisoformat(decided), rule, pauses) == counted


def test_nothing_went_by_before_the_clock_began() -> None:
    rule = POLICIES.all[0].terms[Procedure.VALIDATION]
    assert TermDays(POLICIES.calendar, FIRST, LAST).between(FIRST + DAY, FIRST, rule) == 0
