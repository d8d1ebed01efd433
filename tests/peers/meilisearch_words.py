"""How the Meilisearch double reads texts and questions: words are folded, and only some signs mean something."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_WORDS = 10
LONGEST_NGRAM = 3
LONGEST_WORD = 250  # bytes
HARD = 8  # how much further away the next sentence is
QUERY_TOKEN = re.compile(r'"|[^\W_]+|[^\w"]+|_+')
TEXT_TOKEN = re.compile(r"([^\W_]+)|([.;,!?()\[\]{}|/:\n])")


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(symbol for symbol in plain if not unicodedata.combining(symbol))


def words_in(text: str) -> list[tuple[int, str]]:
    """Each word with its position."""
    found, position = [], 0
    for match in TEXT_TOKEN.finditer(folded(text)):
        if match[2]:
            position += HARD - 1
        elif len(match[1].encode()) <= LONGEST_WORD:
            found.append((position, match[1]))
            position += 1
    return found


@dataclass(frozen=True)
class Term:
    """Words that follow each other, or one that may be begun or hold slips; `joined` neighbours count as slips."""

    words: tuple[str, ...]
    is_phrase: bool = False
    is_begun: bool = False
    slips: int = 0
    joined: int = 0


class Question:
    """A query that was read. `slips_of` has the word lengths from which one and two slips are forgiven."""

    def __init__(self, text: str, slips_of: Mapping[str, int]) -> None:
        self.slips_of = slips_of
        self.terms: list[Term] = []
        self.excluded: list[Term] = []
        self._phrase: list[str] | None = None
        self._is_negated = False
        tokens = QUERY_TOKEN.findall(folded(text))
        for before, token in zip(["", *tokens], tokens, strict=False):
            self._read(token, before)
        self._end_phrase()
        self.terms = _limited(self.terms)
        if self.terms and tokens[-1][0].isalnum() and not self.terms[-1].is_phrase:
            last = self.terms[-1]
            self.terms[-1] = Term(last.words, is_begun=True, slips=last.slips)

    def ways(self, terms: Sequence[Term]) -> Iterator[list[Term]]:
        """The terms as they are, and with neighbours written together."""
        if not terms:
            yield []
        for size in range(1, min(LONGEST_NGRAM, len(terms)) + 1):
            first = terms[:size]
            if size > 1 and any(term.is_phrase for term in first):
                return
            yield from ([self._joined(first), *rest] for rest in self.ways(terms[size:]))

    def _joined(self, terms: Sequence[Term]) -> Term:
        if len(terms) == 1:
            return terms[0]
        word = "".join(term.words[0] for term in terms)
        slips = max(self._forgiven(word) - len(terms) + 1, 0)
        return Term((word,), is_begun=terms[-1].is_begun, slips=slips, joined=len(terms) - 1)

    def _read(self, token: str, before: str) -> None:
        if token == '"':
            self._turn_phrase()
        elif not token[0].isalnum():
            self._is_negated = token.endswith("-") and (len(token) > 1 or not before)
        elif self._phrase is not None:
            self._phrase.append(token)
        else:
            self._keep(Term((token,), slips=self._forgiven(token)))

    def _turn_phrase(self) -> None:
        if self._phrase is None:
            self._phrase = []
        else:
            self._end_phrase()

    def _end_phrase(self) -> None:
        if self._phrase:
            self._keep(Term(tuple(self._phrase), is_phrase=True))
        self._phrase = None

    def _keep(self, term: Term) -> None:
        (self.excluded if self._is_negated else self.terms).append(term)
        self._is_negated = False

    def _forgiven(self, word: str) -> int:
        return (len(word) >= self.slips_of["oneTypo"]) + (len(word) >= self.slips_of["twoTypos"])


def _limited(terms: list[Term]) -> list[Term]:
    kept: list[Term] = []
    for term in terms:
        if sum(len(one.words) for one in [*kept, term]) > MOST_WORDS:
            break
        kept.append(term)
    return kept
