"""Whether what goes over the line has the shape that Meilisearch describes; whatever has not is noted as a fault.

A short list of shapes is always compared. The whole official description is, too, where it is at hand: the file
`meilisearch-openapi.json` of github.com/meilisearch/documentation (folder `assets/open-api`), or an asset of a release
of github.com/meilisearch/meilisearch; `REGISTERUUR_TEST_MEILISEARCH_OPENAPI` says where it lies.
"""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator

VARIABLE = "REGISTERUUR_TEST_MEILISEARCH_OPENAPI"
TASK = {"taskUid", "indexUid", "status", "type", "enqueuedAt"}
PAGED = {"results", "offset", "limit", "total"}
ANSWERS: dict[str, set[str]] = {
    "GET /indexes": PAGED,
    "GET /indexes/{index_uid}": {"uid", "primaryKey", "createdAt", "updatedAt"},
    "DELETE /indexes/{index_uid}": TASK,
    "GET /indexes/{index_uid}/settings": {"rankingRules", "searchableAttributes", "filterableAttributes", "pagination"},
    "PATCH /indexes/{index_uid}/settings": TASK,
    "POST /indexes/{index_uid}/documents": TASK,
    "POST /indexes/{index_uid}/documents/delete-batch": TASK,
    "POST /indexes/{index_uid}/documents/fetch": PAGED,
    "GET /indexes/{index_uid}/stats": {"numberOfDocuments", "isIndexing", "fieldDistribution"},
    "POST /multi-search": set(),
    "POST /swap-indexes": TASK,
    "GET /tasks/{task_id}": {"uid", "indexUid", "status", "type", "error", "enqueuedAt", "finishedAt"},
}
QUESTIONS: dict[str, set[str]] = {
    "PATCH /indexes/{index_uid}/settings": {"rankingRules", "searchableAttributes", "filterableAttributes"},
    "POST /indexes/{index_uid}/documents/fetch": {"fields", "limit", "offset"},
    "POST /multi-search": {"queries"},
}
ERROR = {"message", "code", "type", "link"}


def faults_of(route: str, question: Any, status: int, answer: Any) -> list[str]:
    """What is wrong with one exchange; `route` is a method with a path, names in braces."""
    lacking = ERROR if status >= 400 else ANSWERS.get(route, set())
    faults = [f"{route} {status}: the answer lacks {name}" for name in lacking - set(answer)]
    if status < 400:
        asked = set(question) if isinstance(question, dict) else set()
        faults += [f"{route}: the question lacks {name}" for name in QUESTIONS.get(route, set()) - asked]
    if question == []:
        faults.append(f"{route}: an empty list is never sent")
    return faults + _official_faults(route, question, status, answer)


def _official_faults(route: str, question: Any, status: int, answer: Any) -> list[str]:
    description = _description()
    method, _, path = route.partition(" ")
    operation = description.get("paths", {}).get(path, {}).get(method.lower())
    if operation is None:
        return [f"{route} is not in the official description"] if description else []
    asked = _schema(operation.get("requestBody", {}))
    told = _schema(operation["responses"].get(str(status), {}))
    faults = _compared(asked, question, f"{route} question") if status < 400 else []
    if path == "/multi-search" and "results" in answer:
        told = None  # only the federated answer is described
    return faults + _compared(told, answer, f"{route} {status} answer")


def _schema(message: dict[str, Any]) -> Any:
    return message.get("content", {}).get("application/json", {}).get("schema")


def _compared(schema: Any, told: Any, where: str) -> list[str]:
    if schema is None:
        return []
    checker = _checker(json.dumps(schema))
    return [f"{where}: {error.json_path}: {error.message[:200]}" for error in checker.iter_errors(told)]


@lru_cache
def _checker(schema: str) -> OAS31Validator:
    return OAS31Validator(json.loads(schema) | {"components": _description()["components"]})


@lru_cache
def _description() -> dict[str, Any]:
    """The official one; empty where it is not at hand. Of v1.53.0 two things are put right.

    Facets of a federation are lists of names, as the pages about it and the source have it; times of a task that was
    not begun are null, as their own explanations say.
    """
    place = os.environ.get(VARIABLE)
    found: dict[str, Any] = json.loads(Path(place).read_text("utf-8")) if place else {}
    if found:
        schemas = found["components"]["schemas"]
        names = {"type": ["array", "null"], "items": {"type": "string"}}
        schemas["Federation"]["properties"]["facetsByIndex"]["additionalProperties"] = names
        for name in ("startedAt", "finishedAt"):
            schemas["TaskView"]["properties"][name]["type"] = ["string", "null"]
    return found
