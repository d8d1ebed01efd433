"""The committee handles an objection: may it be late, what was said at the hearing, how does it end."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal
from core.form_errors import first_errors
from core.kept_texts import saved
from core.policy import Policy, Procedure
from core.policy.loading import current_policies
from core.requests import seen_version
from validation.addresses import page_of
from validation.assessing import NotDecidable
from validation.case_view import case_view, why
from validation.judgement import Judgement
from validation.letter_preview import is_sure, preview, wants_to_change
from validation.models import Case
from validation.objections import letters
from validation.objections.concluding import (
    WrongHearingDay,
    admit_late,
    conclude,
    decided_first,
    hear,
    require_conclusive,
)
from validation.objections.schemas import HearingSchema, load_conclusion
from validation.queries import find_case
from validation.revising import replacing_letter, require_decidable
from validation.schemas import ReasonSchema, load_judgement
from validation.states import Outcome

bp = Blueprint("objections", __name__, url_prefix="/commissie/zaken/<id:case_id>/bezwaar")
Answer = Response | str | tuple[str, int]


@bp.post("/toelaten")
@open_to(Role.COMMITTEE)
def admit(case_id: int) -> Answer:
    """Handle a late objection all the same."""
    typed = request.form.to_dict()
    try:
        reason = ReasonSchema().load(typed | {"reason": typed.get("late", "")})["reason"]
        with transaction():
            admit_late(_found(case_id, seen=seen_version()), reason, by=signed_in(), now=clock.now())
    except ValidationError:
        return _again(case_id, typed, {"late": "Leg uit waarom de reden geldt."})
    except Refusal as refusal:
        return _refused(case_id, typed, refusal)
    return _done(case_id, "U behandelt het bezwaar. De aanbieder krijgt daarvan bericht.", "te-laat")


@bp.post("/hoorzitting")
@open_to(Role.COMMITTEE)
def note_hearing(case_id: int) -> Answer:
    """Keep the report of the hearing."""
    typed = request.form.to_dict()
    try:
        form = HearingSchema().load(typed)
        with transaction():
            case = _found(case_id, seen=seen_version())
            hear(case, form["heard_on"], form["hearing"], by=signed_in(), now=clock.now())
    except ValidationError as error:
        return _again(case_id, typed, first_errors(error))
    except WrongHearingDay as refusal:
        return _again(case_id, typed, {"heard_on": refusal.detail})
    except Refusal as refusal:
        return _refused(case_id, typed, refusal)
    return _done(case_id, "Het verslag is bewaard. De aanbieder kan het lezen.", "hoorzitting")


@bp.post("/besluit")
@open_to(Role.COMMITTEE)
def decide(case_id: int) -> Answer:
    """Show the letters first; then conclude, with a new decision when the old one is revised."""
    typed = request.form.to_dict() | {"reason_codes": request.form.getlist("reason_codes")}
    case = _found(case_id)
    if wants_to_change():
        return case_view(case, typed, {})
    try:
        outcome, reasons = load_conclusion(typed)
        policy = current_policies().named(case.policy_id)
        is_judged = outcome is Outcome.REVISED and case.activity_id is not None
        revised = load_judgement(typed, policy) if is_judged else None
        if not is_sure():
            return _preview(case, outcome, reasons, revised, policy)
        with transaction():
            case = _found(case_id, seen=seen_version())
            conclude(case, outcome, reasons, policy, revised=revised, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return _again(case_id, typed, first_errors(error))
    except NotDecidable as refusal:
        return _again(case_id, typed, refusal.faults)
    except Refusal as refusal:
        return _refused(case_id, typed, refusal)
    return _done(case_id, "Het bezwaar is afgehandeld en de aanbieder krijgt bericht.", "bezwaar")


def _preview(case: Case, outcome: Outcome, reasons: str, revised: Judgement | None, policy: Policy) -> str:
    require_conclusive(case, outcome, revised, by=signed_in())
    first, now = decided_first(case), clock.now()
    told = [letters.concluded(first.title, outcome, reasons, page_of(case))]
    if revised:
        require_decidable(first, revised, policy, now)
        told.append(replacing_letter(first, revised, policy, reasons, now))
    return preview(case, "Bezwaar afhandelen", told)


def _found(case_id: int, *, seen: int | None = None) -> Case:
    return find_case(case_id, Procedure.OBJECTION, seen=seen)


def _again(case_id: int, typed: dict[str, Any], errors: dict[str, str]) -> tuple[str, int]:
    return case_view(_found(case_id), typed, errors), HTTPStatus.UNPROCESSABLE_ENTITY


def _refused(case_id: int, typed: dict[str, Any], refusal: Refusal) -> tuple[str, int]:
    case = _found(case_id)
    return case_view(case, typed, {}, why(case, refusal)), refusal.status


def _done(case_id: int, told: str, form: str) -> Response:
    saved(form, case_id)
    flash(told, "success")
    return redirect(url_for("cases.case_page", case_id=case_id), 303)
