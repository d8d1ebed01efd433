from dataclasses import replace
from datetime import date

import pytest

from validation.term_change import Cause, change_for_committee, change_for_provider
from validation.terms import Part, Term

PARTS = (Part(42), Part(16, "kerstvakantie"), Part(1, "weekend"))
BEFORE = Term(date(2026, 11, 17), PARTS, date(2027, 1, 15), provisional=False)
AFTER = replace(BEFORE, due_on=date(2027, 1, 18))
BEGIN = "De uiterste datum is nu 18 januari 2027 (was 15 januari 2027), want "


@pytest.mark.parametrize(
    ("cause", "why", "why_for_committee"),
    [
        (Cause.ANSWERED, "u hebt de vraag beantwoord", "de aanbieder heeft de vraag beantwoord"),
        (Cause.LAPSED, "de tijd om de vraag te beantwoorden is voorbij", ""),
        (Cause.EXTENDED, "de commissie heeft de termijn één keer verlengd (verdaging)", ""),
        (Cause.HOLIDAYS_CHANGED, "de vakantietabel is gewijzigd", ""),
    ],
)
def test_a_new_due_date_is_told_with_the_old_one_and_why(cause: Cause, why: str, why_for_committee: str) -> None:
    assert change_for_provider(BEFORE, AFTER, cause) == f"{BEGIN}{why}."
    assert change_for_committee(BEFORE, AFTER, cause) == f"{BEGIN}{why_for_committee or why}."


@pytest.mark.parametrize("cause", Cause)
def test_nothing_is_told_when_the_due_date_stays(cause: Cause) -> None:
    other_sum = replace(BEFORE, parts=(Part(42), Part(16, "kerstvakantie"), Part(1, "wachten op u")))
    for after in (BEFORE, other_sum):
        assert change_for_provider(BEFORE, after, cause) == ""
        assert change_for_committee(BEFORE, after, cause) == ""


def test_a_date_may_come_earlier() -> None:
    told = change_for_provider(AFTER, BEFORE, Cause.HOLIDAYS_CHANGED)
    assert told.startswith("De uiterste datum is nu 15 januari 2027 (was 18 januari 2027), want ")


def test_a_date_that_is_provisional_says_so() -> None:
    told = change_for_provider(BEFORE, replace(AFTER, provisional=True), Cause.ANSWERED)
    assert told.startswith("De uiterste datum is nu voorlopig 18 januari 2027 (was 15 januari 2027), want ")


def test_a_date_that_is_no_longer_provisional_says_so() -> None:
    told = change_for_provider(replace(BEFORE, provisional=True), BEFORE, Cause.HOLIDAYS_CHANGED)
    assert told == "De uiterste datum 15 januari 2027 is niet langer voorlopig, want de vakantietabel is gewijzigd."
