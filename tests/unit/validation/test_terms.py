from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.policy import Calendar, Procedure, Stretch, TermRule
from core.policy.calendar import rest_day
from core.policy.loading import load_policies
from validation.term_text import as_data, from_data, in_words
from validation.terms import PAUSE, compute_term

DAY = timedelta(days=1)
POLICIES = load_policies(Path("policies"))
VALIDATION = POLICIES.all[0].terms[Procedure.VALIDATION]
REGIONS = ("noord", "midden", "zuid")
NAMES = ("herfstvakantie", "kerstvakantie", "zomervakantie")


def stretches(most_days: int) -> st.SearchStrategy[Stretch]:
    return st.builds(
        lambda start, days, name: Stretch(start, start + days * DAY, name),
        st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        st.integers(0, most_days - 1),
        st.sampled_from(NAMES),
    )


def oracle(received_on: date, days: int, holidays: list[Stretch], pauses: list[Stretch]) -> tuple[date, int, int]:
    """Day by day, as somebody would count with a calendar and a pencil: due date, holiday days, paused days."""
    day, counted, on_holiday, paused = received_on, 0, 0, 0
    while counted < days:
        day += DAY
        if any(stretch.first <= day <= stretch.last for stretch in holidays):
            on_holiday += 1
        elif any(stretch.first <= day <= stretch.last for stretch in pauses):
            paused += 1
        else:
            counted += 1
    while rest_day(day):
        day += DAY
    return day, on_holiday, paused


@settings(max_examples=3000)
@given(
    st.dates(date(2025, 11, 1), date(2027, 10, 1)),
    st.integers(1, 90),
    st.lists(st.tuples(st.sampled_from(REGIONS), stretches(45)), max_size=8),
    st.lists(stretches(30), max_size=5),
    st.sets(st.sampled_from(REGIONS)),
)
def test_the_term_equals_a_slow_day_by_day_count(
    received_on: date, days: int, table: list[tuple[str, Stretch]], pauses: list[Stretch], regions: set[str]
) -> None:
    calendar = Calendar(tuple(table), date(2020, 1, 1), date(2040, 1, 1))
    holidays = [stretch for region, stretch in table if region in regions]
    due_on, on_holiday, paused = oracle(received_on, days, holidays, pauses)
    term = compute_term(received_on, TermRule(days, tuple(regions)), calendar, pauses)
    reasons = {part.reason: part.days for part in term.parts}
    assert term.due_on == due_on
    assert term.received_on + sum(part.days for part in term.parts) * DAY == due_on
    assert sum(reasons.get(name, 0) for name in NAMES) == on_holiday
    assert reasons.get(PAUSE, 0) == paused
    assert from_data(as_data(term)) == term


@settings(max_examples=500)
@given(st.dates(date(2025, 10, 12), date(2030, 5, 1)), st.lists(stretches(30), max_size=3))
def test_the_shipped_calendar_gives_the_same_as_counting(received_on: date, pauses: list[Stretch]) -> None:
    holidays = [stretch for _, stretch in POLICIES.calendar.school_holidays]
    due_on, *_ = oracle(received_on, VALIDATION.days, holidays, pauses)
    assert compute_term(received_on, VALIDATION, POLICIES.calendar, pauses).due_on == due_on


def test_the_published_example_is_explained_in_the_same_words() -> None:
    pause = Stretch(date(2026, 12, 1), date(2026, 12, 3))
    term = compute_term(date(2026, 11, 17), VALIDATION, POLICIES.calendar, [pause])
    assert in_words(term) == (
        "ontvangen 17 november 2026; 42 dagen + 16 kerstvakantie + 3 wachten op u + 1 weekend = 18 januari 2027"
    )


@pytest.mark.parametrize(
    ("received_on", "days", "due_on", "why"),
    [
        (date(2026, 3, 20), 14, date(2026, 4, 7), ["Goede vrijdag", "weekend", "Tweede paasdag"]),
        (date(2026, 4, 21), 14, date(2026, 5, 6), ["Bevrijdingsdag"]),
        (date(2026, 12, 11), 14, date(2026, 12, 28), ["Eerste kerstdag", "weekend"]),
        (date(2026, 11, 16), 14, date(2026, 11, 30), []),
    ],
)
def test_a_term_never_ends_on_a_rest_day(received_on: date, days: int, due_on: date, why: list[str]) -> None:
    term = compute_term(received_on, TermRule(days, ()), POLICIES.calendar)
    assert term.due_on == due_on
    assert [part.reason for part in term.parts[1:]] == why


def test_a_day_that_is_holiday_and_pause_counts_once_as_holiday() -> None:
    pause = Stretch(date(2026, 12, 10), date(2027, 1, 10))
    term = compute_term(date(2026, 11, 23), VALIDATION, POLICIES.calendar, [pause])
    assert {part.reason: part.days for part in term.parts[1:]} == {"kerstvakantie": 16, PAUSE: 16}


@pytest.mark.parametrize(
    ("received_on", "provisional"),
    [(date(2026, 11, 1), False), (date(2030, 8, 20), True), (date(2031, 1, 5), True), (date(2020, 1, 5), True)],
)
def test_a_term_outside_the_known_holidays_is_provisional(received_on: date, provisional: bool) -> None:
    term = compute_term(received_on, VALIDATION, POLICIES.calendar)
    assert term.provisional is provisional
    assert ("voorlopig" in in_words(term)) is provisional


def test_admission_ignores_school_holidays_and_is_never_provisional() -> None:
    rule = POLICIES.all[0].terms[Procedure.ADMISSION]
    assert compute_term(date(2026, 12, 20), rule, POLICIES.calendar).due_on == date(2027, 1, 4)
    assert not compute_term(date(2035, 12, 20), rule, POLICIES.calendar).provisional
