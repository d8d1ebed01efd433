"""What the packages above are told about a provider, inside the transaction of the change. They add themselves."""

from collections.abc import Callable
from datetime import datetime

from core.audit import Actor
from providers.models import Provider

Told = Callable[[Provider, Actor, datetime], None]

admitted: list[Told] = []  # by whatever way: a case that waits for the decision is no longer needed
seen_otherwise: list[Told] = []  # another name or number, or that it is suspended
taken_in: list[Callable[[Provider, Provider, Actor, datetime], None]] = []  # rows of the first belong to the second


def tell_seen_otherwise(provider: Provider, by: Actor, now: datetime) -> None:
    """Call who must know that teachers see this provider otherwise."""
    for listener in seen_otherwise:
        listener(provider, by, now)
