"""Keeping the index true to the database: one activity after a change, or everything at once."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime

from flask import Flask, current_app

from catalogue import queries
from catalogue.summaries import STAMPED_BEFORE, changed_ids
from core import clock
from core.config import Settings
from core.outbox import Message
from core.policy.loading import current_policies
from search.document import Document
from search.documents import BATCH, all_documents, documents_of
from search.index import SearchIndex
from search.tantivy_index import TantivyIndex

log = logging.getLogger(__name__)


def init_search(app: Flask, settings: Settings) -> None:
    """Open the engine that the settings name."""
    app.extensions["search_index"] = _meilisearch(settings) if settings.meilisearch_url else _tantivy(settings)


def _tantivy(settings: Settings) -> SearchIndex:
    return TantivyIndex(settings.instance / "search")


def _meilisearch(settings: Settings) -> SearchIndex:
    from search.meilisearch_index import MeilisearchIndex  # noqa: PLC0415 -- large, and the embedded engine needs none of it

    return MeilisearchIndex(
        settings.meilisearch_url,
        key=settings.meilisearch_key,
        search_key=settings.meilisearch_search_key,
        name=settings.meilisearch_index,
    )


def current_index() -> SearchIndex:
    """The engine of the running application."""
    index: SearchIndex = current_app.extensions["search_index"]
    return index


def refresh(messages: Sequence[Message]) -> None:
    """Outbox handler: make the index agree with the database about these activities; safe to do twice."""
    ensure_built()
    bring_up_to_date(current_index(), {int(message.subject) for message in messages}, clock.today())


def bring_up_to_date(index: SearchIndex, ids: Collection[int], today: date) -> None:
    """Make an index say about these activities what the database says by now."""
    documents = documents_of(ids, today, current_policies().on(today))
    if documents:
        index.put(documents)
    if gone := set(ids) - {document.id for document in documents}:
        index.remove(gone)


def rebuild(on_document: Callable[[], None] = lambda: None) -> int:
    """Fill the index anew from the database; answers how many activities it holds."""
    index, begun = current_index(), clock.now()
    index.replace_all(_documents(on_document))
    _catch_up(index, begun)
    return index.count()


def ensure_built() -> None:
    """Fill an index that is empty although something is visible: a new folder, or a new shape."""
    if not current_index().count() and visible_count():
        log.warning("the search index is empty; it is rebuilt from the database")
        rebuild()


def _catch_up(index: SearchIndex, begun: datetime) -> None:
    """What changed during a rebuild may have been written to what it replaced."""
    if late := changed_ids(begun - STAMPED_BEFORE):
        log.info("%s activities changed while the search index was rebuilt, or just before", len(late))
        for start in range(0, len(late), BATCH):
            bring_up_to_date(index, late[start : start + BATCH], clock.today())


def visible_count() -> int:
    """How many activities the index should hold."""
    return queries.visible_count(clock.today())


def _documents(on_document: Callable[[], None]) -> Iterator[Document]:
    today = clock.today()
    for document in all_documents(today, current_policies().on(today)):
        on_document()
        yield document
