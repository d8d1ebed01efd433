"""The form in which a provider describes an activity, a step at a time. What becomes of it is elsewhere."""

import re
import secrets
from dataclasses import replace
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue.changes import Facts, Marks, marks, own_changes
from catalogue.content import Content
from catalogue.differences import differences
from catalogue.drafts import working_version
from catalogue.form_panel import Errors, Panel, named_errors, panel_of, remarks_beside
from catalogue.gaps import gaps
from catalogue.labels import NAMES
from catalogue.models import Activity
from catalogue.publication import may_do
from catalogue.queries import own_activity
from catalogue.schemas import MANY, ActivitySchema
from catalogue.states import LIVE, Action, State
from catalogue.steps import CODES, STEPS, Step, asked_in, step_after, step_named
from catalogue.writing import begin, begun_with, save_page
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.formatting import joined, typed_number
from core.kept_texts import saved
from core.policy import Policy
from core.policy.loading import current_policies
from core.transitions import ActionNotAllowed
from providers.queries import provider_of

DRAFT_SAVED = "Uw concept is opgeslagen."
CHANGE_SAVED = "Uw wijziging is opgeslagen als concept. Wat gevalideerd is, blijft intussen zoals het is."
bp = Blueprint("own_activities", __name__, url_prefix="/aanbieder/activiteiten")
EDITING = f"/<id:activity_id>/bewerken/<any({','.join(CODES)}):step>"
CHECKING = f"/<id:activity_id>/voorcontrole/<any({','.join(CODES)}):step>"
LONGEST_KEY = 40
MARK = re.compile(r"(\w+):(\w+)")


@bp.get("/nieuw")
@open_to(Role.PROVIDER)
def new_page() -> str:
    """An empty form; its key makes sure that it becomes one activity, however often it is sent."""
    return _form(None, STEPS[0], _as_typed(Content()) | {"form_key": secrets.token_urlsafe(18)})


@bp.post("/nieuw")
@open_to(Role.PROVIDER)
def create() -> Response | tuple[str, int]:
    """Keep what was typed as a new draft; nothing is required to keep it."""
    step, typed = STEPS[0], _typed()
    key = str(typed.get("form_key", ""))[:LONGEST_KEY] or None
    try:
        facts = _facts(step.fields)
        if missing := _missing(Content(), facts):
            return _form(None, step, typed, missing), HTTPStatus.UNPROCESSABLE_ENTITY
        with transaction():
            provider = provider_of(signed_in())
            activity = begin(provider.id, facts, form_key=key, policy=_policy(), by=signed_in().actor, now=clock.now())
            made = activity.id
    except ValidationError as error:
        return _form(None, step, typed, named_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersion, ActionNotAllowed):
        known = begun_with(provider_of(signed_in()).id, key)
        saved("activiteit", "nieuw", step.code)  # from now on the text is kept as that of the activity
        return _form(known, step, typed, stale=facts), HTTPStatus.CONFLICT
    saved("activiteit", "nieuw", step.code)
    return _next(made, step)


@bp.get("/<id:activity_id>/bewerken")
@open_to(Role.PROVIDER)
def begin_editing(activity_id: int) -> Response:
    """The first step."""
    own_activity(provider_of(signed_in()).id, activity_id)
    return redirect(url_for(".edit_page", activity_id=activity_id, step=STEPS[0].code), 303)


@bp.get(EDITING)
@open_to(Role.PROVIDER)
def edit_page(activity_id: int, step: str) -> str | Response:
    """A step with what is there, and what is still missing beside it."""
    activity = own_activity(provider_of(signed_in()).id, activity_id)
    if not may_do(activity, Action.EDIT):
        return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)
    return _form(activity, step_named(step), _as_typed(working_version(activity).content))


@bp.post(EDITING)
@open_to(Role.PROVIDER)
def save(activity_id: int, step: str) -> Response | tuple[str, int]:
    """Save one step. When a colleague wrote in it, or handed it in, meanwhile, both texts are kept."""
    here, typed = step_named(step), _typed()
    activity = own_activity(provider_of(signed_in()).id, activity_id)
    try:
        facts = _facts(tuple(name for name in here.fields if name in _seen()) or _asked(activity, here))
        if missing := _missing(working_version(activity).content, facts):
            return _form(activity, here, typed, missing), HTTPStatus.UNPROCESSABLE_ENTITY
        with transaction():
            activity = _locked(activity_id, here, facts)
            others = save_page(activity, facts, seen=_seen(), policy=_policy(), by=signed_in().actor, now=clock.now())
    except ValidationError as error:
        return _form(activity, here, typed, named_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersion, ActionNotAllowed):
        activity = own_activity(provider_of(signed_in()).id, activity_id)
        return _form(activity, here, typed, stale=facts), HTTPStatus.CONFLICT
    saved("activiteit", activity_id, here.code)
    if others:
        what = joined([NAMES[name] for name in others])
        kept = " Beide teksten zijn opgeslagen." if own_changes(facts, _seen()) else ""
        flash(f"Een collega, of u in een ander venster, wijzigde intussen {what}.{kept}", "info")
    return _next(activity_id, here, CHANGE_SAVED if activity.change else DRAFT_SAVED)


@bp.post("/voorcontrole")
@open_to(Role.PROVIDER)
def check_new() -> dict[str, Any]:
    """What is still missing from what is being typed in an empty form; keeps nothing."""
    return _panel(None, STEPS[0]).as_json()


@bp.post(CHECKING)
@open_to(Role.PROVIDER)
def check_typed(activity_id: int, step: str) -> dict[str, Any]:
    """The same for a step of an activity that is there."""
    return _panel(own_activity(provider_of(signed_in()).id, activity_id), step_named(step)).as_json()


def _policy() -> Policy:
    return current_policies().on(clock.today())


def _panel(activity: Activity | None, step: Step) -> Panel:
    try:
        return panel_of(activity, step, _facts(_asked(activity, step)), {})
    except ValidationError as error:
        readable = dict(error.valid_data or {})
        facts = readable | {name: tuple(readable[name]) for name in MANY if name in readable}
        return panel_of(activity, step, facts, named_errors(error))


def _asked(activity: Activity | None, step: Step) -> tuple[str, ...]:
    return asked_in(step, is_live=activity is not None and State(activity.state) in LIVE)


def _facts(asked: tuple[str, ...]) -> Facts:
    """What was typed in the fields of a step. Raises `ValidationError`."""
    facts: Facts = ActivitySchema(only=asked).load(_typed())
    return facts


def _locked(activity_id: int, step: Step, facts: Facts) -> Activity:
    """For a change. Raises `StaleVersion` when it went live meanwhile: its dates are set elsewhere then."""
    activity = own_activity(provider_of(signed_in()).id, activity_id, lock=True)
    if set(facts) != set(_asked(activity, step)):
        raise StaleVersion
    return activity


def _missing(content: Content, facts: Facts) -> Errors:
    """Who goes on to the next step wants to know what this one lacks; who saves a draft does not."""
    if request.form.get("then") != "next":
        return {}
    found = gaps(replace(content, **own_changes(facts, _seen())), _policy(), clock.today())
    return {gap.field: gap.text for gap in found if gap.field in facts}


def _next(activity_id: int, step: Step, told: str = DRAFT_SAVED) -> Response:
    then = request.form.get("then")
    if then not in {"next", "check"}:
        flash(told, "success")
        return redirect(url_for("submissions.activity_page", activity_id=activity_id), 303)
    following = step_after(step)
    if following is None or then == "check":
        return redirect(url_for("submissions.check_page", activity_id=activity_id), 303)
    return redirect(url_for(".edit_page", activity_id=activity_id, step=following.code), 303)


def _form(
    activity: Activity | None,
    step: Step,
    typed: dict[str, Any],
    errors: Errors | None = None,
    stale: Facts | None = None,
) -> str:
    """The page of a step; `stale` are the facts that could not be saved over what is there by now."""
    content = working_version(activity).content if activity else Content()
    asked = _asked(activity, step)
    own = own_changes(stale or {}, _seen())
    if stale:  # what this writer left alone says what is there by now
        typed = _as_typed(content) | {name: typed.get(name, "") for name in own}
    return render_template(
        "provider/activity_form.html",
        activity=activity,
        step=step,
        steps=STEPS,
        asked=asked,
        typed=typed,
        errors=errors or {},
        # With a mistake in it the form still answers what the person saw, not what came since.
        seen=_seen() if errors else marks({name: getattr(content, name) for name in asked}),
        is_stale=stale is not None,
        differences=differences(content, replace(content, **own), _policy()),
        may_save=activity is None or may_do(activity, Action.EDIT),
        panel=_panel(activity, step) if errors else panel_of(activity, step, own, {}),
        remarks=remarks_beside(activity, step),
        policy=_policy(),
    )


def _seen() -> Marks:
    """The marks of what the form showed."""
    return dict(MARK.findall(request.form.get("seen", "")))


def _typed() -> dict[str, Any]:
    return request.form.to_dict() | {name: request.form.getlist(name) for name in MANY}


def _as_typed(content: Content) -> dict[str, Any]:
    return {name: _value_as_typed(getattr(content, name)) for name in Content.__dataclass_fields__}


def _value_as_typed(value: Any) -> Any:
    """A value as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return typed_number(value)
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else value
