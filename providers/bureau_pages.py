"""The bureau's pages about providers: find one, suspend and reinstate, link a number, replace an administrator."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.audit import entries_about
from core.db import transaction
from core.errors import StaleVersion
from core.policy.loading import current_policies
from core.requests import page_count, page_number, search_words, seen_version
from core.texts import tidy_line
from providers.admitting import NotSuspendable, reinstate, suspend
from providers.arriving import change_role
from providers.linking import NotLinkable, link_number, newcomer_at, release_number
from providers.log_texts import action_in_words, more_in_words, who_in_words
from providers.models import Provider
from providers.queries import (
    PAGE,
    find_by_id,
    former_numbers,
    locked_provider,
    member_labels,
    member_of,
    members_of,
    provider_count,
    provider_page,
    standing_of,
)
from providers.rules import STANDING_NAMES, LastAdministrator
from providers.schemas import ReasonSchema, RoleSchema

bp = Blueprint("bureau", __name__, url_prefix="/commissie/aanbieders")
NEWEST_ENTRIES = 50


@bp.get("")
@open_to(Role.BUREAU)
def provider_list() -> str | Response:
    """All providers, by name, found by a part of name or KvK number."""
    words = search_words()
    if words.replace(" ", "").isdigit():
        words = words.replace(" ", "")
    page, count = page_number(), provider_count(words)
    pages = page_count(count, PAGE)
    if page > pages:
        return redirect(url_for(".provider_list", q=words), 303)
    rows = provider_page(words, page)
    return render_template("bureau/providers.html", rows=rows, words=words, count=count, page=page, pages=pages)


@bp.get("/<id:provider_id>")
@open_to(Role.BUREAU)
def provider_detail(provider_id: int) -> str:
    """One provider with its members and what happened to it."""
    return _page(find_by_id(provider_id), {}, {})


@bp.post("/<id:provider_id>/schorsen")
@open_to(Role.BUREAU)
def suspend_provider(provider_id: int) -> Response | tuple[str, int]:
    """Suspend, with a reason that the provider reads."""
    policy = current_policies().on(clock.today())
    return _with_reason(provider_id, partial(suspend, policy=policy), "De aanbieder is geschorst.")


@bp.post("/<id:provider_id>/herstellen")
@open_to(Role.BUREAU)
def reinstate_provider(provider_id: int) -> Response | tuple[str, int]:
    """End a suspension, with a reason that the provider reads."""
    return _with_reason(provider_id, reinstate, "De schorsing is opgeheven.")


@bp.post("/<id:provider_id>/kvk-nummer")
@open_to(Role.BUREAU)
def link_new_number(provider_id: int) -> Response | tuple[str, int]:
    """Let the provider go on under another KvK number."""
    typed = request.form.to_dict()
    number = tidy_line(typed.get("kvk_number", "")).replace(" ", "")
    try:
        with transaction():
            provider = locked_provider(provider_id, seen=seen_version())
            accepted = request.form.get("newcomer", 0, type=int)
            link_number(provider, number, accepted, by=signed_in().actor, now=clock.now())
    except StaleVersion as stale:
        return _page(find_by_id(provider_id), typed, {}, stale.detail), stale.status
    except NotLinkable as refused:
        return _page(find_by_id(provider_id), typed, {"kvk_number": refused.detail}), HTTPStatus.UNPROCESSABLE_ENTITY
    flash("Het nieuwe KvK-nummer is gekoppeld. Het oude blijft naar deze aanbieder verwijzen.", "success")
    return redirect(url_for(".provider_detail", provider_id=provider_id), 303)


@bp.post("/<id:provider_id>/kvk-nummer/<id:former_id>/loslaten")
@open_to(Role.BUREAU)
def release_former_number(provider_id: int, former_id: int) -> Response:
    """A number that was linked by mistake leads to this provider no longer."""
    with transaction():
        release_number(locked_provider(provider_id), former_id, by=signed_in().actor, now=clock.now())
    flash("Het nummer is losgelaten. Wie ermee inlogt, begint een eigen aanmelding.", "success")
    return redirect(url_for(".provider_detail", provider_id=provider_id), 303)


@bp.post("/<id:provider_id>/medewerkers/<id:member_id>/rol")
@open_to(Role.BUREAU)
def replace_administrator(provider_id: int, member_id: int) -> Response | tuple[str, int]:
    """Give a member another role, when no administrator is left to do it."""
    try:
        with transaction():
            member = member_of(locked_provider(provider_id), member_id, seen=seen_version())
            role = RoleSchema().load(request.form)["role"]
            change_role(member, role, by=signed_in().actor, now=clock.now())
    except ValidationError:
        return _page(find_by_id(provider_id), {}, {"members": "Kies een rol."}), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersion, LastAdministrator) as refused:
        return _page(find_by_id(provider_id), {}, {}, refused.detail), refused.status
    flash("De rol is gewijzigd.", "success")
    return redirect(url_for(".provider_detail", provider_id=provider_id), 303)


def _with_reason(provider_id: int, act: Callable[..., None], done: str) -> Response | tuple[str, int]:
    typed = request.form.to_dict()
    try:
        reason = ReasonSchema().load(typed)["reason"]
        with transaction():
            provider = locked_provider(provider_id, seen=seen_version())
            act(provider, reason, by=signed_in().actor, now=clock.now())
    except ValidationError as error:
        errors = {"reason": error.messages_dict["reason"][0]}
        return _page(find_by_id(provider_id), typed, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersion, NotSuspendable) as refused:
        # The form may be the opposite one by now, so what was typed stands beside it and not in it.
        written = f" U schreef: {reason}"
        return _page(find_by_id(provider_id), {}, {}, refused.detail + written), refused.status
    flash(done, "success")
    contact = find_by_id(provider_id).contact
    if contact is None or not contact.confirmed_email:
        flash("Er is geen bevestigd e-mailadres: het bericht staat alleen op de site. Bel of schrijf zelf.", "info")
    return redirect(url_for(".provider_detail", provider_id=provider_id), 303)


def _page(provider: Provider, typed: dict[str, str], errors: dict[str, str], refused: str = "") -> str:
    number = tidy_line(typed.get("kvk_number", "")).replace(" ", "")
    newcomer = newcomer_at(number, provider) if number else None
    entries = entries_about([f"provider:{provider.id}"], [], most=NEWEST_ENTRIES)
    return render_template(
        "bureau/provider.html",
        provider=provider,
        standing=standing_of(provider, current_policies().on(clock.today())),
        standings=STANDING_NAMES,
        members=members_of(provider),
        former=former_numbers(provider),
        entries=entries,
        in_words=action_in_words,
        more=more_in_words,
        who=who_in_words,
        labels=member_labels(provider),
        names=current_policies().requirement_names,
        typed=typed,
        errors=errors,
        refused=refused,
        newcomer=newcomer,
    )
