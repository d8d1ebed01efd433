from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.spread import Spread

counts = st.dictionaries(st.integers(1, 200).map(lambda half: Decimal(half) / 2), st.integers(1, 50), min_size=1)
shares = st.integers(0, 50).map(lambda percent: Decimal(percent) / 100)


def spread(known: dict[Decimal, int]) -> Spread:
    return Spread(tuple(known.items()))


@given(counts, shares)
def test_at_either_end_less_than_the_share_is_unusual(known: dict[Decimal, int], share: Decimal) -> None:
    usual, all_ = spread(known).usual(share), sum(known.values())
    below = sum(count for hours, count in known.items() if hours < usual.lowest)
    above = sum(count for hours, count in known.items() if hours > usual.highest)
    assert below <= all_ * share
    assert above <= all_ * share
    assert usual.lowest <= usual.highest
    assert {usual.lowest, usual.highest} <= set(known)
    assert usual.percent == (all_ - below - above) * 100 // all_


@given(counts, shares)
def test_nothing_more_could_be_left_out(known: dict[Decimal, int], share: Decimal) -> None:
    usual, all_ = spread(known).usual(share), sum(known.values())
    assert sum(count for hours, count in known.items() if hours <= usual.lowest) >= all_ * share
    assert sum(count for hours, count in known.items() if hours >= usual.highest) >= all_ * share


@given(counts, shares)
def test_the_order_of_the_rows_does_not_matter(known: dict[Decimal, int], share: Decimal) -> None:
    assert spread(known).usual(share) == spread(dict(reversed(known.items()))).usual(share)


@pytest.mark.parametrize(
    ("hours", "is_usual"), [("3.5", False), ("4", True), ("8", True), ("60", True), ("60.5", False), ("100", False)]
)
def test_both_ends_are_usual_themselves(hours: str, is_usual: bool) -> None:
    known = {Decimal(4): 5, Decimal(8): 90, Decimal(60): 5}
    assert spread(known).usual(Decimal("0.05")).holds(Decimal(hours)) is is_usual
