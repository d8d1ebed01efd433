"""Reading: own activities, visible ones, and numbers by any part. Never writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from catalogue import numbers
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, NumberPart, Recognition
from catalogue.states import State, is_visible
from core.db import db
from core.errors import NotFound, StaleVersion
from core.policy import Hours
from providers.models import Provider

MOST_MATCHES = 500
EntryRows = Select[Activity, str, ActivityVersion, Provider, Recognition]


@dataclass(frozen=True)
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
    """Everything teachers can find, with the facts of the version that was recognised."""
    return (
        select(Activity, number_of(FORMER_REGISTER), ActivityVersion, Provider, Recognition)
        .join(Recognition, Recognition.activity_id == Activity.id)
        .join(ActivityVersion, ActivityVersion.id == Recognition.version_id)
        .join(Provider, Provider.id == Activity.provider_id)
        .where(Activity.state == State.PUBLISHED, Recognition.is_leading)
        .where(or_(Activity.ends_on.is_(None), Activity.ends_on >= today))
    )


def visible_count(today: date) -> int:
    """How many activities teachers can find."""
    ids = visible_entries(today).with_only_columns(Activity.id, maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def entries(query: EntryRows) -> Iterator[Entry]:
    """The rows of `visible_entries` as values."""
    for activity, former, version, provider, recognition in db.session.execute(query):
        is_former = recognition.register == FORMER_REGISTER
        yield Entry(
            activity_id=activity.id,
            number=recognition.number,
            former_number="" if is_former else former,
            is_former=is_former,
            title=version.title,
            provider=provider.name,
            kvk_number=provider.kvk_number,
            is_suspended=provider.suspended_at is not None,
            type=version.type,
            sectors=tuple(version.sectors),
            subject=version.subject,
            place=version.place,
            description=version.description,
            hours=recognition.hours,
            valid_from=recognition.valid_from,
            starts_on=activity.starts_on,
            ends_on=activity.ends_on,
        )


def visible_entries_by_id(ids: Iterable[int], today: date) -> dict[int, Entry]:
    """Those of the given activities that teachers can find."""
    query = visible_entries(today).where(Activity.id.in_(list(ids)))
    return {entry.activity_id: entry for entry in entries(query)}


def find_by_number_part(text: str, today: date, *, most: int) -> list[Entry]:
    """Visible activities with a number, new or old, that holds the typed part: full matches, then starts, then rest.

    In two steps, because a planner without statistics would begin at the wrong end of one.
    """
    part = numbers.normalise(text)
    if not numbers.is_part(part):
        return []
    key = func.upper(Recognition.number)
    rank = func.min(case((key == part, 0), (key.startswith(part), 1), else_=2))
    matching = (
        holding(part)
        .add_columns(rank)
        .group_by(Recognition.activity_id)
        .order_by(rank, Recognition.activity_id)
        .limit(MOST_MATCHES)
    )
    ranks: dict[int, int] = dict(db.session.execute(matching).all())
    found = visible_entries_by_id(ranks, today).values()
    return sorted(found, key=lambda entry: (ranks[entry.activity_id], entry.number))[:most]


def holding(part: str) -> Select[int]:
    """The ids of activities with a number, new or old, that holds a normalised part."""
    return (
        select(Recognition.activity_id)
        .select_from(NumberPart)
        .join(Recognition, Recognition.id == NumberPart.recognition_id)
        .where(NumberPart.part >= part, NumberPart.part < numbers.after(part))
    )


def holder_of(number: str) -> int | None:
    """The id of the activity that this number was given to, new or old, in any notation. Raises `NotFound`."""
    key = numbers.normalise(number)
    if not numbers.is_part(key):
        raise NotFound
    query = (
        select(Recognition.activity_id)
        .select_from(NumberPart)
        .join(Recognition, Recognition.id == NumberPart.recognition_id)
        .where(NumberPart.part == key, func.length(func.replace(Recognition.number, "-", "")) == len(key))
        .order_by(case((Recognition.register == FORMER_REGISTER, 1), else_=0), Recognition.id)
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
    query = (
        select(Recognition)
        .join(Activity)
        .where(Recognition.activity_id == holder_of(number), Recognition.is_leading)
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
