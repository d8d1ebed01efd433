"""What may still be said of an activity that was public: its number, its hours, whose it was. Never writes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from catalogue.models import Recognition
from catalogue.queries import recognition_of
from catalogue.states import State
from core.audit import last_entry
from core.errors import NotFound
from providers.models import Provider

HIDING = ("activity.unpublish", "activity.give-back")
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
    """Of the activity that was deleted or is hidden, by a number that teachers saw, in any notation.

    What they saw last is told, whatever was granted since. Raises `UnknownNumber`.
    """
    typed = recognition_of(number)
    if typed is None or not typed.shown_until or typed.activity.state == State.PUBLISHED:
        raise UnknownNumber
    activity = typed.activity
    last = max((known for known in activity.recognitions if known.shown_until), key=_seen)
    title = "" if _is_changed_since_hidden(activity.id) else last.version.title
    return Tombstone(last, activity.provider, title, activity.deleted_at)


def was_public(number: str) -> bool:
    """Whether the page of this full number says something about what it was given to."""
    known = recognition_of(number)
    return known is not None and (known.shown_until is not None or known.activity.state == State.PUBLISHED)


def _seen(recognition: Recognition) -> datetime:
    return recognition.shown_until or datetime.min.replace(tzinfo=UTC)


def _is_changed_since_hidden(activity_id: int) -> bool:
    last = last_entry(f"activity:{activity_id}", HIDING + CHANGING)
    return last is not None and last.action in CHANGING
