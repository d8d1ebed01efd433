"""Counts what a piece of work asks the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from core.db import db


def count_statements(work: Callable[[], Any]) -> int:
    """How many statements ran, transactions not counted."""
    return len(statements_of(work))


def statements_of(work: Callable[[], Any]) -> list[tuple[str, Any]]:
    """Which ones, each with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:
        statement = arguments[2]
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")):
            seen.append((statement, arguments[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def plans_of(work: Callable[[], Any]) -> str:
    """How the database would find the rows of each statement, when it may not simply read a whole table."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    found = statements_of(work)
    lines: list[str] = []
    with db.engine.connect() as connection:
        if not is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        for statement, parameters in found:
            rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            lines += [str(row[-1]) for row in rows]
    return "\n".join(lines)
