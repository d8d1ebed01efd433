"""How much two activities are alike, for who judges one and wonders what was decided about the other. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from core.texts import folded

WORD = re.compile(r"[a-z0-9]{4,}")
# Words of many titles that say nothing about what an activity is about.
COMMON = frozenset(
    {"voor", "naar", "door", "over", "leraar", "leraren", "leren", "onderwijs", "school", "cursus", "training"}
)
OF_HOURS = 0.3  # the share of the hours in a likeness; the rest is of the words


@dataclass(frozen=True)
class Portrait:
    """What is compared of an activity."""

    title: str
    hours: Decimal

    @property
    def words(self) -> frozenset[str]:
        """The words that say what it is about."""
        return frozenset(WORD.findall(folded(self.title))) - COMMON


def likeness(one: Portrait, other: Portrait) -> float:
    """From 0 (nothing in common) to 1 (the same words and hours); without a word in common always 0."""
    shared, all_words = one.words & other.words, one.words | other.words
    if not shared:
        return 0.0
    most = max(one.hours, other.hours)
    of_hours = float(min(one.hours, other.hours) / most) if most else 1.0
    return (1 - OF_HOURS) * len(shared) / len(all_words) + OF_HOURS * of_hours
