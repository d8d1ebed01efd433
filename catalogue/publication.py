"""Moving an activity through its states, and telling who must know. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import select

from catalogue.models import Activity
from catalogue.states import TRANSITIONS, Action, State
from core.audit import Actor, record
from core.db import db
from core.outbox import enqueue
from providers import events
from providers.models import Provider

ACTIVITY_CHANGED = "activity.changed"  # what teachers can find may have changed


def move(activity: Activity, action: Action, *, by: Actor, now: datetime) -> None:
    """Do one action of the table; the audit trail says from where to where."""
    before = State(activity.state)
    activity.state = after = TRANSITIONS.after(before, action)
    activity.updated_at = now
    data = {"before": before, "after": after}
    record(f"activity.{action}", f"activity:{activity.id}", by=by, at=now, data=data)
    if State.PUBLISHED in {before, after}:
        announce(activity, now)


def announce_all(provider: Provider, _: Actor, now: datetime) -> None:
    """Let the search index look at everything that this provider has published."""
    for activity in db.session.scalars(select(Activity).filter_by(provider_id=provider.id, state=State.PUBLISHED)):
        announce(activity, now)


events.renamed.append(announce_all)


def announce(activity: Activity, now: datetime) -> None:
    """Let the search index look at this activity again."""
    enqueue(ACTIVITY_CHANGED, str(activity.id), occasion=now.isoformat(), due=now)
