"""The embedded engine: tantivy in a folder. One writer at a time, opened per batch; readers reload."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tantivy

from search.document import Document
from search.index import FACETS, MOST_VALUES, Hits, IndexAway, IndexBusy, Order, Query
from search.lexicon import vocabulary
from search.tantivy_query import QueryBuilder
from search.tantivy_schema import TOKENIZER, as_tantivy, fingerprint, schema
from search.words import words_of

HEAP = 30_000_000
PATIENCE = 30.0  # seconds to wait for another writer
UP, DOWN = tantivy.Order.Asc, tantivy.Order.Desc
ORDERS: dict[Order, dict[str, Any]] = {
    Order.RELEVANCE: {},
    Order.NEWEST: {"order_by_field": "valid_from", "order": DOWN},
    Order.TITLE: {"order_by_field": "title_key", "order": UP},
    Order.START: {"order_by_field": "next_day", "order": UP},
    Order.FEWEST_HOURS: {"order_by_field": "hours", "order": UP},
    Order.MOST_HOURS: {"order_by_field": "hours", "order": DOWN},
}


class TantivyIndex:
    """An index in a folder named after its shape: another shape gets another, empty folder, and so a rebuild."""

    def __init__(self, folder: Path) -> None:
        path = folder / f"tantivy-{fingerprint()}"
        path.mkdir(parents=True, exist_ok=True)
        self._schema = schema()
        self._index = tantivy.Index(self._schema, str(path))
        self._index.register_tokenizer(TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build())

    def search(self, query: Query) -> Hits:
        """See `SearchIndex`."""
        if query.text and not words_of(query.text):
            return Hits([], 0)
        try:
            return self._find(query)
        except ValueError as fault:  # the only error that tantivy knows: a file is gone or damaged
            raise IndexAway(str(fault)) from fault

    def _find(self, query: Query) -> Hits:
        searcher = self._searcher()
        builder = QueryBuilder(self._schema, searcher)
        offset = (query.page - 1) * query.per_page
        wanted = builder.build(query)
        found = searcher.search(wanted, query.per_page, count=True, offset=offset, **ORDERS[query.order])
        ids = [int(str(searcher.doc(address).get_first("id"))) for _, address in found.hits]
        return Hits(ids, getattr(found, "count", 0), self._counts(builder, searcher, query, wanted))

    def put(self, documents: Iterable[Document]) -> None:
        """See `SearchIndex`."""
        with _Writing(self._index) as writer:
            for document in documents:
                writer.delete_documents_by_term("id", str(document.id))
                writer.add_document(as_tantivy(document, vocabulary()))

    def remove(self, ids: Iterable[int]) -> None:
        """See `SearchIndex`."""
        with _Writing(self._index) as writer:
            for id_ in ids:
                writer.delete_documents_by_term("id", str(id_))

    def replace_all(self, documents: Iterable[Document]) -> None:
        """See `SearchIndex`; one commit, so a reader sees all of it or nothing."""
        with _Writing(self._index) as writer:
            writer.delete_all_documents()
            for document in documents:
                writer.add_document(as_tantivy(document, vocabulary()))

    def count(self) -> int:
        """See `SearchIndex`."""
        return int(self._searcher().num_docs)

    def digests(self) -> Iterator[tuple[int, str]]:
        """See `SearchIndex`."""
        searcher = self._searcher()
        for _, address in searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1)).hits:
            document = searcher.doc(address)
            yield int(str(document.get_first("id"))), str(document.get_first("digest"))

    def _searcher(self) -> tantivy.Searcher:
        self._index.reload()
        return self._index.searcher()

    def _counts(
        self, builder: QueryBuilder, searcher: tantivy.Searcher, query: Query, wanted: tantivy.Query
    ) -> dict[str, dict[str, int]]:
        """One question for all facets in which nothing is chosen, and one for each of the others."""
        chosen = [facet for facet in FACETS if query.filters.chosen.get(facet)]
        counts = _count(searcher, wanted, [facet for facet in FACETS if facet not in chosen])
        for facet in chosen:
            counts |= _count(searcher, builder.build(query, without=facet), [facet])
        return counts


def _count(searcher: tantivy.Searcher, wanted: tantivy.Query, facets: list[str]) -> dict[str, dict[str, int]]:
    asked = {facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in facets}
    answers = searcher.aggregate(wanted, asked) if asked else {}
    return {
        facet: {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]} for facet, answer in answers.items()
    }


class _Writing:
    """A writer for one batch: committed when all went well, dropped otherwise; the lock goes either way."""

    def __init__(self, index: tantivy.Index) -> None:
        self._writer = _open_writer(index)

    def __enter__(self) -> tantivy.IndexWriter:
        return self._writer

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._writer.commit()
            self._writer.wait_merging_threads()
        else:
            self._writer.rollback()
        del self._writer


def _open_writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """There is one writer at a time; wait for another one to end, but not for ever. Raises `IndexBusy`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return index.writer(HEAP, 1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise IndexBusy("another process is writing the search index") from None
            time.sleep(0.1)
