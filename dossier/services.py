"""Adding to a dossier, taking out, reading it. Called inside a transaction where it writes."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from catalogue.models import Activity, Recognition
from catalogue.queries import public_activity
from core.access import Identity
from core.audit import record
from core.db import add_unless_there, db
from core.errors import NotFound, Refusal
from dossier.models import DossierEntry


class NotOffered(Refusal):
    """The activity is past its end date, so that nobody new can add it."""

    code = "not-offered"

    def __init__(self) -> None:
        super().__init__("Deze activiteit is afgelopen. U kunt die niet meer toevoegen.")


def add(number: str, *, by: Identity, today: date, now: datetime) -> None:
    """Put the activity in the dossier with its hours of today; adding twice changes nothing."""
    found = public_activity(number, today)
    if not found.is_visible:
        raise NotOffered
    hours = found.recognition.hours
    entry = DossierEntry(
        teacher=by.account_key,
        recognition_id=found.recognition.id,
        title=found.version.title,
        contact_hours=hours.contact,
        self_study_hours=hours.self_study,
        added_at=now,
    )
    if add_unless_there(entry):
        record("dossier.added", f"recognition:{found.recognition.id}", by=by.actor, at=now)


def holds(teacher: Identity, activity_id: int) -> bool:
    """Whether the activity is in the dossier, whatever number it was added under."""
    query = select(DossierEntry.id).join(Recognition).where(DossierEntry.teacher == teacher.account_key)
    return db.session.scalar(query.where(Recognition.activity_id == activity_id).limit(1)) is not None


def take_out(entry_id: int, *, by: Identity, now: datetime) -> None:
    """Take an activity out of one's own dossier. Raises `NotFound`."""
    entry = db.session.scalar(select(DossierEntry).filter_by(id=entry_id, teacher=by.account_key))
    if entry is None:
        raise NotFound
    db.session.delete(entry)
    record("dossier.removed", f"recognition:{entry.recognition_id}", by=by.actor, at=now)


def entries_of(teacher: Identity) -> list[DossierEntry]:
    """The dossier, last added first."""
    query = (
        select(DossierEntry)
        .filter_by(teacher=teacher.account_key)
        .options(
            joinedload(DossierEntry.recognition).joinedload(Recognition.activity).load_only(Activity.state),
        )
        .order_by(DossierEntry.id.desc())
    )
    return list(db.session.scalars(query))
