"""A provider goes on under a new KvK number, as after a takeover. Called inside a transaction, by the bureau."""

from datetime import datetime

from sqlalchemy import delete, select, update

from core.audit import Actor, record
from core.company_numbers import KVK_NUMBER
from core.db import db
from core.errors import NotFound, Refusal
from providers import events, letters
from providers.arriving import move_members
from providers.messages import tell
from providers.models import ContactPerson, Declaration, FormerNumber, Provider, ProviderMessage
from providers.queries import locked_provider


class NotLinkable(Refusal):
    """The number cannot become this provider's."""

    code = "number-not-linkable"


def newcomer_at(kvk_number: str, provider: Provider) -> Provider | None:
    """Who is a provider of its own under this number already, because somebody signed in with it."""
    same = select(Provider).filter_by(kvk_number=kvk_number, branch=provider.branch)
    return db.session.scalar(same.where(Provider.id != provider.id))


def link_number(provider: Provider, kvk_number: str, accepted: int = 0, *, by: Actor, now: datetime) -> None:
    """Give the provider another number; the old one keeps leading to it. Raises `NotLinkable`.

    Whoever signed in with the new number before became a provider of its own. As long as that one was not admitted,
    and only when the bureau has `accepted` it by its id, its members, messages and drafts move over.
    """
    if not KVK_NUMBER.fullmatch(kvk_number) or kvk_number == provider.kvk_number:
        raise NotLinkable("Vul het nieuwe KvK-nummer in: 8 cijfers, anders dan het huidige nummer.")
    taken = db.session.scalar(select(FormerNumber).filter_by(kvk_number=kvk_number, branch=provider.branch))
    if taken is not None and taken.provider_id != provider.id:
        raise NotLinkable("Dit nummer was van een andere aanbieder en blijft naar die aanbieder verwijzen.")
    if taken is not None:
        db.session.delete(taken)
    newcomer = newcomer_at(kvk_number, provider)
    if newcomer is not None:
        if newcomer.admitted_at is None and newcomer.id != accepted:
            raise NotLinkable(
                f"Onder dit nummer meldt zich al iemand aan: {newcomer.name}. Is dat dezelfde organisatie?"
            )
        _take_in(locked_provider(newcomer.id), provider, by=by, now=now)
    old = provider.kvk_number
    db.session.add(FormerNumber(provider_id=provider.id, kvk_number=old, branch=provider.branch, replaced_at=now))
    provider.kvk_number = kvk_number
    db.session.flush()
    data = {"before": old, "after": kvk_number}
    record("provider.number-linked", f"provider:{provider.id}", by=by, at=now, data=data)
    events.tell_seen_otherwise(provider, by, now)
    tell(provider, letters.number_changed(provider.name, old, kvk_number), now)


def release_number(provider: Provider, former_id: int, *, by: Actor, now: datetime) -> None:
    """A number that never was this provider's leads to it no longer. Raises `NotFound`."""
    former = db.session.scalar(select(FormerNumber).filter_by(id=former_id, provider_id=provider.id))
    if former is None:
        raise NotFound
    db.session.delete(former)
    data = {"number": former.kvk_number}
    record("provider.number-released", f"provider:{provider.id}", by=by, at=now, data=data)


def _take_in(newcomer: Provider, provider: Provider, *, by: Actor, now: datetime) -> None:
    if newcomer.admitted_at is not None:
        raise NotLinkable(
            "Onder dit nummer staat al een toegelaten aanbieder. Twee aanbieders worden niet samengevoegd."
        )
    for listener in events.taken_in:
        listener(newcomer, provider, by, now)
    move_members(newcomer, provider)
    mine = ProviderMessage.provider_id == newcomer.id
    db.session.execute(update(ProviderMessage).where(mine).values(provider_id=provider.id))
    earlier = update(FormerNumber).where(FormerNumber.provider_id == newcomer.id)
    db.session.execute(earlier.values(provider_id=provider.id))
    for table in (Declaration, ContactPerson):
        db.session.execute(delete(table).where(table.provider_id == newcomer.id))
    db.session.expire(newcomer)
    db.session.delete(newcomer)
    db.session.flush()
    data = {"newcomer": newcomer.id}
    record("provider.newcomer-taken-in", f"provider:{provider.id}", by=by, at=now, data=data)
