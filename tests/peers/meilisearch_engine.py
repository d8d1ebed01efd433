"""The searching of the Meilisearch double: small and slow, but with the rules of the real one for Latin text.

All words are needed, unless the strategy says `last`; the last one is a beginning; slips are forgiven from five and
nine letters, and a wrong first letter counts for two; between quotes nothing is forgiven; neighbours may be written
together, and a word apart; a dash before a word excludes it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from tests.peers.meilisearch_filters import values_of
from tests.peers.meilisearch_words import Question, Term

Placed = Sequence[tuple[int, str]]  # words with their positions
Key = tuple[Any, ...]
TOO_MANY = 3


class Fit(NamedTuple):
    """How well words fit a document: less is better, in this order."""

    slips: int
    attribute: int
    apart: int
    position: int
    inexact: int


def fit(question: Question, terms: Sequence[Term], texts: Sequence[Placed]) -> Fit | None:
    """The best way in which the texts of a document, most important first, hold the terms; None: they do not."""
    found = []
    for way in question.ways(terms):
        hits = [_best(term, texts) for term in way]
        sure = [hit for hit in hits if hit]
        if len(sure) == len(hits):
            apart = sum(one.attribute != other.attribute for one, other in pairwise(sure))
            slips, attribute, _, position, inexact = (sum(parts) for parts in zip(*sure, strict=True))
            found.append(Fit(slips, attribute, apart, position, inexact))
    return min(found, default=None)


def is_excluded(question: Question, texts: Sequence[Placed]) -> bool:
    return any(_best(term, texts) for term in question.excluded)


def _best(term: Term, texts: Sequence[Placed]) -> Fit | None:
    look = _as_phrase if term.is_phrase else _as_word
    return min((hit for number, words in enumerate(texts) for hit in look(term, words, number)), default=None)


def _as_phrase(term: Term, words: Placed, attribute: int) -> Iterator[Fit]:
    size = len(term.words)
    for start in range(len(words) - size + 1):
        if tuple(word for _, word in words[start : start + size]) == term.words:
            yield Fit(0, attribute, 0, words[start][0], 0)


def _as_word(term: Term, words: Placed, attribute: int) -> Iterator[Fit]:
    wanted = term.words[0]
    for position, word in words:
        slips = slips_between(wanted, word, is_begun=term.is_begun)
        if slips <= term.slips:
            yield Fit(slips + term.joined, attribute, 0, position, int(wanted != word))
    if term.slips:
        for (position, one), (_, other) in pairwise(words):
            if one + other == wanted:
                yield Fit(1 + term.joined, attribute, 0, position, 1)


@lru_cache(maxsize=200_000)
def slips_between(wanted: str, word: str, *, is_begun: bool) -> int:
    """Letters that are wrong, missing, too many or swapped; more than two are too many. A wrong first letter is two."""
    if wanted == word or (is_begun and word.startswith(wanted)):
        return 0
    if not is_begun and abs(len(word) - len(wanted)) >= TOO_MANY:
        return TOO_MANY
    ends = range(max(len(wanted) - 2, 1), len(wanted) + TOO_MANY) if is_begun else [len(word)]
    least = min((_distance(wanted, word[:end]) for end in ends if end <= len(word)), default=TOO_MANY)
    return min(least + (least > 0 and wanted[0] != word[0]), TOO_MANY)


def _distance(one: str, other: str) -> int:
    """Damerau-Levenshtein, as optimal string alignment."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, symbol in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != symbol))
            if earlier and j > 1 and letter == other[j - 2] and one[i - 2] == symbol:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def sort_key(document: Mapping[str, Any], sort: Iterable[str]) -> Key:
    """By what `sort` says: numbers before words, and what has no value last, either way."""
    sides = (one.rpartition(":") for one in sort)
    return tuple(_side(values_of(document, name), is_down=way == "desc") for name, _, way in sides)


def _side(values: list[Any], *, is_down: bool) -> Key:
    if not values:
        return (2,)
    value = max(values) if is_down else min(values)
    if isinstance(value, int | float):
        return (0, -value if is_down else value)
    letters = [ord(symbol) for symbol in str(value).casefold()]
    return (1, [*(-letter for letter in letters), 1] if is_down else letters)
