from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.policy import Calendar, Length, Stretch, TermRule, TermUnit
from core.policy.loading import load_policies
from validation.term_text import as_data, for_committee, from_data, in_words, promise
from validation.terms import EXTENSION, PAUSE, Part, Term, compute_term

CALENDAR = load_policies(Path("policies")).calendar
MONDAY = date(2026, 11, 16)
ALL = ("noord", "midden", "zuid")
DAYS, WORKING_DAYS, WEEKS, MONTHS = TermUnit
OLD: dict[str, Any] = {
    "received_on": "2026-11-17",
    "due_on": "2027-01-18",
    "provisional": False,
    "parts": [[42, ""], [16, "kerstvakantie"], [3, PAUSE], [1, "weekend"]],
}


def sum_of(length: Length, extension: Length | None = None, *, received_on: date = MONDAY) -> str:
    term = compute_term(received_on, TermRule(length, (), extension), CALENDAR, is_extended=extension is not None)
    return in_words(term).split("; ")[1].split(" = ")[0]


@pytest.mark.parametrize(
    ("length", "explained"),
    [
        (Length(14, DAYS), "14 dagen"),
        (Length(1, DAYS), "1 dag"),
        (Length(2, WEEKS), "2 weken (14 dagen)"),
        (Length(1, WEEKS), "1 week (7 dagen)"),
        (Length(3, MONTHS), "3 maanden (92 dagen)"),
        (Length(1, MONTHS), "1 maand (30 dagen)"),
        (Length(4, WORKING_DAYS), "4 werkdagen"),
        (Length(1, WORKING_DAYS), "1 werkdag"),
        (Length(10, WORKING_DAYS), "10 werkdagen + 4 weekend"),
    ],
)
def test_a_term_is_said_in_its_own_unit_and_in_days(length: Length, explained: str) -> None:
    assert sum_of(length) == explained


@pytest.mark.parametrize(
    ("length", "extension", "explained"),
    [
        (Length(14, DAYS), Length(14, DAYS), "14 dagen + 14 verdaging"),
        (Length(2, WEEKS), Length(1, WEEKS), "2 weken (14 dagen) + 1 week (7 dagen) verdaging"),
        (Length(1, MONTHS), Length(2, MONTHS), "1 maand (30 dagen) + 2 maanden (62 dagen) verdaging"),
        (Length(3, WORKING_DAYS), Length(1, WORKING_DAYS), "3 werkdagen + 1 werkdag verdaging"),
        (Length(3, WORKING_DAYS), Length(4, DAYS), "3 werkdagen + 4 verdaging"),
        (Length(4, DAYS), Length(3, WORKING_DAYS), "4 dagen + 3 werkdagen verdaging + 2 weekend"),
        (Length(3, WORKING_DAYS), Length(2, DAYS), "3 werkdagen + 2 verdaging + 2 weekend"),
        (Length(5, WORKING_DAYS), Length(5, DAYS), "5 werkdagen + 5 verdaging + 4 weekend"),
    ],
)
def test_an_extension_is_a_part_of_its_own(length: Length, extension: Length, explained: str) -> None:
    assert sum_of(length, extension) == explained


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (Length(42, DAYS), "6 weken"),
        (Length(7, DAYS), "1 week"),
        (Length(40, DAYS), "40 dagen"),
        (Length(3, MONTHS), "3 maanden"),
        (Length(14, WORKING_DAYS), "14 werkdagen"),
    ],
)
def test_a_promise_says_whole_weeks_and_whether_holidays_count(length: Length, said: str) -> None:
    assert promise(TermRule(length, ())) == said
    assert promise(TermRule(length, ("noord",))) == f"{said}; schoolvakanties tellen niet mee"


def test_a_rest_day_that_is_also_holiday_or_pause_counts_once() -> None:
    pauses = [Stretch(date(2026, 12, 11), date(2026, 12, 14)), Stretch(date(2027, 1, 2), date(2027, 1, 4))]
    term = compute_term(date(2026, 12, 9), TermRule(Length(10, WORKING_DAYS), ALL), CALENDAR, pauses)
    assert term.parts[1:] == (Part(16, "kerstvakantie"), Part(5, PAUSE), Part(2, "weekend"))
    assert term.due_on == date(2027, 1, 11)


def test_a_pause_never_makes_the_months_of_an_extension_shorter() -> None:
    rule = TermRule(Length(1, MONTHS), (), Length(1, MONTHS))
    pauses = [Stretch(date(2027, 1, 4), date(2027, 1, 31))]
    term = compute_term(date(2026, 12, 28), rule, CALENDAR, pauses, is_extended=True)
    assert term.parts[:3] == (
        Part(31, "", Length(1, MONTHS)),
        Part(31, EXTENSION, Length(1, MONTHS)),
        Part(28, PAUSE),
    )


def test_a_term_without_an_extension_cannot_be_extended() -> None:
    with pytest.raises(ValueError, match="extended"):
        compute_term(MONDAY, TermRule(Length(14, DAYS), ()), CALENDAR, is_extended=True)


def test_months_of_an_unknown_year_are_counted_too() -> None:
    calendar = Calendar((), MONDAY, MONDAY)
    term = compute_term(date(2027, 11, 30), TermRule(Length(3, MONTHS), ()), calendar)
    assert in_words(term) == "ontvangen 30 november 2027; 3 maanden (91 dagen) = 29 februari 2028"


def test_a_term_that_was_kept_before_there_were_units_is_read_and_kept_as_it_was() -> None:
    term = from_data(OLD)
    assert term.parts == (Part(42), Part(16, "kerstvakantie"), Part(3, PAUSE), Part(1, "weekend"))
    assert as_data(term) == OLD
    assert in_words(term).endswith("42 dagen + 16 kerstvakantie + 3 wachten op u + 1 weekend = 18 januari 2027")


def test_a_part_keeps_how_it_was_stated() -> None:
    parts = (Part(42, "", Length(6, WEEKS)), Part(10, EXTENSION, Length(10, WORKING_DAYS)), Part(3, PAUSE))
    term = Term(MONDAY, parts, date(2027, 1, 11), provisional=True)
    assert as_data(term)["parts"] == [[42, "", 6, "weeks"], [10, EXTENSION, 10, "working_days"], [3, PAUSE]]
    assert from_data(as_data(term)) == term


def test_the_committee_does_not_read_that_it_was_waited_for() -> None:
    assert "3 wachten op de aanbieder" in for_committee(from_data(OLD))
