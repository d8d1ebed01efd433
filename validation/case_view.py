"""The page of one case, whichever form on it was sent: shown again with what was typed and what is wrong with it."""

from collections.abc import Callable
from typing import Any

from flask import render_template

from catalogue.precheck import precheck
from core import clock
from core.access import signed_in
from core.errors import Refusal
from core.formatting import dutch_moment
from core.policy import Procedure
from core.policy.loading import current_policies
from validation.admission_pages import admission_page
from validation.assessing import readable
from validation.changes import change_of
from validation.comparing import assessments_of, judgement_of
from validation.engine import NotYours
from validation.judgement import disagreements
from validation.judgement_view import judgement_fields
from validation.models import Case
from validation.objections.view import objection_page
from validation.precedents import record_of, similar_decisions
from validation.queries import cases_of
from validation.standing import standing
from validation.states import ACTION_NAMES, Outcome, State
from validation.term_text import for_committee, from_data
from validation.timeline import given_back

Show = Callable[[Case, dict[str, Any], dict[str, str], str], str]


def why(case: Case, refusal: Refusal) -> str:
    """The most helpful reason for a refusal: who was faster, and with what."""
    if case.decision:
        return f"{case.decision.decided_by_name} besloot al op {dutch_moment(case.decision.decided_at)}."
    if case.state == State.WITHDRAWN:
        return "De zaak is intussen ingetrokken of gesloten. U hoeft niets meer te besluiten."
    if signed_in().account_key not in {case.handler, case.second}:
        return NotYours(case.handler_name).detail
    return refusal.detail


def case_view(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str = "") -> str:
    """The page, of whatever procedure the case is."""
    views: dict[str, Show] = {
        Procedure.ADMISSION: admission_page,
        Procedure.VALIDATION: _validation,
        Procedure.OBJECTION: objection_page,
    }
    return views.get(case.procedure, _any)(case, typed, errors, refused)


def _any(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str) -> str:
    """What there is to say of a case whose procedure has no page of its own."""
    return render_template(
        "committee/any.html",
        case=case,
        sum=for_committee(from_data(case.term)) if case.term else "",
        typed=typed,
        errors=errors,
        refused=refused,
        **standing(case),
    )


def _validation(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str) -> str:
    policy, today, cases = current_policies().named(case.policy_id), clock.today(), cases_of(case.activity_id or 0)
    known, me = assessments_of(case), signed_in().account_key
    own = next((one for one in known if one.member == me), None)
    shown = readable(case, known, policy, me)
    both = [judgement_of(one) for one in shown if one.member in {case.handler, case.second}]
    disputed = disagreements(*both) if len(both) > 1 else []
    return render_template(
        "committee/case.html",
        case=case,
        found=precheck(case.activity_id, case.provider_id, case.submitted.content, policy, today, of_committee=True)
        if case.is_open
        else None,
        similar=similar_decisions(case),
        record=record_of(case.provider_id),
        earlier=[one for one in cases if one.id != case.id],
        sum=for_committee(from_data(case.term)),
        own_saved_at=own.saved_at if own else None,
        assessments=shown,
        disputed=disputed,
        ready_to_decide=case.state == State.IN_REVIEW and case.handler == me and case.is_compared,
        given_back=given_back(case) if policy.decision.four_eyes else None,
        saved_by=[one.member_name for one in known],
        typed=typed,
        errors=errors,
        refused=refused,
        actions=ACTION_NAMES,
        approved=Outcome.APPROVED,
        **judgement_fields(case, policy, judgement_of(own) if own else None, change_of(case, cases, policy)),
        **standing(case),
    )
