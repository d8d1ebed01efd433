"""Letting providers in: a registration becomes a case, and the case a decision. Called inside a transaction."""

from datetime import datetime

from sqlalchemy import select

from core.access import Identity
from core.audit import Actor
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.policy import Policies, Policy
from core.policy.calendar import last_day_to_object
from core.policy.model import Procedure
from providers import events, letters
from providers.admitting import admit, confirm, turn_down
from providers.messages import tell
from providers.models import Provider
from providers.queries import progress_of
from validation.engine import advance, allowed, clock_hand, provider_hand, staff_hand
from validation.judgement_models import Decision
from validation.models import Case
from validation.opening import open_case
from validation.queries import open_admission_of
from validation.states import ACTION_FOR, Action, Outcome
from validation.term_text import from_data, in_words


class NotAdmissible(Refusal):
    """The provider withdrew a requirement since it confirmed."""

    code = "provider-not-admissible"

    def __init__(self) -> None:
        super().__init__("De aanbieder heeft een kwaliteitseis ingetrokken. Stel een vraag, of laat niet toe.")


def register(provider: Provider, policies: Policies, *, by: Actor, now: datetime) -> Case | None:
    """Confirm a registration; opens the case that decides on it, unless the provider is admitted already.

    Confirming twice opens nothing twice. Raises `NotComplete`.
    """
    policy = policies.on(day_of(now))
    confirm(provider, policy, by=by, now=now)
    known = open_admission_of(provider.id)
    if provider.admitted_at is not None or known is not None:
        return known
    case = open_case(Procedure.ADMISSION, provider.id, policies, by=provider_hand(by), now=now)
    term = from_data(case.term)
    tell(provider, letters.registration_received(provider.name, term.due_on, in_words(term)), now)
    return case


def decide_admission(
    case: Case, outcome: Outcome, reasons: str, policy: Policy, *, by: Identity, now: datetime
) -> None:
    """Admit the provider, or say why not. Raises `NotYours`, `NotAdmissible` or `ActionNotAllowed`."""
    person = staff_hand(case, by)
    allowed(case, ACTION_FOR[outcome], person)
    if outcome is Outcome.APPROVED and progress_of(case.provider, policy).open:
        raise NotAdmissible
    case.decisions.append(Decision.in_words(case, outcome, reasons, by=by, now=now))
    advance(case, ACTION_FOR[outcome], person, now, data={"policy": policy.id}, result=outcome)
    if outcome is Outcome.APPROVED:
        admit(case.provider, reasons, by=by.actor, now=now)
        return
    turn_down(case.provider, by=by.actor, now=now)
    until = last_day_to_object(day_of(now), policy.objection_filing_days)
    tell(case.provider, letters.rejected(case.provider.name, reasons, until), now)


def withdraw_admission(provider: Provider, by: Actor, now: datetime) -> None:
    """Nothing has to be decided any more about letting this provider in: an import or a command did."""
    case = open_admission_of(provider.id)
    if case is not None:
        advance(case, Action.WITHDRAW, clock_hand(by), now)
        db.session.flush()


def move_cases(source: Provider, target: Provider, by: Actor, now: datetime) -> None:
    """The cases of a newcomer belong to the provider that takes it in; its own admission is no longer needed."""
    withdraw_admission(source, by, now)
    for case in db.session.scalars(select(Case).filter_by(provider_id=source.id)):
        case.provider_id = target.id
    db.session.flush()


events.admitted.append(withdraw_admission)
events.taken_in.append(move_cases)
