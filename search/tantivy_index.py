"""The embedded engine: tantivy in a folder. One writer at a time, opened per batch; readers reload."""

import hashlib
import json
import time
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy

from core.texts import folded
from search.document import FORMAT, Document, words_of
from search.index import Hits, IndexBusy, Query

WEIGHTS = {"title": 8.0, "provider": 4.0, "subject": 2.0, "facts": 2.0, "description": 1.0}
ONE_SLIP, TWO_SLIPS = 5, 9  # word lengths from which a typing slip is forgiven
NEVER = date.max.toordinal()  # an activity without an end date
TOKENIZER = "whole-words"  # the usual one forgets words of more than 40 bytes
FIELDS: dict[str, dict[str, Any]] = {name: {"stored": False, "tokenizer_name": TOKENIZER} for name in WEIGHTS}
FIELDS["id"] = {"stored": True, "tokenizer_name": "raw", "index_option": "basic"}  # deleting by a number finds nothing
HEAP = 30_000_000
PATIENCE = 30.0  # seconds to wait for another writer


class TantivyIndex:
    """An index in a folder named after its shape: another shape gets another, empty folder, and so a rebuild."""

    def __init__(self, folder: Path) -> None:
        path = folder / f"tantivy-{_fingerprint()}"
        path.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(path))
        self._index.register_tokenizer(TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build())

    def search(self, query: Query) -> Hits:
        """See `SearchIndex`."""
        words = words_of(query.text)
        if not words:
            return Hits([], 0)
        self._index.reload()
        searcher = self._index.searcher()
        offset = (query.page - 1) * query.per_page
        found = searcher.search(self._all_of(words, query.today), limit=query.per_page, offset=offset, count=True)
        ids = [searcher.doc(address).get_first("id") for _, address in found.hits]
        return Hits([int(str(id_)) for id_ in ids], getattr(found, "count", 0))

    def put(self, documents: Iterable[Document]) -> None:
        """See `SearchIndex`."""
        with _Writing(self._index) as writer:
            for document in documents:
                writer.delete_documents_by_term("id", str(document.id))
                writer.add_document(_as_tantivy(document))

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
                writer.add_document(_as_tantivy(document))

    def count(self) -> int:
        """See `SearchIndex`."""
        self._index.reload()
        return int(self._index.searcher().num_docs)

    def _all_of(self, words: list[str], today: date) -> tantivy.Query:
        wanted = [self._word(word, is_last=place == len(words)) for place, word in enumerate(words, start=1)]
        offered = tantivy.Query.range_query(self._schema, "ends", tantivy.FieldType.Integer, today.toordinal(), NEVER)
        wanted.append(tantivy.Query.const_score_query(offered, 0.0))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, word) for word in wanted])

    def _word(self, word: str, *, is_last: bool) -> tantivy.Query:
        slips = (len(word) >= ONE_SLIP) + (len(word) >= TWO_SLIPS)
        found = []
        for field, weight in WEIGHTS.items():
            exact = tantivy.Query.term_query(self._schema, field, word)
            found.append(tantivy.Query.boost_query(exact, weight * 4))
            close = tantivy.Query.fuzzy_term_query(self._schema, field, word, slips, True, is_last)  # noqa: FBT003 -- a C signature
            found.append(tantivy.Query.boost_query(close, weight))
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in found])


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


def _fingerprint() -> str:
    shape = json.dumps([FORMAT, version("tantivy"), FIELDS], sort_keys=True)
    return hashlib.sha256(shape.encode()).hexdigest()[:12]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, options in FIELDS.items():
        builder.add_text_field(name, **options)
    builder.add_integer_field("ends", stored=False, indexed=True)
    return builder.build()


def _as_tantivy(document: Document) -> tantivy.Document:
    texts = {field: folded(getattr(document, field)) for field in WEIGHTS}
    made = tantivy.Document(id=[str(document.id)], **{field: [text] for field, text in texts.items()})
    made.add_integer("ends", document.ends_on.toordinal() if document.ends_on else NEVER)
    return made
