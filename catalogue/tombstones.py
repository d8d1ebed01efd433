"""What may still be said of an activity that was deleted: its number, its hours, whose it was. Never writes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from catalogue.models import Activity, Recognition
from catalogue.queries import holder_of
from catalogue.states import State
from core.db import db
from core.errors import NotFound
from providers.models import Provider


@dataclass(frozen=True)
class Tombstone:
    """The recognition outlives the texts, so that a certificate can still be checked."""

    recognition: Recognition
    provider: Provider
    deleted_at: datetime


def tombstone(number: str) -> Tombstone:
    """Of the deleted activity that had this number, new or old, in any notation. Raises `NotFound`."""
    query = (
        select(Recognition)
        .join(Activity)
        .where(Recognition.activity_id == holder_of(number), Recognition.is_leading, Activity.state == State.DELETED)
        .options(joinedload(Recognition.activity).joinedload(Activity.provider))
    )
    found = db.session.scalar(query)
    if found is None or found.activity.deleted_at is None:
        raise NotFound
    return Tombstone(found, found.activity.provider, found.activity.deleted_at)
