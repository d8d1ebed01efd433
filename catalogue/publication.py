"""Moving an activity through its states, and telling who must know. Called inside a transaction."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update

from catalogue.models import Activity, ImportedOffer, Recognition
from catalogue.states import Action, Change, State, after, is_over, is_visible, may, reinstated, revoked, turned_back
from core.audit import Actor, Data, record
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.outbox import enqueue
from core.transitions import ActionNotAllowed
from providers import events
from providers.admitting import require_not_suspended
from providers.models import Provider

BATCH = 500
# What teachers can see the result of; the rest happens to a later version beside what is live.
SEEN = frozenset(Action) - {Action.EDIT, Action.SUBMIT, Action.WITHDRAW, Action.REJECT, Action.DISCARD}
ACTIVITY_CHANGED = "activity.changed"  # what teachers can find may have changed


def move(activity: Activity, action: Action, *, told: Data | None = None, by: Actor, now: datetime) -> None:
    """Do one action of the table; the audit trail says from where to where, and what else is `told`."""
    before, changed = State(activity.state), Change(activity.change)
    activity.state, activity.change = after(before, changed, action)
    activity.updated_at = now
    _note_end(activity, before, now)
    data: Data = {"before": before, "after": activity.state, **(told or {})}
    if changed or activity.change:
        data = {**data, "change_before": changed, "change_after": activity.change}
    record(f"activity.{action}", f"activity:{activity.id}", by=by, at=now, data=data)
    if activity.state == State.REJECTED:
        offer = update(ImportedOffer).filter_by(activity_id=activity.id)
        db.session.execute(offer.values(turned_down_at=now))
    if action in SEEN:
        _announce_if_shown(activity, now)


def reinstate(activity: Activity, *, by: Actor, now: datetime) -> None:
    """What was turned down is valid after all; a later version goes on beside it. Raises `ActionNotAllowed`."""
    _to("activity.reinstated", activity, reinstated(State(activity.state), Change(activity.change)), by, now)
    _announce_if_shown(activity, now)


def turn_back(activity: Activity, *, by: Actor, now: datetime) -> None:
    """A change that was approved is not after all: what was valid before it is so again. Raises `ActionNotAllowed`."""
    _to("activity.turned-back", activity, turned_back(State(activity.state), Change(activity.change)), by, now)
    _announce_if_shown(activity, now)


def revoke(activity: Activity, register: str, *, by: Actor, now: datetime) -> None:
    """What was validated is not after all: teachers no longer find it, and number and hours are withdrawn.

    Raises `ActionNotAllowed`.
    """
    _to("activity.revoked", activity, revoked(State(activity.state), Change(activity.change)), by, now)
    held = update(Recognition).filter_by(activity_id=activity.id, register=register)
    db.session.execute(held.values(withdrawn_on=day_of(now)))
    _announce_if_shown(activity, now)


def _to(told: str, activity: Activity, reached: tuple[State, Change], by: Actor, now: datetime) -> None:
    before = State(activity.state)
    data: Data = {"before": before, "change_before": activity.change}
    activity.state, activity.change = reached
    activity.updated_at = now
    _note_end(activity, before, now)
    data = {**data, "after": activity.state, "change_after": activity.change}
    record(told, f"activity:{activity.id}", by=by, at=now, data=data)


class WrongPeriod(Refusal):
    """An activity cannot end before it begins."""

    code = "wrong-period"

    def __init__(self) -> None:
        super().__init__("De einddatum ligt voor de startdatum.")


class Ended(Refusal):
    """What is over would be published, and nobody could see it."""

    code = "ended"

    def __init__(self) -> None:
        super().__init__("De einddatum is voorbij. Wijzig eerst de einddatum.")


def publish(activity: Activity, *, by: Actor, now: datetime) -> None:
    """Show a validated activity to teachers. Raises `Suspended`, `Ended` or `ActionNotAllowed`."""
    require_not_suspended(activity.provider)
    if is_over(activity.ends_on, day_of(now)):
        raise Ended
    move(activity, Action.PUBLISH, by=by, now=now)


def set_period(activity: Activity, starts_on: date | None, ends_on: date | None, *, by: Actor, now: datetime) -> None:
    """When it is offered. An end date in the past hides it at once; another one, or none, shows it again.

    The same dates once more change nothing.
    Raises `WrongPeriod`, `Suspended` when it would show something again, or `ActionNotAllowed` when it was deleted.
    """
    if activity.state == State.DELETED:
        raise ActionNotAllowed("De activiteit is verwijderd.")
    if starts_on and ends_on and ends_on < starts_on:
        raise WrongPeriod
    if (starts_on, ends_on) == (activity.starts_on, activity.ends_on):
        return
    before, today = activity.ends_on, day_of(now)
    was_visible = is_visible(State(activity.state), before, today)
    if is_visible(State(activity.state), ends_on, today) and not was_visible:
        require_not_suspended(activity.provider)
    data: Data = {
        "starts_before": activity.starts_on.isoformat() if activity.starts_on else None,
        "starts_after": starts_on.isoformat() if starts_on else None,
        "ends_before": before.isoformat() if before else None,
        "ends_after": ends_on.isoformat() if ends_on else None,
    }
    activity.starts_on, activity.ends_on, activity.updated_at = starts_on, ends_on, now
    record("activity.period", f"activity:{activity.id}", by=by, at=now, data=data)
    _announce_if_shown(activity, now)


def may_do(activity: Activity, action: Action) -> bool:
    """Whether to offer the button."""
    return may(State(activity.state), Change(activity.change), action)


def announce_all(provider: Provider, _: Actor, now: datetime) -> None:
    """The same for everything of this provider that is or was shown."""
    query = select(Activity.id).where(Activity.provider_id == provider.id, Activity.shown_changed_at.is_not(None))
    _announce(list(db.session.scalars(query)), now)


events.seen_otherwise.append(announce_all)


def announce(activity: Activity, now: datetime) -> None:
    """Tell who follows the catalogue, and let the search index look at this activity again; twice does no harm."""
    _announce([activity.id], now)


def _announce_if_shown(activity: Activity, now: datetime) -> None:
    """What teachers never saw is nobody's business; of what they saw once, they are told what became of it."""
    if activity.state == State.PUBLISHED or activity.shown_changed_at:
        activity.shown_changed_at = now
        _refresh(activity.id, now)


def _note_end(activity: Activity, before: State, now: datetime) -> None:
    """What teachers saw until now and do not any more: its number stays known."""
    if before is State.PUBLISHED and activity.state != State.PUBLISHED:
        with db.session.no_autoflush:  # the row is only half of what it is about to be
            for known in activity.recognitions:
                known.shown_until = now if known.is_leading else known.shown_until


def _announce(ids: Sequence[int], now: datetime) -> None:
    """Without a new version of the row: a form that somebody has open about it is not out of date by this."""
    for start in range(0, len(ids), BATCH):
        rows = update(Activity).where(Activity.id.in_(ids[start : start + BATCH]))
        db.session.execute(rows.values(shown_changed_at=now))
    for activity_id in ids:
        _refresh(activity_id, now)


def _refresh(activity_id: int, now: datetime) -> None:
    enqueue(ACTIVITY_CHANGED, str(activity_id), occasion=secrets.token_hex(8), due=now)
