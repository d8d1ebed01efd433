"""Writing: new drafts, new versions, and what becomes of them. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import select, update

from catalogue.changes import Changes, changes_between
from catalogue.content import Content
from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.publication import move
from catalogue.states import LIVE, Action, Change, State, after
from core.audit import Actor, record
from core.db import db
from core.errors import Refusal
from core.policy import Policy
from providers import events
from providers.models import Provider


class NeedsDecision(Refusal):
    """A field under the decision changed, so that this cannot go live by itself."""

    code = "needs-decision"

    def __init__(self) -> None:
        super().__init__("U hebt iets gewijzigd dat de commissie moet beoordelen. Dien de wijziging in.")


class NothingChanged(Refusal):
    """The later version says the same as the live one."""

    code = "nothing-changed"

    def __init__(self) -> None:
        super().__init__("Er is niets gewijzigd.")


def create_draft(
    provider_id: int, content: Content, *, by: Actor, now: datetime, form_key: str | None = None
) -> Activity:
    """A new activity with its first version still being written."""
    activity = Activity(
        provider_id=provider_id,
        state=State.DRAFT,
        change=Change.NONE,
        form_key=form_key,
        created_at=now,
        updated_at=now,
    )
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


def release(activity: Activity, policy: Policy, *, by: Actor, now: datetime) -> ActivityVersion:
    """Let a later version that changes only free facts take the place of the live one, at once.

    Raises `NeedsDecision`, `NothingChanged` or `ActionNotAllowed`.
    """
    move(activity, Action.RELEASE, by=by, now=now)
    live, draft = live_version(activity), newest_version(activity)
    changes = changes_between(live.content, draft.content, policy)
    if not changes.fields:
        raise NothingChanged
    if not changes.is_free:
        raise NeedsDecision
    freeze(draft, now)
    held = update(Recognition).where(Recognition.activity_id == activity.id, Recognition.version_id == live.id)
    db.session.execute(held.values(version_id=draft.id))
    return draft


def discard(activity: Activity, *, by: Actor, now: datetime) -> None:
    """Forget a change that was not handed in, or was turned down; the live version stays as it is."""
    move(activity, Action.DISCARD, by=by, now=now)
    version = newest_version(activity)
    if version.frozen_at is None:
        db.session.delete(version)
    activity.title_key = live_version(activity).title_key


def begin_again(activity: Activity, version: ActivityVersion) -> ActivityVersion:
    """A version to write in that says what an earlier one says."""
    return _add_version(activity, newest_version(activity).ordinal + 1, version.content)


def newest_version(activity: Activity) -> ActivityVersion:
    """The version being written, or else the last frozen one."""
    query = select(ActivityVersion).filter_by(activity_id=activity.id).order_by(ActivityVersion.ordinal.desc()).limit(1)
    return db.session.scalars(query).one()


def live_version(activity: Activity) -> ActivityVersion:
    """The version that teachers see, or would see: the one that the leading recognition holds for."""
    query = select(ActivityVersion).join(Recognition, Recognition.version_id == ActivityVersion.id)
    return db.session.scalars(query.where(Recognition.activity_id == activity.id, Recognition.is_leading)).one()


def changes_of(activity: Activity, content: Content, policy: Policy) -> Changes | None:
    """How this text differs from the live version; None for an activity that is not live."""
    is_live = State(activity.state) in LIVE
    return changes_between(live_version(activity).content, content, policy) if is_live else None


def working_version(activity: Activity) -> ActivityVersion:
    """What a form begins with: the live version when nobody changes it, or else the newest."""
    is_untouched = State(activity.state) in LIVE and activity.change == Change.NONE
    return live_version(activity) if is_untouched else newest_version(activity)


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
