"""Where a provider starts, and the quality requirements that it declares."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, is_administrator, open_to, signed_in
from core.db import transaction
from core.policy.loading import current_policies
from providers.declaring import declare, withdraw_declaration
from providers.models import Provider
from providers.queries import declarations_of, member_labels, provider_of, standing_of
from providers.rules import Standing, open_requirements
from providers.schemas import DeclarationForm, DeclarationSchema

bp = Blueprint("providers", __name__, url_prefix="/aanbieder")


@bp.get("")
@open_to(Role.PROVIDER)
def home() -> Response:
    """A provider that still has to register starts there, any other at its activities."""
    standing = standing_of(provider_of(signed_in()), current_policies().on(clock.today()))
    is_new = standing in {Standing.INCOMPLETE, Standing.REJECTED}
    return redirect(url_for("registration.task_list" if is_new else "own_list.activity_list"), 303)


@bp.get("/kwaliteit")
@open_to(Role.PROVIDER)
def declaration_page() -> str:
    """The quality requirements with what was declared, by whom and when."""
    return _declaration(provider_of(signed_in()), None)


@bp.post("/kwaliteit")
@open_to(Role.ADMINISTRATOR)
def declare_requirements() -> Response | tuple[str, int]:
    """Declare the ticked requirements; the page asks for all of them at once."""
    form: DeclarationForm = DeclarationSchema().load({"requirement": request.form.getlist("requirement")})
    policy = current_policies().on(clock.today())
    if request.form.get("set_version", policy.requirements_version) != policy.requirements_version:
        flash("De kwaliteitseisen zijn intussen vernieuwd. Lees ze en bevestig ze opnieuw.", "info")
        return redirect(url_for(".declaration_page"), 303)
    with transaction():
        provider = provider_of(signed_in())
        declare(provider, policy, form.requirements, by=signed_in().actor, now=clock.now())
        missing = open_requirements(policy, declarations_of(provider, policy))
    if missing:
        return _declaration(provider_of(signed_in()), missing), HTTPStatus.UNPROCESSABLE_ENTITY
    flash("Uw verklaring is vastgelegd.", "success")
    return redirect(url_for("registration.task_list"), 303)


@bp.post("/kwaliteit/<requirement>/intrekken")
@open_to(Role.ADMINISTRATOR)
def withdraw_requirement(requirement: str) -> Response:
    """Take one declaration back; declaring it again is the undo."""
    with transaction():
        policy = current_policies().on(clock.today())
        withdraw_declaration(provider_of(signed_in()), policy, requirement, by=signed_in().actor, now=clock.now())
    flash("U hebt de bevestiging ingetrokken. Indienen kan pas weer als u de eis opnieuw bevestigt.", "info")
    return redirect(url_for(".declaration_page"), 303)


def _declaration(provider: Provider, missing: list[str] | None) -> str:
    policy = current_policies().on(clock.today())
    names = {item.code: item.name for item in policy.requirements}
    return render_template(
        "provider/declaration.html",
        provider=provider,
        policy=policy,
        declared=declarations_of(provider, policy),
        labels=member_labels(provider),
        ticked=set(request.form.getlist("requirement")),
        may_change=is_administrator(),
        errors={f"requirement-{code}": f"Bevestig: {names[code]}" for code in missing or []},
    )
