"""How many open cases there are of each kind, for the tiles and the filters of the queue. No Flask, no database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Due(StrEnum):
    """When a case must be decided, seen from today; while the provider owes an answer nothing is due."""

    LATE = "te-laat"
    SOON = "binnenkort"
    LATER = "later"
    WAITING = "wacht"


class Whose(StrEnum):
    """Who has a case in hand."""

    MINE = "mine"
    NOBODY = "nobody"
    OTHER = "other"


@dataclass(frozen=True)
class Kind:
    """So many open cases that are alike. Sectors stand as in ',po,vo,'; a second assessor has the case in hand, too."""

    procedure: str
    type: str
    sectors: str
    due: Due
    handler: str
    second: str
    count: int

    def whose(self, member: str) -> Whose:
        """In whose hands they are, for this member."""
        if member in {self.handler, self.second}:
            return Whose.MINE
        return Whose.OTHER if self.handler else Whose.NOBODY


@dataclass(frozen=True)
class Chosen:
    """What somebody wants to see of the queue; an empty text is no choice."""

    whose: str = ""
    due: str = ""
    procedure: str = ""
    type: str = ""
    sector: str = ""


NOTHING = Chosen()


@dataclass
class Counts:
    """How many cases each choice would show with the other choices as they are, and how many there are now."""

    whose: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    procedure: Counter[str] = field(default_factory=Counter)
    type: Counter[str] = field(default_factory=Counter)
    sector: Counter[str] = field(default_factory=Counter)
    shown: int = 0


def counts_of(kinds: Iterable[Kind], chosen: Chosen, member: str) -> Counts:
    """Count each kind under every choice that would show it; an empty text counts what is there without that choice."""
    counts = Counts()
    for kind in kinds:
        facts: dict[str, Sequence[str]] = {
            "whose": [kind.whose(member)],
            "due": [kind.due],
            "procedure": [kind.procedure],
            "type": [kind.type],
            "sector": kind.sectors.strip(",").split(","),
        }
        unfit = [name for name, values in facts.items() if getattr(chosen, name) not in {"", *values}]
        if not unfit:
            counts.shown += kind.count
        for name in unfit if len(unfit) == 1 else [] if unfit else facts:
            for value in {"", *facts[name]}:
                getattr(counts, name)[value] += kind.count
    return counts


def without(kinds: Iterable[Kind], hidden: Iterable[Kind]) -> list[Kind]:
    """What is left for somebody who must not know of the hidden ones."""
    gone = {replace(kind, count=0): kind.count for kind in hidden}
    left = (replace(kind, count=kind.count - gone.get(replace(kind, count=0), 0)) for kind in kinds)
    return [kind for kind in left if kind.count > 0]
