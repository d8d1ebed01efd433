"""What else should lead to a text: stems, parts of compounds, words that mean the same. Pure."""

from collections.abc import Iterable, Sequence
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

    def more(self, text: str, *, joined: bool = False) -> list[str]:
        """Stems, parts of compounds and synonyms of a text, each once, that do not stand in it.

        With `joined` also every two neighbours in one word: "klassen management" is found by "klassenmanagement".
        """
        words = words_in(text)
        found: dict[str, None] = {}
        for place, word in enumerate(words):
            found.update(self._related(word))
            for term, others in self._synonyms.get(word, ()):
                if words[place : place + len(term)] == term:
                    found.update((form, None) for other in others for form in (other, stem(other)))
        if joined:
            found.update((one + other, None) for one, other in pairwise(words))
        for word in words:
            found.pop(word, None)
        return list(found)

    def _forms(self, word: str) -> dict[str, None]:
        parts = self._compounds.parts(word)
        return dict.fromkeys([stem(word), *parts, *map(stem, parts)])
