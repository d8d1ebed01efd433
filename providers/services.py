"""What providers do and what is done with them. Called inside a transaction."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from core.access import Identity
from core.audit import Actor, record
from core.db import add_unless_there, db
from core.errors import NotFound
from core.policy import Policy
from providers.models import Declaration, Provider
from providers.rules import Origin, Standing, open_requirements, standing


def arrive(identity: Identity, now: datetime) -> Identity:
    """Somebody signed in for a company: make it known if it is new; two colleagues may arrive at once."""
    if find_provider(identity.kvk_number, identity.branch) is None:
        add_provider(identity.kvk_number, identity.name, Origin.NEW, branch=identity.branch, by=identity.actor, now=now)
    return identity


def add_provider(kvk_number: str, name: str, origin: Origin, *, branch: str = "", by: Actor, now: datetime) -> Provider:
    """Make a provider known; the one that somebody else just added is as good."""
    provider = Provider(kvk_number=kvk_number, branch=branch, name=name[:200], origin=origin, created_at=now)
    if not add_unless_there(provider):
        return db.session.scalars(select(Provider).filter_by(kvk_number=kvk_number, branch=branch)).one()
    record("provider.added", f"provider:{provider.id}", by=by, at=now, data={"origin": origin})
    return provider


def recognise_as_migrated(provider: Provider, policy: Policy, *, by: Actor, now: datetime) -> None:
    """It turns out to be known from the former register: its declaration is enough to be admitted."""
    if provider.origin == Origin.MIGRATED or provider.admitted_at is not None:
        return
    provider.origin = Origin.MIGRATED
    record("provider.recognised", f"provider:{provider.id}", by=by, at=now)
    if not open_requirements(policy, declared_requirements(provider, policy)):
        admit(provider, by=by, now=now)


def find_provider(kvk_number: str, branch: str = "") -> Provider | None:
    """The provider with this number, bound to this branch or to none."""
    return db.session.scalar(select(Provider).filter_by(kvk_number=kvk_number, branch=branch))


def provider_of(identity: Identity) -> Provider:
    """The provider that a signed-in person acts for. Raises `NotFound`."""
    provider = find_provider(identity.kvk_number, identity.branch)
    if provider is None:
        raise NotFound
    return provider


def declared_requirements(provider: Provider, policy: Policy) -> frozenset[str]:
    """What the provider declared of the newest set."""
    query = select(Declaration.requirement).filter_by(provider_id=provider.id, set_version=policy.requirements_version)
    return frozenset(db.session.scalars(query))


def declared_at(provider: Provider, policy: Policy) -> datetime | None:
    """When the last requirement of the newest set was declared."""
    query = select(func.max(Declaration.declared_at))
    return db.session.scalar(query.filter_by(provider_id=provider.id, set_version=policy.requirements_version))


def standing_of(provider: Provider, policy: Policy) -> Standing:
    """How far the provider is on the way to submitting."""
    return standing(policy, declared_requirements(provider, policy), admitted=provider.admitted_at is not None)


def declare(provider: Provider, policy: Policy, requirements: Collection[str], *, by: Actor, now: datetime) -> None:
    """Add declarations; a provider known from the former register is admitted by completing the set."""
    db.session.refresh(provider, with_for_update=True)  # two colleagues may declare at once
    for requirement in open_requirements(policy, declared_requirements(provider, policy)):
        if requirement in requirements:
            _declare_one(provider, policy, requirement, by=by, now=now)
    db.session.flush()
    complete = not open_requirements(policy, declared_requirements(provider, policy))
    if complete and provider.origin == Origin.MIGRATED and provider.admitted_at is None:
        admit(provider, by=by, now=now)


def _declare_one(provider: Provider, policy: Policy, requirement: str, *, by: Actor, now: datetime) -> None:
    db.session.add(
        Declaration(
            provider_id=provider.id,
            set_version=policy.requirements_version,
            requirement=requirement,
            declared_by=by.key,
            declared_at=now,
        )
    )
    data = {"set": policy.requirements_version, "requirement": requirement}
    record("provider.declared", f"provider:{provider.id}", by=by, at=now, data=data)


def admit(provider: Provider, *, by: Actor, now: datetime) -> None:
    """Let the provider submit from now on; admitting twice changes nothing."""
    if provider.admitted_at is None:
        provider.admitted_at = now
        record("provider.admitted", f"provider:{provider.id}", by=by, at=now)
