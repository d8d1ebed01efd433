"""Long work that a person started: the worker does it in slices. Progress survives a restart; it can be cancelled.

Where a job is, is saved in the transaction of the slice itself, so a worker that dies does nothing twice. It is woken
by outbox messages, one after the other, so that a long job keeps no mail waiting.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import JSON, CheckConstraint, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.audit import Actor, record
from core.db import Base, UtcDateTime, db, transaction
from core.errors import NotFound, Refusal
from core.outbox import Message, enqueue

JOB_STEP = "job.step"
SECONDS = 2.0  # of work per message
MOST_FAULTS = 3
FAULT = "Er ging iets mis bij ons. Wat al gedaan is, blijft staan. Wij hebben de fout vastgelegd."


class JobState(StrEnum):
    """Where a job is; the last three are for ever."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class JobFailed(Refusal):
    """The work cannot be done at all; the sentence says why."""

    code = "job-failed"


class Job(Base):
    """One piece of long work: `cursor` of `total` steps are done. Whose it is, is in `owner`: 'provider:12'."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'cancelled', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="running_until_finished"),
        Index("ix_job_owner", "owner", "kind", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(40))
    started_by: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default=JobState.RUNNING)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    cursor: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fault: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def actor(self) -> Actor:
        """Who the audit trail names for what the job does."""
        return Actor(self.started_by, "worker")


@dataclass(frozen=True)
class Kind:
    """How one kind of job goes on.

    `read` is called outside a transaction and prepares the next slice from where the job is; `write` is called inside
    one with what was read, moves `cursor` on, and says whether the job is finished. Either may raise `JobFailed`.
    """

    write: Callable[[Job, Any, datetime], bool]
    read: Callable[[Job], Any] = lambda _: None


def start_job(kind: str, owner: str, parameters: Mapping[str, Any], *, by: Actor, now: datetime) -> Job:
    """Begin after this transaction has committed."""
    job = Job(kind=kind, owner=owner, started_by=by.key, parameters=dict(parameters), result={}, created_at=now)
    db.session.add(job)
    db.session.flush()
    record("job.started", f"job:{job.id}", by=by, at=now, data={"kind": kind, "owner": owner})
    enqueue(JOB_STEP, str(job.id), occasion="0", due=now)
    return job


def find_job(job_id: int, owner: str, *, lock: bool = False) -> Job:
    """The owner's job. Raises `NotFound`."""
    query = select(Job).filter_by(id=job_id, owner=owner)
    job = db.session.scalar(query.with_for_update() if lock else query)
    if job is None:
        raise NotFound
    return job


def jobs_of(owner: str, kind: str, *, most: int) -> list[Job]:
    """The last jobs of an owner, newest first."""
    return list(db.session.scalars(select(Job).filter_by(owner=owner, kind=kind).order_by(Job.id.desc()).limit(most)))


def cancel(job: Job, *, by: Actor, now: datetime) -> None:
    """Stop before the next slice; what is done stays done. A job that ended meanwhile stays as it is."""
    if job.state == JobState.RUNNING:
        _finish(job, JobState.CANCELLED, now)
        record("job.cancelled", f"job:{job.id}", by=by, at=now, data={"cursor": job.cursor})


def advance(message: Message) -> None:
    """Outbox handler: slices for a while, then leave word for the next turn; safe to do twice."""
    until = time.monotonic() + SECONDS
    try:
        is_over = False
        while not is_over:
            is_last = time.monotonic() >= until
            is_over = _slice(int(message.subject), is_last=is_last) or is_last
    except JobFailed as failure:
        _fail(int(message.subject), failure.detail)
    except Exception:
        if message.attempts >= MOST_FAULTS:
            _fail(int(message.subject), FAULT)
        raise


def _slice(job_id: int, *, is_last: bool) -> bool:
    """One read and one write; says whether the job is over."""
    kinds: Mapping[str, Kind] = current_app.extensions["job_kinds"]
    job = db.session.get_one(Job, job_id)
    db.session.expunge(job)
    db.session.rollback()  # reading may take long, and keeps nobody waiting
    if job.state != JobState.RUNNING:
        return True
    kind, begin = kinds[job.kind], job.cursor
    found = kind.read(job)
    now = clock.now()
    with transaction():
        job = db.session.scalars(select(Job).filter_by(id=job_id).with_for_update()).one()
        if job.state != JobState.RUNNING:
            return True
        if job.cursor != begin:
            return False  # another worker took over: read again
        if kind.write(job, found, now):
            _finish(job, JobState.DONE, now)
            return True
        if is_last:
            enqueue(JOB_STEP, str(job_id), occasion=f"{job.cursor} {now.isoformat()}", due=now)
        return False


def _fail(job_id: int, fault: str) -> None:
    with transaction():
        job = db.session.scalars(select(Job).filter_by(id=job_id).with_for_update()).one()
        if job.state == JobState.RUNNING:
            job.fault = fault
            _finish(job, JobState.FAILED, clock.now())


def _finish(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.finished_at = state, now
