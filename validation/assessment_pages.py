"""Judging a case: the assessment, the letter as it will be sent, and the decision."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.numbers import shown
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal, StaleVersion
from core.form_errors import first_errors
from core.kept_texts import saved
from core.policy import Policy, Procedure
from core.policy.loading import current_policies
from core.requests import seen_version
from validation.assessing import NotDecidable, assess
from validation.case_view import case_view, why
from validation.changes import with_carried
from validation.deciding import Basis, basis_for, decide, give_back, propose
from validation.decision_letters import letter_about
from validation.engine import actions_open_to
from validation.models import Case
from validation.queries import find_case
from validation.schemas import ReasonSchema, load_judgement
from validation.standing import standing
from validation.states import OUTCOME_NAMES, Action, Outcome, State

bp = Blueprint("assessments", __name__, url_prefix="/commissie/zaken/<id:case_id>")


@bp.post("/beoordeling")
@open_to(Role.COMMITTEE)
def save_assessment(case_id: int) -> Response | tuple[str, int]:
    """Save what the member thinks; whatever is refused comes back with everything that was typed."""
    typed = request.form.to_dict() | {"reason_codes": request.form.getlist("reason_codes")}
    find_case(case_id, Procedure.VALIDATION)
    try:
        with transaction():
            case, policy = _case_and_policy(case_id)
            judgement = with_carried(load_judgement(typed, policy), case, policy)
            assess(case, judgement, policy, by=signed_in(), now=clock.now())
            told = _what_is_next(case, policy)
    except ValidationError as error:
        return case_view(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotDecidable as refusal:
        return case_view(find_case(case_id), typed, refusal.faults), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        return case_view(case, typed, {}, why(case, refusal)), refusal.status
    saved("besluit", case_id)
    if not told:
        return redirect(url_for(".letter_page", case_id=case_id), 303)
    flash(f"Uw beoordeling is bewaard. {told}", "success")
    return redirect(url_for("cases.case_page", case_id=case_id), 303)


@bp.get("/besluit")
@open_to(Role.COMMITTEE)
def letter_page(case_id: int) -> str | Response:
    """The letter as the provider will get it, and the button that sends it."""
    case = find_case(case_id, Procedure.VALIDATION)
    policy = current_policies().named(case.policy_id)
    try:
        return _letter(case, basis_for(case, policy, signed_in()), policy, {}, {})
    except Refusal as refusal:
        flash(why(case, refusal), "info")
        return redirect(url_for("cases.case_page", case_id=case_id), 303)


@bp.post("/besluit")
@open_to(Role.COMMITTEE)
def decide_case(case_id: int) -> Response | tuple[str, int]:
    """Take the decision that the letter tells of, and send it."""
    find_case(case_id, Procedure.VALIDATION)
    try:
        with transaction():
            case, policy = _case_and_policy(case_id)
            basis = basis_for(case, policy, signed_in())
            if basis.assessment.version != request.form.get("assessment", 0, type=int):
                raise StaleVersion
            drafter = basis.assessment if basis.is_of_colleague else None
            decide(case, basis.judgement, policy, by=signed_in(), now=clock.now(), drafter=drafter)
    except Refusal as refusal:
        case = find_case(case_id)
        if not (case.decision and case.decision.decided_by == signed_in().account_key):
            return case_view(case, {}, {}, why(case, refusal)), refusal.status
    flash(_outcome_in_words(find_case(case_id)), "success")
    return redirect(url_for("committee.queue_page"), 303)


@bp.post("/voorleggen")
@open_to(Role.COMMITTEE)
def propose_decision(case_id: int) -> Response | tuple[str, int]:
    """Let a second member look at the decision before it is sent."""
    try:
        with transaction():
            case, policy = _case_and_policy(case_id)
            propose(case, policy, by=signed_in(), now=clock.now())
    except Refusal as refusal:
        case = find_case(case_id)
        return case_view(case, {}, {}, why(case, refusal)), refusal.status
    flash("Het besluit ligt voor bij een tweede commissielid.", "success")
    return redirect(url_for("committee.queue_page"), 303)


@bp.post("/teruggeven")
@open_to(Role.COMMITTEE)
def give_back_proposal(case_id: int) -> Response | tuple[str, int]:
    """Not agree with a proposed decision, and say why."""
    typed = request.form.to_dict()
    case = find_case(case_id, Procedure.VALIDATION)
    policy = current_policies().named(case.policy_id)
    try:
        reason = ReasonSchema().load(typed)["reason"]
        with transaction():
            case, policy = _case_and_policy(case_id)
            give_back(case, reason, by=signed_in(), now=clock.now())
    except ValidationError as error:
        page = _letter(case, basis_for(case, policy, signed_in()), policy, typed, first_errors(error))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        return case_view(case, typed, {}, why(case, refusal)), refusal.status
    saved("teruggeven", case_id)
    flash("U hebt het besluit teruggegeven. Wie verdergaat, leest waarom.", "success")
    return redirect(url_for("committee.queue_page"), 303)


def _case_and_policy(case_id: int) -> tuple[Case, Policy]:
    case = find_case(case_id, Procedure.VALIDATION, seen=seen_version())
    return case, current_policies().named(case.policy_id)


def _letter(case: Case, basis: Basis, policy: Policy, typed: dict[str, Any], errors: dict[str, str]) -> str:
    number = next((known.number for known in case.activity.recognitions if known.register == policy.register), "")
    outcome = Outcome(basis.assessment.advice)
    return render_template(
        "committee/letter.html",
        case=case,
        basis=basis,
        letter=letter_about(
            case, basis.judgement, number, policy, is_change=bool(case.activity.change), now=clock.now()
        ),
        number=number,
        outcome=OUTCOME_NAMES[outcome],
        needs_colleague=case.state == State.IN_REVIEW and outcome in policy.decision.four_eyes,
        typed=typed,
        errors=errors,
        **standing(case),
    )


def _what_is_next(case: Case, policy: Policy) -> str:
    """Who goes on and how; '' when whoever saved goes on with the letter."""
    is_decider = Action.REJECT in actions_open_to(case, signed_in())
    if is_decider and (policy.decision.assessors == 1 or case.state == State.WITH_CHAIR):
        return ""
    if case.state == State.WITH_CHAIR:
        return "U bent het niet eens, dus de voorzitter besluit."
    if not case.is_compared:
        return "Nu is de andere beoordelaar aan de beurt."
    return (
        "U bent het eens. Bekijk de brief en besluit."
        if is_decider
        else (f"U bent het eens, dus {case.handler_name} neemt het besluit.")
    )


def _outcome_in_words(case: Case) -> str:
    title = case.submitted.title
    numbers = [known.number for known in case.activity.recognitions if known.version_id == case.version_id]
    outcome = case.decision.outcome if case.decision else ""
    return {
        Outcome.APPROVED: f"‘{title}’ is gevalideerd onder nummer {shown(numbers[-1]) if numbers else ''}.",
        Outcome.TEMPORARILY_REJECTED: f"‘{title}’ is tijdelijk afgewezen. De aanbieder ziet waarom en kan"
        " opnieuw indienen.",
        Outcome.REJECTED: f"‘{title}’ is afgewezen. De aanbieder ziet waarom.",
    }[Outcome(outcome)]
