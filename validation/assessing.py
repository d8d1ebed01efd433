"""What members think of a case before it is decided, and who may read whose. Called inside a transaction."""

from collections.abc import Sequence
from datetime import datetime

from core.access import Identity
from core.clock import day_of
from core.db import db
from core.errors import Refusal
from core.policy import Policy
from validation.comparing import AlreadyCompared, assessments_of, compare
from validation.engine import advance, staff_hand
from validation.judgement import Judgement, faults
from validation.judgement_models import Assessment
from validation.models import Case
from validation.states import CLOSED, Action, Outcome, State


class NotDecidable(Refusal):
    """The judgement is not complete or contradicts a rule; `faults` names each field."""

    code = "not-decidable"

    def __init__(self, found: dict[str, str]) -> None:
        self.faults = found
        super().__init__("De beoordeling is nog niet compleet.")


def assess(case: Case, judgement: Judgement, policy: Policy, *, by: Identity, now: datetime) -> Assessment:
    """Save what a member thinks. When the second of two does not agree with the first, the case goes to the chair.

    Raises `ActionNotAllowed`, `NotYours`, `NotDecidable` or `AlreadyCompared`.
    """
    person = staff_hand(case, by)
    advance(case, Action.ASSESS, person, now)
    if found := faults(judgement, case.submitted.hours, policy, day_of(now)):
        raise NotDecidable(found)
    if case.is_compared and case.state != State.WITH_CHAIR:
        raise AlreadyCompared
    known = {one.member: one for one in assessments_of(case)}
    assessment = known.get(by.account_key) or Assessment(case_id=case.id, member=by.account_key)
    _write(assessment, judgement, by.name, now)
    db.session.add(assessment)
    db.session.flush()
    compare(case, policy, person, now)
    return assessment


def readable(case: Case, known: Sequence[Assessment], policy: Policy, member: str) -> list[Assessment]:
    """What a member may read: one's own, and the others' once they can no longer lead one's own."""
    is_settled = case.is_compared or case.state in CLOSED or policy.decision.assessors == 1
    return [one for one in known if one.member == member or is_settled]


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
