"""Long work that a person started: the worker does it in slices. Progress survives a restart; it can be cancelled.

Where a job is, is saved in the transaction of the slice itself, so a worker that dies does nothing twice. It is woken
by outbox messages, one after the other, so that a long job keeps no mail waiting.
"""

import logging
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
from core.outbox import Message, MessageState, OutboxMessage, enqueue

JOB_STEP = "job.step"
SECONDS = 2.0  # of work per message
MOST_FAULTS = 3
FAULT = "Er ging iets mis bij ons. Wat al gedaan is, blijft staan. Wij hebben de fout vastgelegd."
log = logging.getLogger(__name__)


class JobState(StrEnum):
    """Where a job is. What is done is so for ever; what was stopped or failed may be resumed."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class JobFailed(Refusal):
    """The work cannot be done at all; the sentence says why."""

    code = "job-failed"


class Job(Base):
    """One piece of long work: `cursor` of `total` steps are done. Whose it is, is in `owner`: 'provider:12'.

    `started_by` is who let it begin or, last, go on.
    """

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
    `close` clears up outside a transaction once the job is over, however it ended; it may be called again.
    """

    write: Callable[[Job, Any, datetime], bool]
    read: Callable[[Job], Any] = lambda _: None
    close: Callable[[Job], None] = lambda _: None


def start_job(kind: str, owner: str, parameters: Mapping[str, Any], *, by: Actor, now: datetime) -> Job:
    """Begin after this transaction has committed."""
    job = Job(kind=kind, owner=owner, started_by=by.key, parameters=dict(parameters), result={}, created_at=now)
    db.session.add(job)
    db.session.flush()
    record("job.started", f"job:{job.id}", by=by, at=now, data={"kind": kind, "owner": owner})
    enqueue(JOB_STEP, str(job.id), occasion="0", due=now)
    return job


def find_job(job_id: int, owner: str, *kinds: str, lock: bool = False) -> Job:
    """The owner's job, of one of these kinds if any are named. Raises `NotFound`."""
    query = select(Job).filter_by(id=job_id, owner=owner)
    query = query.where(Job.kind.in_(kinds)) if kinds else query
    job = db.session.scalar(query.with_for_update() if lock else query)
    if job is None:
        raise NotFound
    return job


def jobs_of(owner: str, *kinds: str, most: int) -> list[Job]:
    """The last jobs of an owner, of these kinds, newest first."""
    query = select(Job).where(Job.owner == owner, Job.kind.in_(kinds)).order_by(Job.id.desc())
    return list(db.session.scalars(query.limit(most)))


def running_job(owner: str, *kinds: str) -> Job | None:
    """One of an owner's jobs, of these kinds, that runs: not always the newest, as an older one may be resumed."""
    query = select(Job).where(Job.owner == owner, Job.kind.in_(kinds), Job.state == JobState.RUNNING)
    return db.session.scalar(query.limit(1))


def cancel(job: Job, *, by: Actor, now: datetime) -> None:
    """Stop before the next slice; what is done stays done. A job that ended meanwhile stays as it is."""
    if job.state == JobState.RUNNING:
        _finish(job, JobState.CANCELLED, now)
        record("job.cancelled", f"job:{job.id}", by=by, at=now, data={"cursor": job.cursor})


def resume(job: Job, *, by: Actor, now: datetime) -> None:
    """Go on after the last slice that was kept, in the name of who says so. What runs or is done stays as it is."""
    if job.state in {JobState.CANCELLED, JobState.FAILED}:
        job.state, job.finished_at, job.fault = JobState.RUNNING, None, ""
        job.started_by = by.key
        record("job.resumed", f"job:{job.id}", by=by, at=now, data={"cursor": job.cursor})
        enqueue(JOB_STEP, str(job.id), occasion=f"{job.cursor} {now.isoformat()}", due=now)


def advance(message: Message) -> None:
    """Outbox handler: slices for a while, then leave word for the next turn; safe to do twice."""
    job_id = int(message.subject)
    if _is_outdated(message):
        return
    # After a mishap a new message follows at once, so that only mishaps in one and the same slice are counted.
    until = time.monotonic() + (SECONDS if message.attempts == 1 else 0)
    try:
        _require_hope(message)
        while _goes_on(job_id, is_last=time.monotonic() >= until):
            pass
    except JobFailed as failure:
        _fail(job_id, failure.detail)
    except Exception:
        if message.attempts >= MOST_FAULTS:
            _fail(job_id, FAULT)
        raise
    _close(job_id)


def _is_outdated(message: Message) -> bool:
    """Whether its worker left word for the next turn before it ended without settling this one."""
    later = select(OutboxMessage.id).filter_by(kind=JOB_STEP, subject=message.subject, state=MessageState.WAITING)
    return db.session.scalar(later.where(OutboxMessage.id > message.id).limit(1)) is not None


def _require_hope(message: Message) -> None:
    """A slice that ended its worker each time, before that could be noted, will do so again. Raises `JobFailed`."""
    if message.attempts > MOST_FAULTS:
        log.error("job %s ended its worker %s times", message.subject, MOST_FAULTS)
        raise JobFailed(FAULT)


def _goes_on(job_id: int, *, is_last: bool) -> bool:
    """One read and one write, the last one of this turn or not; says whether this turn goes on."""
    job = _found(job_id)
    if job.state != JobState.RUNNING:
        return False
    kind, begin = _kind(job), job.cursor
    found = kind.read(job)
    now = clock.now()
    with transaction():
        job = _locked(job_id)
        if job.state != JobState.RUNNING or job.cursor != begin:
            return False  # over, or another worker took this turn over
        if kind.write(job, found, now):
            _finish(job, JobState.DONE, now)
            return False
        if is_last:
            enqueue(JOB_STEP, str(job_id), occasion=f"{job.cursor} {now.isoformat()}", due=now)
        return not is_last


def _close(job_id: int) -> None:
    job = _found(job_id)
    if job.state != JobState.RUNNING:
        _kind(job).close(job)


def _found(job_id: int) -> Job:
    """The job as it is, apart from the session: reading may take long, and keeps nobody waiting."""
    job = db.session.get_one(Job, job_id)
    db.session.expunge(job)
    db.session.rollback()
    return job


def _locked(job_id: int) -> Job:
    return db.session.scalars(select(Job).filter_by(id=job_id).with_for_update()).one()


def _kind(job: Job) -> Kind:
    kinds: Mapping[str, Kind] = current_app.extensions["job_kinds"]
    return kinds[job.kind]


def _fail(job_id: int, fault: str) -> None:
    with transaction():
        job = _locked(job_id)
        if job.state == JobState.RUNNING:
            job.fault = fault
            _finish(job, JobState.FAILED, clock.now())


def _finish(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.finished_at = state, now
