"""The pages about many activities at once: what would happen, how far it is, how it went."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.offers import ready_ids
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.form_errors import first_errors
from core.jobs import Job, JobState, cancel, find_job, jobs_of
from core.policy.loading import current_policies
from providers.models import Provider
from providers.queries import locked_provider_of, provider_of
from validation.bulk.actions import ACTIONS, TAKE_OVER, Assignment
from validation.bulk.models import BULK, BULK_UNDO
from validation.bulk.outcome import all_of, chosen, fates_of, grouped, titles_of
from validation.bulk.schemas import Choice, ChoiceSchema, Confirmation, ConfirmationSchema
from validation.bulk.starting import (
    NotNow,
    chosen_end,
    go_on,
    left_to_do,
    owner_of,
    start_bulk,
    start_undo,
    undone_by,
)
from validation.list_pages import in_address, list_page, wanted_of
from validation.own_list import own_counts

bp = Blueprint("bulk", __name__, url_prefix="/aanbieder/activiteiten/selectie")

MOST_JOBS = 20
WRONG_COUNT = "Typ hoeveel activiteiten u voorgoed wilt verwijderen, in cijfers."
SOMETHING_WRONG = "Kies de activiteiten opnieuw."


@bp.get("")
@open_to(Role.PROVIDER)
def job_list() -> str:
    """What was done with many at once, newest first, so that who closed the page finds it again."""
    owner = owner_of(provider_of(signed_in()))
    jobs = jobs_of(owner, BULK, BULK_UNDO, most=MOST_JOBS)
    return render_template("provider/bulk_jobs.html", jobs=jobs, actions=ACTIONS, undo=BULK_UNDO)


@bp.post("")
@open_to(Role.PROVIDER)
def preview() -> str | tuple[str, int]:
    """What would happen to each, and why not to the others; asks for the date first where there must be one."""
    provider = provider_of(signed_in())
    typed = request.form.to_dict() | {"activity": request.form.getlist("activity")}
    try:
        choice: Choice = ChoiceSchema().load(typed)
    except ValidationError as error:
        return _again(provider, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY
    return _selection(provider, choice, typed)


@bp.post("/overgenomen")
@open_to(Role.PROVIDER)
def preview_takeover() -> str:
    """What would happen to every old offer that is complete and unchanged."""
    provider = provider_of(signed_in())
    ids = ready_ids(provider.id, clock.today())
    return _selection(provider, Choice(name=TAKE_OVER, is_all=False, ids=ids, ends_on=None), {})


@bp.post("/starten")
@open_to(Role.PROVIDER)
def start() -> Response | tuple[str, int]:
    """Let the worker do what was shown."""
    typed = request.form.to_dict()
    try:
        wanted: Confirmation = ConfirmationSchema().load(typed)
        if not wanted.is_meant:
            return _not_meant(wanted, typed), HTTPStatus.UNPROCESSABLE_ENTITY
        with transaction():
            provider = locked_provider_of(signed_in())
            job = start_bulk(
                provider, wanted.name, wanted.ends_on, wanted.seen, by=signed_in().actor, now=clock.now()
            ).id
    except ValidationError:
        flash("Kies opnieuw wat u met de activiteiten wilt doen.", "info")
        return redirect(url_for("own_list.activity_list"), 303)
    return _to(job)


@bp.get("/<id:job_id>")
@open_to(Role.PROVIDER)
def job_page(job_id: int) -> str:
    """How far it is; when it has ended, how it went."""
    provider = provider_of(signed_in())
    job = _own_job(provider, job_id)
    is_running, action = job.state == JobState.RUNNING, ACTIONS[job.parameters["action"]]
    fates = fates_of(job)
    groups = grouped((fate.activity_id, fate.reason) for fate in fates)
    first = _own_job(provider, job.parameters["of"]) if job.kind == BULK_UNDO else job
    of_first, last = fates if first is job else fates_of(first), undone_by(first)
    return render_template(
        "provider/bulk_job.html",
        job=job,
        action=action,
        ends_on=chosen_end(job),
        is_undo=job.kind == BULK_UNDO,
        is_running=is_running,
        groups=groups,
        titles=titles_of(provider.id, groups),
        left_to_do=left_to_do(job),
        left_to_undo=0 if action.is_final or _is_running(provider, last) else sum(fate.is_left for fate in of_first),
        first=first,
        last=last,
    )


@bp.get("/<id:job_id>/voortgang")
@open_to(Role.PROVIDER)
def progress(job_id: int) -> Response:
    """The same for the script of the page, which asks every other second."""
    job = _own_job(provider_of(signed_in()), job_id)
    return jsonify(klaar=job.cursor, totaal=job.total, loopt=job.state == JobState.RUNNING)


@bp.post("/<id:job_id>/stoppen")
@open_to(Role.PROVIDER)
def stop(job_id: int) -> Response:
    """Stop after the slice that is being done; what is done stays done."""
    with transaction():
        cancel(_own_job(provider_of(signed_in()), job_id, lock=True), by=signed_in().actor, now=clock.now())
    return _to(job_id)


@bp.post("/<id:job_id>/verder")
@open_to(Role.PROVIDER)
def resume(job_id: int) -> Response:
    """Let the worker do what it did not get to."""
    with transaction():
        provider = locked_provider_of(signed_in())
        go_on(_own_job(provider, job_id, lock=True), provider, by=signed_in().actor, now=clock.now())
    return _to(job_id)


@bp.post("/<id:job_id>/terugdraaien")
@open_to(Role.PROVIDER)
def undo(job_id: int) -> Response:
    """Let the worker take back what it did, except where somebody changed something since."""
    with transaction():
        provider = locked_provider_of(signed_in())
        job = start_undo(_own_job(provider, job_id, lock=True), provider, by=signed_in().actor, now=clock.now())
        job_id = job.id
    return _to(job_id)


@bp.errorhandler(NotNow)
def show_job(refused: NotNow) -> Response:
    """Say why not, on the page of the job that it is about."""
    flash(refused.detail, "info")
    return _to(refused.job_id)


def _to(job_id: int) -> Response:
    return redirect(url_for(".job_page", job_id=job_id), 303)


def _own_job(provider: Provider, job_id: int, *, lock: bool = False) -> Job:
    return find_job(job_id, owner_of(provider), BULK, BULK_UNDO, lock=lock)


def _is_running(provider: Provider, job_id: int | None) -> bool:
    return job_id is not None and _own_job(provider, job_id).state == JobState.RUNNING


def _again(provider: Provider, typed: Mapping[str, Any], error: ValidationError) -> str:
    """The page that the mistake was made on: the question for a date, or the list."""
    # In the order of the page, on which the choice of activities comes first.
    in_order = sorted(first_errors(error, SOMETHING_WRONG).items(), key=lambda pair: pair[0] == "action")
    errors = dict(in_order)
    if set(errors) == {"ends_on"}:
        undated = {name: text for name, text in typed.items() if name != "ends_on"}
        return _selection(provider, ChoiceSchema().load(undated), typed, errors)
    wanted = wanted_of(provider)
    return list_page(provider, wanted, own_counts(wanted), errors)


def _not_meant(wanted: Confirmation, typed: Mapping[str, Any]) -> str:
    choice = Choice(name=wanted.name, is_all=False, ids=list(wanted.seen), ends_on=None)
    return _selection(provider_of(signed_in()), choice, typed, {"count": WRONG_COUNT})


def _selection(
    provider: Provider, choice: Choice, typed: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> str:
    wanted = wanted_of(provider)
    activities = all_of(wanted) if choice.is_all else chosen(provider.id, choice.ids)
    assignment = Assignment(
        provider=provider,
        policies=current_policies(),
        by=signed_in().actor,
        now=clock.now(),
        ends_on=choice.ends_on,
    )
    reasons = choice.action.reasons(activities, assignment) if choice.is_complete else {}
    passing = [activity for activity in activities if activity.id not in reasons]
    groups = grouped((activity.id, reasons.get(activity.id, "")) for activity in activities)
    return render_template(
        "provider/selection.html",
        choice=choice,
        action=choice.action,
        count=len(activities),
        passing=len(passing),
        groups=groups if choice.is_complete else [],
        titles=titles_of(provider.id, groups) if choice.is_complete else {},
        seen=" ".join(f"{activity.id}:{activity.version}" for activity in passing),
        is_past=choice.ends_on is not None and choice.ends_on < wanted.today,
        args=in_address(wanted),
        typed=typed,
        errors=errors or {},
    )
