"""A provider's own file: ordinary drafts of this provider and of nobody else. It can grant no number and no hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from catalogue.bulk import NewDraft, create_drafts, rewrite_drafts
from catalogue.importing.batches import Candidate, Problem
from catalogue.importing.doors import Fate
from catalogue.importing.offers import is_same
from catalogue.importing.readings import NUMBER, OwnReading, own_prefix
from catalogue.models import FORMER_REGISTER, Activity, ImportedOffer, Recognition
from catalogue.states import State
from core.audit import Actor
from core.db import db, insert_rows
from core.policy import Policy
from providers import events
from providers.models import Provider

CHANGED = "Dit aanbod is op de site al gewijzigd; pas het daar aan."
DELETED = "Dit aanbod hebt u op de site verwijderd. Maak deze cel leeg als u er een nieuw concept van wilt maken."
NOT_YOURS = (
    "Dit nummer staat niet bij uw organisatie. Laat de cel leeg, of vraag het bureau om dit aanbod over te nemen."
)


class _Landed(NamedTuple):
    """An offer that landed before; `is_untouched` as long as nobody changed what the import wrote."""

    digest: str
    is_untouched: bool


@dataclass(frozen=True)
class _Judge:
    """What was deleted is no longer there; only its number of the former register is, which does not come back."""

    landed: dict[str, _Landed]
    former: dict[str, bool]  # by number, and by what an offer is known by: whether it is still there

    def fate(self, candidate: Candidate) -> Fate | Problem:
        """An offer of the former register stays as it is: what it says and is worth came from the bureau."""
        offer = candidate.offer
        found = [self.former[name] for name in (offer.old_number, *offer.keys) if name in self.former]
        if any(found):
            return Fate.UNCHANGED
        if offer.old_number:
            return candidate.problem(NUMBER, DELETED if found else NOT_YOURS)
        known = self.landed.get(candidate.key)
        if known is None:
            return Fate.CREATED
        if is_same(known.digest, offer.digest):
            return Fate.UNCHANGED
        return Fate.UPDATED if known.is_untouched else candidate.problem(candidate.claims[0].column, CHANGED)


class OwnFile:
    """The way in of one provider, for one import."""

    def __init__(self, provider_id: int, kvk_number: str, policy: Policy, *, landing_id: int) -> None:
        self._provider_id, self._landing_id = provider_id, landing_id
        self.reading = OwnReading(provider_id, kvk_number, policy)

    def judge(self, candidates: Sequence[Candidate]) -> _Judge:
        """What this provider landed before, and what of it came from the former register."""
        offers = [candidate.offer for candidate in candidates]
        query = (
            select(ImportedOffer, Activity)
            .join(Activity, Activity.id == ImportedOffer.activity_id)
            .where(Activity.provider_id == self._provider_id)
        )
        there = query.where(
            ImportedOffer.source_key.in_([candidate.key for candidate in candidates]), Activity.state != State.DELETED
        )
        landed = {
            offer.source_key: _Landed(offer.digest, _is_untouched(offer, activity))
            for offer, activity in db.session.execute(there.with_for_update(of=Activity))
        }
        former = query.where(
            ImportedOffer.origin == "former",
            ImportedOffer.source_key.in_({key for offer in offers for key in offer.keys}),
        )
        numbers = (
            select(Recognition.number, Activity.state != State.DELETED)
            .join(Activity)
            .where(Activity.provider_id == self._provider_id, Recognition.register == FORMER_REGISTER)
            .where(Recognition.number.in_([offer.old_number for offer in offers]))
        )
        known = former.with_only_columns(ImportedOffer.source_key, Activity.state != State.DELETED)
        return _Judge(landed, dict([*db.session.execute(known).all(), *db.session.execute(numbers).all()]))

    def create(self, candidates: Sequence[Candidate], *, by: Actor, now: datetime) -> None:
        """Drafts that the provider goes on with; they take the keys over of what was deleted."""
        keys = [candidate.key for candidate in candidates]
        db.session.execute(delete(ImportedOffer).where(ImportedOffer.source_key.in_(keys)))
        drafts = [NewDraft(self._provider_id, candidate.offer.content, is_frozen=False) for candidate in candidates]
        made = create_drafts(drafts, by=by, now=now)
        landed = [
            {"source_key": one.key, "activity_id": ids.activity_id, "imported_at": now}
            | {"landing_id": self._landing_id, **one.origin}
            for ids, one in zip(made, candidates, strict=True)
        ]
        insert_rows(ImportedOffer, landed)

    def update(self, candidates: Sequence[Candidate], *, by: Actor, now: datetime) -> None:
        """Drafts that nobody touched since the last import say what the file says now."""
        query = select(ImportedOffer).where(ImportedOffer.source_key.in_([candidate.key for candidate in candidates]))
        landed = {offer.source_key: offer for offer in db.session.scalars(query)}
        rewritten = {landed[one.key].activity_id: one.offer.content for one in candidates}
        rewrite_drafts(rewritten, by=by, now=now)
        for candidate in candidates:
            offer = landed[candidate.key]
            offer.digest, offer.imported_at = candidate.offer.digest, now
            offer.landing_id = None  # two imports wrote it: neither can be taken back without the other


def _is_untouched(offer: ImportedOffer, activity: Activity) -> bool:
    return activity.state == State.DRAFT and activity.updated_at == offer.imported_at


def move_keys(source: Provider, target: Provider, _: Actor, __: datetime) -> None:
    """What a newcomer imported before it was taken in is found again by its new owner; a key in use stays as it is."""
    before, after = own_prefix(source.id), own_prefix(target.id)
    query = select(ImportedOffer).where(ImportedOffer.source_key.startswith(before, autoescape=True))
    for offer in db.session.scalars(query):
        key = after + offer.source_key.removeprefix(before)
        if db.session.get(ImportedOffer, key) is None:
            offer.source_key = key


events.taken_in.append(move_keys)
