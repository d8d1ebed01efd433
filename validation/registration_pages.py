"""Becoming a provider: the list of what to do, check and confirm, and a question of the committee."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, is_administrator, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.form_errors import first_errors
from core.formatting import dutch_date
from core.kept_texts import saved
from core.policy.loading import current_policies
from core.requests import seen_version
from providers.admitting import NotComplete
from providers.models import Provider
from providers.queries import (
    declarations_of,
    locked_provider_of,
    member_labels,
    progress_of,
    provider_of,
)
from providers.rules import STANDING_NAMES, Task, done_tasks, missing_tasks, standing
from validation.admission import register
from validation.models import Question
from validation.objections.lodging import object_until
from validation.queries import admissions_of, open_admission_of
from validation.questions import NoQuestion, answer, thanks
from validation.schemas import AnswerSchema
from validation.states import STATE_NAMES
from validation.term_text import from_data, in_words

bp = Blueprint("registration", __name__, url_prefix="/aanbieder/aanmelding")
TASK_ENDPOINTS = {
    Task.DECLARATION: ("providers.declaration_page", "Bevestig de kwaliteitseisen."),
    Task.DETAILS: ("provider_details.details_page", "Controleer uw bedrijfsgegevens."),
    Task.CONTACT: (
        "provider_contact.contact_page",
        "Vul een contactpersoon in, die het e-mailadres bevestigt.",
    ),
}


@bp.get("")
@open_to(Role.PROVIDER)
def task_list() -> str:
    """What is done, what is still to do, and where the admission stands."""
    provider = provider_of(signed_in())
    policy = current_policies().on(clock.today())
    progress = progress_of(provider, policy)
    cases = admissions_of(provider.id)
    case = cases[0] if cases else None
    return render_template(
        "provider/registration.html",
        provider=provider,
        standing=standing(progress),
        standings=STANDING_NAMES,
        done=done_tasks(progress),
        tasks=Task,
        case=case,
        is_open=bool(case and case.is_open),
        states=STATE_NAMES,
        sum=in_words(from_data(case.term)) if case else "",
        object_until=object_until(case.decision, current_policies().named(case.policy_id))
        if case and case.decision
        else None,
        may_change=is_administrator(),
    )


@bp.get("/controleren")
@open_to(Role.PROVIDER)
def check_page() -> str:
    """Everything as it will be confirmed, and what is still missing."""
    return _check(provider_of(signed_in()), {})


@bp.post("/bevestigen")
@open_to(Role.ADMINISTRATOR)
def confirm_registration() -> Response | tuple[str, int]:
    """Confirm what was checked; a new provider learns by when it hears."""
    if not request.form.get("statement"):
        errors = {"statement": "Bevestig dat u namens deze organisatie mag handelen en alles klopt."}
        return _check(provider_of(signed_in()), errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            provider = locked_provider_of(signed_in(), seen=seen_version())
            if provider.admitted_at is not None:
                return redirect(url_for(".task_list"), 303)
            case = register(provider, current_policies(), by=signed_in().actor, now=clock.now())
            due_on = case.due_on if case else None
    except NotComplete:
        return _check(provider_of(signed_in()), {}), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        flash("De gegevens zijn intussen gewijzigd. Controleer ze opnieuw.", "info")
        return redirect(url_for(".check_page"), 303)
    told = f"U krijgt uiterlijk {dutch_date(due_on)} bericht." if due_on else "U kunt nu activiteiten indienen."
    flash(f"Uw aanmelding is bevestigd. {told}", "success")
    return redirect(url_for(".task_list"), 303)


@bp.get("/vraag")
@open_to(Role.PROVIDER)
def question_page() -> str | Response:
    """The question that the committee waits for; once it is answered, the list of tasks shows both."""
    try:
        return _question(_open_question(), {}, {})
    except NoQuestion:
        flash("Er is geen vraag die op antwoord wacht.", "info")
        return redirect(url_for(".task_list"), 303)


@bp.post("/vraag")
@open_to(Role.PROVIDER)
def answer_question() -> Response | tuple[str, int]:
    """Answer; the clock of the case runs again."""
    typed = request.form.to_dict()
    try:
        text = AnswerSchema().load(typed)["answer"]
        with transaction():
            provider = locked_provider_of(signed_in())
            now, by, seen = clock.now(), signed_in().actor, seen_version()
            case = open_admission_of(provider.id)
            told = thanks(answer(case, text, current_policies(), seen=seen, by=by, now=now))
    except ValidationError as error:
        return _question(_open_question(), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion:
        flash("De commissie heeft intussen een andere vraag gesteld. Lees die voordat u antwoordt.", "info")
        return _question(_open_question(), typed, {}), HTTPStatus.CONFLICT
    saved("antwoord", seen_version())
    flash(told, "success")
    return redirect(url_for(".task_list"), 303)


def _open_question() -> Question:
    for case in admissions_of(provider_of(signed_in()).id):
        if case.open_question:
            return case.open_question
    raise NoQuestion


def _question(question: Question, typed: dict[str, str], errors: dict[str, str]) -> str:
    back = (url_for(".task_list"), "Uw organisatie")
    return render_template("provider/question.html", question=question, back=back, typed=typed, errors=errors)


def _check(provider: Provider, errors: dict[str, str]) -> str:
    policy = current_policies().on(clock.today())
    missing = missing_tasks(progress_of(provider, policy))
    return render_template(
        "provider/registration_check.html",
        provider=provider,
        policy=policy,
        declared=declarations_of(provider, policy),
        labels=member_labels(provider),
        missing=[TASK_ENDPOINTS[task] for task in missing],
        errors=errors,
        may_change=is_administrator(),
    )
