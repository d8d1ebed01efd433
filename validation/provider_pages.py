"""The provider's side of a case: check, submit, take back, read the decision."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import states, undo
from catalogue.differences import differences
from catalogue.drafts import changes_of, live_version, newest_version
from catalogue.editions import coming_count
from catalogue.form_panel import change_in_words, hints_about
from catalogue.labels import NAMES
from catalogue.models import FORMER_REGISTER, Activity
from catalogue.publication import may_do
from catalogue.queries import own_activity
from catalogue.states import LIVE
from catalogue.states import Action as ActivityAction
from catalogue.states import State as ActivityState
from catalogue.steps import STEPS
from catalogue.taking_over import former_offer
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.formatting import dutch_date
from core.policy import Procedure
from core.policy.loading import current_policies
from core.requests import seen_version
from core.transitions import ActionNotAllowed
from providers.queries import provider_of
from validation.judgement import VERDICT_NAMES
from validation.objections.lodging import object_until, objections_about
from validation.prospect import prospect_of
from validation.queries import cases_of
from validation.states import OUTCOME_NAMES
from validation.submitting import NOT_STATED, STATEMENT, NothingToDecide, NotReady, submission_gaps, submit, withdraw
from validation.term_text import from_data, in_words, promise
from validation.timeline import timelines_of

bp = Blueprint("submissions", __name__, url_prefix="/aanbieder/activiteiten/<id:activity_id>")


def _own(activity_id: int, *, seen: int | None = None) -> Activity:
    return own_activity(provider_of(signed_in()).id, activity_id, seen=seen)


@bp.get("")
@open_to(Role.PROVIDER)
def activity_page(activity_id: int) -> str:
    """Where the activity stands and what can be done now."""
    activity = _own(activity_id)
    today = clock.today()
    policies = current_policies()
    cases = cases_of(activity_id)
    newest = newest_version(activity)
    state = ActivityState(activity.state)
    offer = former_offer(activity.id)
    was_taken_over = any(one.is_leading and one.register == FORMER_REGISTER for one in activity.recognitions)
    is_in_time = today <= policies.on(today).takeover.until
    shown = live_version(activity) if state in LIVE else newest
    return render_template(
        "provider/activity.html",
        activity=activity,
        undo=undo.offered(undo.PERIOD, activity_id),
        content=shown.content,
        cases=cases,
        sums={case.id: in_words(from_data(case.term)) for case in cases},
        outcomes=OUTCOME_NAMES,
        verdicts=VERDICT_NAMES,
        policy=policies.on(today),
        may={action.name.lower(): may_do(activity, action) for action in ActivityAction},
        offer=offer,
        was_taken_over=was_taken_over,
        is_in_time=is_in_time,
        names=NAMES,
        newest=newest.ordinal,
        is_takeable=bool(offer and not offer.changed and not offer.turned_down_at and was_taken_over and is_in_time),
        is_over=states.is_over(activity.ends_on, today),
        is_hidden=state is ActivityState.PUBLISHED and not states.is_visible(state, activity.ends_on, today),
        gaps=submission_gaps(activity, policies.on(today), clock.now()),
        edition_count=coming_count(activity_id, today),
        objections=objections_about(activity_id),
        object_until={
            case.id: object_until(case.decision, policies.named(case.policy_id)) for case in cases if case.decision
        },
        today=today,
        prospect=next((prospect_of(case) for case in cases if case.is_open and not case.open_question), None),
        timelines=timelines_of(cases),
    )


@bp.get("/indienen")
@open_to(Role.PROVIDER)
def check_page(activity_id: int) -> str | Response:
    """Everything as it will be submitted, and everything that is still missing."""
    activity = _own(activity_id)
    if not may_do(activity, ActivityAction.SUBMIT):
        return redirect(url_for(".activity_page", activity_id=activity_id), 303)
    return _check(activity)


@bp.post("/indienen")
@open_to(Role.PROVIDER)
def submit_activity(activity_id: int) -> Response | tuple[str, int]:
    """Hand in what the person checked; the answer names the due date."""
    may_submit = may_do(_own(activity_id), ActivityAction.SUBMIT)
    if may_submit and not request.form.get("statement"):
        return _check(_own(activity_id), {"statement": NOT_STATED}), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            activity = _own(activity_id, seen=seen_version())
            what = "wijziging" if activity.change else "activiteit"
            by, now = signed_in().actor, clock.now()
            case = submit(activity, current_policies(), stated=STATEMENT, by=by, now=now)
            due_on = from_data(case.term).due_on
    except NotReady:
        return _check(_own(activity_id), refused=True), HTTPStatus.UNPROCESSABLE_ENTITY
    except NothingToDecide as refused:
        flash(refused.detail, "info")
        return redirect(url_for(".check_page", activity_id=activity_id), 303)
    except (StaleVersion, ActionNotAllowed):
        flash("De activiteit is intussen gewijzigd. Controleer die opnieuw.", "info")
        return redirect(url_for(".check_page", activity_id=activity_id), 303)
    flash(f"Uw {what} is ingediend. U krijgt uiterlijk {dutch_date(due_on)} bericht van de commissie.", "success")
    return redirect(url_for(".activity_page", activity_id=activity_id), 303)


@bp.post("/intrekken")
@open_to(Role.PROVIDER)
def withdraw_submission(activity_id: int) -> Response:
    """Take the submission back, as long as it is not decided."""
    try:
        with transaction():
            activity = _own(activity_id, seen=seen_version())
            what = "wijziging" if activity.change else "activiteit"
            withdraw(activity, by=signed_in().actor, now=clock.now())
    except (StaleVersion, ActionNotAllowed):
        flash("De activiteit is intussen gewijzigd. U ziet hier hoe die nu is.", "info")
    else:
        flash(f"U hebt de {what} ingetrokken. Die is weer een concept.", "success")
    return redirect(url_for(".activity_page", activity_id=activity_id), 303)


def _check(activity: Activity, errors: dict[str, str] | None = None, *, refused: bool = False) -> str:
    policy = current_policies().on(clock.today())
    content = newest_version(activity).content
    changes = changes_of(activity, content, policy)
    return render_template(
        "provider/check.html",
        activity=activity,
        content=content,
        policy=policy,
        promise=promise(policy.terms[Procedure.VALIDATION]),
        gaps=submission_gaps(activity, policy, clock.now()),
        hints=hints_about(activity, content, policy),
        errors=errors or {},
        refused=refused,
        statement=STATEMENT,
        # With a mistake the form still answers the version that the person saw, not one that came since.
        version=seen_version() if errors else activity.version,
        steps=STEPS,
        changes=changes,
        differences=differences(live_version(activity).content, content, policy) if changes else [],
        change=change_in_words(activity, changes),
    )
