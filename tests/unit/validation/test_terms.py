from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.policy import Calendar, Length, Procedure, Stretch, TermRule, TermUnit
from core.policy.calendar import rest_day
from core.policy.loading import load_policies
from validation.term_text import as_data, from_data, in_words
from validation.terms import EXTENSION, PAUSE, Term, compute_term

DAY = timedelta(days=1)
POLICIES = load_policies(Path("policies"))
VALIDATION = POLICIES.all[0].terms[Procedure.VALIDATION]
REGIONS = ("noord", "midden", "zuid")
NAMES = ("herfstvakantie", "kerstvakantie", "zomervakantie")
MOST = {TermUnit.DAYS: 90, TermUnit.WORKING_DAYS: 60, TermUnit.WEEKS: 12, TermUnit.MONTHS: 6}


def stretches(most_days: int) -> st.SearchStrategy[Stretch]:
    return st.builds(
        lambda start, days, name: Stretch(start, start + days * DAY, name),
        st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        st.integers(0, most_days - 1),
        st.sampled_from(NAMES),
    )


lengths = st.sampled_from(TermUnit).flatmap(lambda unit: st.builds(Length, st.integers(1, MOST[unit]), st.just(unit)))
rules = st.builds(TermRule, lengths, st.sets(st.sampled_from(REGIONS)).map(tuple), lengths)
calendars = st.lists(st.tuples(st.sampled_from(REGIONS), stretches(45)), max_size=8).map(
    lambda table: Calendar(tuple(table), date(2020, 1, 1), date(2040, 1, 1))
)
receipts = st.dates(date(2025, 11, 1), date(2027, 10, 1))
several_pauses = st.lists(stretches(30), max_size=5)


class Pencil:
    """Counts as somebody would on paper: cross out every day that does not count, and take the last of the rest."""

    def __init__(self, holidays: list[Stretch], pauses: list[Stretch]) -> None:
        self.crossed_out = {day: PAUSE for pause in pauses for day in days_of(pause)}
        self.crossed_out |= {day: "vakantie" for holiday in holidays for day in days_of(holiday)}
        self.passed: Counter[str] = Counter()

    def count(self, after: date, length: Length, days: int) -> date:
        later = [after + DAY * number for number in range(1, 800)]
        crossed_out = self.crossed_out
        if length.unit is TermUnit.WORKING_DAYS:
            crossed_out = {day: reason for day in later if (reason := rest_day(day))} | crossed_out
        end = [day for day in later if day not in crossed_out][days - 1]
        self.passed.update(crossed_out[day] for day in later if day < end and day in crossed_out)
        return end

    def move(self, day: date) -> date:
        while reason := rest_day(day):
            self.passed[reason] += 1
            day += DAY
        return day


def days_of(stretch: Stretch) -> list[date]:
    return [stretch.first + DAY * number for number in range(stretch.days)]


def days_in(length: Length, after: date) -> int:
    """How many days must be counted, working days or all: months are looked up in the calendar."""
    if length.unit is not TermUnit.MONTHS:
        return length.amount * (7 if length.unit is TermUnit.WEEKS else 1)
    month = after.year * 12 + after.month + length.amount
    later = (after + DAY * number for number in range(400))
    end = max(day for day in later if day.year * 12 + day.month == month and day.day <= after.day)
    return (end - after).days


def by_pencil(received_on: date, rule: TermRule, pencil: Pencil) -> date:
    return pencil.count(received_on, rule.length, days_in(rule.length, received_on))


def extended_by_pencil(received_on: date, rule: TermRule, pencil: Pencil) -> date:
    assert rule.extension
    undisturbed = by_pencil(received_on, rule, Pencil([], []))
    return pencil.count(by_pencil(received_on, rule, pencil), rule.extension, days_in(rule.extension, undisturbed))


def reasons(term: Term) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in term.parts[1:]:
        found["vakantie" if part.reason in NAMES else part.reason] += part.days
    return found


@settings(max_examples=700)
@given(receipts, rules, calendars, several_pauses)
def test_the_term_equals_a_slow_day_by_day_count(
    received_on: date, rule: TermRule, calendar: Calendar, pauses: list[Stretch]
) -> None:
    pencil = Pencil(list(calendar.holidays_in(rule.school_holidays)), pauses)
    term = compute_term(received_on, rule, calendar, pauses)
    assert term.due_on == pencil.move(by_pencil(received_on, rule, pencil))
    assert term.parts[0].days == days_in(rule.length, received_on)
    assert reasons(term) == pencil.passed


@settings(max_examples=700)
@given(receipts, rules, calendars, several_pauses)
def test_an_extended_term_equals_a_slow_day_by_day_count(
    received_on: date, rule: TermRule, calendar: Calendar, pauses: list[Stretch]
) -> None:
    pencil = Pencil(list(calendar.holidays_in(rule.school_holidays)), pauses)
    term = compute_term(received_on, rule, calendar, pauses, is_extended=True)
    assert term.due_on == pencil.move(extended_by_pencil(received_on, rule, pencil))
    assert reasons(term) - Counter({EXTENSION: term.parts[1].days}) == pencil.passed


@settings(max_examples=500)
@given(receipts, rules, calendars, several_pauses, st.booleans())
def test_receipt_and_all_parts_make_a_due_date_that_is_no_rest_day(
    received_on: date, rule: TermRule, calendar: Calendar, pauses: list[Stretch], is_extended: bool
) -> None:
    term = compute_term(received_on, rule, calendar, pauses, is_extended=is_extended)
    assert received_on + sum(part.days for part in term.parts) * DAY == term.due_on
    assert all(part.days > 0 for part in term.parts)
    assert not rest_day(term.due_on)
    assert from_data(as_data(term)) == term


@settings(max_examples=500)
@given(receipts, rules, calendars, several_pauses, several_pauses, st.booleans())
def test_more_pauses_or_an_extension_never_make_a_due_date_earlier(
    received_on: date,
    rule: TermRule,
    calendar: Calendar,
    pauses: list[Stretch],
    more: list[Stretch],
    is_extended: bool,
) -> None:
    term = compute_term(received_on, rule, calendar, pauses, is_extended=is_extended)
    later = compute_term(received_on, rule, calendar, [*pauses, *more], is_extended=is_extended)
    assert term.due_on <= later.due_on
    assert term.due_on <= compute_term(received_on, rule, calendar, pauses, is_extended=True).due_on


@settings(max_examples=500)
@given(st.dates(date(2025, 10, 12), date(2030, 5, 1)), st.lists(stretches(30), max_size=3))
def test_the_shipped_calendar_gives_the_same_as_counting(received_on: date, pauses: list[Stretch]) -> None:
    pencil = Pencil([stretch for _, stretch in POLICIES.calendar.school_holidays], pauses)
    due_on = pencil.move(by_pencil(received_on, VALIDATION, pencil))
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
    term = compute_term(received_on, TermRule(Length(days, TermUnit.DAYS), ()), POLICIES.calendar)
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


@pytest.mark.parametrize(("known_days", "provisional"), [(14, False), (13, True)])
def test_a_term_is_not_provisional_when_its_last_day_is_known(known_days: int, provisional: bool) -> None:
    received_on = date(2026, 11, 16)
    calendar = Calendar((), received_on, received_on + known_days * DAY)
    rule = TermRule(Length(14, TermUnit.DAYS), REGIONS)
    assert compute_term(received_on, rule, calendar).provisional is provisional


def test_admission_ignores_school_holidays_and_is_never_provisional() -> None:
    rule = POLICIES.all[0].terms[Procedure.ADMISSION]
    assert compute_term(date(2026, 12, 20), rule, POLICIES.calendar).due_on == date(2027, 1, 4)
    assert not compute_term(date(2035, 12, 20), rule, POLICIES.calendar).provisional
