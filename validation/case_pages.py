"""The committee's page of one case, and what can be done with it besides judging."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import Refusal, StaleVersion
from core.form_errors import first_errors
from core.kept_texts import saved
from core.policy.loading import current_policies
from core.requests import seen_version
from core.transitions import ActionNotAllowed
from validation.case_view import case_view, why
from validation.committee.stepping_back import step_back
from validation.engine import staff_hand
from validation.handling import claim, release
from validation.noting import note
from validation.queries import find_case
from validation.questions import WrongDay, ask
from validation.schemas import NoteSchema, QuestionSchema, ReasonSchema

bp = Blueprint("cases", __name__, url_prefix="/commissie/zaken/<id:case_id>")


@bp.get("")
@open_to(Role.COMMITTEE, Role.BUREAU)
def case_page(case_id: int) -> str:
    """One case: what was submitted, when it is due and why, and what this person can do with it."""
    return case_view(find_case(case_id), {}, {})


@bp.post("/oppakken")
@open_to(Role.COMMITTEE)
def claim_case(case_id: int) -> Response:
    """Take the case on; when a colleague just did, say so first."""
    try:
        with transaction():
            case = find_case(case_id, seen=seen_version())
            claim(case, current_policies().named(case.policy_id), by=signed_in(), now=clock.now())
    except (StaleVersion, ActionNotAllowed):
        case = find_case(case_id)
        if signed_in().account_key not in {case.handler, case.second}:
            flash(f"De zaak is intussen gewijzigd. Beoordelaar: {case.handler_name or 'nog niemand'}.", "info")
    return redirect(url_for(".case_page", case_id=case_id, _anchor="beoordelen"), 303)


@bp.post("/loslaten")
@open_to(Role.COMMITTEE, Role.BUREAU)
def release_case(case_id: int) -> Response:
    """Give the case back to the queue, or take it from whom the chair or the bureau names; what was judged stays."""
    member = request.form.get("of", signed_in().account_key)
    try:
        with transaction():
            case = find_case(case_id, seen=seen_version())
            release(case, member, by=staff_hand(case, signed_in()), now=clock.now())
    except Refusal as refusal:
        flash(why(find_case(case_id), refusal), "info")
        return redirect(url_for(".case_page", case_id=case_id), 303)
    flash("De zaak is losgelaten. Een collega kan die oppakken.", "success")
    return redirect(url_for("committee.queue_page"), 303)


@bp.post("/vraag")
@open_to(Role.COMMITTEE)
def ask_provider(case_id: int) -> Response | tuple[str, int]:
    """Ask the provider something; it gets a message, and the term stands still."""
    typed = request.form.to_dict()
    find_case(case_id)
    try:
        form = QuestionSchema().load(typed)
        with transaction():
            case, now = find_case(case_id, seen=seen_version()), clock.now()
            rule = current_policies().named(case.policy_id).questions
            until = form["answer_by"] or rule.last_day(clock.today())
            ask(case, form["question"], until, current_policies(), by=signed_in(), now=now)
    except ValidationError as error:
        return case_view(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except WrongDay as refusal:
        return case_view(find_case(case_id), typed, {"answer_by": refusal.detail}), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        return case_view(case, typed, {}, why(case, refusal)), refusal.status
    saved("vraag", case_id)
    flash("Uw vraag is verstuurd. De termijn staat stil tot de aanbieder antwoordt.", "success")
    return redirect(url_for(".case_page", case_id=case_id), 303)


@bp.post("/notitie")
@open_to(Role.COMMITTEE, Role.BUREAU)
def add_note(case_id: int) -> Response | tuple[str, int]:
    """Write something down for colleagues; the provider never reads it."""
    typed = request.form.to_dict()
    try:
        text = NoteSchema().load(typed)["note"]
        with transaction():
            note(find_case(case_id), text, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return case_view(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    saved("notitie", case_id)
    flash("Uw notitie is bewaard. Alleen de commissie en het bureau lezen die.", "success")
    return redirect(url_for(".case_page", case_id=case_id, _anchor="gebeurd"), 303)


@bp.post("/terugtrekken")
@open_to(Role.COMMITTEE)
def step_back_from(case_id: int) -> Response | tuple[str, int]:
    """Have nothing more to do with this case; it no longer exists for this member."""
    typed = request.form.to_dict()
    try:
        reason = ReasonSchema().load(typed)["reason"]
        with transaction():
            step_back(find_case(case_id, seen=seen_version()), reason, by=signed_in(), now=clock.now())
    except ValidationError as error:
        return case_view(find_case(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refusal:
        case = find_case(case_id)
        return case_view(case, typed, {}, why(case, refusal)), refusal.status
    saved("terugtrekken", case_id)
    flash("U hebt zich teruggetrokken. U ziet deze zaak niet meer.", "success")
    return redirect(url_for("committee.queue_page"), 303)
