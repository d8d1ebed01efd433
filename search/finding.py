"""What a question finds: by any part of a number from the database, by words from the index. Never writes."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from catalogue import numbers
from catalogue.models import Recognition
from catalogue.queries import Entry, entries, find_by_number_part, visible_entries, visible_entries_by_id
from catalogue.tombstones import was_public
from search import fallback
from search.asking import Asked
from search.index import Hits, IndexAway, Query
from search.services import current_index

PAGE = 20
MOST_NUMBERS = 50
BEFORE_NUMBER = re.compile(r"^(?:(?:activiteit)?nummer|nr\b\.?|#)[\s:]*", re.IGNORECASE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """Hits by number, hits by words, their total, and what was perhaps meant by a wrong number."""

    by_number: list[Entry]
    by_words: list[Entry]
    total: int
    meant: list[Entry]
    is_wrong_number: bool
    is_of_old: bool = False  # the number of an activity that teachers can no longer find
    is_away: bool = False  # the engine: only titles were looked through
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def find(asked: Asked, page: int, *, today: date) -> Found:
    """Answer a question. Numbers are exact and of this moment; words are as fresh as the index."""
    key = number_in(asked.text)
    by_number = find_by_number_part(key, today, most=MOST_NUMBERS)
    hits, is_away = _hits(asked, page, today)
    known = visible_entries_by_id(hits.ids, today)
    numbered = {entry.activity_id for entry in by_number}
    by_words = [known[id_] for id_ in hits.ids if id_ in known and id_ not in numbered]
    meant = [] if by_number else _meant(key, today)
    return Found(
        by_number=by_number if page == 1 else [],
        by_words=by_words,
        total=len(by_number) + hits.total - len(numbered.intersection(hits.ids)),
        meant=meant,
        is_wrong_number=bool(meant) or (not by_number and not by_words and _looks_like_number(key)),
        is_of_old=not by_number and _may_be_full(key) and was_public(key),
        is_away=is_away,
        counts=hits.counts,
    )


def number_in(text: str) -> str:
    """What may be (a part of) a number, also when 'nummer', 'nr.' or '#' was copied along."""
    return numbers.normalise(BEFORE_NUMBER.sub("", text))


def _hits(asked: Asked, page: int, today: date) -> tuple[Hits, bool]:
    """What the engine finds, or titles from the database while it is away."""
    query = Query(asked.text, today, page, PAGE, asked.filters, asked.order)
    try:
        return current_index().search(query), False
    except IndexAway as fault:
        log.warning("the search engine is away: %s", fault)
        return fallback.titles(asked.text, today, page=page, per_page=PAGE), True


def _looks_like_number(key: str) -> bool:
    full = len(key) == numbers.LENGTH and numbers.is_part(key) and any(symbol.isdigit() for symbol in key)
    return full and not numbers.is_valid(key)


def _may_be_full(key: str) -> bool:
    """Whether it is worth a question: a word without a digit is a word, unless its check symbol says otherwise."""
    return any(map(str.isdigit, key)) or numbers.is_valid(key)


def _meant(key: str, today: date) -> list[Entry]:
    near = [] if numbers.is_valid(key) else numbers.near(key)
    if not near:
        return []
    return list(entries(visible_entries(today).where(Recognition.number.in_(near)).limit(PAGE)))
