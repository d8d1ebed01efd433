"""Publishing offers of the former register with the number and hours they had there. Called inside a transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from catalogue.drafts import freeze, newest_version
from catalogue.labels import NAMES
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, ImportedOffer, Recognition
from catalogue.publication import move
from catalogue.states import Action
from catalogue.takeover import judge
from core.audit import Actor
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.formatting import dutch_date, joined
from core.policy import Policy
from providers.queries import standing_of
from providers.rules import STANDING_NAMES, Standing

BATCH = 200


class NotTakeable(Refusal):
    """This cannot be published as it was validated under the former register."""

    code = "not-takeable"


def take_over(activity: Activity, policy: Policy, *, by: Actor, now: datetime) -> None:
    """Publish as validated under the former register. Raises `NotTakeable` or `ActionNotAllowed`."""
    offer, recognition = _former(activity)
    _require_in_time(policy, now)
    standing = standing_of(activity.provider, policy)
    if standing is not Standing.ADMITTED:
        raise NotTakeable(f"Uw organisatie kan nog niet publiceren: {STANDING_NAMES[standing].lower()}.")
    recheck_offer(offer, policy)
    if offer.lacks:
        raise NotTakeable(f"Vul eerst aan: {joined([NAMES[name] for name in offer.lacks])}.")
    if offer.changed:
        raise NotTakeable(f"U wijzigde {joined([NAMES[name] for name in offer.changed])}. Dien de activiteit in.")
    move(activity, Action.TAKE_OVER, by=by, now=now)
    recognition.version_id = freeze(newest_version(activity), now).id
    offer.published_at = now


def give_back(activity: Activity, policy: Policy, *, by: Actor, now: datetime) -> None:
    """Undo it: the offer is a draft again. Raises `NotTakeable` or `ActionNotAllowed`."""
    offer, _ = _former(activity)
    _require_in_time(policy, now)
    if offer.published_at is None:
        raise NotTakeable("Deze activiteit is niet als overgenomen aanbod gepubliceerd.")
    move(activity, Action.GIVE_BACK, by=by, now=now)
    offer.published_at = None


def former_offer(activity_id: int) -> ImportedOffer | None:
    """The row of the former register's export that the activity came from, if any."""
    return db.session.scalar(select(ImportedOffer).filter_by(activity_id=activity_id, origin="former"))


def recheck_offer(offer: ImportedOffer, policy: Policy) -> None:
    """Judge the newest text of an offer against what was imported."""
    query = select(ActivityVersion).filter_by(activity_id=offer.activity_id).order_by(ActivityVersion.ordinal)
    versions = list(db.session.scalars(query))
    offer.lacks, offer.changed = judge(versions[-1].content, versions[0].content, policy)
    offer.checked_under = policy.id


def recheck_batch(policy: Policy) -> int:
    """Judge offers that were judged under another policy, or never; how many, at most a batch."""
    query = select(ImportedOffer).where(ImportedOffer.origin == "former", ImportedOffer.checked_under != policy.id)
    offers = list(db.session.scalars(query.limit(BATCH).with_for_update()))
    for offer, newest, original in _with_versions(offers):
        offer.lacks, offer.changed = judge(newest.content, original.content, policy)
        offer.checked_under = policy.id
    return len(offers)


def _with_versions(offers: Iterable[ImportedOffer]) -> Iterator[tuple[ImportedOffer, ActivityVersion, ActivityVersion]]:
    known = {offer.activity_id: offer for offer in offers}
    newest, original = aliased(ActivityVersion), aliased(ActivityVersion)
    last = select(func.max(ActivityVersion.ordinal)).where(ActivityVersion.activity_id == newest.activity_id)
    query = (
        select(newest, original)
        .join(original, (original.activity_id == newest.activity_id) & (original.ordinal == 1))
        .where(newest.activity_id.in_(known), newest.ordinal == last.correlate(newest).scalar_subquery())
    )
    for version, first in db.session.execute(query):
        yield known[version.activity_id], version, first


def _former(activity: Activity) -> tuple[ImportedOffer, Recognition]:
    offer = former_offer(activity.id)
    query = select(Recognition).filter_by(activity_id=activity.id, register=FORMER_REGISTER, is_leading=True)
    recognition = db.session.scalar(query)
    if offer is None or recognition is None:
        raise NotTakeable("Het oude register heeft deze activiteit niet gevalideerd. Dien die in bij de commissie.")
    return offer, recognition


def _require_in_time(policy: Policy, now: datetime) -> None:
    if day_of(now) > policy.takeover.until:
        raise NotTakeable(f"Dit kon tot en met {dutch_date(policy.takeover.until)}.")
