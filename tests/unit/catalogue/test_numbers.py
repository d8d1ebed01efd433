from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import numbers
from catalogue.numbers import ALPHABET, LENGTH

drawn = st.integers(0, 2**32).map(lambda seed: numbers.draw(Random(seed)))


@given(drawn)
def test_a_drawn_number_has_eight_symbols_and_fits(number: str) -> None:
    assert len(number) == LENGTH
    assert set(number) <= set(ALPHABET)
    assert numbers.is_valid(number)
    assert not any(numbers.is_slip(text) for text in (number, number[1:], f"{number}2", "OIL01234"))


@given(drawn)
def test_every_single_wrong_symbol_is_detected(number: str) -> None:
    for place in range(LENGTH):
        for symbol in set(ALPHABET) - {number[place]}:
            slip = number[:place] + symbol + number[place + 1 :]
            assert not numbers.is_valid(slip)
            assert numbers.is_slip(f"{slip[:4]}-{slip[4:]}".lower())


@given(drawn, st.sampled_from(["-", " ", "\u2011", "\u2013", "\u2212", "_", ".", "\u00a0"]), st.booleans())
def test_reading_forgives_case_spaces_and_any_dash(number: str, dash: str, lower: bool) -> None:
    typed = f" {number[:4]}{dash}{number[4:]} "
    assert numbers.normalise(typed.lower() if lower else typed) == number


@given(drawn)
def test_a_text_is_inside_a_number_exactly_if_it_begins_one_of_its_parts(number: str) -> None:
    parts = numbers.parts(number)
    for start in range(LENGTH):
        for end in range(start + numbers.SHORTEST_PART, LENGTH + 1):
            piece = number[start:end]
            assert any(piece <= part < numbers.after(piece) for part in parts)
    assert all(part in number for part in parts)


@given(drawn, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_the_meant_number_is_among_the_near_ones(number: str, place: int, symbol: str) -> None:
    wrong = number[:place] + symbol + number[place + 1 :]
    if wrong != number:
        assert number in numbers.near(wrong)


@given(drawn, st.integers(0, LENGTH - 2))
def test_two_swapped_neighbours_are_detected_and_the_meant_number_is_near(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number and not numbers.is_valid(swapped):
        assert number in numbers.near(swapped)


def test_symbols_that_look_alike_are_never_drawn() -> None:
    assert not set(ALPHABET) & set("01OILU")
    assert len(ALPHABET) == 30


@pytest.mark.parametrize(("text", "is_part"), [("7K3", True), ("7K", False), ("7K!", False), ("A" * 21, False)])
def test_a_part_has_three_symbols_or_more(text: str, is_part: bool) -> None:
    assert numbers.is_part(text) is is_part


def test_a_number_is_shown_with_a_dash_and_an_old_one_as_it_was_printed() -> None:
    number = numbers.draw(Random(1))
    assert numbers.shown(number) == f"{number[:4]}-{number[4:]}"
    assert numbers.shown("ff6pdyhXP4") == "ff6pdyhXP4"


def test_a_text_of_another_length_has_nothing_near() -> None:
    assert numbers.near("7K3") == []
