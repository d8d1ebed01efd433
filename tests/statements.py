"""Counts what a piece of work asks the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from core.db import db


def count_statements(work: Callable[[], Any]) -> int:
    """How many statements ran, transactions not counted."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        statement = arguments[2]
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
