"""Taking back what a provider's import landed, as a job: drafts that nobody touched since; the rest stays.

Offers of the former register are not taken back: see ADR 11.
"""

from datetime import datetime

from sqlalchemy import Select, func, select

from catalogue.deleting import delete_for_ever
from catalogue.importing.running import (
    LANDING,
    TAKING_BACK,
    NothingToTakeBack,
    provider_id_of,
    require_none_runs,
)
from catalogue.models import Activity, Edition, ImportedOffer
from catalogue.states import State
from core.audit import Actor
from core.db import db
from core.jobs import Job, JobState, Kind, start_job

AT_ONCE = 50  # drafts per transaction


def takeable_count(landing: Job) -> int:
    """How many drafts would go; none of an import that still runs, or is of the bureau."""
    if landing.kind != LANDING or landing.state == JobState.RUNNING:
        return 0
    return db.session.scalar(_untouched(landing.owner, landing.id).with_only_columns(func.count())) or 0


def start_taking_back(landing: Job, *, by: Actor, now: datetime) -> Job:
    """Begin. Raises `NothingToTakeBack` or `ImportRunning`."""
    require_none_runs(landing.owner)
    count = takeable_count(landing)
    if not count:
        raise NothingToTakeBack
    job = start_job(TAKING_BACK, landing.owner, {**landing.parameters, "landing": landing.id}, by=by, now=now)
    job.total = count
    return job


def _untouched(owner: str, landing_id: int) -> Select[Activity]:
    """What only this import wrote."""
    return (
        select(Activity)
        .join(ImportedOffer, ImportedOffer.activity_id == Activity.id)
        .where(
            ImportedOffer.landing_id == landing_id,
            ImportedOffer.imported_at == Activity.updated_at,
            Activity.provider_id == provider_id_of(owner),
            Activity.state == State.DRAFT,
            ~select(Edition).where(Edition.activity_id == Activity.id).exists(),
        )
    )


def _write(job: Job, _: None, now: datetime) -> bool:
    untouched = _untouched(job.owner, job.parameters["landing"]).order_by(Activity.id)
    ids = untouched.with_only_columns(Activity.id).limit(AT_ONCE).with_for_update(of=Activity)
    locked = db.session.scalars(ids).all()
    # Asked again: whom the lock was waited for may have added an edition, which the first statement did not see.
    found = db.session.scalars(untouched.where(Activity.id.in_(locked))).all()
    for activity in found:
        delete_for_ever(activity, "", by=job.actor, now=now)
    job.cursor += len(found)
    return len(locked) < AT_ONCE


KIND = Kind(_write)
