"""What a provider does with an activity beside writing it: show it, end it, copy it, undo a change, delete it."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue import last_list, undo
from catalogue.copying import copy_draft
from catalogue.deleting import WrongNumber, delete_for_ever, number_to_type
from catalogue.drafts import discard, release, working_version
from catalogue.models import Activity
from catalogue.pressing import CHANGED, press
from catalogue.publication import may_do, move, set_period
from catalogue.publication import publish as publish_validated
from catalogue.queries import own_activity
from catalogue.schemas import ActivitySchema
from catalogue.states import Action, is_over
from catalogue.steps import PERIOD
from core import clock
from core.access import Role, open_to, signed_in
from core.audit import Actor
from core.db import transaction
from core.errors import Refusal, StaleVersion
from core.form_errors import first_errors
from core.kept_texts import saved
from core.policy.loading import current_policies
from core.requests import seen_version
from core.transitions import ActionNotAllowed
from providers.admitting import require_not_suspended
from providers.queries import provider_of

HIDDEN = "De data zijn opgeslagen. De einddatum is voorbij: leraren zien de activiteit niet."
COPIED = ("Dit is een kopie, met een eigen nummer als die gevalideerd wordt. Pas aan wat anders is.", "success")
COPIED_BEFORE = ("Dit is de kopie die u al maakte. Wilt u er nog een? Pas deze dan eerst aan en sla die op.", "info")
bp = Blueprint("activity_actions", __name__, url_prefix="/aanbieder/activiteiten/<id:activity_id>")


@bp.post("/publiceren")
@open_to(Role.PROVIDER)
def publish(activity_id: int) -> Response:
    """Show a validated activity to teachers."""

    def effect(activity: Activity, by: Actor) -> None:
        publish_validated(activity, by=by, now=clock.now())

    return press(activity_id, effect, "De activiteit is gepubliceerd. Leraren kunnen die nu vinden.")


@bp.post("/terughalen")
@open_to(Role.PROVIDER)
def unpublish(activity_id: int) -> Response:
    """Undo publishing; number and hours stay."""

    def effect(activity: Activity, by: Actor) -> None:
        move(activity, Action.UNPUBLISH, by=by, now=clock.now())

    return press(activity_id, effect, "De activiteit is niet meer zichtbaar voor leraren.")


@bp.post("/wijziging-publiceren")
@open_to(Role.PROVIDER)
def release_change(activity_id: int) -> Response:
    """Let a change of free facts go live at once."""

    def effect(activity: Activity, by: Actor) -> None:
        require_not_suspended(activity.provider)
        release(activity, current_policies().on(clock.today()), by=by, now=clock.now())

    return press(activity_id, effect, "De wijziging is ingegaan.")


@bp.post("/wijziging-verwijderen")
@open_to(Role.PROVIDER)
def discard_change(activity_id: int) -> Response:
    """Forget a change that was not handed in; the live version stays."""

    def effect(activity: Activity, by: Actor) -> None:
        discard(activity, by=by, now=clock.now())

    return press(activity_id, effect, "De wijziging is verwijderd. De activiteit is zoals die was.")


@bp.post("/kopie")
@open_to(Role.PROVIDER)
def copy(activity_id: int) -> Response:
    """A new draft with the same texts."""
    try:
        with transaction():
            activity = own_activity(provider_of(signed_in()).id, activity_id, seen=seen_version())
            copied = copy_draft(activity, by=signed_in().actor, now=clock.now())
            made, is_new = copied.activity.id, copied.is_new
    except StaleVersion:
        flash(CHANGED, "info")
        return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)
    flash(*(COPIED if is_new else COPIED_BEFORE))
    return redirect(url_for("own_activities.begin_editing", activity_id=made), 303)


@bp.get("/periode")
@open_to(Role.PROVIDER)
def period_page(activity_id: int) -> str:
    """From when and until when the activity is offered."""
    activity = own_activity(provider_of(signed_in()).id, activity_id)
    return _period(activity, _days_of(activity), {})


@bp.post("/periode")
@open_to(Role.PROVIDER)
def set_dates(activity_id: int) -> Response | tuple[str, int]:
    """Set or clear the dates; holds at once."""
    activity = own_activity(provider_of(signed_in()).id, activity_id)
    try:
        days = ActivitySchema(only=PERIOD).load(request.form)
        with transaction():
            activity = own_activity(provider_of(signed_in()).id, activity_id, seen=seen_version())
            before = _days_of(activity)
            set_period(activity, **days, by=signed_in().actor, now=clock.now())
            is_changed = before != _days_of(activity)
    except ValidationError as error:
        return _period(activity, request.form, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refusal as refused:
        why = CHANGED if isinstance(refused, StaleVersion) else refused.detail
        return _period(own_activity(activity.provider_id, activity_id), request.form, {}, why), HTTPStatus.CONFLICT
    saved("periode", activity_id)
    if is_changed:
        done = HIDDEN if is_over(days["ends_on"], clock.today()) else "De data zijn opgeslagen."
        undo.offer(undo.PERIOD, activity_id, done, before)
    else:
        flash("Er is niets gewijzigd.", "info")
    return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)


@bp.get("/verwijderen")
@open_to(Role.PROVIDER)
def deletion_page(activity_id: int) -> str:
    """What deleting means, and the number to type."""
    return _deletion(own_activity(provider_of(signed_in()).id, activity_id), "")


@bp.post("/verwijderen")
@open_to(Role.PROVIDER)
def delete(activity_id: int) -> Response | tuple[str, int]:
    """Delete for ever, when the number was typed."""
    typed = request.form.get("number", "")
    own_activity(provider_of(signed_in()).id, activity_id)
    try:
        with transaction():
            activity = own_activity(provider_of(signed_in()).id, activity_id, seen=seen_version())
            delete_for_ever(activity, typed, by=signed_in().actor, now=clock.now())
    except WrongNumber as wrong:
        activity = own_activity(provider_of(signed_in()).id, activity_id)
        return _deletion(activity, typed, {"number": wrong.detail}), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersion, ActionNotAllowed):
        flash(CHANGED, "info")
        return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)
    flash("De activiteit is verwijderd.", "success")
    return redirect(last_list.address(), 303)


def _days_of(activity: Activity) -> dict[str, str]:
    """The dates as somebody would type them."""
    return {name: f"{day:%d-%m-%Y}" if (day := getattr(activity, name)) else "" for name in PERIOD}


def _period(activity: Activity, typed: Mapping[str, str], errors: dict[str, str], changed: str = "") -> str:
    return render_template(
        "provider/period.html",
        activity=activity,
        content=working_version(activity).content,
        version=seen_version() if errors else activity.version,
        typed=typed,
        errors=errors,
        changed=changed,
    )


def _deletion(activity: Activity, typed: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "provider/deletion.html",
        activity=activity,
        content=working_version(activity).content,
        number=number_to_type(activity),
        may_delete=may_do(activity, Action.DELETE),
        typed={"number": typed},
        errors=errors or {},
    )
