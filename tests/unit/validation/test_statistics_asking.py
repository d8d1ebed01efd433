from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.statistics.asking import MOST, Asked, asked, read_month, typed_month
from validation.statistics.periods import Period, last_full_year

TODAY = date(2026, 11, 22)


def ask(van: str = "", tot: str = "", procedure: str = "") -> Asked:
    given_ = {"van": van, "tot": tot, "procedure": procedure}
    return asked({name: text for name, text in given_.items() if text}, TODAY)


def test_without_a_question_it_is_the_last_twelve_months_of_validation() -> None:
    found = ask()
    assert found.period == Period(date(2025, 12, 1), date(2026, 11, 1))
    assert found.args == {"procedure": "validatie", "van": "2025-12", "tot": "2026-11"}
    assert found.errors == {}


@pytest.mark.parametrize(
    ("van", "tot", "first", "last"),
    [
        ("2026-01", "2026-03", "2026-01", "2026-03"),
        ("1-2026", " 03/2026 ", "2026-01", "2026-03"),
        ("2026-1", "2026-12", "2026-01", "2026-11"),
        ("2025-02", "", "2025-02", "2026-11"),
        ("", "2025-06", "2024-07", "2025-06"),
        ("2026-11", "2026-11", "2026-11", "2026-11"),
        ("2023-12", "2026-11", "2023-12", "2026-11"),
        ("2026-05", "2031-01", "2026-05", "2026-11"),
    ],
)
def test_a_period_is_read_as_it_was_meant(van: str, tot: str, first: str, last: str) -> None:
    found = ask(van, tot)
    assert found.period
    assert [typed_month(found.period.first), typed_month(found.period.last)] == [first, last]
    assert found.typed == {"van": first, "tot": last}


@pytest.mark.parametrize(
    ("van", "tot", "field", "words"),
    [
        ("2026-13", "2026-03", "van", "Vul als eerste maand een jaar en een maand in"),
        ("2026-01", "nooit", "tot", "Vul als laatste maand een jaar en een maand in"),
        ("0000-01", "", "van", "Vul als eerste maand"),
        ("2026-06", "2026-05", "tot", "Kies als laatste maand juni 2026 of later."),
        ("2026-12", "", "van", "die al begonnen is"),
        ("2023-01", "2026-01", "tot", "Kies hoogstens 36 maanden: tot en met december 2025"),
        ("2020-01", "", "van", "begin in december 2023, of vul ook een laatste maand in"),
        ("2020-01", "2099-01", "tot", "tot en met december 2022"),
    ],
)
def test_what_cannot_be_is_named_and_what_was_typed_stays(van: str, tot: str, field: str, words: str) -> None:
    found = ask(van, tot)
    assert found.period is None
    assert list(found.errors) == [field]
    assert words in found.errors[field]
    assert found.typed == {"van": van, "tot": tot}


@pytest.mark.parametrize(
    ("typed", "procedure"), [("bezwaar", "bezwaar"), ("toelating", "toelating"), ("validation", "validatie")]
)
def test_an_unknown_procedure_was_not_said(typed: str, procedure: str) -> None:
    assert ask(procedure=typed).procedure == procedure


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_is_a_period_or_has_an_error(van: str, tot: str) -> None:
    found = ask(van, tot)
    assert (found.period is None) == bool(found.errors)
    assert found.period is None or 1 <= len(found.period.months) <= MOST


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_month_is_read_as_it_is_written(day: date) -> None:
    assert read_month(typed_month(day)) == day.replace(day=1)
    assert read_month(f"{day.month}-{day.year}") == day.replace(day=1)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_the_last_full_year_is_twelve_months_that_are_over(today: date) -> None:
    period = last_full_year(today)
    assert len(period.months) == 12
    assert period.bounds[-1] == today.replace(day=1)
    assert list(period.bounds) == sorted(set(period.bounds))
