"""Letting a provider in, keeping it out for a while, and letting it back. Called inside a transaction."""

from datetime import datetime

from core.audit import Actor, record
from core.clock import day_of
from core.errors import Refusal
from core.policy import Policy
from core.policy.calendar import last_day_to_object
from providers import events, letters
from providers.messages import tell
from providers.models import Provider
from providers.queries import progress_of
from providers.rules import Origin, Suspended, Task, missing_tasks


class NotComplete(Refusal):
    """The registration cannot be confirmed yet; `tasks` says what is missing."""

    code = "registration-not-complete"

    def __init__(self, tasks: list[Task]) -> None:
        self.tasks = tasks
        super().__init__("Rond eerst de andere onderdelen af.")


class NotSuspendable(Refusal):
    """Only an admitted provider can be suspended, and only a suspended one reinstated."""

    code = "suspension-not-possible"

    def __init__(self) -> None:
        super().__init__("Dit kan nu niet: de status van de aanbieder is intussen anders.")


def confirm(provider: Provider, policy: Policy, *, by: Actor, now: datetime) -> None:
    """Everything was checked. A provider of the former register is admitted by this; the others wait for a decision.

    Confirming anew after a rejection asks for a new decision. Raises `NotComplete`.
    """
    if missing := missing_tasks(progress_of(provider, policy)):
        raise NotComplete(missing)
    provider.confirmed_at, provider.rejected_at = now, None
    record("provider.confirmed", f"provider:{provider.id}", by=by, at=now)
    if provider.origin == Origin.MIGRATED:
        admit(provider, by=by, now=now)


def recognise_as_migrated(provider: Provider, *, by: Actor, now: datetime) -> None:
    """It turns out to be known from the former register: its confirmation is enough to be admitted."""
    if provider.origin == Origin.MIGRATED or provider.admitted_at is not None:
        return
    provider.origin = Origin.MIGRATED
    record("provider.recognised", f"provider:{provider.id}", by=by, at=now)
    if provider.confirmed_at is not None:
        admit(provider, by=by, now=now)


def admit(provider: Provider, note: str = "", *, by: Actor, now: datetime) -> None:
    """Let the provider submit from now on; admitting twice changes nothing."""
    if provider.admitted_at is not None:
        return
    provider.admitted_at, provider.rejected_at = now, None
    record("provider.admitted", f"provider:{provider.id}", by=by, at=now)
    tell(provider, letters.admitted(provider.name, note), now)
    for listener in events.admitted:
        listener(provider, by, now)


def turn_down(provider: Provider, *, by: Actor, now: datetime) -> None:
    """The committee did not admit the provider; it may improve and confirm again."""
    provider.rejected_at, provider.confirmed_at = now, None
    record("provider.rejected", f"provider:{provider.id}", by=by, at=now)


def set_aside(provider: Provider, *, by: Actor, now: datetime) -> None:
    """Its admission is not gone on with, without a decision; it may confirm again."""
    provider.confirmed_at = None
    record("provider.set-aside", f"provider:{provider.id}", by=by, at=now)


def require_not_suspended(provider: Provider) -> None:
    """A suspended provider brings nothing new out. Raises `Suspended`."""
    if provider.suspended_at is not None:
        raise Suspended


def suspend(provider: Provider, reason: str, *, policy: Policy, by: Actor, now: datetime) -> None:
    """Nothing new can be submitted; what teachers have found stays findable. Raises `NotSuspendable`."""
    if provider.admitted_at is None or provider.suspended_at is not None:
        raise NotSuspendable
    provider.suspended_at, provider.suspension_reason = now, reason
    record("provider.suspended", f"provider:{provider.id}", by=by, at=now)
    events.tell_seen_otherwise(provider, by, now)
    until = last_day_to_object(day_of(now), policy.objection_filing_days)
    tell(provider, letters.suspended(provider.name, reason, until), now)


def reinstate(provider: Provider, reason: str, *, by: Actor, now: datetime) -> None:
    """The suspension is over. Raises `NotSuspendable`."""
    if provider.suspended_at is None:
        raise NotSuspendable
    provider.suspended_at, provider.suspension_reason = None, ""
    record("provider.reinstated", f"provider:{provider.id}", by=by, at=now)
    events.tell_seen_otherwise(provider, by, now)
    tell(provider, letters.reinstated(provider.name, reason), now)
