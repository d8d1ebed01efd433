"""What the catalogue tells programs about an activity, one row each: also what became of those no longer offered.

Programs ask much. So nothing here becomes an object of the session, and what is asked most is built once.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, cast, func, or_, select

from catalogue import numbers
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, Recognition
from catalogue.queries import MOST_MATCHES, bounds, ranked_holders
from catalogue.states import State, Status, status_of
from core.clock import day_of, start_of
from core.db import db
from core.policy import Hours
from providers.models import Provider

MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)
# A change is stamped when its transaction begins and seen when it ends: who asks again, asks from so much before.
STAMPED_BEFORE = timedelta(minutes=5)
ACTIVITY, VERSION, RECOGNITION = Activity.__table__.c, ActivityVersion.__table__.c, Recognition.__table__.c
PROVIDER = Provider.__table__.c


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
    narrowed, part = list(_narrowed(wanted)), numbers.normalise(wanted.part)
    if part:
        query = NUMBERED.where(*narrowed) if narrowed else NUMBERED  # one that is known is not compiled anew
        rows = _rows(query, bounds(part, today)) if numbers.is_part(part) else []
        return list(_summaries(rows[(page - 1) * size : page * size], today)), len(rows)
    facts = {"today": today}
    total = db.session.connection().scalar(COUNTED.where(*narrowed), facts) or 0
    rows = _rows(NEWEST.where(*narrowed).limit(size).offset((page - 1) * size), facts)
    return list(_summaries(rows, today)), total


def changed_summaries(since: datetime, today: date, *, page: int, size: int) -> tuple[list[Summary], int]:
    """Everything ever shown of which something changed since a moment, in order of id.

    Whatever changes meanwhile only ever joins the list, so that who turns its pages misses nothing.
    """
    # An end date takes effect with the midnight after it, without anybody doing anything.
    ended = and_(ACTIVITY.ends_on >= day_of(since - MOMENT), ACTIVITY.ends_on < today)
    changed = or_(ACTIVITY.shown_changed_at >= since, and_(ACTIVITY.shown_changed_at.is_not(None), ended))
    total = db.session.scalar(select(func.count()).select_from(Activity).where(changed)) or 0
    query = SUMMARIES.where(changed).order_by(ACTIVITY.id).limit(size).offset((page - 1) * size)
    return list(_summaries(_rows(query, {}), today)), total


def changed_ids(since: datetime) -> list[int]:
    """The ids of everything ever shown of which somebody changed something since a moment."""
    return list(db.session.scalars(select(ACTIVITY.id).where(ACTIVITY.shown_changed_at >= since)))


def summaries_of(ids: Collection[int], today: date) -> list[Summary]:
    """These activities, in this order, whatever became of them; those that never had a number are left out."""
    rows = _rows(SUMMARIES.where(ACTIVITY.id.in_(ids)), {}) if ids else []
    found = {summary.activity_id: summary for summary in _summaries(rows, today)}
    return [found[id_] for id_ in ids if id_ in found]


def _columns() -> list[Any]:
    other = Recognition.__table__.alias()
    former = select(other.c.number).where(other.c.activity_id == ACTIVITY.id, other.c.register == FORMER_REGISTER)
    return [
        ACTIVITY.id,
        ACTIVITY.state,
        ACTIVITY.shown_changed_at,
        RECOGNITION.number,
        former.correlate(Activity.__table__).scalar_subquery().label("former"),
        RECOGNITION.register,
        RECOGNITION.contact_hours,
        RECOGNITION.self_study_hours,
        RECOGNITION.valid_from,
        RECOGNITION.withdrawn_on,
        PROVIDER.name,
        PROVIDER.kvk_number,
        PROVIDER.suspended_at,
        VERSION.title,
        VERSION.type,
        VERSION.sectors,
        VERSION.subject,
        VERSION.place,
        ACTIVITY.starts_on,
        ACTIVITY.ends_on,
    ]


def _joined(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Activity.__table__)
        .join(Recognition.__table__, RECOGNITION.activity_id == ACTIVITY.id)
        .join(ActivityVersion.__table__, VERSION.id == RECOGNITION.version_id)
        .join(Provider.__table__, PROVIDER.id == ACTIVITY.provider_id)
    )


def _seen_last() -> ColumnElement[bool]:
    """The recognition that is shown, or that was when teachers saw the activity last, whatever was granted since."""
    other = Recognition.__table__.alias()
    last = select(func.max(other.c.shown_until)).where(other.c.activity_id == ACTIVITY.id)
    return case(
        (ACTIVITY.state == State.PUBLISHED, RECOGNITION.is_leading),
        else_=RECOGNITION.shown_until == last.correlate(Activity.__table__).scalar_subquery(),
    )


def _numbered() -> Select[*tuple[Any, ...]]:
    """The matches are found first, whatever the planner thinks: without statistics it begins at the other end."""
    matching = ranked_holders().cte().prefix_with("MATERIALIZED")
    found = OFFERED.join(matching, matching.c.activity_id == ACTIVITY.id)
    return found.order_by(matching.c.rank, RECOGNITION.number).limit(MOST_MATCHES)


VISIBLE = (
    RECOGNITION.is_leading,
    ACTIVITY.state == State.PUBLISHED,
    or_(ACTIVITY.ends_on.is_(None), ACTIVITY.ends_on >= bindparam("today")),
)
OFFERED = _joined(*_columns()).where(*VISIBLE)
SUMMARIES = _joined(*_columns()).where(_seen_last())
NEWEST = OFFERED.order_by(RECOGNITION.valid_from.desc(), RECOGNITION.id.desc())
COUNTED = _joined(func.count()).where(*VISIBLE)
NUMBERED = _numbered()


def _rows(query: Select[*tuple[Any, ...]], facts: dict[str, Any]) -> Any:
    return db.session.connection().execute(query, facts).all()


def _summaries(rows: Any, today: date) -> Iterator[Summary]:
    for row in rows:
        yield Summary(
            activity_id=row.id,
            number=row.number,
            former_number="" if row.former in {None, row.number} else row.former,
            register=row.register,
            status=status_of(State(row.state), row.ends_on, row.withdrawn_on, today),
            changed_at=_changed_at(row.shown_changed_at, row.ends_on, today),
            hours=Hours(row.contact_hours, row.self_study_hours),
            valid_from=row.valid_from,
            withdrawn_on=row.withdrawn_on,
            provider=row.name,
            kvk_number=row.kvk_number,
            is_suspended=row.suspended_at is not None,
            title=row.title,
            type=row.type,
            sectors=tuple(row.sectors),
            subject=row.subject,
            place=row.place,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )


def _changed_at(stamped: datetime, ends_on: date | None, today: date) -> datetime:
    """An end date that has passed was a change, at the midnight after it."""
    return max(stamped, start_of(ends_on + DAY)) if ends_on and ends_on < today else stamped


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.kvk_number:
        yield PROVIDER.kvk_number == wanted.kvk_number
    if wanted.type:
        yield VERSION.type == wanted.type
    if wanted.sector:  # in quotes and without capitals, so that both databases find it as a whole
        yield cast(VERSION.sectors, String).contains(f'"{wanted.sector}"', autoescape=True)
