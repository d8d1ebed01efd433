"""What may still be said of an activity that was public: its number, its hours, whose it was. Never writes."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from catalogue.models import Activity, Recognition
from catalogue.queries import holder_of
from catalogue.states import State
from core.audit import last_entry
from core.db import db
from core.errors import NotFound
from providers.models import Provider

SHOWING, HIDING = ("activity.publish", "activity.take-over"), ("activity.unpublish", "activity.give-back")
CHANGING = ("activity.approve", "activity.release")


class UnknownNumber(NotFound):
    """No activity with this number was ever shown; whether there is one that was not is nobody's business."""

    code = "unknown-number"
    title = "Geen activiteit met dit nummer"

    def __init__(self) -> None:
        super().__init__(
            "Leraren vinden onder dit nummer geen activiteit. Controleer het nummer op het certificaat, of vraag het na"
            " bij de aanbieder."
        )


@dataclass(frozen=True)
class Fate:
    """What became of an activity: a code for programs, the status of an answer, and words."""

    code: str
    status: HTTPStatus
    title: str


DELETED = Fate("activity-deleted", HTTPStatus.GONE, "Deze activiteit is verwijderd")
WITHDRAWN = Fate("validation-withdrawn", HTTPStatus.NOT_FOUND, "Deze activiteit telt niet meer")
NOT_OFFERED = Fate("activity-not-offered", HTTPStatus.NOT_FOUND, "Deze activiteit wordt nu niet aangeboden")


@dataclass(frozen=True)
class Tombstone:
    """The recognition outlives the texts, so that a certificate can still be checked."""

    recognition: Recognition
    provider: Provider
    title: str  # as teachers saw it last; '' when it was deleted, or changed since
    deleted_at: datetime | None  # None when the provider took it back, and may show it again

    @property
    def fate(self) -> Fate:
        """A deletion outlasts everything."""
        if self.deleted_at:
            return DELETED
        return WITHDRAWN if self.recognition.withdrawn_on else NOT_OFFERED


def tombstone(number: str) -> Tombstone:
    """Of the activity that was deleted or is hidden, by its number, new or old, in any notation.

    Raises `UnknownNumber`.
    """
    query = (
        select(Recognition)
        .join(Activity)
        .where(Recognition.activity_id == holder_of(number), Recognition.is_leading)
        .where(or_(Activity.state.in_([State.DELETED, State.VALIDATED]), Recognition.withdrawn_on.is_not(None)))
        .options(joinedload(Recognition.version), joinedload(Recognition.activity).joinedload(Activity.provider))
    )
    found = db.session.scalar(query)
    if found is None or not _is_known(found.activity):
        raise UnknownNumber
    title = "" if _is_changed_since_hidden(found.activity_id) else found.version.title
    return Tombstone(found, found.activity.provider, title, found.activity.deleted_at)


def was_public(number: str) -> bool:
    """Whether the page of this full number says something about what it was given to."""
    with suppress(NotFound):
        activity = db.session.get(Activity, holder_of(number) or 0)
        return activity is not None and _is_known(activity)
    return False


def _is_known(activity: Activity) -> bool:
    if activity.state == State.VALIDATED:
        return _was_taken_back(activity.id)
    if any(known.is_leading and known.withdrawn_on for known in activity.recognitions):
        return last_entry(f"activity:{activity.id}", SHOWING) is not None
    return activity.state in {State.PUBLISHED, State.DELETED}


def _was_taken_back(activity_id: int) -> bool:
    """Whether teachers saw it once, and until its provider took it back: the audit trail forgets nothing."""
    last = last_entry(f"activity:{activity_id}", SHOWING + HIDING)
    return last is not None and last.action == HIDING[0]


def _is_changed_since_hidden(activity_id: int) -> bool:
    last = last_entry(f"activity:{activity_id}", HIDING + CHANGING)
    return last is not None and last.action in CHANGING
