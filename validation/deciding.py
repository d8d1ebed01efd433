"""Reviewing and deciding. Called inside a transaction: decision, number, state, audit and messages in one commit."""

from datetime import datetime

from catalogue.models import Recognition
from catalogue.publication import move
from catalogue.reasons import reason
from catalogue.recognitions import grant
from catalogue.states import Action as ActivityAction
from catalogue.steps import field_address
from core.access import Identity
from core.audit import record
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.mail.letter import Point
from core.policy import Hours, Policy
from core.policy.calendar import last_day_to_object
from core.policy.hours import ZERO
from providers.letters import Notice
from providers.messages import tell
from validation import letters
from validation.judgement import Judgement, faults
from validation.models import Case, Decision
from validation.queries import transitions_of
from validation.states import ACTION_FOR, VALIDATION, Action, Outcome, State

NOTHING = Hours(ZERO, ZERO)


class NotYours(Refusal):
    """Somebody else handles the case, or nobody yet."""

    code = "not-yours"

    def __init__(self, handler: str) -> None:
        who = f"{handler} heeft deze zaak" if handler else "Niemand heeft deze zaak nog"
        super().__init__(f"{who} opgepakt. Neem de zaak over om zelf te besluiten.")


class NotDecidable(Refusal):
    """The judgement is not complete or contradicts a rule; `faults` names each field."""

    code = "not-decidable"

    def __init__(self, found: dict[str, str]) -> None:
        self.faults = found
        super().__init__("Het besluit is nog niet compleet.")


def claim(case: Case, *, by: Identity, now: datetime) -> None:
    """Take the case on, also over from a colleague; the audit trail says from whom."""
    case.state = transitions_of(case).after(State(case.state), Action.CLAIM)
    before, case.handler, case.handler_name = case.handler, by.account_key, by.name
    record("case.claimed", f"case:{case.id}", by=by.actor, at=now, data={"before": before})


def require_handler(case: Case, by: Identity) -> None:
    """Only who handles a case goes on with it. Raises `NotYours`."""
    if case.handler != by.account_key:
        raise NotYours(case.handler_name)


def decide(case: Case, judgement: Judgement, policy: Policy, *, by: Identity, now: datetime) -> Decision:
    """Take the decision; approval grants number and hours. Only who handles the case decides, and once.

    Raises `ActionNotAllowed`, `NotYours` or `NotDecidable`.
    """
    require_handler(case, by)
    VALIDATION.after(State(case.state), Action.REJECT)  # what can no longer be decided needs no list of faults
    if found := faults(judgement, case.submitted.hours, policy):
        raise NotDecidable(found)
    outcome, is_change = Outcome(judgement.outcome or ""), bool(case.activity.change)
    case.state = VALIDATION.after(State(case.state), ACTION_FOR[outcome])
    recognition = _settle(case, judgement, policy, by=by, now=now)
    hours = judgement.hours if recognition else NOTHING
    decision = Decision(
        case_id=case.id,
        procedure=case.procedure,
        recognition_id=recognition.id if recognition else None,
        outcome=outcome,
        verdicts=dict(judgement.verdicts),
        contact_hours=hours.contact,
        self_study_hours=hours.self_study,
        reasons=judgement.reasons.strip(),
        reason_codes=[] if recognition else list(judgement.reason_codes),
        decided_by=by.account_key,
        decided_by_name=by.name,
        decided_at=now,
    )
    db.session.add(decision)
    data = {"policy": policy.id, "contact": str(hours.contact), "self_study": str(hours.self_study)}
    number = {"number": recognition.number} if recognition else {}
    record("case.decided", f"case:{case.id}", by=by.actor, at=now, result=outcome, data=data | number)
    tell(case.provider, _letter(case, decision, recognition, policy, is_change=is_change), now)
    return decision


def _settle(case: Case, judgement: Judgement, policy: Policy, *, by: Identity, now: datetime) -> Recognition | None:
    if judgement.outcome is not Outcome.APPROVED:
        move(case.activity, ActivityAction.REJECT, by=by.actor, now=now)
        return None
    move(case.activity, ActivityAction.APPROVE, by=by.actor, now=now)
    return grant(case.submitted, judgement.hours, register=policy.register, valid_from=day_of(now))


def _letter(
    case: Case, decision: Decision, recognition: Recognition | None, policy: Policy, *, is_change: bool
) -> Notice:
    about = letters.Decided(
        title=case.submitted.title,
        path=f"/aanbieder/activiteiten/{case.activity.id}",
        is_change=is_change,
        note=decision.reasons,
        object_until=last_day_to_object(day_of(decision.decided_at), policy.objection_filing_days),
    )
    if recognition:
        return letters.approved(about, recognition.number, decision.hours, case.submitted.hours, policy)
    found = (reason(code, policy) for code in decision.reason_codes)
    points = [Point(one.text, field_address(case.activity.id, one.field)) for one in found]
    return letters.turned_down(about, Outcome(decision.outcome), points)
