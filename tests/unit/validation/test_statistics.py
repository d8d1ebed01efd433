from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.states import Outcome
from validation.statistics.figures import Fact, Flow, by_month, by_type, figures, percent, percentile, total
from validation.statistics.periods import Period
from validation.statistics.small_groups import LEAST, kept_back

HALF, NINE_TENTHS = Decimal("0.5"), Decimal("0.9")
MONTHS = Period(date(2026, 1, 1), date(2026, 4, 1)).months
numbers = st.lists(st.integers(0, 50), max_size=40)
shares = st.integers(1, 100).map(lambda percent: Decimal(percent) / 100)
TYPES = ("cursus", "opleiding", "")


def fact(decided_on: date = date(2026, 1, 31), **facts: object) -> Fact:
    usual = {
        "type": "cursus",
        "received_on": decided_on - timedelta(days=30),
        "decided_on": decided_on,
        "due_on": decided_on,
        "term_days": 20,
        "outcome": Outcome.APPROVED,
        "is_asked": False,
        "granted": Decimal(8),
        "declared": Decimal(10),
    }
    return Fact(**{**usual, **facts})  # type: ignore[arg-type]  # a test names what it changes


@given(numbers, shares)
def test_a_percentile_is_what_a_slow_search_finds(values: list[int], share: Decimal) -> None:
    enough = [one for one in values if sum(other <= one for other in values) >= share * len(values)]
    assert percentile(values, share) == min(enough, default=None)


@pytest.mark.parametrize(
    ("values", "half", "nearly_all"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([3, 1, 2], 2, 3),
        ([*range(1, 11)], 5, 9),
        ([*range(1, 12)], 6, 10),
        ([4, 4, 4, 90], 4, 90),
    ],
)
def test_percentiles_by_hand(values: list[int], half: int | None, nearly_all: int | None) -> None:
    assert (percentile(values, HALF), percentile(values, NINE_TENTHS)) == (half, nearly_all)


@pytest.mark.parametrize(
    ("part", "whole", "found"), [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (3, 3, 100)]
)
def test_percents_are_whole_and_halves_rounded_up(part: int, whole: int, found: int | None) -> None:
    assert percent(part, whole) == found


def test_a_line_by_hand() -> None:
    decided = date(2026, 1, 31)
    facts = [
        fact(granted=Decimal("7.5")),
        fact(received_on=decided, term_days=0, granted=Decimal(10)),
        fact(due_on=decided - timedelta(days=1), term_days=40, outcome=Outcome.REJECTED, granted=Decimal(0)),
        fact(outcome=Outcome.TEMPORARILY_REJECTED, is_asked=True, granted=Decimal(0)),
    ]
    found = figures(facts, received=9, still_open=2)
    assert (found.received, found.decided, found.open) == (9, 4, 2)
    assert (found.half, found.nearly_all, found.term_half, found.term_nearly_all) == (30, 30, 20, 40)
    assert found.outcomes == {Outcome.APPROVED: 50, Outcome.REJECTED: 25, Outcome.TEMPORARILY_REJECTED: 25}
    assert (found.on_time, found.asked) == (75, 25)
    assert (found.approved, found.granted, found.granted_half) == (2, Decimal("17.5"), Decimal("7.5"))
    assert found.granted_share == 88  # 17,5 of 20


def test_of_nothing_nothing_is_said() -> None:
    found = figures([], received=0, still_open=0)
    assert found.is_empty
    assert (found.half, found.on_time, found.asked, found.granted_half, found.granted_share) == (None,) * 5
    assert found.outcomes == {}


# A case is its type, and the numbers of the months in which it came in and was closed: 0 is before them, 5 after.
cases = st.lists(
    st.tuples(st.sampled_from(TYPES), st.integers(0, 5), st.none() | st.integers(0, 5)).filter(
        lambda case: case[2] is None or case[2] >= case[1]
    ),
    max_size=30,
)


@given(cases)
def test_coming_in_and_going_out_equal_a_count_case_by_case(known: list[tuple[str, int, int | None]]) -> None:
    flows = [Flow(*case, count) for case, count in Counter(known).items()]
    facts = [fact(MONTHS[closed - 1], type=type_) for type_, _, closed in known if closed and closed <= 4]
    for number, (month, line) in enumerate(by_month(MONTHS, facts, flows).items(), 1):
        assert month == MONTHS[number - 1]
        assert line.received == sum(received == number for _, received, _ in known)
        assert line.decided == sum(closed == number for *_, closed in known)
        assert line.open == sum(
            received <= number and (closed is None or closed > number) for _, received, closed in known
        )
    types = by_type(4, facts, flows)
    for type_ in TYPES:
        own = [(received, closed) for known_type, received, closed in known if known_type == type_]
        received, decided = sum(1 <= one <= 4 for one, _ in own), sum(closed in range(1, 5) for _, closed in own)
        still_open = sum(one <= 4 and (closed is None or closed > 4) for one, closed in own)
        line = types.get(type_, figures([], received=0, still_open=0))
        assert (line.received, line.decided, line.open) == (received, decided, still_open)
    together = total(4, facts, flows)
    assert together.received == sum(line.received for line in types.values())
    assert together.open == sum(line.open for line in types.values())


groups = st.dictionaries(st.integers(), st.integers(0, 12), max_size=8)


@given(groups)
def test_no_small_group_is_told_nor_left_when_the_others_are_taken_off_the_total(decided: dict[int, int]) -> None:
    hidden = kept_back(decided)
    assert {key for key, count in decided.items() if 0 < count < LEAST} <= hidden
    assert all(decided[key] for key in hidden)
    together = sum(decided[key] for key in hidden)
    assert not hidden or together >= LEAST or hidden == {key for key, count in decided.items() if count}


@given(groups)
def test_no_group_is_kept_back_without_need(decided: dict[int, int]) -> None:
    hidden = kept_back(decided)
    larger = sorted(decided[key] for key in hidden if decided[key] >= LEAST)
    assert len(larger) <= 1
    assert not larger or larger[0] == min(count for count in decided.values() if count >= LEAST)
    assert not larger or sum(decided[key] for key in hidden) - larger[0] < LEAST


def test_groups_by_hand() -> None:
    assert kept_back({"a": 20, "b": 9}) == set()
    assert kept_back({"a": 20, "b": 9, "c": 4, "d": 0}) == {"c", "b"}
    assert kept_back({"a": 20, "b": 9, "c": 4, "d": 1}) == {"c", "d"}
    assert kept_back({"a": 3}) == {"a"}
