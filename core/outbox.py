"""Effects that wait for the commit: a row in the same transaction, delivered later by a worker, never lost.

A worker claims a message with a lease, does the effect, and marks it done: two short transactions with the effect
between them. A worker that dies leaves a lease that runs out, so an effect may happen twice and must bear that.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime, add_unless_there, after_commit, db, transaction

LEASE = timedelta(minutes=2)
BACK_OFF = timedelta(seconds=5)
MOST_ATTEMPTS = 8

log = logging.getLogger(__name__)
awake = Event()


class Hopeless(Exception):  # noqa: N818 -- an answer of the world outside, not a fault
    """The effect can never be had: the message is parked at once instead of tried again."""


class MessageState(StrEnum):
    """Waiting messages are delivered; parked ones failed too often and wait for a person."""

    WAITING = "waiting"
    DONE = "done"
    PARKED = "parked"


class OutboxMessage(Base):
    """One effect to have: `kind` chooses the handler, `subject` says about what, `occasion` makes it unique."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "occasion"),
        Index("ix_outbox_message_waiting", "state", "due_at"),
        CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_iff_done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    occasion: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True)
class Message:
    """What a handler is told; it reads everything else itself, so it acts on the newest state."""

    id: int
    kind: str
    subject: str
    attempts: int


@dataclass(frozen=True)
class Together:
    """A handler that has many effects at once cheaper than one by one. Those that failed before come alone."""

    handle: Callable[[Sequence[Message]], None]
    most: int


Handler = Callable[[Message], None] | Together


def enqueue(kind: str, subject: str, *, occasion: str, due: datetime) -> None:
    """Ask for an effect after this transaction has committed; asking twice for one occasion is an error."""
    db.session.add(OutboxMessage(kind=kind, subject=subject, occasion=occasion, due_at=due))
    db.session.info["wake"] = True


def enqueue_once(kind: str, subject: str, *, occasion: str, due: datetime) -> None:
    """The same, where several may ask for one occasion; only the first one counts."""
    wanted = {"kind": kind, "subject": subject, "occasion": occasion}
    if db.session.scalar(select(OutboxMessage.id).filter_by(**wanted)) is not None:
        return
    if add_unless_there(OutboxMessage(**wanted, due_at=due)):
        db.session.info["wake"] = True


def deliver_one(handlers: Mapping[str, Handler], now: datetime) -> bool:
    """Deliver the oldest due message, and others that go together with it; say whether there was one.

    Safe to run in several workers.
    """
    if not _is_any_due(now):
        return False  # an idle worker only reads: it keeps no writer waiting
    with transaction():
        messages = _claim_oldest(handlers, now)
    if not messages:
        return False
    error, is_hopeless = _attempt(handlers, messages)
    with transaction():
        for message in messages:
            _settle(message, error, now, is_hopeless=is_hopeless)
    return True


def end_leases() -> None:
    """Bring back at once what a dead worker held: only for one that knows it is alone. Called inside a transaction."""
    held = update(OutboxMessage).where(
        OutboxMessage.state == MessageState.WAITING, OutboxMessage.lease_until.is_not(None)
    )
    db.session.execute(held.values(lease_until=None))


def waiting_count() -> int:
    """How many messages still wait, due or not."""
    query = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == MessageState.WAITING)
    return db.session.scalar(query) or 0


def _is_any_due(now: datetime) -> bool:
    query = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.WAITING, OutboxMessage.due_at <= now)
    return db.session.scalar(query.limit(1)) is not None


def _claim_oldest(handlers: Mapping[str, Handler], now: datetime) -> list[Message]:
    waiting = (OutboxMessage.state == MessageState.WAITING) & (
        OutboxMessage.lease_until.is_(None) | (OutboxMessage.lease_until < now)
    )
    # A message that ends its worker each time never comes to be settled: it is parked here.
    exhausted = update(OutboxMessage).where(waiting, OutboxMessage.attempts >= MOST_ATTEMPTS)
    db.session.execute(exhausted.values(state=MessageState.PARKED, last_error="the worker ended while delivering it"))
    query = (
        select(OutboxMessage)
        .where(waiting, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .with_for_update(skip_locked=True)
    )
    rows = list(db.session.scalars(query.limit(1)))
    handler = handlers.get(rows[0].kind) if rows else None
    if isinstance(handler, Together) and not rows[0].attempts:
        fresh = query.where(OutboxMessage.kind == rows[0].kind, OutboxMessage.attempts == 0)
        rows = list(db.session.scalars(fresh.limit(handler.most)))
    for row in rows:
        row.lease_until = now + LEASE
        row.attempts += 1
    return [Message(row.id, row.kind, row.subject, row.attempts) for row in rows]


def _attempt(handlers: Mapping[str, Handler], messages: Sequence[Message]) -> tuple[str, bool]:
    """What went wrong, if anything, and whether it always will."""
    first = messages[0]
    try:
        handler = handlers[first.kind]
        if isinstance(handler, Together):
            handler.handle(messages)
        else:
            handler(first)
    except Hopeless as error:
        log.warning("outbox message %s (%s) is hopeless: %s", first.id, first.kind, error)
        return str(error), len(messages) == 1  # of many, each is tried alone first
    except Exception as error:  # any fault of any handler is noted and tried again
        log.exception("outbox message %s (%s) failed, with %s others", first.id, first.kind, len(messages) - 1)
        name = type(error).__name__
        return name if isinstance(error, SQLAlchemyError) else f"{name}: {error}", False
    finally:
        db.session.rollback()
    return "", False


def _settle(message: Message, error: str, now: datetime, *, is_hopeless: bool) -> None:
    ours = select(OutboxMessage).filter_by(id=message.id, attempts=message.attempts, state=MessageState.WAITING)
    row = db.session.scalar(ours.with_for_update())
    if row is None:
        return  # the lease ran out and another worker took it over: that one settles it
    row.lease_until = None
    row.last_error = error
    if not error:
        row.state, row.done_at = MessageState.DONE, now
    elif is_hopeless or row.attempts >= MOST_ATTEMPTS:
        row.state = MessageState.PARKED
    else:
        row.due_at = now + BACK_OFF * 2**row.attempts


def _wake() -> None:
    if db.session.info.pop("wake", False):
        awake.set()


after_commit.append(_wake)
