import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.texts import folded
from search.words import LONGEST_QUERY, MOST_WORDS, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("COÖRDINEREN", "coordineren"),
        ("Straße", "strasse"),
        ("ﬁets", "fiets"),
        ("Ĳsberg", "ijsberg"),
        ("İstanbul", "istanbul"),
        ("\uff17\uff2b", "7k"),
        ("\U0001d5a0\U0001d5c2", "ai"),
        ("", ""),
    ],
)
def test_case_diacritics_and_forms_of_letters_are_folded(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text("aäÄéÉßŒœİıĳﬁñç ½Ω\u0301", max_size=30))
def test_folding_twice_changes_nothing_and_leaves_no_diacritics(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert not any(unicodedata.combining(symbol) for symbol in once)


@given(st.text("aäéßñç", max_size=30))
def test_it_does_not_matter_in_which_case_somebody_types(text: str) -> None:
    assert folded(text.title()) == folded(text.lower()) == folded(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rust in  de\tklas!", ["rust", "in", "de", "klas"]),
        ("vo-leraar: l'école", ["vo", "leraar", "l", "ecole"]),
        ("21st century", ["21st", "century"]),
        ("-9QF2", ["9qf2"]),
        ("מורה", ["מורה"]),
        ("", []),
        ("?! — 😀 \x00", []),
    ],
)
def test_words_are_letters_and_digits_in_a_row(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_more_than_ten_words_are_ignored() -> None:
    assert words_of(" ".join("abcdefghijkl")) == list("abcdefghij")


def test_what_comes_after_two_hundred_symbols_is_ignored() -> None:
    assert words_of("x" * 10_000) == ["x" * LONGEST_QUERY]
    assert words_of("a" + " " * LONGEST_QUERY + "b") == ["a"]


@given(st.text(max_size=400))
@example("\U0001d5a0")
def test_the_words_of_any_text_are_few_folded_and_not_empty(text: str) -> None:
    words = words_of(text)
    assert len(words) <= MOST_WORDS
    assert all(word and word == folded(word) for word in words)
