"""A provider objects to a decision, follows what becomes of it, and answers what is asked about it."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import db, transaction
from core.errors import NotFound, Refusal, StaleVersion
from core.form_errors import first_errors
from core.formatting import dutch_date
from core.kept_texts import saved
from core.policy import Procedure
from core.policy.loading import current_policies
from core.requests import seen_version
from providers.queries import provider_of
from validation.judgement_models import Decision
from validation.models import Case
from validation.objections.concluding import decided_first, objection_of
from validation.objections.lodging import (
    NO_LATE_REASON,
    NotOpenToObjection,
    decision_of,
    lodge,
    object_until,
    objection_to,
    take_back,
)
from validation.objections.schemas import LodgingSchema
from validation.prospect import prospect_of
from validation.queries import locked_case
from validation.questions import NoQuestion, answer, thanks
from validation.schemas import AnswerSchema
from validation.states import OUTCOME_NAMES, STATE_NAMES
from validation.term_text import from_data, in_words
from validation.timeline import timeline_of

bp = Blueprint("own_objections", __name__, url_prefix="/aanbieder")


@bp.get("/besluiten/<id:decision_id>/bezwaar")
@open_to(Role.PROVIDER)
def lodging_page(decision_id: int) -> str | Response:
    """The form; who objected already follows that."""
    decision = decision_of(provider_of(signed_in()).id, decision_id)
    if known := objection_to(decision.id):
        return redirect(url_for(".objection_page", case_id=known.id), 303)
    return _form(decision, {}, {})


@bp.post("/besluiten/<id:decision_id>/bezwaar")
@open_to(Role.PROVIDER)
def object_to(decision_id: int) -> Response | tuple[str, int]:
    """Object; the answer names the due date."""
    typed, provider_id = request.form.to_dict(), provider_of(signed_in()).id
    try:
        form = LodgingSchema().load(typed)
        with transaction():
            decision = decision_of(provider_id, decision_id, lock=True)
            by, now = signed_in().actor, clock.now()
            case = lodge(decision, form["grounds"], form["late_reason"], current_policies(), by=by, now=now)
            case_id, due_on = case.id, from_data(case.term).due_on
    except ValidationError as error:
        return _form(decision_of(provider_id, decision_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotOpenToObjection as refusal:
        decision, is_late = decision_of(provider_id, decision_id), refusal.detail == NO_LATE_REASON
        errors = {"late_reason": refusal.detail} if is_late else {}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_late else refusal.status
        return _form(decision, typed, errors, "" if is_late else refusal.detail), status
    saved("bezwaar", decision_id)
    flash(f"Uw bezwaar is ontvangen. U krijgt uiterlijk {dutch_date(due_on)} bericht.", "success")
    return redirect(url_for(".objection_page", case_id=case_id), 303)


@bp.get("/bezwaren/<id:case_id>")
@open_to(Role.PROVIDER)
def objection_page(case_id: int) -> str:
    """Where an objection stands, what was asked and what became of it."""
    case = _own(case_id)
    return render_template(
        "provider/objection.html",
        case=case,
        first=decided_first(case),
        objection=objection_of(case),
        sum=in_words(from_data(case.term)),
        events=timeline_of(case, with_inner=False),
        prospect=prospect_of(case) if case.is_open and not case.open_question else None,
        today=clock.today(),
        outcomes=OUTCOME_NAMES,
        states=STATE_NAMES,
    )


@bp.post("/bezwaren/<id:case_id>/intrekken")
@open_to(Role.PROVIDER)
def withdraw(case_id: int) -> Response:
    """No longer object."""
    _own(case_id)
    try:
        with transaction():
            case = locked_case(case_id)
            if case.version != seen_version():
                raise StaleVersion
            take_back(case, by=signed_in().actor, now=clock.now())
    except Refusal:
        flash("Uw bezwaar is intussen gewijzigd. U ziet hier hoe het nu is.", "info")
    else:
        flash("U hebt uw bezwaar ingetrokken.", "success")
    return redirect(url_for(".objection_page", case_id=case_id), 303)


@bp.get("/bezwaren/<id:case_id>/vraag")
@open_to(Role.PROVIDER)
def question_page(case_id: int) -> str | Response:
    """The question that waits for an answer."""
    case = _own(case_id)
    if case.open_question is None:
        flash("Er is geen vraag die op antwoord wacht.", "info")
        return redirect(url_for(".objection_page", case_id=case_id), 303)
    return _question(case, {}, {})


@bp.post("/bezwaren/<id:case_id>/vraag")
@open_to(Role.PROVIDER)
def answer_question(case_id: int) -> Response | tuple[str, int]:
    """Answer; the clock of the objection runs again."""
    typed, case = request.form.to_dict(), _own(case_id)
    try:
        text = AnswerSchema().load(typed)["answer"]
        with transaction():
            by, now, seen = signed_in().actor, clock.now(), seen_version()
            told = thanks(answer(locked_case(case_id), text, current_policies(), seen=seen, by=by, now=now))
    except ValidationError as error:
        return _question(_own(case_id), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        flash("De commissie heeft intussen een andere vraag gesteld. Lees die voordat u antwoordt.", "info")
        return _question(_own(case_id), typed, {}), HTTPStatus.CONFLICT
    saved("antwoord", seen_version())
    flash(told, "success")
    return redirect(url_for(".objection_page", case_id=case.id), 303)


def _own(case_id: int) -> Case:
    """The provider's own objection. Raises `NotFound`."""
    mine = Case.provider_id == provider_of(signed_in()).id
    case = db.session.scalar(select(Case).where(Case.id == case_id, Case.procedure == Procedure.OBJECTION, mine))
    if case is None:
        raise NotFound
    return case


def _question(case: Case, typed: dict[str, str], errors: dict[str, str]) -> str:
    if case.open_question is None:
        raise NoQuestion
    back = (url_for(".objection_page", case_id=case.id), "Uw bezwaar")
    return render_template("provider/question.html", question=case.open_question, back=back, typed=typed, errors=errors)


def _form(decision: Decision, typed: dict[str, str], errors: dict[str, str], refused: str = "") -> str:
    until = object_until(decision, current_policies().named(decision.case.policy_id))
    return render_template(
        "provider/object.html",
        decision=decision,
        case=decision.case,
        until=until,
        is_late=clock.today() > until,
        outcomes=OUTCOME_NAMES,
        typed=typed,
        errors=errors,
        refused=refused,
    )
