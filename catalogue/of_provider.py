"""Reading what belongs to one provider: what teachers see of it, and how its activities are called. Never writes."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select

from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.queries import Entry, EntryRows, entries, visible_entries
from catalogue.states import State
from core.db import db
from providers.models import Provider


def visible_of(kvk_number: str, today: date, *, most: int, page: int) -> list[Entry]:
    """A page of what teachers can find of a company and its branches, newest validation first."""
    query = _of(kvk_number, today).order_by(Recognition.valid_from.desc(), Recognition.id.desc())
    return list(entries(query.limit(most).offset((page - 1) * most)))


def visible_count_of(kvk_number: str, today: date) -> int:
    """How many activities of a company and its branches teachers can find."""
    ids = _of(kvk_number, today).with_only_columns(Activity.id, maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def newest_titles(provider_id: int, ids: Collection[int]) -> dict[int, str]:
    """The titles of the newest versions of the provider's own activities among these; deleted ones have none."""
    query = (
        select(ActivityVersion.activity_id, ActivityVersion.title)
        .join(Activity, Activity.id == ActivityVersion.activity_id)
        .where(Activity.provider_id == provider_id, Activity.id.in_(ids), Activity.state != State.DELETED)
        .order_by(ActivityVersion.ordinal)
    )
    rows: Iterable[tuple[int, str]] = db.session.execute(query).all()
    return dict(rows)


def _of(kvk_number: str, today: date) -> EntryRows:
    return visible_entries(today).where(Provider.kvk_number == kvk_number)
