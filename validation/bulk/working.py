"""The jobs that act on many activities, slice by slice: doing, and taking back. The worker calls them."""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from catalogue.models import Activity
from core.audit import revocable
from core.db import db
from core.errors import Refusal
from core.jobs import Job, Kind
from core.policy.loading import current_policies
from providers.queries import find_by_id
from validation.bulk.actions import ACTIONS, Assignment, BulkAction
from validation.bulk.models import BULK, BULK_UNDO, BulkItem, ItemState
from validation.bulk.starting import chosen_end

SLICE = 25
FAULT = "Er ging iets mis bij ons. Wij hebben de fout vastgelegd."
log = logging.getLogger(__name__)
CHANGED = "Deze activiteit is intussen gewijzigd. Bekijk die eerst."
CHANGED_SINCE = "Deze activiteit is daarna nog gewijzigd. Daarom is die niet teruggedraaid."


def do_slice(job: Job, _: object, now: datetime) -> bool:
    """The next activities, each on its own: what one is refused keeps no other from being done."""
    action, assignment = _assigned(job, now)
    query = select(BulkItem).where(BulkItem.job_id == job.id, BulkItem.position > job.cursor)
    items = list(db.session.scalars(query.order_by(BulkItem.position).limit(SLICE)))
    activities = _locked(items)
    as_seen = [activities[item.activity_id] for item in items if _is_as_seen(item, activities[item.activity_id])]
    reasons = dict.fromkeys(activities, CHANGED) | {activity.id: "" for activity in as_seen}
    reasons |= action.reasons(as_seen, assignment)
    for item in items:
        _do(item, activities[item.activity_id], reasons[item.activity_id], action, assignment)
    job.cursor += len(items)
    return job.cursor >= job.total


def undo_slice(job: Job, _: object, now: datetime) -> bool:
    """The next activities that were done, except those that somebody changed since."""
    action, assignment = _assigned(job, now)
    done = BulkItem.state.in_([ItemState.DONE, ItemState.UNDONE])
    query = select(BulkItem).where(BulkItem.job_id == job.parameters["of"], done).order_by(BulkItem.position)
    items = list(db.session.scalars(query.offset(job.cursor).limit(SLICE)))
    activities = _locked(items)
    for item in items:
        _undo(item, activities[item.activity_id], action, assignment)
    job.cursor += len(items)
    return job.cursor >= job.total


KINDS = {BULK: Kind(do_slice), BULK_UNDO: Kind(undo_slice)}


def _assigned(job: Job, now: datetime) -> tuple[BulkAction, Assignment]:
    assignment = Assignment(
        provider=find_by_id(int(job.owner.removeprefix("provider:"))),
        policies=current_policies(),
        by=job.actor,
        now=now,
        ends_on=chosen_end(job),
    )
    return ACTIONS[job.parameters["action"]], assignment


def _locked(items: Iterable[BulkItem]) -> dict[int, Activity]:
    """In one order, so that nobody waits in a circle."""
    query = select(Activity).where(Activity.id.in_([item.activity_id for item in items])).order_by(Activity.id)
    return {activity.id: activity for activity in db.session.scalars(query.with_for_update())}


def _is_as_seen(item: BulkItem, activity: Activity) -> bool:
    return bool(activity.version == item.before["version"])


def _do(item: BulkItem, activity: Activity, why_not: str, action: BulkAction, assignment: Assignment) -> None:
    if why_not:
        item.state, item.note = ItemState.REFUSED, why_not
        return
    try:
        with revocable():
            before = action.do(activity, assignment)
    except Refusal as refused:
        item.state, item.note = ItemState.REFUSED, refused.detail
    except Exception:  # whatever is the matter with one, the others go on
        log.exception("activity %s could not be done in job %s", activity.id, item.job_id)
        item.state, item.note = ItemState.REFUSED, FAULT
    else:
        item.state, item.before, item.version_after = ItemState.DONE, item.before | before, activity.version


def _undo(item: BulkItem, activity: Activity, action: BulkAction, assignment: Assignment) -> None:
    if activity.version != item.version_after:
        item.note = CHANGED_SINCE
        return
    try:
        with revocable():
            action.undo(activity, item.before, assignment)
    except Refusal as refused:
        item.note = refused.detail
    else:
        item.state = ItemState.UNDONE
