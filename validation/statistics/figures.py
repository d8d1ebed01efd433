"""What the figures of a month or a type are, from what happened to cases. No Flask, no database, no clock.

Definitions: `docs/statistics.md`.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple, TypeVar

from validation.states import Outcome

HALF, NEARLY_ALL = Decimal("0.5"), Decimal("0.9")
Value = TypeVar("Value", int, Decimal)
Key = TypeVar("Key", bound=Hashable)


class Fact(NamedTuple):
    """A case that was decided, as its first decision left it. Hours are those of both parts together."""

    type: str
    received_on: date
    decided_on: date
    due_on: date
    term_days: int
    outcome: str
    is_asked: bool  # the committee asked the provider something
    granted: Decimal
    declared: Decimal

    @property
    def days(self) -> int:
        """Calendar days from receipt to decision; 0 when both were on one day."""
        return (self.decided_on - self.received_on).days


class Flow(NamedTuple):
    """So many cases of a type that were received and closed in the same months, counted from 1; 0 is before them.

    What is not closed yet has no number, what was closed after the last month a higher one.
    """

    type: str
    received: int
    closed: int | None
    cases: int


@dataclass(frozen=True)
class Figures:
    """What stands on a line. Shares are whole percents; what nothing is known of is None."""

    received: int
    open: int  # at the end
    decided: int
    half: int | None  # within so many days half of the cases were decided
    nearly_all: int | None  # and nine out of ten
    term_half: int | None
    term_nearly_all: int | None
    on_time: int | None
    outcomes: Mapping[str, int]  # the share of each outcome that there was
    asked: int | None
    approved: int
    granted: Decimal
    granted_half: Decimal | None
    granted_share: int | None  # of what was declared

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.received or self.open or self.decided)


def percentile(values: Iterable[Value], share: Decimal) -> Value | None:
    """The smallest of the values that at least this share (0 < share <= 1) of them do not exceed: nearest rank.

    It is always one of the values; None when there are none.
    """
    ordered = sorted(values)
    rank = int((len(ordered) * share).to_integral_value(ROUND_CEILING))
    return ordered[rank - 1] if ordered else None


def percent(part: Decimal | int, whole: Decimal | int) -> int | None:
    """A share in whole percents, halves rounded up; None of nothing."""
    return int((200 * part + whole) // (2 * whole)) if whole else None


def figures(facts: Sequence[Fact], *, received: int, still_open: int) -> Figures:
    """The figures of cases that were decided, beside how many came in and were still open."""
    days, term_days = [fact.days for fact in facts], [fact.term_days for fact in facts]
    outcomes = Counter(fact.outcome for fact in facts)
    approved = [fact for fact in facts if fact.outcome == Outcome.APPROVED]
    granted = sum((fact.granted for fact in approved), Decimal(0))
    return Figures(
        received=received,
        open=still_open,
        decided=len(facts),
        half=percentile(days, HALF),
        nearly_all=percentile(days, NEARLY_ALL),
        term_half=percentile(term_days, HALF),
        term_nearly_all=percentile(term_days, NEARLY_ALL),
        on_time=percent(sum(fact.decided_on <= fact.due_on for fact in facts), len(facts)),
        outcomes={outcome: percent(count, len(facts)) or 0 for outcome, count in outcomes.items()},
        asked=percent(sum(fact.is_asked for fact in facts), len(facts)),
        approved=len(approved),
        granted=granted,
        granted_half=percentile([fact.granted for fact in approved], HALF),
        granted_share=percent(granted, sum((fact.declared for fact in approved), Decimal(0))),
    )


def by_month(months: Sequence[date], facts: Iterable[Fact], flows: Sequence[Flow]) -> dict[date, Figures]:
    """The figures of each month: decided, received, and open at its end."""
    decided = grouped(facts, lambda fact: fact.decided_on.replace(day=1))
    return {
        month: figures(
            decided.get(month, []), received=received(flows, number, number), still_open=open_after(flows, number)
        )
        for number, month in enumerate(months, 1)
    }


def by_type(length: int, facts: Iterable[Fact], flows: Sequence[Flow]) -> dict[str, Figures]:
    """The figures of each type that there was, over so many months together."""
    decided, flowing = grouped(facts, lambda fact: fact.type), grouped(flows, lambda flow: flow.type)
    found = {type_: total(length, decided.get(type_, []), flowing.get(type_, [])) for type_ in {*decided, *flowing}}
    return {type_: one for type_, one in found.items() if not one.is_empty}


def total(length: int, facts: Sequence[Fact], flows: Sequence[Flow]) -> Figures:
    """The figures of all types, over so many months together."""
    return figures(facts, received=received(flows, 1, length), still_open=open_after(flows, length))


def received(flows: Iterable[Flow], first: int, last: int) -> int:
    """How many cases came in during these months."""
    return sum(flow.cases for flow in flows if first <= flow.received <= last)


def open_after(flows: Iterable[Flow], month: int) -> int:
    """How many cases had come in by the end of this month and were not closed by then."""
    return sum(flow.cases for flow in flows if flow.received <= month and (flow.closed is None or flow.closed > month))


def grouped(items: Iterable[Any], key: Callable[[Any], Key]) -> dict[Key, list[Any]]:
    """The items per key, each in the order in which they came."""
    found: dict[Key, list[Any]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
