"""What the catalogue tells programs about an activity, one row each: also what became of those no longer offered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select

from catalogue import numbers
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, Recognition
from catalogue.queries import holding, number_of
from catalogue.states import State, Status, status_of
from core.clock import day_of
from core.db import db
from core.policy import Hours
from providers.models import Provider

MOST_MATCHES = 500
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which activities: with a part of a number, of a provider, of a type, for a sector. Empty: whichever."""

    part: str = ""
    kvk_number: str = ""
    type: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One activity; `changed_at` is when what teachers find of it last changed."""

    activity_id: int
    number: str
    former_number: str  # that it also had in the former register, or ''
    register: str
    status: Status
    changed_at: datetime
    hours: Hours
    valid_from: date
    withdrawn_on: date | None
    provider: str
    kvk_number: str
    is_suspended: bool
    title: str
    type: str
    sectors: tuple[str, ...]
    subject: str
    place: str
    starts_on: date | None
    ends_on: date | None


def visible_summaries(wanted: Wanted, today: date, *, page: int, size: int) -> tuple[list[Summary], int]:
    """A page of what teachers can find, and how many there are in all: the newest validation first.

    With a part of a number those that have it, full matches before starts before the rest; 500 of them at most.
    """
    if wanted.part:
        return _with_number(wanted, today, page=page, size=size)
    query = _joined(Recognition.activity_id).where(*_visible(today), *_narrowed(wanted))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Recognition.valid_from.desc(), Recognition.id.desc())
    return summaries_of(list(db.session.scalars(newest.limit(size).offset((page - 1) * size))), today), total


def changed_summaries(since: datetime, today: date, *, page: int, size: int) -> tuple[list[Summary], int]:
    """Everything ever shown of which something changed since a moment, in order of id.

    Whatever changes meanwhile only ever joins the list, so that who turns its pages misses nothing.
    """
    # An end date takes effect with the midnight after it, without anybody doing anything.
    ended = and_(Activity.ends_on >= day_of(since - MOMENT), Activity.ends_on < today)
    changed = or_(Activity.shown_changed_at >= since, and_(Activity.shown_changed_at.is_not(None), ended))
    query = select(Activity.id).where(changed)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ids = db.session.scalars(query.order_by(Activity.id).limit(size).offset((page - 1) * size))
    return summaries_of(list(ids), today), total


def summaries_of(ids: Collection[int], today: date) -> list[Summary]:
    """These activities, in this order, whatever became of them; those that never had a number are left out."""
    if not ids:
        return []
    rows = db.session.execute(_joined(*COLUMNS).where(Activity.id.in_(ids)))
    found = {summary.activity_id: summary for summary in _summaries(rows, today)}
    return [found[id_] for id_ in ids if id_ in found]


def _with_number(wanted: Wanted, today: date, *, page: int, size: int) -> tuple[list[Summary], int]:
    part = numbers.normalise(wanted.part)
    if not numbers.is_part(part):
        return [], 0
    key = func.upper(Recognition.number)
    rank = func.min(case((key == part, 0), (key.startswith(part), 1), else_=2))
    matching = holding(part).add_columns(rank).group_by(Recognition.activity_id)
    ranks: dict[int, int] = dict(db.session.execute(matching.limit(MOST_MATCHES)).all())
    query = _joined(Activity.id, Recognition.number).where(Activity.id.in_(ranks))
    found = db.session.execute(query.where(*_visible(today), *_narrowed(wanted))).all()
    ids = [id_ for id_, _ in sorted(found, key=lambda row: (ranks[row[0]], row[1]))]
    return summaries_of(ids[(page - 1) * size : page * size], today), len(ids)


COLUMNS = (
    Activity.id,
    Activity.state,
    Activity.shown_changed_at,
    Recognition.number,
    number_of(FORMER_REGISTER),
    Recognition.register,
    Recognition.contact_hours,
    Recognition.self_study_hours,
    Recognition.valid_from,
    Recognition.withdrawn_on,
    Provider.name,
    Provider.kvk_number,
    Provider.suspended_at,
    ActivityVersion.title,
    ActivityVersion.type,
    ActivityVersion.sectors,
    ActivityVersion.subject,
    ActivityVersion.place,
    Activity.starts_on,
    Activity.ends_on,
)


def _summaries(rows: Any, today: date) -> Iterator[Summary]:
    for id_, state, changed_at, number, former, register, contact, self_study, valid_from, withdrawn_on, *rest in rows:
        provider, kvk_number, suspended_at, title, type_, sectors, subject, place, starts_on, ends_on = rest
        yield Summary(
            activity_id=id_,
            number=number,
            former_number="" if former == number else former,
            register=register,
            status=status_of(State(state), ends_on, withdrawn_on, today),
            changed_at=changed_at,
            hours=Hours(contact, self_study),
            valid_from=valid_from,
            withdrawn_on=withdrawn_on,
            provider=provider,
            kvk_number=kvk_number,
            is_suspended=suspended_at is not None,
            title=title,
            type=type_,
            sectors=tuple(sectors),
            subject=subject,
            place=place,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def _joined(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Activity)
        .join(Recognition, Recognition.activity_id == Activity.id)
        .join(ActivityVersion, ActivityVersion.id == Recognition.version_id)
        .join(Provider, Provider.id == Activity.provider_id)
        .where(Recognition.is_leading)
    )


def _visible(today: date) -> list[ColumnElement[bool]]:
    return [Activity.state == State.PUBLISHED, or_(Activity.ends_on.is_(None), Activity.ends_on >= today)]


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.kvk_number:
        yield Provider.kvk_number == wanted.kvk_number
    if wanted.type:
        yield ActivityVersion.type == wanted.type
    if wanted.sector:
        yield cast(ActivityVersion.sectors, String).contains(f'"{wanted.sector}"', autoescape=True)
