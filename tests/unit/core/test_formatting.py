import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue import numbers
from core import formatting
from core.formatting import count_of, mark_part, paragraphs, parse_number, typed_number
from core.policy.hours import share_in_words, step_in_words

SPECIAL = "<>&\"'"
OWN_TAGS = re.compile(r"</?(?:p|ul|li|mark)>|<br>")
hours = st.decimals(0, 100_000, places=2)
markup = st.lists(st.sampled_from([*SPECIAL, *"ab/- \n\r*•", "<p>", "<br>", "<mark>", "&lt;"]), max_size=60).map(
    "".join
)


def test_days_and_moments_are_written_in_dutch() -> None:
    assert formatting.dutch_date(date(2026, 11, 17)) == "17 november 2026"
    assert formatting.dutch_weekday(date(2027, 3, 1)) == "ma 1 maart 2027"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 12, 12), date(2026, 12, 12), "za 12 december 2026"),
        (date(2026, 12, 12), date(2026, 12, 13), "za 12 t/m zo 13 december 2026"),
        (date(2026, 11, 30), date(2026, 12, 1), "ma 30 november t/m di 1 december 2026"),
        (date(2026, 12, 31), date(2027, 12, 31), "do 31 december 2026 t/m vr 31 december 2027"),
    ],
)
def test_a_period_says_once_what_both_days_share(first: date, last: date, text: str) -> None:
    assert formatting.dutch_period(first, last) == text


@pytest.mark.parametrize(
    ("cents", "shown", "typed"),
    [(None, "–", ""), (0, "gratis", "0,00"), (5, "€\xa00,05", "0,05"), (125000, "€\xa01.250,00", "1.250,00")],
)
def test_a_price_is_shown_and_typed_in_dutch(cents: int | None, shown: str, typed: str) -> None:
    assert (formatting.dutch_price(cents), formatting.typed_price(cents)) == (shown, typed)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 17, 13, 5, tzinfo=UTC), "17 november 2026 om 14.05 uur"),
        (datetime(2026, 7, 17, 22, 5, tzinfo=UTC), "18 juli 2026 om 00.05 uur"),
    ],
)
def test_a_moment_is_told_in_dutch_time(moment: datetime, text: str) -> None:
    assert formatting.dutch_moment(moment) == text


@pytest.mark.parametrize(
    ("number", "shown", "typed"),
    [
        (Decimal("12.5"), "12,5", "12,5"),
        (Decimal("16.00"), "16", "16"),
        (Decimal("0.25"), "0,25", "0,25"),
        (Decimal(1200), "1.200", "1200"),
        (Decimal("1200.5"), "1.200,5", "1200,5"),
        (Decimal(0), "0", "0"),
    ],
)
def test_numbers_are_shown_and_typed_in_dutch(number: Decimal, shown: str, typed: str) -> None:
    assert (formatting.dutch_number(number), typed_number(number)) == (shown, typed)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", Decimal(12)),
        ("12,5", Decimal("12.5")),
        ("12.5", Decimal("12.5")),
        (" 12,50 ", Decimal("12.5")),
        ("1.200", Decimal(1200)),
        ("1.200,5", Decimal("1200.5")),
        ("1.200.000", Decimal(1200000)),
        ("1,200.5", Decimal("1200.5")),
        ("-3", Decimal(-3)),
        ("0,500", Decimal("0.5")),
    ],
)
def test_a_number_is_read_as_dutch_people_write_it(text: str, number: Decimal) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "nan", "snan", "inf", "-Infinity", "twaalf", "12 uur", "1,2,3", "1.20,5", "1_000"]
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert parse_number(text) is None


def test_a_part_of_an_hour_is_never_read_as_hundreds() -> None:
    assert parse_number("0.500") in {Decimal("0.5"), None}


@given(hours)
@example(Decimal(1200))
@example(Decimal("12.5"))
@example(Decimal("0.12"))
def test_what_is_shown_or_filled_in_can_be_read_back(number: Decimal) -> None:
    assert parse_number(typed_number(number)) == number
    assert parse_number(formatting.dutch_number(number)) == number


def test_a_count_is_singular_for_one_only() -> None:
    counts = [count_of(number, "activiteit", "activiteiten") for number in (0, 1, 2, 1200)]
    assert counts == ["0 activiteiten", "1 activiteit", "2 activiteiten", "1.200 activiteiten"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("een\ntwee", "<p>een<br>twee</p>"),
        ("een\r\n\r\ntwee", "<p>een</p><p>twee</p>"),
        ("een\n\n \n\ntwee\n", "<p>een</p><p>twee</p>"),
        ("Doel:\n- a\n* b\n• c\nen zo", "<p>Doel:</p><ul><li>a</li><li>b</li><li>c</li></ul><p>en zo</p>"),
        ("-5 graden", "<p>-5 graden</p>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("- <i>", "<ul><li>&lt;i&gt;</li></ul>"),
    ],
)
def test_plain_text_becomes_paragraphs_and_lists(text: str, expected: str) -> None:
    assert str(paragraphs(text)) == expected


@given(markup)
def test_markup_in_a_text_is_always_escaped(text: str) -> None:
    rest = OWN_TAGS.sub("", str(paragraphs(text)))
    assert not set("<>\"'") & set(rest)
    assert [html.unescape(rest).count(symbol) for symbol in SPECIAL] == [text.count(symbol) for symbol in SPECIAL]


@given(st.integers(0, 2**32), st.integers(0, numbers.LENGTH - 1), st.integers(1, numbers.LENGTH))
def test_a_part_of_a_number_is_marked_over_its_dash(seed: int, start: int, length: int) -> None:
    number = numbers.draw(Random(seed))
    part = number[start : start + length]
    found = re.fullmatch("(.*)<mark>(.+)</mark>(.*)", str(mark_part(numbers.shown(number), part.lower())))
    assert found
    assert "".join(found.groups()) == numbers.shown(number)
    assert found[2].replace("-", "") == part


@given(markup, st.text("<&ar", max_size=2))
def test_marking_changes_no_text_and_escapes_all_of_it(text: str, part: str) -> None:
    rest = OWN_TAGS.sub("", str(mark_part(text, part)))
    assert not set("<>") & set(rest)
    assert html.unescape(rest) == text


@pytest.mark.parametrize("part", ["", "ZZZ", "."])
def test_without_the_part_nothing_is_marked(part: str) -> None:
    assert str(mark_part("7K3F-9Q2N <", part)) == "7K3F-9Q2N &lt;"


@pytest.mark.parametrize(
    ("step", "words"),
    [("1", "hele uren"), ("0.5", "halve uren"), ("0.25", "kwartieren"), ("0.10", "stappen van 0,1 uur")],
)
def test_a_step_of_hours_is_named_as_people_name_it(step: str, words: str) -> None:
    assert step_in_words(Decimal(step)) == words


@pytest.mark.parametrize(("share", "words"), [("0.5", "de helft"), ("0.50", "de helft"), ("0.75", "75%")])
def test_a_share_is_named_as_people_name_it(share: str, words: str) -> None:
    assert share_in_words(Decimal(share)) == words
