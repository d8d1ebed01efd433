"""Moving an activity through its states, and telling who must know. Called inside a transaction."""

from datetime import datetime

from catalogue.models import Activity
from catalogue.states import TRANSITIONS, Action, State
from core.audit import Actor, record
from core.outbox import enqueue

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


def announce(activity: Activity, now: datetime) -> None:
    """Let the search index look at this activity again."""
    enqueue(ACTIVITY_CHANGED, str(activity.id), occasion=now.isoformat(), due=now)
