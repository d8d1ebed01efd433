"""The company details: each with where it comes from; what the provider wrote itself stays. Called in a transaction."""

from dataclasses import dataclass, fields
from datetime import datetime

from core.audit import Actor, record
from providers import events
from providers.models import Provider
from providers.rules import Source
from providers.trade_register import CompanyFacts


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the details page asks; all but the name may be empty."""

    name: str
    street: str = ""
    postcode: str = ""
    place: str = ""
    website: str = ""


NAMES = tuple(field.name for field in fields(Details))
ADDRESS = ("street", "postcode", "place")


def details_of(provider: Provider) -> Details:
    """What stands there now."""
    return Details(**{name: getattr(provider, name) for name in NAMES})


def save_details(provider: Provider, details: Details, *, by: Actor, now: datetime) -> None:
    """The provider checked its details and perhaps changed some; those are its own from now on."""
    changed = [name for name in NAMES if getattr(details, name) != getattr(provider, name)]
    for name in changed:
        setattr(provider, name, getattr(details, name))
    provider.sources = provider.sources | dict.fromkeys(changed, Source.OWN.value)
    provider.details_checked_at = now
    data = {"changed": ", ".join(changed)}
    record("provider.details-checked", f"provider:{provider.id}", by=by, at=now, data=data)
    if "name" in changed:
        events.tell_seen_otherwise(provider, by, now)


def prefill(provider: Provider, facts: CompanyFacts, *, by: Actor, now: datetime) -> None:
    """Take over what the trade register tells, but nothing that the provider wrote itself, and no shielded address."""
    told = [name for name in NAMES if getattr(facts, name) or (facts.is_shielded and name in ADDRESS)]
    if provider.branch:
        told = [name for name in told if name not in ADDRESS]  # that address is another branch's
    taken = [name for name in told if provider.sources.get(name) != Source.OWN]
    is_renamed = "name" in taken and facts.name != provider.name
    for name in taken:
        setattr(provider, name, getattr(facts, name))
    provider.sources = provider.sources | dict.fromkeys(taken, Source.TRADE_REGISTER.value)
    provider.trade_register_at, provider.is_shielded, provider.ended_on = now, facts.is_shielded, facts.ended_on
    data = {"taken": ", ".join(taken)}
    record("provider.details-prefilled", f"provider:{provider.id}", by=by, at=now, data=data)
    if is_renamed:
        events.tell_seen_otherwise(provider, by, now)
