"""What members think of a case before it is decided, and who may read whose. Called inside a transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core.access import Identity
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.policy import Policy
from validation.engine import advance, staff_hand
from validation.judgement import Judgement, Verdict, disagreements, faults
from validation.judgement_models import Assessment
from validation.models import Case
from validation.states import CLOSED, Action, Outcome, State


class NotDecidable(Refusal):
    """The judgement is not complete or contradicts a rule; `faults` names each field."""

    code = "not-decidable"

    def __init__(self, found: dict[str, str]) -> None:
        self.faults = found
        super().__init__("De beoordeling is nog niet compleet.")


class AlreadyCompared(Refusal):
    """Both assessors have saved and can see each other's judgement, so that neither changes any more."""

    code = "already-compared"

    def __init__(self) -> None:
        super().__init__("Beide beoordelingen zijn bewaard. Daarom kunt u die van u niet meer wijzigen.")


def assess(case: Case, judgement: Judgement, policy: Policy, *, by: Identity, now: datetime) -> Assessment:
    """Save what a member thinks. When the second of two does not agree with the first, the case goes to the chair.

    Raises `ActionNotAllowed`, `NotYours`, `NotDecidable` or `AlreadyCompared`.
    """
    person = staff_hand(case, by)
    advance(case, Action.ASSESS, person, now)
    if found := faults(judgement, case.submitted.hours, policy, day_of(now)):
        raise NotDecidable(found)
    known = {one.member: one for one in assessments_of(case)}
    if case.state == State.IN_REVIEW and is_compared(case, list(known.values()), policy):
        raise AlreadyCompared
    assessment = known.get(by.account_key) or Assessment(case_id=case.id, member=by.account_key)
    _write(assessment, judgement, by.name, now)
    db.session.add(assessment)
    db.session.flush()
    both = [one for one in {**known, by.account_key: assessment}.values() if one.member in {case.handler, case.second}]
    if case.state == State.IN_REVIEW and is_compared(case, both, policy) and disagreements(*map(judgement_of, both)):
        advance(case, Action.REFER, person, now)
    return assessment


def assessments_of(case: Case) -> list[Assessment]:
    """What was saved about a case, in the order in which it was first saved."""
    return list(db.session.scalars(select(Assessment).filter_by(case_id=case.id).order_by(Assessment.id)))


def is_compared(case: Case, known: Sequence[Assessment], policy: Policy) -> bool:
    """Whether the policy wants two judgements and both are there."""
    saved = {one.member for one in known}
    return policy.decision.assessors > 1 and bool(case.second) and {case.handler, case.second} <= saved


def readable(case: Case, known: Sequence[Assessment], policy: Policy, member: str) -> list[Assessment]:
    """What a member may read: one's own, and the others' once they can no longer lead one's own."""
    is_settled = case.state in CLOSED | {State.WITH_CHAIR, State.PROPOSED} or is_compared(case, known, policy)
    return [one for one in known if one.member == member or is_settled or policy.decision.assessors == 1]


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


def _write(assessment: Assessment, judgement: Judgement, name: str, now: datetime) -> None:
    assessment.member_name, assessment.saved_at = name, now
    assessment.verdicts = {code: verdict for code, verdict in judgement.verdicts.items() if verdict}
    assessment.notes = {code: note for code, note in judgement.notes.items() if note}
    assessment.carried = list(judgement.carried)
    assessment.advice = judgement.outcome or ""
    assessment.contact_hours, assessment.self_study_hours = judgement.contact_hours, judgement.self_study_hours
    assessment.reason_codes, assessment.reasons = list(judgement.reason_codes), judgement.reasons.strip()
    is_to_improve = judgement.outcome is Outcome.TEMPORARILY_REJECTED
    assessment.improve_by = judgement.improve_by if is_to_improve else None
