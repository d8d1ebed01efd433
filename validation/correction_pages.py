"""The chair corrects a decision by a new one."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
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
from validation.assessing import NotDecidable
from validation.comparing import judgement_behind
from validation.engine import staff_hand
from validation.judgement import Judgement
from validation.judgement_view import judgement_fields
from validation.letter_preview import is_sure, preview, wants_to_change
from validation.models import Case
from validation.queries import find_case
from validation.revising import Correction, correct, replacing_letter, require_decidable
from validation.schemas import WhySchema, load_judgement
from validation.standing import standing

bp = Blueprint("corrections", __name__, url_prefix="/commissie/zaken/<id:case_id>/corrigeren")


@bp.get("")
@open_to(Role.CHAIR)
def correction_page(case_id: int) -> str | Response:
    """The decision as it is, to be taken anew."""
    case = find_case(case_id, Procedure.VALIDATION)
    return _shown(case, {})


@bp.post("")
@open_to(Role.CHAIR)
def correct_decision(case_id: int) -> Response | str | tuple[str, int]:
    """Show the letter first; then take the new decision."""
    typed = request.form.to_dict() | {"reason_codes": request.form.getlist("reason_codes")}
    case = find_case(case_id, Procedure.VALIDATION)
    policy = current_policies().named(case.policy_id)
    if case.decision is None or wants_to_change():
        return _shown(case, typed)
    try:
        why, judgement = WhySchema().load(typed)["why"], load_judgement(typed, policy)
        if not is_sure():
            return _preview(case, judgement, policy, why)
        with transaction():
            case = find_case(case_id, Procedure.VALIDATION, seen=seen_version())
            by = staff_hand(case, signed_in())
            correct(case, judgement, policy, Correction(why), by=by, now=clock.now())
    except ValidationError as error:
        return _form(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotDecidable as refusal:
        return _form(find_case(case_id), typed, refusal.faults), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        return _form(find_case(case_id), typed, {}, refusal.detail), refusal.status
    saved("correctie", case_id)
    flash("Het nieuwe besluit is genomen en verstuurd.", "success")
    return redirect(url_for("cases.case_page", case_id=case_id), 303)


def _shown(case: Case, typed: dict[str, Any]) -> str | Response:
    if case.decision:
        return _form(case, typed, {})
    flash("Over deze zaak is nog niet besloten.", "info")
    return redirect(url_for("cases.case_page", case_id=case.id), 303)


def _preview(case: Case, judgement: Judgement, policy: Policy, why: str) -> str:
    require_decidable(case, judgement, policy, clock.now())
    return preview(case, "Besluit corrigeren", [replacing_letter(case, judgement, policy, why, clock.now())])


def _form(case: Case, typed: dict[str, Any], errors: dict[str, str], refused: str = "") -> str:
    policy = current_policies().named(case.policy_id)
    own = judgement_behind(case.decision) if case.decision else None
    return render_template(
        "committee/correct.html",
        case=case,
        typed=typed,
        errors=errors,
        refused=refused,
        **judgement_fields(case, policy, own),
        **standing(case),
    )
