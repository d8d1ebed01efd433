"""What a teacher can find by words, as one flat document. Pure. A change of what it holds needs a new `FORMAT`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

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


def folded(text: str) -> str:
    """Lower case without diacritics, so that 'cafe' finds 'café'."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(symbol for symbol in apart if not unicodedata.combining(symbol))


def words_of(text: str) -> list[str]:
    """The words somebody typed, folded; more than ten are ignored."""
    return _WORD.findall(folded(text[:LONGEST_QUERY]))[:MOST_WORDS]
