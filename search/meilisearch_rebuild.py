"""A new index beside the one that serves, which takes its place when it is complete. Killed midway, nothing changes."""

import logging
import secrets
from collections.abc import Iterable
from typing import Any

from search.index import IndexAway, IndexBusy
from search.meilisearch_client import Engine
from search.meilisearch_tasks import finish
from search.meilisearch_writes import add, count, drop, is_set_up, set_up

PATIENCE = 900.0  # seconds until a whole register is taken in
MOST_INDEXES = 1_000
log = logging.getLogger(__name__)


def replace(engine: Engine, uid: str, documents: Iterable[dict[str, Any]]) -> None:
    """Let the index hold exactly these. Of two at once, the first one fails: its index is a leftover to the second."""
    _drop_leftovers(engine, uid)
    new = f"{uid}_new_{secrets.token_hex(4)}"
    try:
        set_up(engine, new)
        added = add(engine, new, documents, patience=PATIENCE)
        if count(engine, new) != added or not is_set_up(engine, new):
            raise IndexBusy("somebody else rebuilds the search index, too")
        _put_in_place(engine, new, uid)
    finally:
        _drop_quietly(engine, new)  # by now the former index, or else half a new one


def _put_in_place(engine: Engine, new: str, uid: str) -> None:
    """At once and whole: no reader sees anything between. The first index of a format has nothing to change with."""
    swap: dict[str, Any] = {"indexes": [new, uid]}
    if uid not in _indexes(engine):
        swap["rename"] = True
    finish(engine, engine.swap_indexes([swap]).task_uid, patience=PATIENCE)


def _drop_leftovers(engine: Engine, uid: str) -> None:
    """What rebuilds that were killed left behind."""
    for name in _indexes(engine):
        if name.startswith(f"{uid}_new_"):
            drop(engine, name)


def _drop_quietly(engine: Engine, uid: str) -> None:
    try:
        drop(engine, uid)
    except (IndexAway, IndexBusy) as fault:  # the next rebuild does it
        log.warning("the search index %s could not be deleted: %s", uid, fault)


def _indexes(engine: Engine) -> list[str]:
    told = engine.http.get(f"indexes?limit={MOST_INDEXES}")
    return [str(index["uid"]) for index in told["results"]]
