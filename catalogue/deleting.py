"""Deleting for ever: the texts go, and a tombstone stays that keeps the number. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import update

from catalogue import numbers
from catalogue.content import Content
from catalogue.editions import remove_all
from catalogue.models import VERSIONED, Activity, ActivityVersion
from catalogue.publication import move
from catalogue.states import Action
from core.audit import Actor
from core.db import db
from core.errors import Refusal

EMPTY = Content()


class WrongNumber(Refusal):
    """What was typed is not the number of the activity."""

    code = "wrong-number"

    def __init__(self, number: str) -> None:
        super().__init__(f"Typ het nummer van deze activiteit: {numbers.shown(number)}.")


def number_to_type(activity: Activity) -> str:
    """The number under which the activity is shown, or '' when it never got one."""
    return next((known.number for known in activity.recognitions if known.is_leading), "")


def delete_for_ever(activity: Activity, typed: str, *, by: Actor, now: datetime) -> None:
    """Wipe every version; numbers, hours and decisions stay. Raises `WrongNumber` or `ActionNotAllowed`."""
    number = number_to_type(activity)
    move(activity, Action.DELETE, by=by, now=now)
    if numbers.normalise(typed) != numbers.normalise(number):
        raise WrongNumber(number)
    activity.deleted_at, activity.title_key = now, ""
    empty = {name: getattr(EMPTY, name) for name in VERSIONED} | {"sectors": [], "wiped_at": now}
    db.session.execute(update(ActivityVersion).filter_by(activity_id=activity.id).values(**empty))
    remove_all(activity)
