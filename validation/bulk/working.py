"""The jobs that act on many activities, slice by slice: doing, and taking back. The worker calls them."""

import logging
from collections.abc import Callable, Iterable, Sized
from datetime import datetime

from sqlalchemy import select

from catalogue.models import Activity
from catalogue.states import State
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
DELETED = "Deze activiteit is intussen verwijderd."
CHANGED_SINCE = "Deze activiteit is daarna nog gewijzigd. Daarom is die niet teruggedraaid."


def do_slice(job: Job, _: object, now: datetime) -> bool:
    """The next activities, each on its own: what one is refused keeps no other from being done."""
    action, assignment = _assigned(job, now)
    items = _next(job)
    activities = _locked(items)
    outdated = {item.activity_id: _why_outdated(item, activities[item.activity_id]) for item in items}
    as_seen = [activity for activity in activities.values() if not outdated[activity.id]]
    reasons = outdated | action.reasons(as_seen, assignment)
    for item in items:
        _do(item, activities[item.activity_id], reasons[item.activity_id], action, assignment)
    return _moved_on(job, items)


def undo_slice(job: Job, _: object, now: datetime) -> bool:
    """The next activities that were done, except those that somebody changed since."""
    action, assignment = _assigned(job, now)
    items = _next(job)
    activities = _locked(items)
    query = select(BulkItem).where(BulkItem.job_id == job.parameters["of"], BulkItem.activity_id.in_(activities))
    done = {item.activity_id: item for item in db.session.scalars(query)}
    for item in items:
        _undo(item, done[item.activity_id], activities[item.activity_id], action, assignment)
    return _moved_on(job, items)


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


def _next(job: Job) -> list[BulkItem]:
    query = select(BulkItem).where(BulkItem.job_id == job.id, BulkItem.position > job.cursor)
    return list(db.session.scalars(query.order_by(BulkItem.position).limit(SLICE)))


def _moved_on(job: Job, items: Sized) -> bool:
    """Says whether that was the end; a job from before undoing had items of its own finds none."""
    job.cursor += len(items)
    return not items or job.cursor >= job.total


def _locked(items: Iterable[BulkItem]) -> dict[int, Activity]:
    """In one order, so that nobody waits in a circle."""
    query = select(Activity).where(Activity.id.in_([item.activity_id for item in items])).order_by(Activity.id)
    return {activity.id: activity for activity in db.session.scalars(query.with_for_update())}


def _why_outdated(item: BulkItem, activity: Activity) -> str:
    if activity.version == item.before["version"]:
        return ""
    return DELETED if activity.state == State.DELETED else CHANGED


def _do(item: BulkItem, activity: Activity, why_not: str, action: BulkAction, assignment: Assignment) -> None:
    def work() -> None:
        before = action.do(activity, assignment)
        db.session.flush()  # counts the version on
        item.before, item.version_after = item.before | before, activity.version

    _attempt(item, why_not, work)


def _undo(item: BulkItem, done: BulkItem, activity: Activity, action: BulkAction, assignment: Assignment) -> None:
    def work() -> None:
        action.undo(activity, done.before, assignment)
        done.state = ItemState.UNDONE

    _attempt(item, "" if activity.version == done.version_after else CHANGED_SINCE, work)


def _attempt(item: BulkItem, why_not: str, work: Callable[[], None]) -> None:
    """Do it, or note why not; whatever is the matter with one, the others go on."""
    if not why_not:
        try:
            with revocable():
                work()
        except Refusal as refused:
            why_not = refused.detail
        except Exception:
            log.exception("activity %s could not be done in job %s", item.activity_id, item.job_id)
            why_not = FAULT
    item.state, item.note = ItemState.REFUSED if why_not else ItemState.DONE, why_not
