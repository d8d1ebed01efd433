"""What every search engine must offer. The pages and services know only this."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from search.document import Document

FACETS = ("sector", "type", "aanbieder", "vakgebied", "waar")
MOST_VALUES = 100  # of one facet that are counted


class Order(StrEnum):
    """What hits are sorted by; the values stand in addresses."""

    RELEVANCE = "relevantie"
    NEWEST = "nieuwste"
    TITLE = "naam"
    START = "begindatum"
    FEWEST_HOURS = "uren"
    MOST_HOURS = "-uren"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What hits are narrowed to. Within a facet any of the values will do; bounds are inclusive."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    least_hours: Decimal | None = None
    most_hours: Decimal | None = None


@dataclass(frozen=True)
class Query:
    """Words, and which page of how many hits; what ended before `today` is not found. No words: everything."""

    text: str
    today: date
    page: int = 1
    per_page: int = 20
    filters: Filters = Filters()
    order: Order = Order.RELEVANCE


@dataclass(frozen=True)
class Hits:
    """Ids of activities, best first, how many there are in all, and per facet how many each value has.

    A facet is counted as if nothing were chosen in it, so that people see what another choice would give.
    """

    ids: list[int]
    total: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class IndexBusy(Exception):  # noqa: N818 -- it passes by itself
    """Somebody else is writing; try again later."""


class IndexAway(Exception):  # noqa: N818 -- it passes by itself
    """The engine does not answer, or not in time."""


class SearchIndex(Protocol):
    """An engine. Writes are idempotent; a reader sees them after at most a second. Raises `IndexAway`."""

    def search(self, query: Query) -> Hits:
        """Activities that hold every word; the last word may be unfinished, longer words may hold a slip."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add or replace."""

    def remove(self, ids: Iterable[int]) -> None:
        """Forget; ids that are not there do not matter."""

    def replace_all(self, documents: Iterable[Document]) -> None:
        """Hold exactly these; readers see the old ones until the new ones are complete."""

    def count(self) -> int:
        """How many documents there are."""

    def digests(self) -> Iterator[tuple[int, str]]:
        """Every id with a digest of its document, to compare with the database."""
