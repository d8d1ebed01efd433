"""Reading the offers of the former register: what a provider still has to do, and how far all of them are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, ImportedOffer, Recognition
from catalogue.states import State
from catalogue.takeover import Readiness
from core.db import db
from core.policy import Hours
from providers.models import Provider

PAGE = 50
NONE = "[]"


@dataclass(frozen=True)
class OfferRow:
    """One line of the workbench."""

    activity: Activity
    title: str
    number: str
    hours: Hours | None  # that the former register granted
    lacks: list[str]
    changed: list[str]
    readiness: Readiness
    is_double: bool  # it is open, and another activity of the provider has the same title
    is_taken_over: bool


@dataclass(frozen=True)
class Totals:
    """How far all of them are together."""

    providers: int
    total: int
    published: int
    ended: int
    open: int


@dataclass(frozen=True)
class ProviderProgress:
    """How far one provider is."""

    provider: Provider
    total: int
    published: int  # as they were validated
    ended: int  # over before anybody took them over
    elsewhere: int  # handed in, validated anew or deleted
    open: int


def offer_counts(provider_id: int, today: date) -> dict[Readiness, int]:
    """How many offers of the provider are where in the take-over."""
    where = _readiness(today).label("readiness")
    query = _offers(provider_id).with_only_columns(where, func.count()).group_by(where)
    return {Readiness(name): count for name, count in db.session.execute(query)}


def open_offers(provider_id: int, today: date) -> int:
    """How many offers that are not over the provider has done nothing with, or not enough."""
    query = _offers(provider_id).with_only_columns(func.count()).where(_is_open(today))
    return db.session.scalar(query) or 0


def ready_ids(provider_id: int, today: date) -> list[int]:
    """Everything that can be published at once."""
    query = _offers(provider_id).with_only_columns(Activity.id).where(_readiness(today) == Readiness.READY)
    return list(db.session.scalars(query.order_by(Activity.title_key, Activity.id)))


def double_count(provider_id: int, today: date) -> int:
    """How many open offers have the title of another activity of the provider that goes on."""
    query = _offers(provider_id).with_only_columns(func.count()).where(_is_open(today), _is_double(today))
    return db.session.scalar(query) or 0


def offer_rows(provider_id: int, wanted: Readiness | None, today: date, page: int) -> list[OfferRow]:
    """A page of the offers in one place of the take-over, by title; None for those that are likely double."""
    where = _readiness(today)
    query = _offers(provider_id).add_columns(where, _is_open(today) & _is_double(today))
    query = query.where(where == wanted) if wanted else query.where(_is_open(today), _is_double(today))
    query = query.order_by(Activity.title_key, Activity.id).limit(PAGE).offset((page - 1) * PAGE)
    found = db.session.execute(query).all()
    titles = _titles([activity.id for activity, *_ in found])
    return [
        OfferRow(
            activity=activity,
            title=titles[activity.id],
            number=recognition.number if recognition else "",
            hours=recognition.hours if recognition else None,
            lacks=offer.lacks,
            changed=offer.changed,
            readiness=Readiness(readiness),
            is_double=is_double,
            is_taken_over=offer.published_at is not None,
        )
        for activity, offer, recognition, readiness, is_double in found
    ]


def progress_rows(page: int, today: date) -> list[ProviderProgress]:
    """A page of the providers that have offers of the former register, those with most to do first."""
    counts = _progress(today).subquery()
    query = (
        select(Provider, counts)
        .join(counts, counts.c.provider_id == Provider.id)
        .order_by(counts.c.open.desc(), Provider.name, Provider.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [
        ProviderProgress(
            provider=row.Provider,
            total=row.total,
            published=row.published,
            ended=row.ended,
            elsewhere=row.total - row.published - row.ended - row.open,
            open=row.open,
        )
        for row in db.session.execute(query)
    ]


def progress_totals(today: date) -> Totals:
    """The sums over all providers."""
    counts = _progress(today).subquery()
    columns = (counts.c.total, counts.c.published, counts.c.ended, counts.c.open)
    sums = (func.coalesce(func.sum(column), 0) for column in columns)
    return Totals(*map(int, db.session.execute(select(func.count(), *sums)).one()))


def _progress(today: date) -> Select[int, int, int, int, int]:
    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            Activity.provider_id,
            func.count().label("total"),
            count(ImportedOffer.published_at.is_not(None)).label("published"),
            count(and_(Activity.state == State.DRAFT, Activity.ends_on < today)).label("ended"),
            count(_is_open(today)).label("open"),
        )
        .join(Activity, Activity.id == ImportedOffer.activity_id)
        .where(ImportedOffer.origin == "former")
        .group_by(Activity.provider_id)
    )


def _offers(provider_id: int) -> Select[Activity, ImportedOffer, Recognition]:
    is_former = and_(Recognition.activity_id == Activity.id, Recognition.register == FORMER_REGISTER)
    return (
        select(Activity, ImportedOffer, Recognition)
        .join(ImportedOffer, ImportedOffer.activity_id == Activity.id)
        .outerjoin(Recognition, is_former)
        .where(Activity.provider_id == provider_id, ImportedOffer.origin == "former")
    )


def _readiness(today: date) -> ColumnElement[str]:
    """The same order as people work: what is over or cannot be taken over comes before what is missing."""
    return case(
        (Activity.state != State.DRAFT, Readiness.DONE),
        (Activity.ends_on < today, Readiness.ENDED),
        (Recognition.id.is_(None), Readiness.NEVER_VALIDATED),
        (ImportedOffer.turned_down_at.is_not(None), Readiness.CHANGED),
        (cast(ImportedOffer.changed, String) != NONE, Readiness.CHANGED),
        (cast(ImportedOffer.lacks, String) != NONE, Readiness.LACKING),
        else_=Readiness.READY,
    )


def _is_open(today: date) -> ColumnElement[bool]:
    """Whether there is something to do: what is over will not be published by anybody."""
    return and_(Activity.state == State.DRAFT, or_(Activity.ends_on.is_(None), Activity.ends_on >= today))


def _is_double(today: date) -> ColumnElement[bool]:
    other = aliased(Activity)
    same = exists().where(
        other.provider_id == Activity.provider_id,
        other.title_key == Activity.title_key,
        other.id != Activity.id,
        other.state != State.DELETED,
        or_(other.ends_on.is_(None), other.ends_on >= today),
    )
    return same.correlate(Activity)


def _titles(ids: list[int]) -> dict[int, str]:
    query = select(ActivityVersion.activity_id, ActivityVersion.title).where(ActivityVersion.activity_id.in_(ids))
    return dict(db.session.execute(query.order_by(ActivityVersion.ordinal)).all())
