"""Declaring the quality requirements, each apart, and taking a declaration back. Called inside a transaction."""

from collections.abc import Collection
from datetime import datetime

from core.audit import Actor, record
from core.db import db
from core.errors import NotFound
from core.policy import Policy
from providers.models import Declaration, Provider
from providers.queries import declarations_of, locked_provider
from providers.rules import open_requirements


def declare(provider: Provider, policy: Policy, requirements: Collection[str], *, by: Actor, now: datetime) -> None:
    """Add declarations of the newest set; what is unknown or declared already changes nothing."""
    locked_provider(provider.id)  # two colleagues may declare at once
    for requirement in open_requirements(policy, declarations_of(provider, policy)):
        if requirement in requirements:
            _declare_one(provider, policy, requirement, by=by, now=now)
    db.session.flush()


def withdraw_declaration(provider: Provider, policy: Policy, requirement: str, *, by: Actor, now: datetime) -> None:
    """The provider no longer stands for this requirement; nothing can be submitted until it does again."""
    locked_provider(provider.id)
    declaration = declarations_of(provider, policy).get(requirement)
    if declaration is None:
        raise NotFound
    declaration.withdrawn_at, declaration.withdrawn_by = now, by.key
    _note("provider.declaration-withdrawn", provider, policy, requirement, by=by, now=now)


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
    _note("provider.declared", provider, policy, requirement, by=by, now=now)


def _note(action: str, provider: Provider, policy: Policy, requirement: str, *, by: Actor, now: datetime) -> None:
    data = {"set": policy.requirements_version, "requirement": requirement}
    record(action, f"provider:{provider.id}", by=by, at=now, data=data)
