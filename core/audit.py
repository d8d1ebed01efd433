"""The audit trail: append-only, chained by hash, in the transaction of the change. Holds ids, never names.

A chain proves nothing against who can write a new one: it can be rewritten whole, and cutting off the newest entries
leaves it intact. So hashes are published (`core.audit_days`), and `verify` can be told which ones somebody kept.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, Integer, String, Text, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from core.audit_days import LAST_COUNTED, count
from core.db import Base, UtcDateTime, before_commit, db, insert_rows, one_at_a_time

GENESIS = "0" * 64
LOCK = 7235  # any number, as long as nobody else takes the same advisory lock
Data = Mapping[str, str | int | bool | None]


@dataclass(frozen=True)
class Actor:
    """Who did it: an account key, and the entrance through which it came (page, command, worker)."""

    key: str
    origin: str


class AuditEntry(Base):
    """One change. Triggers refuse UPDATE and DELETE on both engines."""

    __tablename__ = "audit_entry"

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(80), index=True)
    result: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(300), index=True)
    data: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Linked(Protocol):
    """What is hashed of an entry, wherever it comes from."""

    position: Any
    at: Any
    action: Any
    object: Any
    result: Any
    origin: Any
    actor: Any
    data: Any
    previous_hash: Any


@dataclass(kw_only=True)
class _Pending:
    """An entry that waits for its place in the chain. No row yet: an import writes many thousands of them."""

    at: datetime
    action: str
    object: str
    result: str
    origin: str
    actor: str
    data: str
    position: int = 0
    previous_hash: str = ""


@dataclass(frozen=True, order=True)
class Anchor:
    """What somebody kept of the chain outside the database: the hash of the entry at a position."""

    position: int
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What a walk over the chain found: `broken_at` is the first position that does not fit, or None.

    `unmet` are the anchors that no entry of an unbroken chain agrees with.
    """

    entries: int
    last_hash: str
    broken_at: int | None
    unmet: tuple[Anchor, ...] = ()


def record(action: str, obj: str, *, by: Actor, at: datetime, result: str = "done", data: Data | None = None) -> None:
    """Note a change; it is chained and written when the transaction commits."""
    content = json.dumps(dict(data or {}), ensure_ascii=False, sort_keys=True)
    entry = _Pending(action=action, object=obj, result=result, origin=by.origin, actor=by.key, at=at, data=content)
    db.session.info.setdefault("audit", []).append(entry)


@contextmanager
def revocable() -> Iterator[None]:
    """A part of a transaction that leaves nothing behind when it is refused: no row, and no entry about it either."""
    noted = len(db.session.info.setdefault("audit", []))
    try:
        with db.session.begin_nested():
            yield
    except Exception:
        del db.session.info["audit"][noted:]
        raise


def facts_of(entry: Linked) -> list[str]:
    """What is hashed of an entry, in this order, as text; see docs/audit.md."""
    moment = entry.at.astimezone(UTC).isoformat()
    facts = [entry.previous_hash, str(entry.position), moment, entry.action, entry.object]
    return [*facts, entry.result, entry.origin, entry.actor, entry.data]


def link(entry: Linked) -> str:
    """The hash of an entry: its facts, each preceded by its length, after the hash of the one before."""
    encoded = [fact.encode() for fact in facts_of(entry)]
    return hashlib.sha256(b"".join(len(fact).to_bytes(8) + fact for fact in encoded)).hexdigest()


def entries_about(
    objects: Collection[str], actors: Collection[str], *, most: int, page: int = 1, without: Collection[str] = ()
) -> list[AuditEntry]:
    """What happened to these objects, and what these people did, newest first; `without` are actions to leave out."""
    query = select(AuditEntry).where(or_(AuditEntry.object.in_(objects), AuditEntry.actor.in_(actors)))
    query = query.where(AuditEntry.action.not_in(without)).order_by(AuditEntry.position.desc())
    return list(db.session.scalars(query.limit(most).offset((page - 1) * most)))


def last_entry(about: str, actions: Collection[str]) -> AuditEntry | None:
    """The last time that one of these actions happened to an object, if ever."""
    query = select(AuditEntry).where(AuditEntry.object == about, AuditEntry.action.in_(actions))
    return db.session.scalar(query.order_by(AuditEntry.position.desc()).limit(1))


def verify(anchors: Collection[Anchor] = ()) -> Verdict:
    """Walk the whole chain from the first entry; memory does not grow with it."""
    previous, position, unmet = GENESIS, 0, set(anchors)
    kept = {anchor.position for anchor in anchors}
    query = select(AuditEntry.__table__).order_by(AuditEntry.position).execution_options(yield_per=500)
    with db.session.execute(query) as rows:
        for row in rows:
            position += 1
            if (row.position, row.previous_hash, row.hash) != (position, previous, link(row)):
                return Verdict(position, previous, position)
            previous = row.hash
            if position in kept:
                unmet.discard(Anchor(position, previous))
    return Verdict(position, previous, None, tuple(sorted(unmet)))


def _chain() -> None:
    # At the very end of the transaction, so that the lock that keeps one order is held for as short as can be.
    pending: list[_Pending] = db.session.info.pop("audit", [])
    if not pending:
        return
    db.session.flush()
    one_at_a_time(LOCK)
    newest = select(AuditEntry.position, AuditEntry.hash, LAST_COUNTED).order_by(AuditEntry.position.desc()).limit(1)
    position, previous, counted = db.session.execute(newest).one_or_none() or (0, GENESIS, 0)
    _count_what_nobody_did(counted, position)
    rows = []
    for entry in pending:
        position += 1
        entry.position, entry.previous_hash = position, previous
        previous = link(entry)
        rows.append({**vars(entry), "hash": previous})
    insert_rows(AuditEntry, rows)
    count(rows)


def _count_what_nobody_did(counted: int, last: int) -> None:
    """Entries that code from before there were days wrote, while it still ran beside this."""
    if counted < last:
        columns = AuditEntry.__table__.c
        query = select(columns.position, columns.at, columns.hash).where(columns.position > counted)
        count(db.session.execute(query.order_by(columns.position)).mappings())


before_commit.append(_chain)
