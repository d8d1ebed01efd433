"""Letting an action with many activities begin, and letting it be taken back. Called inside a transaction."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, insert, select

from catalogue.models import Activity
from core.audit import Actor
from core.db import db
from core.errors import Refusal
from core.jobs import Job, JobState, jobs_of, start_job
from providers.models import Provider
from validation.bulk.models import BULK, BULK_UNDO, BulkItem, ItemState

UNDONE_BY = "undone_by"


class StillRunning(Refusal):
    """One action at a time, so that nobody starts the same one twice; `job_id` is the one that runs."""

    code = "bulk-still-running"

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        super().__init__("Er loopt al een actie met meer activiteiten. Wacht tot die klaar is.")


class NotUndoable(Refusal):
    """It was undone already, or nothing was done."""

    code = "bulk-not-undoable"

    def __init__(self) -> None:
        super().__init__("Dit is al teruggedraaid, of er is niets om terug te draaien.")


def owner_of(provider: Provider) -> str:
    """Whose jobs these are."""
    return f"provider:{provider.id}"


def start_bulk(
    provider: Provider, action: str, ends_on: date | None, seen: Mapping[int, int], *, by: Actor, now: datetime
) -> Job:
    """Begin with what was seen: the version of each activity. Somebody else's activities are left out.

    The provider is locked. Raises `StillRunning`.
    """
    _require_none_running(provider)
    own = set(db.session.scalars(select(Activity.id).filter_by(provider_id=provider.id)))
    chosen = [(id_, version) for id_, version in seen.items() if id_ in own]
    parameters = {"action": action, "ends_on": ends_on.isoformat() if ends_on else None}
    job = start_job(BULK, owner_of(provider), parameters, by=by, now=now)
    job.total = len(chosen)
    rows = [
        {"job_id": job.id, "position": position, "activity_id": id_, "before": {"version": version}}
        for position, (id_, version) in enumerate(chosen, 1)
    ]
    if rows:
        db.session.execute(insert(BulkItem), rows)
    return job


def chosen_end(job: Job) -> date | None:
    """The date that was chosen, where the action has one."""
    end = job.parameters["ends_on"]
    return date.fromisoformat(end) if end else None


def is_undoable(job: Job) -> bool:
    """Whether what it did can still be taken back: it has ended, and that was not asked before."""
    return job.kind == BULK and job.state != JobState.RUNNING and undone_by(job) is None


def undone_by(job: Job) -> int | None:
    """The job that took it back, if any."""
    found: int | None = job.result.get(UNDONE_BY)
    return found


def start_undo(job: Job, provider: Provider, *, by: Actor, now: datetime) -> Job:
    """Begin to take back what a job did; both are locked. Raises `StillRunning` or `NotUndoable`."""
    _require_none_running(provider)
    done = _done(job)
    if not (done and is_undoable(job)):
        raise NotUndoable
    back = start_job(BULK_UNDO, job.owner, {**job.parameters, "of": job.id}, by=by, now=now)
    back.total = done
    job.result = {**job.result, UNDONE_BY: back.id}
    return back


def _require_none_running(provider: Provider) -> None:
    for kind in (BULK, BULK_UNDO):
        for job in jobs_of(owner_of(provider), kind, most=1):
            if job.state == JobState.RUNNING:
                raise StillRunning(job.id)


def _done(job: Job) -> int:
    query = select(func.count()).select_from(BulkItem).filter_by(job_id=job.id, state=ItemState.DONE)
    return db.session.scalar(query) or 0
