"""What a teacher can find by words, as one flat document. Pure. A change of what it holds needs a new `FORMAT`."""

import re
from dataclasses import dataclass
from datetime import date

from core.texts import folded

FORMAT = 3
LONGEST_QUERY = 200
MOST_WORDS = 10
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class Document:
    """One activity as the index sees it."""

    id: int
    title: str
    provider: str
    subject: str
    facts: str  # kind, sectors and place in words
    description: str
    ends_on: date | None = None


def words_of(text: str) -> list[str]:
    """The words somebody typed, folded; more than ten are ignored."""
    return _WORD.findall(folded(text[:LONGEST_QUERY]))[:MOST_WORDS]
