"""The export of the former register: offers of many providers, with the numbers and hours that it granted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from catalogue.bulk import FormerRecognition, NewDraft, create_drafts, recognise_all_former
from catalogue.importing.batches import Candidate, Problem
from catalogue.importing.doors import Fate
from catalogue.importing.offers import Offer, is_same
from catalogue.importing.readings import NUMBER, FormerReading
from catalogue.models import FORMER_REGISTER, Activity, ImportedOffer, Recognition
from catalogue.states import State
from core.audit import Actor
from core.clock import day_of
from core.db import db, insert_rows
from core.policy import Policy
from providers.admitting import recognise_as_migrated
from providers.arriving import add_provider
from providers.queries import whole_companies
from providers.rules import Origin

ELSEWISE = "Dit aanbod is al overgenomen met een andere inhoud. Wijzig het op de site."
DELETED = "Dit aanbod is op de site verwijderd. Daarom komt het niet terug, en zijn nummer ook niet."
TAKEN = "Dit nummer is al overgenomen bij een andere aanbieder. Controleer het nummer en het KvK-nummer."


class _Landed(NamedTuple):
    """An offer that landed before."""

    digest: str
    state: str


@dataclass(frozen=True)
class _Judge:
    landed: dict[str, _Landed]
    numbers: set[str]

    def fate(self, candidate: Candidate) -> Fate | Problem:
        offer = candidate.offer
        known = self.landed.get(offer.source_key) or self.landed.get(offer.older_key)
        if known is None:
            return candidate.problem(NUMBER, TAKEN) if offer.old_number in self.numbers else Fate.CREATED
        if known.state == State.DELETED:
            return candidate.problem(NUMBER, DELETED)
        return Fate.UNCHANGED if is_same(known.digest, offer.digest) else candidate.problem(NUMBER, ELSEWISE)


class FormerRegister:
    """The bureau's way in."""

    def __init__(self, policy: Policy) -> None:
        self.reading = FormerReading(policy)

    def judge(self, candidates: Sequence[Candidate]) -> _Judge:
        """What landed before, and which numbers are taken."""
        offers = [candidate.offer for candidate in candidates]
        landed = (
            select(ImportedOffer.source_key, ImportedOffer.digest, Activity.state)
            .join(Activity, Activity.id == ImportedOffer.activity_id)
            .where(ImportedOffer.source_key.in_({key for offer in offers for key in offer.keys}))
        )
        numbers = [offer.old_number for offer in offers if offer.old_number]
        taken = select(Recognition.number).filter_by(register=FORMER_REGISTER).where(Recognition.number.in_(numbers))
        found = {key: _Landed(*facts) for key, *facts in db.session.execute(landed)}
        return _Judge(found, set(db.session.scalars(taken)))

    def create(self, candidates: Sequence[Candidate], *, by: Actor, now: datetime) -> None:
        """Drafts frozen as they came, and what the former register granted for them."""
        offers = [candidate.offer for candidate in candidates]
        provider_ids = _provider_ids(offers, by=by, now=now)
        drafts = [NewDraft(provider_ids[offer.kvk_number], offer.content, is_frozen=True) for offer in offers]
        made = create_drafts(drafts, by=by, now=now)
        recognise_all_former(
            [
                FormerRecognition(ids, offer.old_number, hours, offer.content.starts_on or day_of(now))
                for ids, offer in zip(made, offers, strict=True)
                if (hours := offer.old_hours) is not None
            ]
        )
        landed = [
            {"source_key": one.key, "activity_id": ids.activity_id, "imported_at": now, **one.origin}
            for ids, one in zip(made, candidates, strict=True)
        ]
        insert_rows(ImportedOffer, landed)

    def update(self, candidates: Sequence[Candidate], *, by: Actor, now: datetime) -> None:
        """Never: what the former register handed over is changed on the site."""


def _provider_ids(offers: Iterable[Offer], *, by: Actor, now: datetime) -> dict[str, int]:
    """The providers by KvK number; those that nobody knew are made known."""
    names = {offer.kvk_number: offer.provider for offer in reversed(list(offers))}  # the first name counts
    known = whole_companies(names)
    for number in sorted(names.keys() - known.keys()):
        known[number] = add_provider(number, names[number], Origin.MIGRATED, by=by, now=now)
    for provider in known.values():
        recognise_as_migrated(provider, by=by, now=now)
    return {number: provider.id for number, provider in known.items()}
