from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.similarity import Portrait, likeness

titles = st.lists(st.sampled_from(["rekenen", "taal", "poëzie", "in", "de", "klas", "voor", "starters"])).map(" ".join)
portraits = st.builds(Portrait, titles, st.integers(0, 80).map(lambda count: Decimal(count) / 2))


@given(portraits, portraits)
def test_a_likeness_lies_between_none_and_all_and_works_both_ways(one: Portrait, other: Portrait) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1 + 1e-9
    assert (likeness(one, other) == 0) is one.words.isdisjoint(other.words)
    assert likeness(one, one) == pytest.approx(1 if one.words else 0)


def test_accents_and_small_words_make_no_difference() -> None:
    assert Portrait("Poëzie in de klas voor leraren", Decimal(1)).words == {"poezie", "klas"}


def test_of_two_with_the_same_words_the_one_with_the_hours_is_more_alike() -> None:
    own = Portrait("Rekenen met breuken", Decimal(12))
    near, far = Portrait("Breuken en rekenen", Decimal(10)), Portrait("Breuken en rekenen", Decimal(40))
    assert likeness(own, near) > likeness(own, far) > 0
