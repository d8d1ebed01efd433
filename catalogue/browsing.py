"""The catalogue by what there is of it: subjects and types with how many, and all numbers. Never writes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import SQLColumnExpression, func, select

from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.queries import visible_entries
from core.db import db


def subjects(today: date) -> Mapping[str, int]:
    """How many activities teachers can find per subject; those without one do not count."""
    return _counts(ActivityVersion.subject, today)


def types(today: date) -> Mapping[str, int]:
    """How many activities teachers can find per code of a type."""
    return _counts(ActivityVersion.type, today)


def visible_numbers(today: date, *, page: int, size: int) -> Sequence[tuple[str, datetime | None]]:
    """The numbers of what teachers can find, each with when it changed, in order of id."""
    query = visible_entries(today).with_only_columns(
        Recognition.number, Activity.shown_changed_at, maintain_column_froms=True
    )
    rows = db.session.execute(query.order_by(Recognition.activity_id).limit(size).offset((page - 1) * size))
    return [(number, changed_at) for number, changed_at in rows]


def _counts(column: SQLColumnExpression[str], today: date) -> Mapping[str, int]:
    found = visible_entries(today).with_only_columns(column.label("value"), maintain_column_froms=True).subquery()
    rows = db.session.execute(select(found.c.value, func.count()).group_by(found.c.value))
    return {value: count for value, count in rows if value}
