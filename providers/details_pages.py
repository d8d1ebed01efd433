"""The company details: checked and changed by the provider, prefilled from the trade register where there is one."""

from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, is_administrator, open_to, signed_in
from core.db import transaction
from core.errors import StaleVersion
from core.form_errors import first_errors
from core.requests import seen_version
from providers.details import details_of, prefill, save_details
from providers.models import Provider
from providers.queries import locked_provider_of, provider_of
from providers.rules import SOURCE_NAMES
from providers.schemas import DetailsSchema
from providers.trade_register_client import TradeRegister, TradeRegisterUnreachable

bp = Blueprint("provider_details", __name__, url_prefix="/aanbieder/gegevens")


@bp.get("")
@open_to(Role.PROVIDER)
def details_page() -> str:
    """The company details, each with where it comes from."""
    provider = provider_of(signed_in())
    return _details(provider, vars(details_of(provider)), {})


@bp.post("")
@open_to(Role.ADMINISTRATOR)
def save_details_form() -> Response | tuple[str, int]:
    """Keep what was checked and changed."""
    typed = request.form.to_dict()
    try:
        details = DetailsSchema().load(typed)
        with transaction():
            provider = locked_provider_of(signed_in(), seen=seen_version())
            save_details(provider, details, by=signed_in().actor, now=clock.now())
    except ValidationError as error:
        return _details(provider_of(signed_in()), typed, first_errors(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersion as stale:
        return _details(provider_of(signed_in()), typed, {}, stale.detail), stale.status
    flash("Uw gegevens zijn opgeslagen.", "success")
    return redirect(url_for("registration.task_list"), 303)


@bp.post("/ophalen")
@open_to(Role.ADMINISTRATOR)
def fetch_from_trade_register() -> Response:
    """Ask the trade register now; what the provider wrote itself stays as it is."""
    register = _trade_register()
    try:
        facts = register.company(provider_of(signed_in()).kvk_number) if register else None
    except TradeRegisterUnreachable:
        flash("Het Handelsregister is nu niet bereikbaar. U kunt de gegevens zelf invullen.", "info")
        return redirect(url_for(".details_page"), 303)
    if facts is None:
        flash("Het Handelsregister kent dit nummer niet. U kunt de gegevens zelf invullen.", "info")
        return redirect(url_for(".details_page"), 303)
    with transaction():
        prefill(locked_provider_of(signed_in()), facts, by=signed_in().actor, now=clock.now())
    flash("De gegevens uit het Handelsregister zijn opgehaald. Controleer ze en sla ze op.", "success")
    return redirect(url_for(".details_page"), 303)


def _trade_register() -> TradeRegister | None:
    register: TradeRegister | None = current_app.extensions["trade_register"]
    return register


def _details(provider: Provider, typed: dict[str, str], errors: dict[str, str], refused: str = "") -> str:
    return render_template(
        "provider/details.html",
        provider=provider,
        # With a mistake in it the form still answers the version that the person saw, not one that came since.
        version=seen_version() if errors else provider.version,
        typed=typed,
        errors=errors,
        refused=refused,
        sources=SOURCE_NAMES,
        may_change=is_administrator(),
        may_fetch=_trade_register() is not None,
    )
