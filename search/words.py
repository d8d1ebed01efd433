"""Words as they are compared: folded, and brought back to their stem. Pure."""

import re
from functools import lru_cache

import Stemmer

from core.texts import folded

LONGEST_QUERY = 200
MOST_WORDS = 10
SHORTEST_STEM = 3
LONGEST_WITH_ES = 4  # "les" and "ades" keep it
# The newer Dutch algorithm brings "begeleiding" and "beleid" together; this one does not.
ALGORITHM = "dutch_porter"
WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")


def words_in(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    return WORD.findall(folded(text))


def words_of(query: str) -> list[str]:
    """The words somebody typed, folded; more than ten are ignored."""
    return words_in(query[:LONGEST_QUERY])[:MOST_WORDS]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a folded word have in common: "lessen" and "les" give "les". The stem of a stem is itself."""
    if not (word.isascii() and word.isalpha()):
        return word
    stemmer = Stemmer.Stemmer(ALGORITHM, 0)
    while len(shorter := _shorter(stemmer.stemWord(word))) >= SHORTEST_STEM and shorter != word:
        word = shorter
    return word


def _shorter(word: str) -> str:
    """What the algorithm leaves: doubled consonants, the plural of "stage", and the v of what is written with an f."""
    word = _DOUBLED.sub(r"\1", word)
    if word.endswith("es") and len(word) > LONGEST_WITH_ES:
        word = word[:-1]
    return f"{word[:-1]}f" if word.endswith("v") else word
