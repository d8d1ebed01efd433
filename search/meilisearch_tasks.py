"""Waiting for what the engine only promised: it takes every write, and says afterwards whether it could do it."""

import time
from typing import Any

from search.index import IndexAway, IndexBusy
from search.meilisearch_client import Engine

PATIENCE = 30.0  # seconds for the documents of some messages
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5


class TaskFailed(IndexAway):
    """The engine took a task and could not do it: nothing of it was written."""

    def __init__(self, message: str, code: str) -> None:
        self.code = code
        super().__init__(message)


def finish(engine: Engine, task: int, *, patience: float = PATIENCE) -> None:
    """Return when a task is done. Raises `TaskFailed`, or `IndexBusy` when it still waits after so many seconds."""
    deadline, pause = time.monotonic() + patience, FIRST_PAUSE
    while True:
        told = engine.http.get(f"tasks/{task}")
        if told["status"] == "succeeded":
            return
        if told["status"] in {"failed", "canceled"}:
            raise _failure(task, told)
        if time.monotonic() > deadline:
            raise IndexBusy(f"the search engine has not come to task {task} after {patience:g} seconds")
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


def _failure(task: int, told: dict[str, Any]) -> TaskFailed:
    error = told.get("error") or {"code": "canceled", "message": "somebody canceled it"}
    return TaskFailed(f"the search engine failed task {task} ({error['code']}): {error['message']}", error["code"])
