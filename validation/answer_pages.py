"""The provider's answer to a question of the committee about an activity."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.models import Activity
from catalogue.queries import own_activity
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.form_errors import first_errors
from core.kept_texts import saved
from core.policy.loading import current_policies
from core.requests import seen_version
from providers.queries import provider_of
from validation.queries import cases_of, open_case_of
from validation.questions import NoQuestion, answer, thanks
from validation.reasons import reasons_of
from validation.schemas import AnswerSchema

bp = Blueprint("answers", __name__, url_prefix="/aanbieder/activiteiten/<id:activity_id>/vraag")
bp.add_app_template_global(reasons_of)
NEWER = "De commissie heeft intussen een andere vraag gesteld. Lees die voordat u antwoordt."


@bp.get("")
@open_to(Role.PROVIDER)
def question_page(activity_id: int) -> str | Response:
    """The question that the committee waits for; once it is answered, the page of the activity shows both."""
    activity = _own(activity_id)
    try:
        return _question(activity, {}, {})
    except NoQuestion:
        flash("Er is geen vraag die op antwoord wacht.", "info")
        return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)


@bp.post("")
@open_to(Role.PROVIDER)
def answer_question(activity_id: int) -> Response | tuple[str, int]:
    """Answer; the clock of the case runs again."""
    typed, activity = request.form.to_dict(), _own(activity_id)
    try:
        text = AnswerSchema().load(typed)["answer"]
        with transaction():
            case = open_case_of(_own(activity_id).id)
            now, by, seen = clock.now(), signed_in().actor, seen_version()
            told = thanks(answer(case, text, current_policies(), seen=seen, by=by, now=now))
    except ValidationError as error:
        return _question(activity, typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        flash(NEWER, "info")
        return _question(activity, typed, {}), HTTPStatus.CONFLICT
    saved("antwoord", seen_version())
    flash(told, "success")
    return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)


def _own(activity_id: int) -> Activity:
    return own_activity(provider_of(signed_in()).id, activity_id)


def _question(activity: Activity, typed: dict[str, str], errors: dict[str, str]) -> str:
    waiting = [case for case in cases_of(activity.id) if case.open_question]
    if not waiting:
        raise NoQuestion
    back = (url_for("submissions.activity_page", activity_id=activity.id), waiting[0].title)
    return render_template(
        "provider/question.html", question=waiting[0].open_question, back=back, typed=typed, errors=errors
    )
