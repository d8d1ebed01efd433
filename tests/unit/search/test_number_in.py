"""A number is found in whatever it was copied with, and no word is ever taken for one."""

from random import Random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from catalogue import numbers
from search.finding import number_in

drawn = st.integers(0, 2**32).map(lambda seed: numbers.draw(Random(seed))).filter(lambda number: not number.isalpha())
words = st.lists(st.text("abcdefghjkmnpqrstvwxyzåé", min_size=1, max_size=10), max_size=4).map(" ".join)
NUMBER = "EWH37MKV"


@pytest.mark.parametrize(
    "text",
    [
        "EWH3-7MKV Generatieve AI",
        "Registeruur EWH3-7MKV",
        "“EWH3-7MKV”",
        "(ewh3-7mkv)",
        "http://host/activiteiten/EWH37MKV",
        "https://register.example/activiteiten/EWH37MKV?x=1#y",
        "Nummer: EWH3–7MKV, 20 RU",
        "nr. EWH3 7MKV",
        "\uff25\uff37\uff28\uff13\uff0d\uff17\uff2d\uff2b\uff36 als op het certificaat",
    ],
)
def test_a_number_is_found_in_what_was_copied_with_it(text: str) -> None:
    assert number_in(text) == NUMBER


@given(drawn, words, words, st.sampled_from(["{}", "“{}”", "({}),", "{}.", "/{}/", ": {};"]), st.booleans())
def test_a_full_number_is_found_between_any_words(
    number: str, before: str, after: str, around: str, has_dash: bool
) -> None:
    typed = around.format(numbers.shown(number) if has_dash else number)
    assume(not numbers.is_valid(numbers.normalise(f"{before} {typed} {after}")))
    assert number_in(f"{before} {typed} {after}") == number


@given(st.text(st.characters(exclude_categories=["N", "C"]), max_size=60))
@example("mens-erger je niet")
@example("ABCD-EFGH en ABCDEFGH")
def test_words_stay_words(text: str) -> None:
    assert number_in(f"zoek {text}") == numbers.normalise(f"zoek {text}")


@pytest.mark.parametrize(
    "text", ["AEWH37MKV", "EWH-37MKV boek", "EWH3-7MKV-2 boek", "KLAS-EWH3-7MKV boek", "EWH3 7MKV boek"]
)
def test_a_part_of_a_longer_token_is_no_number(text: str) -> None:
    assert number_in(text) == numbers.normalise(text)
