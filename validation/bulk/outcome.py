"""Reading how it goes with many activities: which ones, and in groups that fare alike. Never writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.models import Activity
from catalogue.of_provider import newest_titles
from catalogue.states import State
from core.db import db
from core.jobs import Job
from validation.bulk.models import BULK_UNDO, BulkItem, ItemState
from validation.own_filters import Wanted, conditions

MOST_SHOWN = 200
NOT_REACHED = "Niet aan de beurt gekomen."


@dataclass(frozen=True)
class Group:
    """Activities that fare alike; `reason` says why it could not be done, '' when it could."""

    reason: str
    ids: list[int]

    @property
    def shown(self) -> list[int]:
        """As many as a page bears."""
        return self.ids[:MOST_SHOWN]


def chosen(provider_id: int, ids: Collection[int]) -> list[Activity]:
    """The provider's own among these, by name; somebody else's do not exist for it."""
    own = select(Activity).where(Activity.provider_id == provider_id, Activity.state != State.DELETED)
    return list(db.session.scalars(own.where(Activity.id.in_(ids)).order_by(Activity.title_key, Activity.id)))


def all_of(wanted: Wanted) -> list[Activity]:
    """Everything in the list, on whatever page, by name."""
    query = select(Activity).where(*conditions(wanted))
    return list(db.session.scalars(query.order_by(Activity.title_key, Activity.id)))


def grouped(fates: Iterable[tuple[int, str]]) -> list[Group]:
    """In groups by reason: those that nothing was in the way of first, then the largest."""
    groups: dict[str, list[int]] = {}
    for id_, reason in fates:
        groups.setdefault(reason, []).append(id_)
    found = [Group(reason, ids) for reason, ids in groups.items()]
    return sorted(found, key=lambda group: (group.reason != "", -len(group.ids)))


def outcome_of(job: Job) -> list[Group]:
    """What a job did and what not, or what it took back and what not."""
    passed = {ItemState.UNDONE} if job.kind == BULK_UNDO else {ItemState.DONE, ItemState.UNDONE}
    query = select(BulkItem.activity_id, BulkItem.state, BulkItem.note).order_by(BulkItem.position)
    query = query.filter_by(job_id=job.parameters.get("of", job.id))
    if job.kind == BULK_UNDO:
        query = query.where(BulkItem.state.in_([ItemState.DONE, ItemState.UNDONE]))
    rows = db.session.execute(query).all()
    return grouped((id_, "" if state in passed else note or NOT_REACHED) for id_, state, note in rows)


def titles_of(provider_id: int, groups: Iterable[Group]) -> dict[int, str]:
    """The titles of the activities that are shown."""
    return newest_titles(provider_id, [id_ for group in groups for id_ in group.shown])
