"""The engine of a larger register: Meilisearch, on a server of its own. Loaded only where it is configured."""

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Any

from search import meilisearch_writes as writes
from search.document import Document
from search.index import FACETS, Hits, IndexAway, Query
from search.lexicon import vocabulary
from search.meilisearch_breaker import Breaker
from search.meilisearch_client import SEARCH_SECONDS, searching, writing
from search.meilisearch_connection import Refused
from search.meilisearch_document import as_meilisearch
from search.meilisearch_query import Request, asking, counting
from search.meilisearch_rebuild import replace
from search.meilisearch_settings import MOST_HITS, uid_of
from search.words import words_of


class MeilisearchIndex:
    """An index named after its format. Only the searching key is used where people wait; the other one writes."""

    def __init__(
        self,
        url: str,
        *,
        key: str,
        search_key: str = "",
        name: str = "activiteiten",
        seconds: float = SEARCH_SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        self.uid = uid_of(name)
        self._seconds = seconds
        self._searcher = searching(url, search_key or key, seconds)
        self._writer = writing(url, key)
        self._breaker = breaker or Breaker()
        self._is_set_up = False

    def search(self, query: Query) -> Hits:
        """See `SearchIndex`."""
        if query.text and not words_of(query.text):
            return Hits([], 0)
        with self._breaker.watching(Refused):
            try:
                return self._find(query)
            except (AttributeError, KeyError, TypeError, ValueError):
                raise IndexAway("the search engine answers something else than hits") from None

    def _find(self, query: Query) -> Hits:
        deadline = monotonic() + self._seconds
        found = self._ask(asking(query, self.uid))
        counts = self._counts(found)
        for facet in (facet for facet in FACETS if query.filters.chosen.get(facet)):
            if monotonic() > deadline:
                raise IndexAway("the search engine takes too long to count")
            counts |= self._counts(self._ask(counting(query, self.uid, facet)))
        ids = [int(hit["id"]) for hit in found["hits"]]
        return Hits(ids, min(int(found["totalHits"]), MOST_HITS), counts)

    def _ask(self, request: Request) -> dict[str, Any]:
        return self._searcher.multi_search(**request)

    def _counts(self, found: dict[str, Any]) -> dict[str, dict[str, int]]:
        counted: dict[str, dict[str, int]] = found.get("facetsByIndex", {}).get(self.uid, {}).get("distribution", {})
        return counted

    def put(self, documents: Iterable[Document]) -> None:
        """See `SearchIndex`."""
        self._set_up()
        writes.add(self._writer, self.uid, list(_all(documents)))

    def remove(self, ids: Iterable[int]) -> None:
        """See `SearchIndex`."""
        self._set_up()
        writes.remove(self._writer, self.uid, ids)

    def replace_all(self, documents: Iterable[Document]) -> None:
        """See `SearchIndex`."""
        replace(self._writer, self.uid, _all(documents))

    def count(self) -> int:
        """See `SearchIndex`."""
        return writes.count(self._writer, self.uid)

    def digests(self) -> Iterator[tuple[int, str]]:
        """See `SearchIndex`."""
        return writes.digests(self._writer, self.uid)

    def close(self) -> None:
        """Hang up; whoever asks again is connected again."""
        self._searcher.connection.close()
        self._writer.connection.close()

    def _set_up(self) -> None:
        """Once: an index that the engine made by itself would have no settings."""
        if not self._is_set_up:
            writes.set_up(self._writer, self.uid)
            self._is_set_up = True


def _all(documents: Iterable[Document]) -> Iterator[dict[str, Any]]:
    return (as_meilisearch(document, vocabulary()) for document in documents)
