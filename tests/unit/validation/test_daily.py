"""The pure parts of the daily work: places, the mail to a member, the mark of a holiday table."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mail.letter import Point
from core.policy.calendar import Stretch
from core.policy.loading import load_policies
from validation.daily.digest import DueCase, digest, line
from validation.daily.holidays import digest_of, ends_soon
from validation.daily.places import Place, place_from

CALENDAR = load_policies(Path("policies")).calendar
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))
CASE = DueCase("Rekenen", "De Brug", date(2026, 12, 7), "Jansen", "https://register.example/commissie/zaken/1")


@given(day=DAYS, step=st.sampled_from(["", "due"]), after=st.integers(0, 2**31), faults=st.integers(0, 99))
def test_a_place_is_read_as_it_was_written(day: date, step: str, after: int, faults: int) -> None:
    place = Place(day, step, after, faults) if step else Place(day)
    assert place_from(str(place)) == place
    assert len(str(place)) <= 80


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 12, 1), "nog 4 werkdagen"),
        (date(2026, 12, 4), "nog 1 werkdag"),
        (date(2026, 12, 7), "vandaag"),
        (date(2026, 12, 8), "1 werkdag te laat"),
        (date(2026, 12, 14), "5 werkdagen te laat"),
    ],
)
def test_a_line_says_how_long_there_is(today: date, said: str) -> None:
    assert line(CASE, today) == f"Rekenen, De Brug: uiterlijk 7 december 2026 ({said}), bij Jansen"


def test_a_case_on_a_day_of_rest_and_in_nobodys_hand() -> None:
    free = replace(CASE, with_whom="", due_on=date(2026, 12, 4))
    assert line(free, date(2026, 12, 5)).endswith("(1 werkdag te laat), nog bij niemand")


def test_the_mail_leads_to_each_case_and_counts_the_others() -> None:
    letter = digest("a@b.example", [CASE], 3, "https://register.example", "committee-1", date(2026, 12, 1))
    assert letter.subject == "Herinnering: 3 zaken om te besluiten"
    assert isinstance(letter.paragraphs[1], Point)
    assert letter.paragraphs[1].link == CASE.link
    assert letter.paragraphs[-1] == "Er zijn er nog 2. Die vindt u bij ‘Te beoordelen’."
    assert not letter.is_on_site


def test_every_day_of_the_table_counts_in_its_mark_and_the_order_does_not() -> None:
    mark = digest_of(CALENDAR)
    turned = replace(CALENDAR, school_holidays=tuple(reversed(CALENDAR.school_holidays)))
    assert digest_of(turned) == mark
    (region, first), *rest = CALENDAR.school_holidays
    moved = Stretch(first.first, first.last + timedelta(days=1), first.name)
    assert digest_of(replace(CALENDAR, school_holidays=((region, moved), *rest))) != mark
    assert digest_of(replace(CALENDAR, known_until=CALENDAR.known_until + timedelta(days=1))) != mark


def test_a_table_that_goes_on_for_a_year_is_long_enough() -> None:
    calendar = replace(CALENDAR, known_until=date(2030, 9, 1))
    assert not ends_soon(calendar, date(2029, 9, 1))
    assert ends_soon(calendar, date(2029, 9, 2))
