"""What is done to one index by name: setting it up, adding, removing, counting. Nothing here is for a web request."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from search.index import IndexBusy
from search.meilisearch_client import NO_INDEX, Engine
from search.meilisearch_connection import Refused
from search.meilisearch_settings import SETTINGS, is_set
from search.meilisearch_tasks import PATIENCE, TaskFailed, finish

BATCH = 250  # documents in one request, which may hold 100 MB
PAGE = 1_000


def is_set_up(engine: Engine, uid: str) -> bool:
    """Whether there is such an index, with our settings."""
    try:
        return is_set(SETTINGS, engine.index(uid).get_settings())
    except Refused as refusal:
        _only_missing(refusal)
        return False


def set_up(engine: Engine, uid: str) -> None:
    """Make the index if need be. Settings that are right are not sent again: some would index everything anew."""
    if not is_set_up(engine, uid):
        finish(engine, engine.index(uid).update_settings(dict(SETTINGS)).task_uid)


def add(engine: Engine, uid: str, documents: Iterable[dict[str, Any]], *, patience: float = PATIENCE) -> int:
    """Add or replace; answers how many, when all of them can be found."""
    rest, tasks, count = iter(documents), [], 0
    while batch := list(islice(rest, BATCH)):
        tasks.append(engine.index(uid).add_documents(batch, "id").task_uid)
        count += len(batch)
    for task in tasks:
        finish(engine, task, patience=patience)
    return count


def remove(engine: Engine, uid: str, ids: Iterable[int]) -> None:
    """Forget these; an empty list is not sent."""
    if wanted := [str(id_) for id_ in ids]:
        told = engine.http.post(f"indexes/{uid}/documents/delete-batch", wanted)
        finish(engine, told["taskUid"])


def drop(engine: Engine, uid: str) -> None:
    """Delete the whole index, if it is there."""
    try:
        finish(engine, engine.delete_index(uid).task_uid)
    except (Refused, TaskFailed) as refusal:
        _only_missing(refusal)


def count(engine: Engine, uid: str) -> int:
    """How many documents there are; none where there is no index yet."""
    try:
        return int(engine.http.get(f"indexes/{uid}/stats")["numberOfDocuments"])
    except Refused as refusal:
        _only_missing(refusal)
        return 0


def digests(engine: Engine, uid: str) -> Iterator[tuple[int, str]]:
    """Every id with its digest. The engine reads page by page: raises `IndexBusy` when somebody wrote in between."""
    seen: set[int] = set()
    total = count(engine, uid)
    while len(seen) < total:
        asked = {"offset": len(seen), "limit": PAGE, "fields": ["id", "digest"]}
        told = engine.http.post(f"indexes/{uid}/documents/fetch", asked)
        found = {int(one["id"]): str(one["digest"]) for one in told["results"]}
        if told["total"] != total or len(found) < min(PAGE, total - len(seen)) or not seen.isdisjoint(found):
            raise IndexBusy("somebody wrote the search index while it was read")
        seen |= found.keys()
        yield from found.items()


def _only_missing(refusal: Refused | TaskFailed) -> None:
    if refusal.code != NO_INDEX:
        raise refusal
