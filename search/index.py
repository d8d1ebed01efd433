"""What every search engine must offer. The pages and services know only this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from search.document import Document


@dataclass(frozen=True)
class Query:
    """Words, and which page of how many hits; what ended before `today` is not found."""

    text: str
    today: date
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True)
class Hits:
    """Ids of activities, best first, and how many there are in all."""

    ids: list[int]
    total: int


class IndexBusy(Exception):  # noqa: N818 -- it passes by itself
    """Somebody else is writing; try again later."""


class SearchIndex(Protocol):
    """An engine. Writes are idempotent; a reader sees them after at most a second."""

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
