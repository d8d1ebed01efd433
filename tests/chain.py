"""What somebody could do to the audit trail who may do anything in the database, past the triggers."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete, select, text, update

from core.audit import GENESIS, AuditEntry, link
from core.audit_days import AuditDay
from core.db import db

ENTRIES, DAYS = AuditEntry.__table__, AuditDay.__table__


def tamper(*statements: Any) -> None:
    """Each a statement of SQLAlchemy or a text."""
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for event in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_no_{event}"))
        for statement in statements:
            connection.execute(text(statement) if isinstance(statement, str) else statement)
    db.session.rollback()


def rewrite(position: int, **changes: Any) -> None:
    """Let an entry say something else, and make all hashes after it, and those of the days, fit again."""
    rows = [dict(row) for row in db.session.execute(select(ENTRIES).order_by(AuditEntry.position)).mappings()]
    days = {row.position: row.day for row in db.session.execute(select(DAYS))}
    rows[position - 1].update(changes)
    previous = rows[position - 2]["hash"] if position > 1 else GENESIS
    statements: list[Any] = []
    for row in rows[position - 1 :]:
        row["previous_hash"] = previous
        row["hash"] = previous = link(SimpleNamespace(**row))
        statements.append(update(AuditEntry).where(AuditEntry.position == row["position"]).values(**row))
        if row["position"] in days:
            shown = update(AuditDay).where(AuditDay.day == days[row["position"]])
            statements.append(shown.values(hash=previous))
    tamper(*statements)


def cut_off(position: int) -> None:
    """Let the chain, and the days, end at an entry."""
    left = db.session.execute(select(ENTRIES).where(AuditEntry.position == position)).one()
    day = db.session.scalars(select(AuditDay.day).where(AuditDay.position > position)).one()
    shown = update(AuditDay).where(AuditDay.day == day).values(position=position, hash=left.hash)
    tamper(delete(AuditEntry).where(AuditEntry.position > position), shown)
