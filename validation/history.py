"""Reading what became of every version of an activity. Never writes."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import load_only

from catalogue.differences import Difference, differences
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, Recognition
from catalogue.states import LIVE, State
from core.audit import AuditEntry, entries_about
from core.db import db
from core.errors import NotFound
from core.policy import Policy
from validation.models import Case
from validation.queries import cases_of

MOST_EVENTS = 50
TOLD_BY_VERSIONS = ("activity.edited", "activity.approve", "activity.reject")
LISTED = (ActivityVersion.ordinal, ActivityVersion.frozen_at, ActivityVersion.wiped_at, ActivityVersion.title)


@dataclass(frozen=True)
class Chapter:
    """One version of an activity, without its texts, and what became of it."""

    version: ActivityVersion
    before: ActivityVersion | None
    cases: list[Case]  # newest first
    former: Recognition | None  # what the former register granted for it
    is_live: bool  # what was validated, is or may be published, or was until the activity was deleted

    @property
    def is_comparable(self) -> bool:
        """Whether there is an earlier version and both still have their texts."""
        return self.before is not None and self.version.wiped_at is None and self.before.wiped_at is None


@dataclass(frozen=True)
class Comparison:
    """One version beside an earlier one, if there is any; `others` are the ordinals it can be compared with."""

    version: ActivityVersion
    before: ActivityVersion | None
    others: list[int]
    differences: list[Difference]


def chapters(activity: Activity) -> list[Chapter]:
    """Every version of an activity, newest first."""
    cases = cases_of(activity.id)
    kept = State(activity.state) in LIVE | {State.DELETED}
    leading = {known.version_id for known in activity.recognitions if kept and known.is_leading}
    former = {known.version_id: known for known in activity.recognitions if known.register == FORMER_REGISTER}
    versions = _versions(activity.id)
    return [
        Chapter(
            version=version,
            before=before,
            cases=[case for case in cases if case.version_id == version.id],
            former=former.get(version.id),
            is_live=version.id in leading,
        )
        for version, before in zip(versions, [*versions[1:], None], strict=True)
    ]


def comparison(activity: Activity, ordinal: int, other: int | None, policy: Policy) -> Comparison:
    """Two versions, the earlier one first, whichever was asked for; without `other` the version before this one.

    Raises `NotFound` when the activity has no such version.
    """
    ordinals = select(ActivityVersion.ordinal).filter_by(activity_id=activity.id)
    known = list(db.session.scalars(ordinals.order_by(ActivityVersion.ordinal.desc())))
    if other in {None, ordinal}:
        other = next((each for each in known if each < ordinal), ordinal)
    if not {ordinal, other} <= set(known):
        raise NotFound
    query = select(ActivityVersion).filter_by(activity_id=activity.id)
    query = query.where(ActivityVersion.ordinal.in_({ordinal, other})).order_by(ActivityVersion.ordinal.desc())
    version, before, *_ = *db.session.scalars(query), None
    return Comparison(
        version=version,
        before=before,
        others=[each for each in known if each != version.ordinal],
        differences=differences(before.content, version.content, policy) if before else [],
    )


def events_of(activity: Activity) -> list[AuditEntry]:
    """What happened to the activity besides writing and judging its versions, newest first."""
    return entries_about([f"activity:{activity.id}"], (), most=MOST_EVENTS, without=TOLD_BY_VERSIONS)


def _versions(activity_id: int) -> list[ActivityVersion]:
    query = select(ActivityVersion).filter_by(activity_id=activity_id).order_by(ActivityVersion.ordinal.desc())
    return list(db.session.scalars(query.options(load_only(*LISTED))))
