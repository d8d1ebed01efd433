"""What assessors saved, and when two who judged apart are held against each other. Called inside a transaction.

That two judgements were compared is kept as a fact: from then on both can be read, so nobody judges anew.
"""

from datetime import datetime

from sqlalchemy import select

from core.db import db
from core.errors import Refusal
from core.policy import Policy
from validation.engine import Person, advance
from validation.judgement import Judgement, Verdict, disagreements
from validation.judgement_models import Assessment, Decision
from validation.models import Case
from validation.states import Action, Outcome, State


class AlreadyCompared(Refusal):
    """Both assessors have saved and can read each other's judgement, so that nobody judges or takes a seat any more."""

    code = "already-compared"

    def __init__(self) -> None:
        super().__init__("Beide beoordelingen zijn bewaard en gelezen. Daarom verandert daar niets meer aan.")


def compare(case: Case, policy: Policy, person: Person, now: datetime) -> None:
    """Hold the judgements of both seats against each other as soon as they are there; the chair settles a dispute."""
    seats = {case.handler, case.second}
    if policy.decision.assessors == 1 or not case.second or case.is_compared or case.state != State.IN_REVIEW:
        return
    both = [one for one in assessments_of(case) if one.member in seats]
    if {one.member for one in both} != seats:
        return
    case.is_compared = True
    if disagreements(*map(judgement_of, both)):
        advance(case, Action.REFER, person, now)


def assessments_of(case: Case) -> list[Assessment]:
    """What was saved about a case, in the order in which it was first saved."""
    return list(db.session.scalars(select(Assessment).filter_by(case_id=case.id).order_by(Assessment.id)))


def judgement_of(assessment: Assessment) -> Judgement:
    """The saved assessment as a value for the rules."""
    return Judgement(
        verdicts={code: Verdict(verdict) for code, verdict in assessment.verdicts.items()},
        outcome=Outcome(assessment.advice),
        contact_hours=assessment.contact_hours,
        self_study_hours=assessment.self_study_hours,
        reasons=assessment.reasons,
        reason_codes=tuple(assessment.reason_codes),
        improve_by=assessment.improve_by,
        notes=assessment.notes,
        carried=tuple(assessment.carried),
    )


def judgement_behind(decision: Decision) -> Judgement:
    """What a decision was taken on, to begin a new one with."""
    is_approved = decision.outcome == Outcome.APPROVED
    return Judgement(
        verdicts={code: Verdict(verdict) for code, verdict in decision.verdicts.items()},
        outcome=Outcome(decision.outcome),
        contact_hours=decision.contact_hours if is_approved else None,
        self_study_hours=decision.self_study_hours if is_approved else None,
        reasons=decision.reasons,
        reason_codes=tuple(decision.reason_codes),
        improve_by=decision.improve_by,
    )
