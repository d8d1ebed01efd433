"""Publishing offers of the former register with the number and hours they had there. Called inside a transaction."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload

from catalogue.content import Content
from catalogue.drafts import begin_again, freeze, live_version, newest_version
from catalogue.labels import NAMES
from catalogue.models import FORMER_REGISTER, Activity, ActivityVersion, ImportedOffer, Recognition
from catalogue.publication import Ended, move
from catalogue.states import Action, State, is_over
from catalogue.takeover import judge
from core.audit import Actor
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.formatting import dutch_date, joined
from core.policy import Policy
from providers.models import Provider
from providers.queries import standing_of
from providers.rules import STANDING_NAMES, Standing

BATCH = 200
NEVER_VALIDATED = "Het oude register heeft deze activiteit niet gevalideerd. Dien die in bij de commissie."
TURNED_DOWN = "De commissie heeft dit aanbod afgewezen. Pas het aan en dien het opnieuw in."
WHERE_TO_LOOK = "Onder ‘Uw organisatie’ staat wat u kunt doen."
NOT_PUBLISHED = "Deze activiteit is niet als overgenomen aanbod gepubliceerd."


class NotTakeable(Refusal):
    """This cannot be published as it was validated under the former register."""

    code = "not-takeable"


def take_over(activity: Activity, policy: Policy, *, by: Actor, now: datetime) -> None:
    """Publish as validated under the former register. Raises `NotTakeable` or `ActionNotAllowed`."""
    offer, recognition = _former(activity)
    recheck_offer(offer, policy)
    if why_not := _of_all(activity.provider, policy, now) or _of_one(offer, now):
        raise NotTakeable(why_not)
    move(activity, Action.TAKE_OVER, by=by, now=now)
    recognition.version_id = freeze(newest_version(activity), now).id
    offer.published_at = now


def give_back(activity: Activity, policy: Policy, *, by: Actor, now: datetime) -> None:
    """Undo it: the offer is a draft again. Raises `NotTakeable` or `ActionNotAllowed`."""
    offer, _ = _former(activity)
    if why_not := _too_late(policy, now) or ("" if offer.published_at else NOT_PUBLISHED):
        raise NotTakeable(why_not)
    live = live_version(activity)
    move(activity, Action.GIVE_BACK, by=by, now=now)
    if newest_version(activity).id != live.id:
        begin_again(activity, live)  # not with a change that was turned down or forgotten meanwhile
    recheck_offer(offer, policy)
    offer.published_at = None


def why_not_taken_over(provider: Provider, ids: Collection[int], policy: Policy, now: datetime) -> dict[int, str]:
    """What stands in the way of taking over these activities of a provider; who is not in it passes."""
    if general := _of_all(provider, policy, now):
        return dict.fromkeys(ids, general)
    is_former = (Recognition.activity_id == ImportedOffer.activity_id) & (Recognition.register == FORMER_REGISTER)
    query = select(ImportedOffer).join(Recognition, is_former).where(ImportedOffer.activity_id.in_(ids))
    query = query.options(joinedload(ImportedOffer.activity))
    offers = {offer.activity_id: offer for offer in db.session.scalars(query)}
    found = {id_: _of_one(offers[id_], now) if id_ in offers else NEVER_VALIDATED for id_ in ids}
    return {id_: why for id_, why in found.items() if why}


def takeable_original(activity: Activity) -> Content | None:
    """What a draft said when it came from the former register, if that validated it."""
    if activity.state != State.DRAFT or former_offer(activity.id) is None:
        return None
    query = select(ActivityVersion).filter_by(activity_id=activity.id, ordinal=1)
    is_leading = exists().where(Recognition.activity_id == activity.id, Recognition.is_leading)
    version = db.session.scalar(query.where(is_leading))
    return version.content if version else None


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
        raise NotTakeable(NEVER_VALIDATED)
    return offer, recognition


def _of_all(provider: Provider, policy: Policy, now: datetime) -> str:
    """Why a provider can take over nothing, or ''."""
    standing = standing_of(provider, policy)
    if standing is not Standing.ADMITTED:
        return f"Uw organisatie kan nu niet publiceren: {STANDING_NAMES[standing].lower()}. {WHERE_TO_LOOK}"
    return _too_late(policy, now)


def _too_late(policy: Policy, now: datetime) -> str:
    return f"Dit kon tot en met {dutch_date(policy.takeover.until)}." if day_of(now) > policy.takeover.until else ""


def _of_one(offer: ImportedOffer, now: datetime) -> str:
    """In the order in which the workbench names it."""
    if is_over(offer.activity.ends_on, day_of(now)):
        return Ended().detail
    if offer.turned_down_at:
        return TURNED_DOWN
    if offer.lacks:
        return f"Vul eerst aan: {joined([NAMES[name] for name in offer.lacks])}."
    if offer.changed:
        return f"U wijzigde {joined([NAMES[name] for name in offer.changed])}. Dien de activiteit in."
    return ""
