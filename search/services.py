"""Keeping the index true to the database: one activity after a change, or everything at once."""

import logging
from collections.abc import Callable, Iterator

from flask import Flask, current_app

from catalogue import queries
from catalogue.queries import Entry, entries, visible_entries, visible_entries_by_id
from core import clock
from core.config import Settings
from core.outbox import Message
from core.policy import Policy
from core.policy.loading import current_policies
from search.document import Document
from search.index import SearchIndex
from search.tantivy_index import TantivyIndex

BATCH = 500
log = logging.getLogger(__name__)


def init_search(app: Flask, settings: Settings) -> None:
    """Open the engine that the settings name."""
    app.extensions["search_index"] = TantivyIndex(settings.instance / "search")


def current_index() -> SearchIndex:
    """The engine of the running application."""
    index: SearchIndex = current_app.extensions["search_index"]
    return index


def document_of(entry: Entry, policy: Policy) -> Document:
    """What is findable of a visible activity."""
    sectors = [f"{code} {policy.sector_name(code)}" for code in entry.sectors]
    return Document(
        id=entry.activity_id,
        title=entry.title,
        provider=entry.provider,
        subject=entry.subject,
        facts=" ".join([policy.type_name(entry.type), *sectors, entry.place]),
        description=entry.description,
        ends_on=entry.ends_on,
    )


def refresh(message: Message) -> None:
    """Outbox handler: make the index agree with the database about one activity; safe to do twice."""
    today = clock.today()
    activity_id = int(message.subject)
    policy = current_policies().on(today)
    found = visible_entries_by_id([activity_id], today)
    if activity_id in found:
        current_index().put([document_of(found[activity_id], policy)])
    else:
        current_index().remove([activity_id])


def rebuild(on_document: Callable[[], None] = lambda: None) -> int:
    """Fill the index anew from the database; answers how many activities it holds."""
    current_index().replace_all(_documents(on_document))
    return current_index().count()


def ensure_built() -> None:
    """Fill an index that is empty although something is visible: a new folder, or a new shape."""
    if not current_index().count() and visible_count():
        log.warning("the search index is empty; it is rebuilt from the database")
        rebuild()


def visible_count() -> int:
    """How many activities the index should hold."""
    return queries.visible_count(clock.today())


def _documents(on_document: Callable[[], None]) -> Iterator[Document]:
    today = clock.today()
    policy = current_policies().on(today)
    query = visible_entries(today).execution_options(yield_per=BATCH)
    for entry in entries(query):
        on_document()
        yield document_of(entry, policy)
