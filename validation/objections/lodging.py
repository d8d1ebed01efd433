"""A provider objects to a decision, or takes that back. Called inside a transaction."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.audit import Actor
from core.clock import day_of
from core.db import db
from core.errors import NotFound, Refusal
from core.policy import Policies, Policy, Procedure
from core.policy.calendar import last_day_to_object
from providers.messages import tell
from validation.addresses import page_of
from validation.engine import advance, provider_hand
from validation.judgement_models import Decision, Objection
from validation.models import Case
from validation.objections import letters
from validation.opening import Subject, open_case
from validation.queries import locked_case
from validation.states import Action, State
from validation.term_text import from_data, in_words

NO_LATE_REASON = "Uw bezwaar komt te laat. Leg uit waarom u niet eerder bezwaar kon maken."


class NotOpenToObjection(Refusal):
    """The decision was replaced, or there is an objection already."""

    code = "not-open-to-objection"


def decision_of(provider_id: int, decision_id: int, *, lock: bool = False) -> Decision:
    """A decision about this provider that can be objected to at all; its case may be locked. Raises `NotFound`."""
    query = (
        select(Decision)
        .join(Decision.case)
        .where(Decision.id == decision_id, Case.provider_id == provider_id, Case.procedure != Procedure.OBJECTION)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    if lock:
        locked_case(found.case_id)
    return found


def object_until(decision: Decision, policy: Policy) -> date:
    """The last day on which an objection to this decision is in time."""
    return last_day_to_object(day_of(decision.decided_at), policy.objection_filing_days)


def objection_to(decision_id: int) -> Case | None:
    """The objection to a decision that was not taken back, if there is one."""
    query = select(Case).where(Case.about_id == decision_id, Case.state != State.WITHDRAWN)
    return db.session.scalar(query)


def objections_about(activity_id: int) -> dict[int, list[Case]]:
    """All objections about an activity, newest first, by the case whose decision they are about."""
    query = select(Case).filter_by(activity_id=activity_id, procedure=Procedure.OBJECTION).order_by(Case.id.desc())
    found: dict[int, list[Case]] = {}
    for case in db.session.scalars(query.options(selectinload(Case.decisions))):
        found.setdefault(case.previous_id or 0, []).append(case)
    return found


def lodge(decision: Decision, grounds: str, late_reason: str, policies: Policies, *, by: Actor, now: datetime) -> Case:
    """Object to a decision: a case of its own, that begins with whether it may be late when it is.

    Raises `NotOpenToObjection`.
    """
    first = decision.case
    if first.decision is not decision:
        raise NotOpenToObjection("Dit besluit is vervangen door een nieuw besluit. Maak bezwaar tegen het nieuwe.")
    if objection_to(decision.id):
        raise NotOpenToObjection("U hebt al bezwaar gemaakt tegen dit besluit.")
    is_late = day_of(now) > object_until(decision, policies.named(first.policy_id))
    if is_late and not late_reason:
        raise NotOpenToObjection(NO_LATE_REASON)
    subject = Subject(
        version=first.submitted if first.activity_id else None, previous_id=first.id, decision_id=decision.id
    )
    state = State.LATE if is_late else ""
    person = provider_hand(by)
    case = open_case(Procedure.OBJECTION, first.provider_id, policies, subject, by=person, now=now, state=state)
    db.session.add(Objection(case_id=case.id, grounds=grounds, late_reason=late_reason if is_late else ""))
    term = from_data(case.term)
    notice = letters.received(first.title, term.due_on, in_words(term), page_of(case), is_late=is_late)
    tell(case.provider, notice, now)
    return case


def take_back(case: Case, *, by: Actor, now: datetime) -> None:
    """The provider no longer objects. Raises `ActionNotAllowed`."""
    advance(case, Action.WITHDRAW, provider_hand(by), now)
