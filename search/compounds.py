"""Dutch writes words together: "klassenmanagement" is about management, too. Pure; the words are given."""

from collections.abc import Mapping
from functools import lru_cache

SHORTEST_COMPOUND = 6
SHORTEST_PART = 3
LONGEST_COMPOUND = 60
LINKS = ("", "s", "e", "en", "n")  # between the parts: leven-s-lang, klass-en-management
Parts = tuple[str, ...]


class Compounds:
    """Takes words apart, by how usual each word is (Zipf scale: 3 is once in a million words, 6 once in a thousand)."""

    def __init__(self, lexicon: Mapping[str, float]) -> None:
        self._lexicon = lexicon
        self.parts = lru_cache(maxsize=100_000)(self._parts)

    def _parts(self, word: str) -> Parts:
        """The parts of a folded compound, in their order; none where it is none.

        As few parts as possible, and of these the ones of which the rarest is the most usual. A word that is more
        usual than its rarest part is a word of its own: nobody looks for "onderwijs" by "wijs".
        """
        if not SHORTEST_COMPOUND <= len(word) <= LONGEST_COMPOUND:
            return ()
        # For each place in the word, from the end: the best way to go on from there.
        best: list[tuple[int, float, Parts] | None] = [None] * len(word) + [(0, 99.0, ())]
        for start in range(len(word) - SHORTEST_PART, -1, -1):
            best[start] = self._from(word, start, best)
        found = best[0]
        return found[2] if found and found[1] > self._lexicon.get(word, 0) else ()

    def _from(
        self, word: str, start: int, best: list[tuple[int, float, Parts] | None]
    ) -> tuple[int, float, Parts] | None:
        ways = []
        for end in range(start + SHORTEST_PART, len(word) + 1):
            part = word[start:end]
            usual = self._lexicon.get(part)
            if usual is None or part == word:
                continue
            for link in LINKS:
                rest = end + len(link)
                if rest < len(word) or not link:
                    further = best[rest] if word.startswith(link, end) else None
                    if further:
                        ways.append((further[0] + 1, min(usual, further[1]), (part, *further[2])))
        return min(ways, key=lambda way: (way[0], -way[1], way[2]), default=None)
