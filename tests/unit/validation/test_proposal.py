from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.policy import Hours
from validation.hours import grant_faults, proposal

STEP = Decimal("0.5")
parts = st.integers(0, 80).map(lambda steps: steps * STEP)
hours = st.builds(Hours, parts, parts)


# What was declared, and what was granted for it: at most that.
granted = st.tuples(hours, hours).map(
    lambda pair: (
        pair[0],
        Hours(min(pair[0].contact, pair[1].contact), min(pair[0].self_study, pair[1].self_study)),
    )
)


def _parts(of: Hours) -> tuple[Decimal, Decimal]:
    return of.contact, of.self_study


@given(before=granted, now=hours)
def test_a_part_counts_as_before_exactly_if_it_is_declared_as_before(before: tuple[Hours, Hours], now: Hours) -> None:
    found = proposal(now, *before)
    for declared, then, gave, proposed in zip(*map(_parts, (now, *before, found)), strict=True):
        assert proposed == (gave if declared == then else declared)


@given(before=granted, now=hours)
def test_what_is_proposed_may_be_granted(before: tuple[Hours, Hours], now: Hours) -> None:
    faults = grant_faults(now, proposal(now, *before), STEP, "Daarom.")
    assert not faults or not proposal(now, *before).total
