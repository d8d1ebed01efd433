"""What a question finds: by any part of a number from the database, by words from the index. Never writes."""

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from catalogue import numbers
from catalogue.editions import coming_editions
from catalogue.models import Edition, Recognition
from catalogue.queries import Entry, entries, find_by_number_part, visible_entries, visible_entries_by_id
from catalogue.tombstones import tombstone, was_public
from core.errors import NotFound
from search import fallback
from search.asking import Asked
from search.index import Hits, IndexAway, Query
from search.services import current_index

PAGE = 20
MOST_NUMBERS = 50
BEFORE_NUMBER = re.compile(r"^(?:(?:activiteit)?nummer|nr\b\.?|#)[\s:]*", re.IGNORECASE)
TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
DASHES = numbers.SEPARATORS - set("_./")
OVER = "Deze activiteit is afgelopen"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """Hits by number, hits by words, their total, and what was perhaps meant by a wrong number."""

    by_number: list[Entry]
    by_words: list[Entry]
    total: int
    meant: list[Entry]
    is_wrong_number: bool
    of_old: str = ""  # what became of the activity with this number, when teachers can no longer find it
    is_away: bool = False  # the engine: only titles were looked through
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next_editions: Mapping[int, Edition] = field(default_factory=dict)  # by activity; those that still begin


def find(asked: Asked, page: int, *, today: date) -> Found:
    """Answer a question. Numbers are exact and of this moment; words are as fresh as the index."""
    key = number_in(asked.text)
    by_number = find_by_number_part(key, today, most=MOST_NUMBERS)
    hits, is_away = _hits(asked, page, today)
    known = visible_entries_by_id(hits.ids, today)
    numbered = {entry.activity_id for entry in by_number}
    by_words = [known[id_] for id_ in hits.ids if id_ in known and id_ not in numbered]
    meant = [] if by_number else _meant(key, today)
    shown_by_number = by_number if page == 1 else []
    return Found(
        by_number=shown_by_number,
        by_words=by_words,
        total=len(by_number) + hits.total - len(numbered.intersection(hits.ids)),
        meant=meant,
        is_wrong_number=bool(meant) or (not by_number and not by_words and _looks_like_number(key)),
        of_old="" if by_number else _became(key),
        is_away=is_away,
        counts=hits.counts,
        next_editions=_next_editions([*shown_by_number, *by_words, *meant], today),
    )


def number_in(text: str) -> str:
    """What may be (a part of) a number, also when 'nummer', 'nr.' or '#' was copied along.

    Or the full number in a longer text, such as a line of a certificate or the address in its QR code.
    """
    key = numbers.normalise(BEFORE_NUMBER.sub("", text))
    return key if numbers.is_valid(key) else next(_full_numbers(text), key)


def _full_numbers(text: str) -> Iterator[str]:
    """Whole tokens that can be nothing else: eight symbols, perhaps a dash in the middle, with a digit that fits."""
    plain = "".join("-" if symbol in DASHES else symbol for symbol in unicodedata.normalize("NFKC", text))
    for token in TOKEN.findall(plain):
        key = numbers.normalise(token)
        if token.upper() in {key, numbers.shown(key)} and numbers.is_valid(key) and _has_digit(key):
            yield key


def _hits(asked: Asked, page: int, today: date) -> tuple[Hits, bool]:
    """What the engine finds, or titles from the database while it is away."""
    query = Query(asked.text, today, page, PAGE, asked.filters, asked.order)
    try:
        return current_index().search(query), False
    except IndexAway as fault:
        log.warning("the search engine is away: %s", fault)
        return fallback.titles(asked.text, today, page=page, per_page=PAGE), True


def _looks_like_number(key: str) -> bool:
    full = len(key) == numbers.LENGTH and numbers.is_part(key) and _has_digit(key)
    return full and not numbers.is_valid(key)


def _has_digit(key: str) -> bool:
    """Without one it may be a word."""
    return any(map(str.isdigit, key))


def _became(key: str) -> str:
    """What there is to say of the activity that had this full number; '' when nothing.

    A word is not worth a question to the database, unless its check symbol says otherwise.
    """
    if not (_has_digit(key) or numbers.is_valid(key)) or not was_public(key):
        return ""
    try:
        return tombstone(key).fate.title
    except NotFound:
        return OVER


def _meant(key: str, today: date) -> list[Entry]:
    near = [] if numbers.is_valid(key) else _near(key)
    if not near:
        return []
    return list(entries(visible_entries(today).where(Recognition.number.in_(near)).limit(PAGE)))


def _near(key: str) -> list[str]:
    """Valid numbers one slip away: another symbol, two neighbours that changed places, one too many or too few."""
    if not (_has_digit(key) and numbers.is_part(key)):
        return numbers.near(key)
    shorter = {key[:place] + key[place + 1 :] for place in range(len(key))}
    longer = {key[:place] + symbol + key[place:] for place in range(len(key) + 1) for symbol in numbers.ALPHABET}
    return sorted({*numbers.near(key), *filter(numbers.is_valid, shorter | longer)})


def _next_editions(found: Iterable[Entry], today: date) -> dict[int, Edition]:
    """Per activity the first edition that is still to begin, in one statement for all."""
    ids = [entry.activity_id for entry in found]
    coming = coming_editions(ids, today) if ids else {}
    first = {id_: next((one for one in editions if one.starts_on >= today), None) for id_, editions in coming.items()}
    return {id_: edition for id_, edition in first.items() if edition}
