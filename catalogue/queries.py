"""Reading: own activities, visible ones, and numbers by any part. Never writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from catalogue import numbers
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, NumberPart, Recognition
from catalogue.states import State, is_visible
from core.db import db
from core.errors import NotFound, StaleVersion
from core.policy import Hours
from providers.models import Provider

MOST_MATCHES = 500
EntryRows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of what teachers can find."""

    activity_id: int
    number: str
    former_number: str
    is_former: bool  # validated under the old register, and not yet under this one
    title: str
    provider: str
    kvk_number: str
    is_suspended: bool  # the provider; what was validated stays valid
    type: str
    sectors: tuple[str, ...]
    subject: str
    place: str
    description: str
    hours: Hours
    valid_from: date
    starts_on: date | None
    ends_on: date | None


def visible_entries(today: date) -> EntryRows:
    """Everything teachers can find, with the facts of the version that was recognised.

    Columns, not objects: lists are long, and an object costs ten times as much as what is shown of it.
    """
    return _published_entries().where(or_(Activity.ends_on.is_(None), Activity.ends_on >= today))


@lru_cache
def _published_entries() -> EntryRows:
    """Built once: that takes as long as running it."""
    columns = (
        Activity.id,
        Recognition.number,
        Recognition.register,
        number_of(FORMER_REGISTER),
        ActivityVersion.title,
        Provider.name,
        Provider.kvk_number,
        Provider.suspended_at,
        ActivityVersion.type,
        ActivityVersion.sectors,
        ActivityVersion.subject,
        ActivityVersion.place,
        ActivityVersion.description,
        Recognition.contact_hours,
        Recognition.self_study_hours,
        Recognition.valid_from,
        Activity.starts_on,
        Activity.ends_on,
    )
    return (
        select(*columns)
        .select_from(Activity)
        .join(Recognition, Recognition.activity_id == Activity.id)
        .join(ActivityVersion, ActivityVersion.id == Recognition.version_id)
        .join(Provider, Provider.id == Activity.provider_id)
        .where(Activity.state == State.PUBLISHED, Recognition.is_leading)
    )


def visible_count(today: date) -> int:
    """How many activities teachers can find."""
    ids = visible_entries(today).with_only_columns(Activity.id, maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def entries(query: EntryRows) -> Iterator[Entry]:
    """The rows of `visible_entries` as values."""
    for row in db.session.execute(query):
        id_, number, register, former, title, provider, kvk_number, suspended_at, *said, starts_on, ends_on = row
        type_, sectors, subject, place, description, contact, self_study, valid_from = said
        is_former = register == FORMER_REGISTER
        yield Entry(
            id_,
            number,
            "" if is_former else former,
            is_former,
            title,
            provider,
            kvk_number,
            suspended_at is not None,
            type_,
            tuple(sectors),
            subject,
            place,
            description,
            Hours(contact, self_study),
            valid_from,
            starts_on,
            ends_on,
        )


def visible_entries_by_id(ids: Iterable[int], today: date) -> dict[int, Entry]:
    """Those of the given activities that teachers can find."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = visible_entries(today).where(Activity.id.in_(wanted))
    return {entry.activity_id: entry for entry in entries(query)}


def find_by_number_part(text: str, today: date, *, most: int) -> list[Entry]:
    """Visible activities with a number, new or old, that holds the typed part: full matches, then starts, then rest.

    In two steps, because a planner without statistics would begin at the wrong end of one.
    """
    part = numbers.normalise(text)
    if not numbers.is_part(part):
        return []
    ranks: dict[int, int] = dict(db.session.execute(_best_holders(), bounds(part, today)).all())
    found = visible_entries_by_id(ranks, today).values()
    return sorted(found, key=lambda entry: (ranks[entry.activity_id], entry.number))[:most]


def bounds(part: str, today: date) -> dict[str, Any]:
    """What `ranked_holders` is asked with, for a normalised part."""
    return {"part": part, "end": numbers.after(part), "today": today}


@lru_cache
def ranked_holders() -> Select[int, int]:
    """The ids of visible activities with a number that holds a part, each with its `rank`. Built once, as above."""
    part: ColumnElement[str] = bindparam("part")
    key = func.upper(Recognition.number)
    rank = func.min(case((key == part, 0), (key.startswith(part), 1), else_=2)).label("rank")
    today: ColumnElement[date] = bindparam("today")
    return (
        _holding(part, bindparam("end"))
        .join(Activity, Activity.id == Recognition.activity_id)
        .where(Activity.state == State.PUBLISHED, or_(Activity.ends_on.is_(None), Activity.ends_on >= today))
        .add_columns(rank)
        .group_by(Recognition.activity_id)
    )


@lru_cache
def _best_holders() -> Select[int, int]:
    """Of those, as many as anybody looks at."""
    ranked = ranked_holders()
    return ranked.order_by(ranked.selected_columns.rank, Recognition.activity_id).limit(MOST_MATCHES)


def holding(part: str) -> Select[int]:
    """The ids of activities with a number, new or old, that holds a normalised part."""
    return _holding(part, numbers.after(part))


def _holding(part: Any, end: Any) -> Select[int]:
    return (
        select(Recognition.activity_id)
        .select_from(NumberPart)
        .join(Recognition, Recognition.id == NumberPart.recognition_id)
        .where(NumberPart.part >= part, NumberPart.part < end)
    )


def recognition_of(number: str) -> Recognition | None:
    """The one that this number was given with, new or old, in any notation; of two, that of this register."""
    key = numbers.normalise(number)
    if not numbers.is_part(key):
        return None
    query = (
        select(Recognition)
        .select_from(NumberPart)
        .join(Recognition, Recognition.id == NumberPart.recognition_id)
        .where(NumberPart.part == key, func.length(func.replace(Recognition.number, "-", "")) == len(key))
        .order_by(case((Recognition.register == FORMER_REGISTER, 1), else_=0), Recognition.id)
        .options(joinedload(Recognition.activity))
        .limit(1)
    )
    return db.session.scalar(query)


def first_version(activity_id: int) -> ActivityVersion:
    """What an activity said at first; of an offer of the former register as it came from there."""
    return db.session.scalars(select(ActivityVersion).filter_by(activity_id=activity_id, ordinal=1)).one()


@dataclass(frozen=True)
class PublicActivity:
    """What the public page shows; `is_visible` is False when it was published but is past its end date."""

    activity: Activity
    recognition: Recognition
    version: ActivityVersion
    provider: Provider
    is_visible: bool


def public_activity(number: str, today: date) -> PublicActivity:
    """The published activity with this number, new or old, in any notation. Raises `NotFound`."""
    typed = recognition_of(number)
    if typed is None:
        raise NotFound
    query = (
        select(Recognition)
        .join(Activity)
        .where(Recognition.activity_id == typed.activity_id, Recognition.is_leading)
        .where(Activity.state == State.PUBLISHED)
        .options(joinedload(Recognition.version), joinedload(Recognition.activity).joinedload(Activity.provider))
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    visible = is_visible(State(found.activity.state), found.activity.ends_on, today)
    return PublicActivity(found.activity, found, found.version, found.activity.provider, visible)


def own_activity(provider_id: int, activity_id: int, *, seen: int | None = None, lock: bool = False) -> Activity:
    """The provider's own activity; another's does not exist for it. Raises `NotFound`.

    With `seen`, the version that the person had before them, it is locked for a change; `StaleVersion` when it is
    another one by now. What was deleted is there for nobody.
    """
    query = select(Activity).filter_by(id=activity_id, provider_id=provider_id)
    activity = db.session.scalar(query.with_for_update() if lock or seen is not None else query)
    if activity is None:
        raise NotFound
    if activity.state == State.DELETED:
        raise NotFound("Deze activiteit is verwijderd.")
    if seen is not None and activity.version != seen:
        raise StaleVersion
    return activity


def number_of(register: str) -> ColumnElement[str]:
    """The number that a register gave the activity of the surrounding query, or ''."""
    other = aliased(Recognition)
    query = select(other.number).where(other.activity_id == Activity.id, other.register == register)
    return func.coalesce(query.correlate(Activity).scalar_subquery(), "")
