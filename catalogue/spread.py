"""How numbers of hours are spread, and which are usual. No Flask, no database, no clock."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate


@dataclass(frozen=True)
class Usual:
    """What all but a share at either end of the known ones have; `percent` of them lie within, both ends included."""

    lowest: Decimal
    highest: Decimal
    percent: int  # rounded down

    def holds(self, hours: Decimal) -> bool:
        """Whether so many hours are nothing unusual."""
        return self.lowest <= hours <= self.highest


@dataclass(frozen=True)
class Spread:
    """How often each number of hours is known; no number twice, each at least once."""

    counts: tuple[tuple[Decimal, int], ...]

    @property
    def known(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.counts)

    def usual(self, share: Decimal) -> Usual:
        """The range without this share (at most a half) at either end. There must be at least one known."""
        lowest = _quantile(sorted(self.counts), self.known * share)
        highest = _quantile(sorted(self.counts, reverse=True), self.known * share)
        within = sum(count for hours, count in self.counts if lowest <= hours <= highest)
        return Usual(lowest, highest, within * 100 // self.known)


def _quantile(counts: list[tuple[Decimal, int]], reached: Decimal) -> Decimal:
    """The first number with which so many have passed."""
    passed = accumulate(count for _, count in counts)
    return next(hours for (hours, _), so_far in zip(counts, passed, strict=True) if so_far >= reached)
