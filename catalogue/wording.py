"""What changed between two texts, by line and then by word, in bounded time. No Flask, no database, no clock."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

WORDS = re.compile(r"\w+(?:[^\w\s]+\w+)*|[^\w\s]+|\n|[^\S\n]+")  # 12,5 and e-mail are one word
MOST_PAIRS = 25_000  # that difflib may weigh in one text: what it costs grows faster than their number
LEAST_SHARED = 0.25  # of the shorter text; with less in common the two are easier to read one after the other
CONTEXT = 2  # lines that stay beside a change
FEWEST_FOLDED = 4
Run = tuple[bool, str, str]  # whether both are the same, what stood there, what stands there
Row = tuple[int, int, "Row | None"]  # a place in both texts, and the row that leads to it


class Piece(NamedTuple):
    """A stretch of a text, and what happened to it."""

    kind: Literal["same", "removed", "added", "folded"]
    text: str


def plain(text: str) -> str:
    """The text without what nobody sees: other line ends, blanks at the end of a line, empty lines around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def same_text(before: str, after: str) -> bool:
    """Whether a reader sees no difference."""
    return plain(before) == plain(after)


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts in one: same and removed make `plain(before)`, same and added `plain(after)`."""
    old, new = plain(before), plain(after)
    allowance = _Allowance()
    found: list[Run] = []
    by_line = _joined(_runs(old.splitlines(keepends=True), new.splitlines(keepends=True), allowance))
    for is_same, removed, added in by_line:
        found += [(True, removed, added)] if is_same else _by_word(removed, added, allowance)
    return [piece for run in _joined(found) for piece in _pieces_of(*run) if piece.text]


def folded(found: Sequence[Piece]) -> list[Piece]:
    """The same pieces with long unchanged stretches left out, but for a few lines beside each change."""
    shown: list[Piece] = []
    for index, piece in enumerate(found):
        lines = piece.text.splitlines(keepends=True) if piece.kind == "same" else []
        start = CONTEXT if index else 0
        end = len(lines) - (CONTEXT if index < len(found) - 1 else 0)
        if end - start < FEWEST_FOLDED:
            shown.append(piece)
            continue
        hidden = Piece("folded", f"… {end - start} regels gelijk …\n")
        around = Piece("same", "".join(lines[:start])), hidden, Piece("same", "".join(lines[end:]))
        shown += [part for part in around if part.text]
    return shown


class _Allowance:
    """How many pairs of words may still be weighed."""

    def __init__(self) -> None:
        self.left = MOST_PAIRS

    def covers(self, before: list[str], after: list[str]) -> bool:
        """Whether these two may be weighed, and are worth it; if so, they count."""
        pairs = _words_in(before) * _words_in(after)
        if not 1 < pairs <= self.left:
            return False
        self.left -= pairs
        return True


def _words_in(parts: list[str]) -> int:
    return sum(not part.isspace() for part in parts)


def _by_word(before: str, after: str, allowance: _Allowance) -> list[Run]:
    """The runs of two blocks of lines; blanks between two changed words count as changed with them."""
    runs = list(_joined(_runs(WORDS.findall(before), WORDS.findall(after), allowance)))
    shared = sum(len(text) for is_same, text, _ in runs if is_same and not text.isspace())
    if shared < LEAST_SHARED * min(len(before), len(after)):
        return [(False, before, after)]
    last = len(runs) - 1
    return [
        (is_same and not (0 < index < last and text.isspace() and "\n" not in text), text, added)
        for index, (is_same, text, added) in enumerate(runs)
    ]


def _pieces_of(is_same: bool, before: str, after: str) -> list[Piece]:  # noqa: FBT001 -- the parts of a run
    return [Piece("same", before)] if is_same else [Piece("removed", before), Piece("added", after)]


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of the same kind as one, and nothing empty."""
    for is_same, group in groupby((run for run in runs if run[1] or run[2]), key=lambda run: run[0]):
        together = list(group)
        yield is_same, "".join(run[1] for run in together), "".join(run[2] for run in together)


def _runs(before: list[str], after: list[str], allowance: _Allowance) -> Iterator[Run]:
    """Between what stands once in both texts, in the same order, stand short stretches that difflib can weigh."""
    row = column = 0
    for i, j in _anchors(before, after):
        yield from _between(before[row:i], after[column:j], allowance)
        yield True, before[i], after[j]
        row, column = i + 1, j + 1
    yield from _between(before[row:], after[column:], allowance)


def _anchors(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Where what occurs exactly once in both stands: as many places as rise in both (patience sorting)."""
    times, times_after = Counter(before), Counter(after)
    place = {part: j for j, part in enumerate(after)}
    ends: list[int] = []  # per length, the lowest place in `after` that a rising row of that length can end with
    rows: list[Row] = []  # the rows that end there
    for i, part in enumerate(before):
        if times[part] == times_after[part] == 1:
            j = place[part]
            length = bisect_left(ends, j)
            ends[length : length + 1] = [j]
            rows[length : length + 1] = [(i, j, rows[length - 1] if length else None)]
    found: list[tuple[int, int]] = []
    row = rows[-1] if rows else None
    while row:
        i, j, row = row
        found.append((i, j))
    return found[::-1]


def _between(before: list[str], after: list[str], allowance: _Allowance) -> Iterator[Run]:
    shortest = min(len(before), len(after))
    start = next((k for k in range(shortest) if before[k] != after[k]), shortest)
    shortest -= start
    end = next((k for k in range(shortest) if before[-1 - k] != after[-1 - k]), shortest)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield True, "".join(before[:start]), "".join(after[:start])
    if allowance.covers(old, new):
        # Blanks are equal to each other everywhere, so they count only beside words that are equal.
        for kind, a, b, c, d in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
            yield kind == "equal", "".join(old[a:b]), "".join(new[c:d])
    else:
        yield False, "".join(old), "".join(new)
    yield True, "".join(before[len(before) - end :]), "".join(after[len(after) - end :])
