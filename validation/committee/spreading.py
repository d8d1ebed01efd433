"""Who gets which case, as evenly as can be. No Flask, no database, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ToSpread:
    """A case that somebody must take on: who cannot, and who judged it before and is asked first."""

    id: int
    excluded: frozenset[str] = frozenset()
    preferred: tuple[str, ...] = ()


def spread(cases: Iterable[ToSpread], loads: Mapping[str, int]) -> dict[int, str | None]:
    """Case id → member, or None when nobody can. `loads` are the cases that each available member has already.

    Case by case, in the order that they are given in, it goes to who judged it before, or else to who has least; of
    several the first by name of the account, so that the same question has the same answer.
    """
    load, given = dict(loads), {}
    for case in cases:
        free = set(load) - case.excluded
        member = next((known for known in case.preferred if known in free), None) or _least(free, load)
        given[case.id] = member
        if member:
            load[member] += 1
    return given


def _least(free: Collection[str], load: Mapping[str, int]) -> str | None:
    return min(free, key=lambda member: (load[member], member), default=None)
