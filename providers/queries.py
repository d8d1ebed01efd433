"""Reading providers: by number, by sign-in, and how far they are. Never writes."""

from collections.abc import Collection

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from core.access import Identity
from core.db import db
from core.errors import NotFound, StaleVersion
from core.policy import Policy
from providers.models import Declaration, FormerNumber, Member, Provider
from providers.rules import Progress, Standing, open_requirements, standing

PAGE = 50


def find_provider(kvk_number: str, branch: str = "") -> Provider | None:
    """The provider with this number, now or before a takeover, bound to this branch or to none."""
    whole = select(Provider).options(joinedload(Provider.contact))
    current = db.session.scalar(whole.filter_by(kvk_number=kvk_number, branch=branch))
    if current is not None:
        return current
    query = whole.join(FormerNumber, FormerNumber.provider_id == Provider.id)
    return db.session.scalar(query.where(FormerNumber.kvk_number == kvk_number, FormerNumber.branch == branch))


def whole_companies(kvk_numbers: Collection[str]) -> dict[str, Provider]:
    """The providers with these numbers, now or before a takeover, that are bound to no branch."""
    former = select(FormerNumber.kvk_number, Provider).join(Provider, Provider.id == FormerNumber.provider_id)
    mine = FormerNumber.kvk_number.in_(kvk_numbers) & (FormerNumber.branch == "")
    current = select(Provider.kvk_number, Provider).where(Provider.kvk_number.in_(kvk_numbers), Provider.branch == "")
    return dict(db.session.execute(former.where(mine)).all()) | dict(db.session.execute(current).all())


def find_providers(kvk_numbers: Collection[str]) -> dict[str, str]:
    """The names under these numbers, by number, of those that are known; the whole company before its branches."""
    query = select(Provider.kvk_number, Provider.name).where(Provider.kvk_number.in_(kvk_numbers))
    return dict(db.session.execute(query.order_by(Provider.branch.desc())).all())


def find_by_id(provider_id: int) -> Provider:
    """The provider with this id. Raises `NotFound`."""
    provider = db.session.get(Provider, provider_id)
    if provider is None:
        raise NotFound
    return provider


def member_of(provider: Provider, member_id: int, *, seen: int) -> Member:
    """A member of this provider and no other, locked for a change. Raises `NotFound` or `StaleVersion`."""
    query = select(Member).filter_by(id=member_id, provider_id=provider.id).with_for_update()
    member = db.session.scalar(query)
    if member is None:
        raise NotFound
    if member.version != seen:
        raise StaleVersion
    return member


def provider_of(identity: Identity) -> Provider:
    """The provider that a signed-in person acts for. Raises `NotFound`."""
    provider = find_provider(identity.kvk_number, identity.branch)
    if provider is None:
        raise NotFound
    return provider


def locked_provider_of(identity: Identity, *, seen: int | None = None) -> Provider:
    """The same, locked for a change; `StaleVersion` when it is no longer the version `seen`."""
    return locked_provider(provider_of(identity).id, seen=seen)


def locked_provider(provider_id: int, *, seen: int | None = None) -> Provider:
    """A provider, locked for a change, but not against rows that only point at it.

    Raises `NotFound`, or `StaleVersion` when it is no longer the version `seen`.
    """
    query = select(Provider).filter_by(id=provider_id).with_for_update(key_share=True)
    provider = db.session.scalar(query.execution_options(populate_existing=True))
    if provider is None:
        raise NotFound
    if seen is not None and provider.version != seen:
        raise StaleVersion
    return provider


def declarations_of(provider: Provider, policy: Policy) -> dict[str, Declaration]:
    """What the provider declared of the newest set, and did not withdraw, by requirement."""
    query = select(Declaration).filter_by(
        provider_id=provider.id, set_version=policy.requirements_version, withdrawn_at=None
    )
    return {found.requirement: found for found in db.session.scalars(query)}


def progress_of(provider: Provider, policy: Policy) -> Progress:
    """How far the provider is with everything it has to do."""
    return Progress(
        open=open_requirements(policy, declarations_of(provider, policy)),
        details_checked=provider.details_checked_at is not None,
        contact_confirmed=provider.contact is not None and provider.contact.is_confirmed,
        confirmed=provider.confirmed_at is not None,
        admitted=provider.admitted_at is not None,
        rejected=provider.rejected_at is not None,
        suspended=provider.suspended_at is not None,
    )


def standing_of(provider: Provider, policy: Policy) -> Standing:
    """Whether the provider may submit, and if not, what comes first."""
    return standing(progress_of(provider, policy))


def members_of(provider: Provider) -> list[Member]:
    """All colleagues, in the order in which they first came."""
    return list(db.session.scalars(select(Member).filter_by(provider_id=provider.id).order_by(Member.ordinal)))


def member_labels(provider: Provider) -> dict[str, str]:
    """How to call each colleague, by account key."""
    return {member.account_key: member.label for member in members_of(provider)}


def former_numbers(provider: Provider) -> list[FormerNumber]:
    """The numbers that the provider had before, newest first."""
    query = select(FormerNumber).filter_by(provider_id=provider.id).order_by(FormerNumber.id.desc())
    return list(db.session.scalars(query))


def provider_formerly(kvk_number: str) -> Provider | None:
    """The provider that had this number before a takeover, whatever branch it was bound to."""
    query = select(Provider).join(FormerNumber, FormerNumber.provider_id == Provider.id)
    return db.session.scalar(query.where(FormerNumber.kvk_number == kvk_number).order_by(FormerNumber.branch))


def providers_with(kvk_number: str) -> list[Provider]:
    """The admitted providers under one KvK number: the company first, then its branches."""
    query = select(Provider).where(Provider.kvk_number == kvk_number, Provider.admitted_at.is_not(None))
    return list(db.session.scalars(query.order_by(Provider.branch)))


def admitted_numbers() -> list[str]:
    """The KvK numbers under which anybody is admitted."""
    query = select(Provider.kvk_number).where(Provider.admitted_at.is_not(None)).distinct()
    return list(db.session.scalars(query.order_by(Provider.kvk_number)))


def admitted_now_or_formerly(kvk_number: str) -> list[Provider]:
    """The same; a number from before a takeover leads to the providers under the number of now."""
    if found := providers_with(kvk_number):
        return found
    known = provider_formerly(kvk_number)
    return providers_with(known.kvk_number) if known else []


def provider_page(words: str, page: int) -> list[Provider]:
    """A page of all providers, by name, of which name or number holds the words."""
    query = _matching(words).order_by(Provider.name, Provider.id).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(query))


def provider_count(words: str) -> int:
    """How many providers match."""
    return db.session.scalar(select(func.count()).select_from(_matching(words).subquery())) or 0


def _matching(words: str) -> Select[Provider]:
    query = select(Provider)
    if not words:
        return query
    former = select(FormerNumber.provider_id).where(FormerNumber.kvk_number.contains(words, autoescape=True))
    return query.where(
        or_(
            Provider.name.icontains(words, autoescape=True),
            Provider.kvk_number.contains(words, autoescape=True),
            Provider.id.in_(former),
        )
    )
