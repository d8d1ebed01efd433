"""The provider's pages about when and where an activity is given; open in every state, also to a suspended provider."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from catalogue import undo
from catalogue.drafts import working_version
from catalogue.edition_schemas import EditionSchema, as_typed
from catalogue.editions import (
    AlreadyThere,
    NotPossible,
    add_edition,
    change_edition,
    editions_of,
    facts_of,
    own_edition,
    remove_edition,
)
from catalogue.models import Activity, Edition
from catalogue.queries import own_activity
from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.form_errors import first_errors
from core.formatting import dutch_period
from core.kept_texts import saved
from core.policy import Policy
from core.policy.loading import current_policies
from core.requests import seen_version
from providers.queries import provider_of

bp = Blueprint("editions", __name__, url_prefix="/aanbieder/activiteiten/<id:activity_id>/uitvoeringen")

LABELS = {"starts_on": "Begindatum", "ends_on": "Einddatum", "registration_link": "Link om aan te melden"}
MOST_PAST = 50  # that are shown unless somebody asks for all
CHANGED = "De uitvoering was intussen al gewijzigd. U ziet hier hoe die nu is."
Answer = Response | tuple[str, int]


def _own(activity_id: int, *, lock: bool = False) -> Activity:
    return own_activity(provider_of(signed_in()).id, activity_id, lock=lock)


def _policy() -> Policy:
    return current_policies().on(clock.today())


@bp.get("")
@open_to(Role.PROVIDER)
def edition_list(activity_id: int) -> str:
    """What is still to come, what is over, and a way back for what was removed a moment ago."""
    activity, today = _own(activity_id), clock.today()
    found = editions_of(activity)
    past = [edition for edition in reversed(found) if edition.ends_on < today]
    is_whole = "alles" in request.args
    return render_template(
        "provider/editions.html",
        activity=activity,
        title=working_version(activity).title,
        coming=[edition for edition in found if edition.ends_on >= today],
        past=past if is_whole else past[:MOST_PAST],
        past_count=len(past),
        is_whole=is_whole,
        undo=undo.offered(undo.EDITION, activity_id),
        policy=_policy(),
        today=today,
    )


@bp.get("/nieuw")
@open_to(Role.PROVIDER)
def new_page(activity_id: int) -> str:
    """An empty form, in the language that most activities are given in."""
    return _form(_own(activity_id), {"language": _policy().languages[0].code})


@bp.get("/<id:edition_id>/nog-een-keer")
@open_to(Role.PROVIDER)
def again_page(activity_id: int, edition_id: int) -> str:
    """The form of a new edition that says the same as this one, on other days."""
    activity = _own(activity_id)
    return _form(activity, as_typed(facts_of(own_edition(activity, edition_id))) | {"starts_on": "", "ends_on": ""})


@bp.post("/nieuw")
@open_to(Role.PROVIDER)
def add(activity_id: int) -> Answer:
    """Offer the activity once more; teachers see it at once when the activity is published."""
    typed = request.form.to_dict()
    try:
        facts = EditionSchema().load(typed)
        with transaction():
            activity = _own(activity_id, lock=True)
            add_edition(activity, facts, policy=_policy(), by=signed_in().actor, now=clock.now())
    except (ValidationError, NotPossible) as error:
        return _form(_own(activity_id), typed, errors=_sentences(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except AlreadyThere as refused:
        saved("uitvoering", activity_id, "nieuw")
        return _back(activity_id, refused.detail, "info")
    saved("uitvoering", activity_id, "nieuw")
    return _back(activity_id, "De uitvoering is toegevoegd.")


@bp.get("/<id:edition_id>/bewerken")
@open_to(Role.PROVIDER)
def edit_page(activity_id: int, edition_id: int) -> str:
    """The form with what the edition says now."""
    activity = _own(activity_id)
    edition = own_edition(activity, edition_id)
    return _form(activity, as_typed(facts_of(edition)), edition)


@bp.post("/<id:edition_id>/bewerken")
@open_to(Role.PROVIDER)
def save(activity_id: int, edition_id: int) -> Answer:
    """Change the edition; when a colleague did so meanwhile, both texts are kept."""
    typed = request.form.to_dict()
    try:
        facts = EditionSchema().load(typed)
        with transaction():
            edition = own_edition(_own(activity_id, lock=True), edition_id, seen=seen_version())
            change_edition(edition, facts, policy=_policy(), by=signed_in().actor, now=clock.now())
    except (ValidationError, NotPossible) as error:
        page = _again(activity_id, edition_id, typed, errors=_sentences(error))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion as stale:
        return _again(activity_id, edition_id, typed, is_stale=True), stale.status
    except AlreadyThere:
        saved("uitvoering", activity_id, edition_id)
        return _back(activity_id, "Er staat al een uitvoering die hetzelfde zegt. Er is niets gewijzigd.", "info")
    saved("uitvoering", activity_id, edition_id)
    return _back(activity_id, "De uitvoering is opgeslagen.")


@bp.post("/<id:edition_id>/verwijderen")
@open_to(Role.PROVIDER)
def remove(activity_id: int, edition_id: int) -> Answer:
    """Take the edition away; one that was still to come can be put back by a button on the next page."""
    try:
        with transaction():
            edition = own_edition(_own(activity_id, lock=True), edition_id, seen=seen_version())
            facts = remove_edition(edition, by=signed_in().actor, now=clock.now())
    except StaleVersion:
        return _back(activity_id, CHANGED, "info")
    if facts.ends_on < clock.today():
        return _back(activity_id, "De uitvoering is verwijderd.")
    done = f"De uitvoering van {dutch_period(facts.starts_on, facts.ends_on)} is verwijderd."
    undo.offer(undo.EDITION, activity_id, done, as_typed(facts))
    return redirect(url_for(".edition_list", activity_id=activity_id), 303)


def _back(activity_id: int, text: str, kind: str = "success") -> Response:
    flash(text, kind)
    return redirect(url_for(".edition_list", activity_id=activity_id), 303)


def _again(activity_id: int, edition_id: int, typed: dict[str, str], **more: Any) -> str:
    activity = _own(activity_id)
    return _form(activity, typed, own_edition(activity, edition_id), **more)


def _form(
    activity: Activity,
    typed: dict[str, str],
    edition: Edition | None = None,
    *,
    errors: dict[str, str] | None = None,
    is_stale: bool = False,
) -> str:
    return render_template(
        "provider/edition_form.html",
        activity=activity,
        title=working_version(activity).title,
        edition=edition,
        # With a mistake in it the form still answers the version that the person saw, not one that came since.
        version=seen_version() if errors else edition and edition.version,
        typed=typed,
        errors=errors or {},
        is_stale=is_stale,
        policy=_policy(),
    )


def _sentences(error: ValidationError | NotPossible) -> dict[str, str]:
    """One sentence per field, in the order of the form; those that several fields share name theirs."""
    if isinstance(error, NotPossible):
        return error.faults
    order = [field.data_key or name for name, field in EditionSchema().fields.items()]
    found = first_errors(error)
    return {name: _about(name, found[name]) for name in order if name in found}


def _about(name: str, text: str) -> str:
    is_named = name not in LABELS or LABELS[name].lower() in text
    return text if is_named else f"{LABELS[name]}: {text[0].lower()}{text[1:]}"
