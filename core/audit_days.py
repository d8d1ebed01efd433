"""The last entry of every day: who keeps its hash can prove later that nothing up to it was rewritten.

Counted in the transaction that writes the entries, so that a public page need not read the audit trail itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, String, bindparam, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import day_of
from core.db import Base, db

SETTLING = timedelta(hours=1)  # what begins before midnight may be written after it
AT_A_TIME = 500


class AuditDay(Base):
    """A Dutch calendar day on which something happened: how many entries it has, and the last of them in the chain."""

    __tablename__ = "audit_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    position: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[str] = mapped_column(String(64))


LAST_COUNTED = select(func.coalesce(func.max(AuditDay.position), 0)).scalar_subquery()
# The day is there already but for the first time; both engines say it in the same words.
ADD = text(
    "INSERT INTO audit_day (day, entries, position, hash) VALUES (:day, :entries, :position, :hash)"
    " ON CONFLICT (day) DO UPDATE SET entries = audit_day.entries + excluded.entries,"
    " position = excluded.position, hash = excluded.hash"
).bindparams(bindparam("day", type_=Date()))


def count(entries: Iterable[Mapping[Any, Any]]) -> None:
    """Add entries, which follow the last counted one, to their days. The caller holds the lock of the chain."""
    days: dict[date, dict[str, Any]] = {}
    for entry in entries:
        day = day_of(entry["at"])
        before = days[day]["entries"] if day in days else 0
        days[day] = {"day": day, "entries": before + 1, "position": entry["position"], "hash": entry["hash"]}
    if days:
        db.session.connection().execute(ADD, list(days.values()))


def days_until(last: date | None, most: int) -> list[AuditDay]:
    """The last days on which something happened, or those up to and including `last`; newest first."""
    query = select(AuditDay).order_by(AuditDay.day.desc()).limit(most)
    return list(db.session.scalars(query.where(AuditDay.day <= last) if last else query))


def every_day() -> Iterator[AuditDay]:
    """All of them, oldest first."""
    query = select(AuditDay).order_by(AuditDay.day).execution_options(yield_per=AT_A_TIME)
    yield from db.session.scalars(query)


def is_closed(day: date, now: datetime) -> bool:
    """Whether no entry of this day can come any more."""
    return day < day_of(now - SETTLING)
