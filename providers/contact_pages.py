"""The contact person, and the page behind the link in their mail, which needs no sign-in."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, is_administrator, open_to, signed_in
from core.audit import Actor
from core.db import transaction
from core.errors import StaleVersion
from core.form_errors import first_errors
from core.requests import seen_version
from providers.contacts import JustAsked, ask_again, confirm_address, contact_with, save_contact
from providers.queries import locked_provider_of, provider_of
from providers.schemas import ContactSchema

bp = Blueprint("provider_contact", __name__)


@bp.get("/aanbieder/contactpersoon")
@open_to(Role.PROVIDER)
def contact_page() -> str:
    """The general contact person, and whether the address answered."""
    contact = provider_of(signed_in()).contact
    typed = {name: getattr(contact, name) for name in ("name", "function", "email", "phone")} if contact else {}
    return _contact(typed, {})


@bp.post("/aanbieder/contactpersoon")
@open_to(Role.ADMINISTRATOR)
def save_contact_form() -> Response | tuple[str, int]:
    """Keep the contact person; a new address gets a mail with a link."""
    typed = request.form.to_dict()
    try:
        contact = ContactSchema().load(typed)
        with transaction():
            provider = locked_provider_of(signed_in())
            asked = save_contact(provider, contact, seen=seen_version(), by=signed_in().actor, now=clock.now())
    except ValidationError as error:
        return _contact(typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion as stale:
        return _contact(typed, {}, stale.detail), stale.status
    if asked:
        flash(f"Wij sturen een e-mail aan {contact.email}. Uw contactpersoon klikt op de link daarin.", "success")
    else:
        flash("De contactpersoon is opgeslagen.", "success")
    return redirect(url_for("registration.task_list"), 303)


@bp.post("/aanbieder/contactpersoon/opnieuw")
@open_to(Role.ADMINISTRATOR)
def ask_contact_again() -> Response:
    """Send the link once more."""
    try:
        with transaction():
            is_asked = ask_again(provider_of(signed_in()), clock.now())
    except JustAsked as refused:
        flash(refused.detail, "info")
    else:
        flash("Wij sturen de e-mail opnieuw." if is_asked else "Er is niets meer te bevestigen.", "success")
    return redirect(url_for(".contact_page"), 303)


@bp.get("/contactpersoon/<token>")
@open_to(Role.ANYONE)
def link_page(token: str) -> str:
    """What the link in the mail opens: a button, because mail scanners open links by themselves."""
    contact = contact_with(token, str(current_app.secret_key))
    return render_template("provider/contact_link.html", contact=contact)


@bp.post("/contactpersoon/<token>")
@open_to(Role.ANYONE)
def confirm_link(token: str) -> str:
    """The address answered."""
    with transaction():
        by = Actor("contact", "page")
        contact = confirm_address(token, str(current_app.secret_key), by=by, now=clock.now())
    return render_template("provider/contact_link.html", contact=contact)


def _contact(typed: dict[str, str], errors: dict[str, str], refused: str = "") -> str:
    contact = provider_of(signed_in()).contact
    return render_template(
        "provider/contact.html",
        contact=contact,
        version=seen_version() if errors else contact.version if contact else 0,
        typed=typed,
        errors=errors,
        refused=refused,
        may_change=is_administrator(),
    )
