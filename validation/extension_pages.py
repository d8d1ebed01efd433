"""The committee takes longer to decide on a case."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal
from core.form_errors import first_errors
from core.formatting import dutch_date
from core.kept_texts import saved
from core.policy.loading import current_policies
from core.requests import seen_version
from validation.case_view import case_view, why
from validation.engine import actions_open_to
from validation.extending import extend
from validation.models import Case
from validation.queries import find_case
from validation.schemas import ExtensionSchema
from validation.states import Action

bp = Blueprint("extension", __name__, url_prefix="/commissie/zaken/<id:case_id>/verlengen")


@bp.post("")
@open_to(Role.COMMITTEE)
def extend_term(case_id: int) -> Response | tuple[str, int]:
    """Extend the term, once; the provider reads why."""
    typed = request.form.to_dict()
    find_case(case_id)
    try:
        reason = ExtensionSchema().load(typed)["extension"]
        with transaction():
            extend(find_case(case_id, seen=seen_version()), reason, current_policies(), by=signed_in(), now=clock.now())
    except ValidationError as error:
        return case_view(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        return case_view(case, typed, {}, _reason(case, refusal)), refusal.status
    saved("verlengen", case_id)
    due_on = find_case(case_id).due_on
    flash(f"De termijn is verlengd{f' tot en met {dutch_date(due_on)}' if due_on else ''}.", "success")
    return redirect(url_for("cases.case_page", case_id=case_id), 303)


def _reason(case: Case, refusal: Refusal) -> str:
    """Who may extend it, such as the chair, need not have it in hand."""
    return refusal.detail if Action.EXTEND in actions_open_to(case, signed_in()) else why(case, refusal)
