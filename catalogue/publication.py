"""Moving an activity through its states, and telling who must know. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import select

from catalogue.models import Activity
from catalogue.states import Action, Change, State, after, may
from core.audit import Actor, Data, record
from core.db import db
from core.outbox import enqueue
from providers import events
from providers.models import Provider

ACTIVITY_CHANGED = "activity.changed"  # what teachers can find may have changed


def move(activity: Activity, action: Action, *, by: Actor, now: datetime) -> None:
    """Do one action of the table; the audit trail says from where to where."""
    before, changed = State(activity.state), Change(activity.change)
    activity.state, activity.change = after(before, changed, action)
    activity.updated_at = now
    data: Data = {"before": before, "after": activity.state}
    if changed or activity.change:
        data = {**data, "change_before": changed, "change_after": activity.change}
    record(f"activity.{action}", f"activity:{activity.id}", by=by, at=now, data=data)
    if State.PUBLISHED in {before, State(activity.state)}:
        announce(activity, now)


def may_do(activity: Activity, action: Action) -> bool:
    """Whether to offer the button."""
    return may(State(activity.state), Change(activity.change), action)


def announce_all(provider: Provider, _: Actor, now: datetime) -> None:
    """Let the search index look at everything that this provider has published."""
    for activity in db.session.scalars(select(Activity).filter_by(provider_id=provider.id, state=State.PUBLISHED)):
        announce(activity, now)


events.renamed.append(announce_all)


def announce(activity: Activity, now: datetime) -> None:
    """Let the search index look at this activity again."""
    enqueue(ACTIVITY_CHANGED, str(activity.id), occasion=now.isoformat(), due=now)
