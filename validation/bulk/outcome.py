"""Reading how it goes with many activities: which ones, and in groups that fare alike. Never writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.models import Activity
from catalogue.of_provider import newest_titles
from catalogue.states import State
from core.db import db
from core.jobs import Job, JobState
from validation.bulk.models import BulkItem, ItemState
from validation.own_filters import Wanted, conditions

MOST_SHOWN = 200
NOT_REACHED = "Niet aan de beurt gekomen."
PASSED = frozenset({ItemState.DONE, ItemState.UNDONE})


@dataclass(frozen=True)
class Fate:
    """What became of one activity in a job."""

    activity_id: int
    state: str
    note: str
    is_unchanged: bool | None  # since; None for what was not done, and in jobs that take back

    @property
    def reason(self) -> str:
        """Why it was not done, '' when it was."""
        return "" if self.state in PASSED else self.note or NOT_REACHED

    @property
    def is_left(self) -> bool:
        """Whether it can be taken back, for the first time or after an attempt that did not succeed."""
        return self.state == ItemState.DONE and bool(self.is_unchanged)


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


def fates_of(job: Job) -> list[Fate]:
    """What became of every activity in a job, in its order; nothing of one that runs, as that is not known yet."""
    if job.state == JobState.RUNNING:
        return []
    is_unchanged = Activity.version == BulkItem.version_after
    query = select(BulkItem.activity_id, BulkItem.state, BulkItem.note, is_unchanged).where(BulkItem.job_id == job.id)
    query = query.join(Activity, Activity.id == BulkItem.activity_id).order_by(BulkItem.position)
    return [Fate(*row) for row in db.session.execute(query)]


def titles_of(provider_id: int, groups: Iterable[Group]) -> dict[int, str]:
    """The titles of the activities that are shown."""
    return newest_titles(provider_id, [id_ for group in groups for id_ in group.shown])
