"""When and where an activity is given: added without review, gone by itself. Writing is done inside a transaction."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from http import HTTPStatus

from sqlalchemy import delete, func, or_, select

from catalogue.edition_facts import EditionFacts, faults
from catalogue.models import Activity, Edition
from catalogue.publication import announce
from catalogue.states import State
from core.audit import Actor, Data, record
from core.clock import day_of
from core.db import db
from core.errors import NotFound, Refusal, StaleVersion
from core.policy import Policy

NAMES = tuple(EditionFacts.__dataclass_fields__)
IN_ORDER = (Edition.starts_on, Edition.ends_on, Edition.id)


class NotPossible(Refusal):
    """The edition cannot be offered like this; `faults` has the sentence per field."""

    code = "edition-not-possible"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, found: dict[str, str]) -> None:
        self.faults = found
        super().__init__(" ".join(found.values()))


class AlreadyThere(Refusal):
    """The activity has an edition that says exactly the same; a second click is the usual reason."""

    code = "edition-already-there"

    def __init__(self) -> None:
        super().__init__("Deze uitvoering staat er al. Die is niet nog een keer toegevoegd.")


def own_edition(activity: Activity, edition_id: int, *, seen: int | None = None) -> Edition:
    """One edition of this activity. Raises `NotFound`, and `StaleVersion` when it is not the version that was seen."""
    edition = db.session.scalar(select(Edition).filter_by(id=edition_id, activity_id=activity.id))
    if edition is None:
        raise NotFound
    if seen is not None and edition.version != seen:
        raise StaleVersion
    return edition


def facts_of(edition: Edition) -> EditionFacts:
    """What an edition says, as a value."""
    return EditionFacts(**{name: getattr(edition, name) for name in NAMES})


def add_edition(activity: Activity, facts: EditionFacts, *, policy: Policy, by: Actor, now: datetime) -> Edition:
    """Offer the activity once more. Raises `NotPossible` and `AlreadyThere`."""
    _require_possible(activity, facts, None, policy, day_of(now))
    edition = Edition(activity=activity, **asdict(facts))
    db.session.add(edition)
    db.session.flush()
    _note("added", edition, by, now)
    return edition


def change_edition(edition: Edition, facts: EditionFacts, *, policy: Policy, by: Actor, now: datetime) -> None:
    """Let it say something else; nothing happens when it says this already. Raises like `add_edition`."""
    before = facts_of(edition)
    if facts == before:
        return
    _require_possible(edition.activity, facts, before, policy, day_of(now))
    changed = [name for name in NAMES if getattr(facts, name) != getattr(before, name)]
    for name in changed:
        setattr(edition, name, getattr(facts, name))
    _note("changed", edition, by, now, {"changed": ", ".join(changed)})


def remove_edition(edition: Edition, *, by: Actor, now: datetime) -> EditionFacts:
    """Offer it no longer; returns what it said, for who wants it back."""
    facts = facts_of(edition)
    db.session.delete(edition)
    _note("removed", edition, by, now)
    return facts


def remove_all(activity: Activity) -> None:
    """What a deleted activity leaves of its editions: nothing. The deletion is what the audit trail tells."""
    db.session.execute(delete(Edition).where(Edition.activity_id == activity.id))


def editions_of(activity: Activity) -> list[Edition]:
    """All editions of an activity by day, past ones too."""
    return list(db.session.scalars(select(Edition).filter_by(activity_id=activity.id).order_by(*IN_ORDER)))


def coming_editions(activity_ids: Collection[int], today: date) -> dict[int, list[Edition]]:
    """Per activity what is not over yet, by day, in one statement for all; one without editions has an empty list.

    What would go on after the activity itself has ended is not offered: its end date may have moved since.
    """
    query = select(Edition).join(Activity).where(Edition.activity_id.in_(activity_ids), Edition.ends_on >= today)
    query = query.where(or_(Activity.ends_on.is_(None), Edition.ends_on <= Activity.ends_on)).order_by(*IN_ORDER)
    found: dict[int, list[Edition]] = {activity_id: [] for activity_id in activity_ids}
    for edition in db.session.scalars(query):
        found[edition.activity_id].append(edition)
    return found


def coming_count(activity_id: int, today: date) -> int:
    """How many editions of an activity are not over yet."""
    query = select(func.count()).where(Edition.activity_id == activity_id, Edition.ends_on >= today)
    return db.session.scalar(query) or 0


def _require_possible(
    activity: Activity, facts: EditionFacts, before: EditionFacts | None, policy: Policy, today: date
) -> None:
    if found := faults(facts, before, activity_ends_on=activity.ends_on, policy=policy, today=today):
        raise NotPossible(found)
    if db.session.scalar(select(Edition.id).filter_by(activity_id=activity.id, **asdict(facts)).limit(1)):
        raise AlreadyThere


def _note(what: str, edition: Edition, by: Actor, now: datetime, more: Data | None = None) -> None:
    data: Data = {"edition": edition.id, "starts_on": edition.starts_on.isoformat()}
    record(f"edition.{what}", f"activity:{edition.activity_id}", by=by, at=now, data={**data, **(more or {})})
    if edition.activity.state == State.PUBLISHED:
        announce(edition.activity, now)
