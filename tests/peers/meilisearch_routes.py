"""The addresses of the Meilisearch double, with the action that a key needs for each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.peers.meilisearch_keys import Key, Keys, forbidden
from tests.peers.meilisearch_search import multi_search, search
from tests.peers.meilisearch_state import DEFAULTS, RULES, Fault, Index, State

Answer = tuple[int, Any]


@dataclass
class Request:
    """One question to the server, read so far that only its meaning is left."""

    state: State
    keys: Keys
    key: Key
    uid: str = ""
    body: Any = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def index(self) -> Index:
        return self.state.index(self.uid)


def list_indexes(request: Request) -> Answer:
    limit = int(request.options.get("limit", 20))
    shown = [_view(uid, index) for uid, index in request.state.indexes.items() if request.key.may("indexes.get", uid)]
    return 200, {"results": shown[:limit], "offset": 0, "limit": limit, "total": len(shown)}


def get_index(request: Request) -> Answer:
    return 200, _view(request.uid, request.index)


def delete_index(request: Request) -> Answer:
    def work() -> dict[str, Any]:
        gone = request.index
        del request.state.indexes[request.uid]
        return {"deletedDocuments": len(gone.documents)}

    return 202, request.state.enqueue("indexDeletion", request.uid, work)


def get_settings(request: Request) -> Answer:
    return 200, request.index.settings


def update_settings(request: Request) -> Answer:
    for name in request.body:
        if name not in DEFAULTS:
            raise Fault(400, "bad_request", f"Unknown field `{name}`: expected one of {', '.join(DEFAULTS)}")
    for rule in request.body.get("rankingRules") or []:
        if rule not in RULES:
            raise Fault(400, "invalid_settings_ranking_rules", f"`{rule}` ranking rule is invalid.")
    changes = dict(request.body)

    def work() -> dict[str, Any]:
        request.state.made(request.uid).set(changes)
        return changes

    return 202, request.state.enqueue("settingsUpdate", request.uid, work)


def add_documents(request: Request) -> Answer:
    documents = request.body if isinstance(request.body, list) else [request.body]
    if not all(isinstance(document, dict) for document in documents):
        raise Fault(400, "malformed_payload", "The `json` payload provided is malformed.")

    def work() -> dict[str, Any]:
        index = request.state.indexes.get(request.uid) or Index()
        index.add(documents, request.options.get("primaryKey"))
        request.state.indexes[request.uid] = index
        return {"receivedDocuments": len(documents), "indexedDocuments": len(documents)}

    return 202, request.state.enqueue("documentAdditionOrUpdate", request.uid, work)


def delete_documents(request: Request) -> Answer:
    ids = [str(id_) for id_ in request.body]

    def work() -> dict[str, Any]:
        return {"providedIds": len(ids), "deletedDocuments": request.index.remove(ids), "originalFilter": None}

    return 202, request.state.enqueue("documentDeletion", request.uid, work)


def fetch_documents(request: Request) -> Answer:
    index, body = request.index, request.body
    start, size = body.get("offset", 0), body.get("limit", 20)
    every = list(index.documents.values())
    wanted = body.get("fields")
    shown = [
        {name: value for name, value in document.items() if wanted is None or name in wanted}
        for document in every[start : start + size]
    ]
    return 200, {"results": shown, "offset": start, "limit": size, "total": len(every)}


def stats(request: Request) -> Answer:
    index = request.index
    names = {name for document in index.documents.values() for name in document}
    many = {name: sum(name in document for document in index.documents.values()) for name in sorted(names)}
    return 200, {
        "numberOfDocuments": len(index.documents),
        "isIndexing": False,
        "fieldDistribution": many,
        "numberOfEmbeddings": 0,
        "numberOfEmbeddedDocuments": 0,
        "rawDocumentDbSize": 4096,
        "avgDocumentSize": 128,
        "indexSize": 8192,
        "usedIndexSize": 8192,
    }


def search_one(request: Request) -> Answer:
    return 200, search(request.index, request.body)


def search_many(request: Request) -> Answer:
    for query in request.body["queries"]:
        if not request.key.may("search", query["indexUid"]):
            raise forbidden()
    return 200, multi_search(request.state, request.body)


def swap(request: Request) -> Answer:
    pairs = [(one["indexes"], bool(one.get("rename"))) for one in request.body]
    if not all(request.key.may("indexes.swap", uid) for uids, _ in pairs for uid in uids):
        raise forbidden()

    def work() -> dict[str, Any]:
        for (first, second), is_renaming in pairs:
            _exchange(request.state, first, second, is_renaming=is_renaming)
        return {"swaps": request.body}

    return 202, request.state.enqueue("indexSwap", None, work)


def _exchange(state: State, first: str, second: str, *, is_renaming: bool) -> None:
    index = state.index(first)
    if is_renaming:
        if second in state.indexes:
            raise Fault(409, "index_already_exists", f"Cannot rename `{first}` to `{second}`: it exists already.")
        state.indexes[second] = state.indexes.pop(first)
    else:
        state.indexes |= {first: state.index(second), second: index}


def get_task(request: Request) -> Answer:
    """Of what is about several indexes only a key for all of them hears."""
    found = [task for task in request.state.tasks if str(task["uid"]) == request.uid]
    if not found or not (request.key.sees_all or (found[0]["indexUid"] and _sees(request.key, found[0]["indexUid"]))):
        raise Fault(404, "task_not_found", f"Task `{request.uid}` not found.")
    return 200, dict(found[0])


def make_key(request: Request) -> Answer:
    return 201, request.keys.make(request.body)


def version(_: Request) -> Answer:
    return 200, {"commitSha": "double", "commitDate": "2026-08-16T00:00:00Z", "pkgVersion": "1.53.1"}


def _sees(key: Key, uid: str) -> bool:
    return key.may("tasks.get", uid)


def _view(uid: str, index: Index) -> dict[str, Any]:
    return {
        "uid": uid,
        "primaryKey": index.primary_key,
        "createdAt": index.created_at,
        "updatedAt": index.updated_at,
    }


Route = tuple[str, str, str, Callable[[Request], Answer]]
INDEX = "/indexes/{index_uid}"
ROUTES: list[Route] = [
    ("GET", "/indexes", "indexes.get", list_indexes),
    ("GET", INDEX, "indexes.get", get_index),
    ("DELETE", INDEX, "indexes.delete", delete_index),
    ("GET", f"{INDEX}/settings", "settings.get", get_settings),
    ("PATCH", f"{INDEX}/settings", "settings.update", update_settings),
    ("POST", f"{INDEX}/documents", "documents.add", add_documents),
    ("POST", f"{INDEX}/documents/delete-batch", "documents.delete", delete_documents),
    ("POST", f"{INDEX}/documents/fetch", "documents.get", fetch_documents),
    ("GET", f"{INDEX}/stats", "stats.get", stats),
    ("POST", f"{INDEX}/search", "search", search_one),
    ("POST", "/multi-search", "search", search_many),
    ("POST", "/swap-indexes", "indexes.swap", swap),
    ("GET", "/tasks/{task_id}", "tasks.get", get_task),
    ("POST", "/keys", "keys.create", make_key),
    ("GET", "/version", "version", version),
]


def route_of(method: str, path: str) -> tuple[Route, str]:
    """The route, and what stands in its braces."""
    for route in ROUTES:
        pattern = re.sub(r"\\\{\w+\\\}", r"([^/]+)", re.escape(route[1]))
        if route[0] == method and (match := re.fullmatch(pattern, path)):
            return route, match[1] if match.groups() else ""
    raise Fault(404, "not_found", "The requested address does not exist.")
