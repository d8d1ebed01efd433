"""The provider's pages about its activities: list, write, publish. What the committee does with them is elsewhere."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.content import HOUR_NAMES, Content, gaps
from catalogue.drafts import create_draft, newest_version, save_draft
from catalogue.models import Activity
from catalogue.publication import may_do, move
from catalogue.queries import PAGE, own_activity, own_counts, own_rows
from catalogue.schemas import ActivitySchema
from catalogue.states import STATE_NAMES, Action, State
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.formatting import typed_number
from core.policy import Policy
from core.policy.loading import current_policies
from core.requests import page_count, page_number, seen_version
from core.transitions import ActionNotAllowed
from providers.admitting import require_not_suspended
from providers.queries import provider_of, standing_of
from providers.rules import STANDING_NAMES, Suspended

bp = Blueprint("own_activities", __name__, url_prefix="/aanbieder/activiteiten")

MANY = ("sectors",)
LABELS = {"website": "Webpagina", "starts_on": "Startdatum", "ends_on": "Einddatum"} | HOUR_NAMES
CHANGED = "De activiteit was intussen al gewijzigd. U ziet hier hoe die nu is."


def _policy() -> Policy:
    return current_policies().on(clock.today())


@bp.get("")
@open_to(Role.PROVIDER)
def activity_list() -> str | Response:
    """The provider's activities, by state, with what is left to do before it may submit."""
    provider = provider_of(signed_in())
    state = request.args.get("status", "")
    state = state if state in set(State) else ""
    page = page_number()
    counts = own_counts(provider.id)
    shown = counts.get(state, 0) if state else sum(counts.values())
    pages = page_count(shown, PAGE)
    if page > pages:
        return redirect(url_for(".activity_list", status=state or None), 303)
    return render_template(
        "provider/activities.html",
        provider=provider,
        rows=own_rows(provider.id, state, _policy().register, page),
        counts=counts,
        state=state,
        states=STATE_NAMES,
        page=page,
        pages=pages,
        standing=standing_of(provider, _policy()),
        standings=STANDING_NAMES,
    )


@bp.get("/nieuw")
@open_to(Role.PROVIDER)
def new_page() -> str:
    """An empty form."""
    return _form(None, _typed_from(Content()))


@bp.post("/nieuw")
@open_to(Role.PROVIDER)
def create() -> Response | tuple[str, int]:
    """Keep what was typed as a new draft; nothing is required yet."""
    try:
        content: Content = ActivitySchema().load(_typed())
    except ValidationError as error:
        return _form(None, _typed(), error.messages_dict), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        provider = provider_of(signed_in())
        activity = create_draft(provider.id, content, by=signed_in().actor, now=clock.now())
        saved = activity.id
    return _saved(saved)


@bp.get("/<id:activity_id>/bewerken")
@open_to(Role.PROVIDER)
def edit_page(activity_id: int) -> str | Response:
    """The form with what is there, and the list of what is still missing."""
    activity = own_activity(provider_of(signed_in()).id, activity_id)
    if not may_do(activity, Action.EDIT):
        return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)
    return _form(activity, _typed_from(newest_version(activity).content))


@bp.post("/<id:activity_id>/bewerken")
@open_to(Role.PROVIDER)
def save(activity_id: int) -> Response | tuple[str, int]:
    """Save the draft; when it was saved or submitted meanwhile, both texts are kept."""
    typed = _typed()
    try:
        content: Content = ActivitySchema().load(typed)
        with transaction():
            activity = own_activity(provider_of(signed_in()).id, activity_id, seen=seen_version())
            save_draft(activity, content, by=signed_in().actor, now=clock.now())
    except ValidationError as error:
        activity = own_activity(provider_of(signed_in()).id, activity_id)
        return _form(activity, typed, error.messages_dict), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersion, ActionNotAllowed):
        activity = own_activity(provider_of(signed_in()).id, activity_id)
        return _form(activity, typed, stale=newest_version(activity).content), HTTPStatus.CONFLICT
    return _saved(activity_id)


@bp.post("/<id:activity_id>/publiceren")
@open_to(Role.PROVIDER)
def publish(activity_id: int) -> Response:
    """Show a validated activity to teachers."""
    return _move(activity_id, Action.PUBLISH, "De activiteit is gepubliceerd. Leraren kunnen die nu vinden.")


@bp.post("/<id:activity_id>/terughalen")
@open_to(Role.PROVIDER)
def unpublish(activity_id: int) -> Response:
    """Undo publishing; number and hours stay."""
    return _move(activity_id, Action.UNPUBLISH, "De activiteit is niet meer zichtbaar voor leraren.")


def _move(activity_id: int, action: Action, done: str) -> Response:
    try:
        with transaction():
            provider = provider_of(signed_in())
            if action is Action.PUBLISH:
                require_not_suspended(provider)
            activity = own_activity(provider.id, activity_id, seen=seen_version())
            move(activity, action, by=signed_in().actor, now=clock.now())
    except Suspended as refused:
        flash(refused.detail, "info")
    except (StaleVersion, ActionNotAllowed):
        flash(CHANGED, "info")
    else:
        flash(done, "success")
    return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)


def _saved(activity_id: int) -> Response:
    if request.form.get("then") == "check":
        return redirect(url_for("submissions.check_page", activity_id=activity_id), 303)
    flash("Uw concept is opgeslagen.", "success")
    return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)


def _form(
    activity: Activity | None, typed: dict[str, Any], errors: dict[str, Any] | None = None, stale: Content | None = None
) -> str:
    policy = _policy()
    open_gaps = gaps(newest_version(activity).content, policy, clock.today()) if activity else []
    # Only the first message per field: one fix at a time, and the summary stays short.
    first = {name: _first(name, found) for name, found in (errors or {}).items()}
    return render_template(
        "provider/activity_form.html",
        activity=activity,
        # With a mistake in it the form still answers the version that the person saw, not one that came since.
        version=seen_version() if errors else activity and activity.version,
        typed=typed,
        errors=first,
        stale=stale,
        may_save=activity is None or may_do(activity, Action.EDIT),
        gaps={gap.field: gap.text for gap in open_gaps},
        policy=policy,
    )


def _first(name: str, found: Any) -> str:
    """The sentence for a field; in the summary it must say which field it is about."""
    text = found[0] if isinstance(found, list) else "Kies uit de lijst."
    return f"{LABELS[name]}: {text[0].lower()}{text[1:]}" if name in LABELS else text


def _typed() -> dict[str, Any]:
    return request.form.to_dict() | {name: request.form.getlist(name) for name in MANY}


def _typed_from(content: Content) -> dict[str, Any]:
    return {name: _as_typed(getattr(content, name)) for name in Content.__dataclass_fields__}


def _as_typed(value: Any) -> Any:
    """A value as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return typed_number(value)
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else value
