"""What else should lead to a text: stems, parts of compounds, words that mean the same. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from search.compounds import Compounds
from search.words import stem, words_in


class Vocabulary:
    """Tells by which other words the words of a text should be found."""

    def __init__(self, compounds: Compounds, synonyms: Iterable[Sequence[str]]) -> None:
        self._compounds = compounds
        self._synonyms: dict[str, list[tuple[list[str], list[str]]]] = {}  # by the first word: a term, and the others
        for group in synonyms:
            for term in group:
                others = [word for other in group if other != term for word in words_in(other)]
                self._synonyms.setdefault(words_in(term)[0], []).append((words_in(term), others))
        self._related = lru_cache(maxsize=100_000)(self._forms)

    def more(self, words: Sequence[str], *, joined: bool = False) -> list[str]:
        """Stems, parts of compounds and synonyms of the folded words of a text, each once, that do not stand in it.

        With `joined` also every two neighbours in one word: "klassen management" is found by "klassenmanagement".
        """
        distinct = dict.fromkeys(words)
        found: dict[str, None] = {}
        for word in distinct:
            found |= self._related(word)
        if not self._synonyms.keys().isdisjoint(distinct):
            found |= dict.fromkeys(self._others(words))
        if joined:
            found |= dict.fromkeys(one + other for one, other in pairwise(words))
        return [word for word in found if word not in distinct]

    def _others(self, words: Sequence[str]) -> Iterator[str]:
        """What means the same as something in these words, and the stems of it."""
        for place, word in enumerate(words):
            for term, others in self._synonyms.get(word, ()):
                if list(words[place : place + len(term)]) == term:
                    for other in others:
                        yield from (other, stem(other))

    def _forms(self, word: str) -> dict[str, None]:
        parts = self._compounds.parts(word)
        return dict.fromkeys([stem(word), *parts, *map(stem, parts)])
