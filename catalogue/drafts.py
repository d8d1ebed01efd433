"""Writing: new drafts and new versions. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import select

from catalogue.content import Content
from catalogue.models import Activity, ActivityVersion
from catalogue.states import Action, Change, State, after
from core.audit import Actor, record
from core.db import db
from providers import events
from providers.models import Provider


def create_draft(
    provider_id: int, content: Content, *, by: Actor, now: datetime, form_key: str | None = None
) -> Activity:
    """A new activity with its first version still being written."""
    activity = Activity(provider_id=provider_id, state=State.DRAFT, form_key=form_key, created_at=now, updated_at=now)
    activity.schedule(content)
    db.session.add(activity)
    db.session.flush()
    _add_version(activity, 1, content)
    record("activity.created", f"activity:{activity.id}", by=by, at=now)
    return activity


def save_draft(activity: Activity, content: Content, *, by: Actor, now: datetime) -> ActivityVersion:
    """Save what was typed; a frozen version stays as it is and a new one begins beside it."""
    activity.state, activity.change = after(State(activity.state), Change(activity.change), Action.EDIT)
    activity.updated_at = now
    activity.schedule(content)
    version = newest_version(activity)
    if version.frozen_at is None:
        version.say(content)
    else:
        version = _add_version(activity, version.ordinal + 1, content)
    record("activity.edited", f"activity:{activity.id}", by=by, at=now, data={"version": version.ordinal})
    return version


def newest_version(activity: Activity) -> ActivityVersion:
    """The version being written, or else the last frozen one."""
    query = select(ActivityVersion).filter_by(activity_id=activity.id).order_by(ActivityVersion.ordinal.desc()).limit(1)
    return db.session.scalars(query).one()


def freeze(version: ActivityVersion, now: datetime) -> ActivityVersion:
    """From now on this version never changes; freezing twice changes nothing."""
    version.frozen_at = version.frozen_at or now
    return version


def _add_version(activity: Activity, ordinal: int, content: Content) -> ActivityVersion:
    version = ActivityVersion(activity_id=activity.id, ordinal=ordinal)
    version.say(content)
    db.session.add(version)
    db.session.flush()
    return version


def move_activities(source: Provider, target: Provider, by: Actor, now: datetime) -> None:
    """The drafts of a provider that was never admitted become those of the one that takes it in."""
    for activity in db.session.scalars(select(Activity).filter_by(provider_id=source.id)):
        activity.provider_id = target.id
        record("activity.moved", f"activity:{activity.id}", by=by, at=now, data={"before": source.id})
    db.session.flush()


events.taken_in.append(move_activities)
