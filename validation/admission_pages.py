"""The committee's side of an admission: read who wants in, and decide."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal
from core.form_errors import first_errors
from core.kept_texts import saved
from core.policy import Procedure
from core.policy.loading import current_policies
from core.requests import seen_version
from providers.queries import declarations_of, former_numbers, member_labels
from providers.rules import SOURCE_NAMES
from validation.admission import decide_admission
from validation.models import Case
from validation.queries import admissions_of, find_case
from validation.schemas import AdmissionSchema
from validation.standing import standing
from validation.states import Outcome
from validation.term_text import for_committee, from_data

bp = Blueprint("admission", __name__, url_prefix="/commissie/zaken/<id:case_id>/toelating")
OUTCOMES = {Outcome.APPROVED: "Toegelaten", Outcome.REJECTED: "Niet toegelaten"}


@bp.post("/besluit")
@open_to(Role.COMMITTEE)
def decide(case_id: int) -> Response | tuple[str, int]:
    """Admit or not; whatever is refused comes back with everything that was typed."""
    typed = request.form.to_dict()
    find_case(case_id, Procedure.ADMISSION)
    try:
        form = AdmissionSchema().load(typed)
        with transaction():
            case = find_case(case_id, Procedure.ADMISSION, seen=seen_version())
            policy = current_policies().named(case.policy_id)
            decide_admission(case, form["outcome"], form["reasons"], policy, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return _again(case_id, typed, error)
    except Refusal as refusal:
        return admission_page(find_case(case_id), typed, {}, refusal.detail), refusal.status
    saved("besluit", case_id)
    done = "toegelaten" if form["outcome"] is Outcome.APPROVED else "niet toegelaten"
    flash(f"{find_case(case_id).provider.name} is {done} en krijgt daarvan bericht.", "success")
    return redirect(url_for("committee.queue_page"), 303)


def admission_page(case: Case, typed: dict[str, str], errors: dict[str, str], refused: str = "") -> str:
    """The page of one admission; `committee.case_page` shows it at the address of the case."""
    policy = current_policies().named(case.policy_id)
    return render_template(
        "committee/admission.html",
        case=case,
        provider=case.provider,
        policy=policy,
        declared=declarations_of(case.provider, policy),
        labels=member_labels(case.provider),
        former=former_numbers(case.provider),
        earlier=[known for known in admissions_of(case.provider_id) if known.id != case.id],
        sum=for_committee(from_data(case.term)),
        typed=typed,
        errors=errors,
        refused=refused,
        sources=SOURCE_NAMES,
        **standing(case),
        outcomes=OUTCOMES,
    )


def _again(case_id: int, typed: dict[str, str], error: ValidationError) -> tuple[str, int]:
    return admission_page(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
