"""Letting an action with many activities begin, and letting it be taken back. Called inside a transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from catalogue.models import Activity
from core.audit import Actor, record
from core.db import db, insert_rows
from core.errors import Refusal
from core.jobs import Job, JobState, resume, running_job, start_job
from providers.models import Provider
from validation.bulk.actions import ACTIONS, Before
from validation.bulk.models import BULK, BULK_UNDO, BulkItem, ItemState
from validation.bulk.outcome import fates_of

UNDONE_BY = "undone_by"


class NotNow(Refusal):
    """Something cannot begin; the page of the job `job_id` shows why."""

    why: str

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        super().__init__(self.why)


class StillRunning(NotNow):
    """One action at a time, so that nobody starts the same one twice; it is the job that runs."""

    code = "bulk-still-running"
    why = "Er loopt al een actie met meer activiteiten. Wacht tot die klaar is."


class NotUndoable(NotNow):
    """The job was undone already, or nothing is left that could be."""

    code = "bulk-not-undoable"
    why = "Dit is al teruggedraaid, of er is niets om terug te draaien."


def owner_of(provider: Provider) -> str:
    """Whose jobs these are."""
    return f"provider:{provider.id}"


def start_bulk(
    provider: Provider, name: str, ends_on: date | None, seen: Mapping[int, int], *, by: Actor, now: datetime
) -> Job:
    """Begin with what was seen: the version of each activity. Somebody else's activities are left out.

    The provider is locked. Raises `StillRunning`.
    """
    _require_none_running(provider)
    own = set(db.session.scalars(select(Activity.id).filter_by(provider_id=provider.id)))
    parameters = {"action": name, "ends_on": ends_on.isoformat() if ends_on else None}
    job = start_job(BULK, owner_of(provider), parameters, by=by, now=now)
    _note_statement(job, by, now)
    _give(job, [(id_, {"version": version}) for id_, version in seen.items() if id_ in own])
    return job


def chosen_end(job: Job) -> date | None:
    """The date that was chosen, where the action has one."""
    end = job.parameters["ends_on"]
    return date.fromisoformat(end) if end else None


def left_to_do(job: Job) -> int:
    """How many activities an action that was stopped or failed did not get to."""
    is_over = job.kind == BULK and job.state in {JobState.CANCELLED, JobState.FAILED}
    return job.total - job.cursor if is_over else 0


def undone_by(job: Job) -> int | None:
    """The last job that took something of it back, if any."""
    found: int | None = job.result.get(UNDONE_BY)
    return found


def go_on(job: Job, provider: Provider, *, by: Actor, now: datetime) -> None:
    """Continue what was stopped or failed with what it did not get to; both are locked. Raises `StillRunning`."""
    if left_to_do(job):
        _require_none_running(provider)
        _note_statement(job, by, now)
        resume(job, by=by, now=now)


def start_undo(job: Job, provider: Provider, *, by: Actor, now: datetime) -> Job:
    """Begin to take back what a job did, or what is left of that; both are locked.

    Raises `StillRunning` or `NotUndoable`.
    """
    _require_none_running(provider)
    fates = fates_of(job)
    if job.kind != BULK or ACTIONS[job.parameters["action"]].is_final or not any(fate.is_left for fate in fates):
        raise NotUndoable(job.id)
    back = start_job(BULK_UNDO, job.owner, {**job.parameters, "of": job.id}, by=by, now=now)
    _give(back, [(fate.activity_id, {}) for fate in fates if fate.state == ItemState.DONE])
    job.result = {**job.result, UNDONE_BY: back.id}
    return back


def _note_statement(job: Job, by: Actor, now: datetime) -> None:
    """What who pressed the button declared with it."""
    if statement := ACTIONS[job.parameters["action"]].statement:
        record("job.stated", f"job:{job.id}", by=by, at=now, data={"statement": statement})


def _give(job: Job, chosen: Sequence[tuple[int, Before]]) -> None:
    """Let these activities be its work; `before` has the version that the person saw, where that counts."""
    job.total = len(chosen)
    rows = [
        {"job_id": job.id, "position": position, "activity_id": id_, "before": before}
        for position, (id_, before) in enumerate(chosen, 1)
    ]
    insert_rows(BulkItem, rows)


def _require_none_running(provider: Provider) -> None:
    running = running_job(owner_of(provider), BULK, BULK_UNDO)
    if running:
        raise StillRunning(running.id)
