"""What the Meilisearch double holds: indexes, and a queue of tasks that are done one by one, after the answer."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any

from tests.peers.meilisearch_words import words_in

Document = dict[str, Any]
Work = Callable[[], dict[str, Any] | None]
ID = re.compile(r"[A-Za-z0-9_-]{1,511}\Z")
UID = re.compile(r"[A-Za-z0-9_-]{1,400}\Z")
RULES = ["words", "typo", "proximity", "attributeRank", "sort", "wordPosition", "exactness"]
DEFAULTS: dict[str, Any] = {
    "displayedAttributes": ["*"],
    "searchableAttributes": ["*"],
    "filterableAttributes": [],
    "sortableAttributes": [],
    "foreignKeys": [],
    "rankingRules": RULES,
    "stopWords": [],
    "nonSeparatorTokens": [],
    "separatorTokens": [],
    "dictionary": [],
    "synonyms": {},
    "distinctAttribute": None,
    "proximityPrecision": "byWord",
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnWords": [],
        "disableOnAttributes": [],
        "disableOnNumbers": False,
    },
    "faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}},
    "pagination": {"maxTotalHits": 1000},
    "embedders": {},
    "searchCutoffMs": None,
    "localizedAttributes": None,
    "facetSearch": True,
    "prefixSearch": "indexingTime",
}


class Fault(Exception):  # noqa: N818 -- what a client did wrong
    """An error in the official form."""

    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request") -> None:
        self.status = status
        self.told = {
            "message": message,
            "code": code,
            "type": kind,
            "link": f"https://docs.meilisearch.com/errors#{code}",
        }
        super().__init__(message)


def no_index(uid: str, status: int = 404) -> Fault:
    return Fault(status, "index_not_found", f"Index `{uid}` not found.")


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


class Index:
    """Documents by id, with the words of their texts."""

    def __init__(self, primary_key: str | None = None) -> None:
        self.primary_key = primary_key
        self.settings = deepcopy(DEFAULTS)
        self.documents: dict[str, Document] = {}
        self.texts: dict[str, list[list[tuple[int, str]]]] = {}
        self.created_at = self.updated_at = now()

    def set(self, changes: Mapping[str, Any]) -> None:
        for name, value in changes.items():
            kept = self.settings[name]
            is_part = isinstance(kept, dict) and isinstance(value, dict) and name != "synonyms"
            new = _merged(kept, value) if is_part else value
            self.settings[name] = deepcopy(DEFAULTS[name] if value is None else new)
        for name in ("sortableAttributes", "stopWords"):
            self.settings[name] = sorted(self.settings[name])  # it keeps these as sets
        self._read(self.documents)

    def add(self, documents: Iterable[Document], primary_key: str | None) -> None:
        """All or nothing."""
        key = self.primary_key or primary_key
        checked = {self._id(document, key): document for document in documents}
        self.primary_key = key
        self.documents |= checked
        self._read(checked)

    def remove(self, ids: Iterable[str]) -> int:
        gone = [id_ for id_ in ids if self.documents.pop(id_, None) is not None]
        for id_ in gone:
            del self.texts[id_]
        return len(gone)

    def _id(self, document: Document, key: str | None) -> str:
        if key is None:
            raise Fault(400, "index_primary_key_no_candidate_found", "The primary key inference failed.")
        if key not in document:
            raise Fault(400, "missing_document_id", f"Document doesn't have a `{key}` attribute: `{document}`.")
        id_ = document[key]
        if isinstance(id_, bool) or not isinstance(id_, int | str) or not ID.match(str(id_)):
            raise Fault(400, "invalid_document_id", f"Document identifier `{id_!r}` is invalid.")
        return str(id_)

    def _read(self, documents: Mapping[str, Document]) -> None:
        for id_, document in documents.items():
            wanted = self.settings["searchableAttributes"]
            names = list(document) if wanted == ["*"] else wanted
            self.texts[id_] = [words_in(_text(document.get(name))) for name in names]


class State:
    """Everything the server has. `delay` is how long each task takes; while `paused`, none is begun."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.indexes: dict[str, Index] = {}
        self.tasks: list[dict[str, Any]] = []
        self.delay = 0.002
        self.going_on = threading.Event()
        self.going_on.set()
        self._queue: SimpleQueue[tuple[dict[str, Any], Work] | None] = SimpleQueue()
        self._worker = threading.Thread(target=self._work)
        self._worker.start()

    def index(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise no_index(uid)
        return self.indexes[uid]

    def made(self, uid: str, primary_key: str | None = None) -> Index:
        """The index, which is made at the first write to it."""
        return self.indexes.setdefault(uid, Index(primary_key))

    def enqueue(self, kind: str, uid: str | None, work: Work) -> dict[str, Any]:
        """Promise to do it; the promise says nothing of success."""
        if uid is not None and not UID.match(uid):
            raise Fault(400, "invalid_index_uid", f"`{uid}` is not a valid index uid.")
        with self.lock:
            task = {"uid": len(self.tasks), "batchUid": None, "indexUid": uid, "status": "enqueued", "type": kind}
            task |= dict.fromkeys(["canceledBy", "details", "error", "duration", "startedAt", "finishedAt"])
            task["enqueuedAt"] = now()
            self.tasks.append(task)
        self._queue.put((task, work))
        summary = {name: task[name] for name in ("indexUid", "status", "type", "enqueuedAt")}
        return {"taskUid": task["uid"]} | summary | {"status": "enqueued"}

    def close(self) -> None:
        self.going_on.set()
        self._queue.put(None)
        self._worker.join()

    def _work(self) -> None:
        while item := self._queue.get():
            self.going_on.wait()
            threading.Event().wait(self.delay)
            task, work = item
            with self.lock:
                task |= {"status": "processing", "startedAt": now(), "batchUid": task["uid"]}
                try:
                    task["details"] = work()
                    task["status"] = "succeeded"
                except Fault as fault:
                    task |= {"status": "failed", "error": fault.told}
                task |= {"finishedAt": now(), "duration": "PT0.002S"}
                if index := self.indexes.get(str(task["indexUid"])):
                    index.updated_at = now()


def _merged(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(kept)
    for name, value in changes.items():
        old = kept.get(name)
        merged[name] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _text(value: Any) -> str:
    return ". ".join(map(_text, value)) if isinstance(value, list) else "" if value is None else str(value)
