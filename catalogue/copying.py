"""A new draft that says the same as an activity of the provider, once per click. Called inside a transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update

from catalogue.drafts import create_draft, live_version, newest_version
from catalogue.models import Activity
from catalogue.states import LIVE, State
from catalogue.writing import begun_with
from core.audit import Actor, record
from core.db import db


@dataclass(frozen=True)
class Copy:
    """The draft, and whether it was there already."""

    activity: Activity
    is_new: bool


def copy_draft(activity: Activity, *, by: Actor, now: datetime) -> Copy:
    """A draft that says what the page of the activity shows, for another time: without dates, number and hours.

    As long as nobody touched the last one, that is the copy: a second click, or going back, makes no second one.
    The activity is locked.
    """
    key = f"copy-{activity.id}-{activity.version}"
    known = begun_with(activity.provider_id, key)
    if known and known.state == State.DRAFT and known.version == 1:
        return Copy(known, is_new=False)
    if known:  # has become an activity of its own
        db.session.execute(update(Activity).filter_by(id=known.id).values(form_key=None, version=Activity.version))
    shown = live_version(activity) if activity.state in LIVE else newest_version(activity)
    content = replace(shown.content, starts_on=None, ends_on=None)
    made = create_draft(activity.provider_id, content, by=by, now=now, form_key=key)
    record("activity.copied", f"activity:{activity.id}", by=by, at=now, data={"copy": made.id})
    return Copy(made, is_new=True)
