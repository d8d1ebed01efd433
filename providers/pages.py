"""The provider's own pages about itself."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.db import transaction
from core.policy.loading import current_policies
from providers.rules import Standing, open_requirements
from providers.schemas import DeclarationForm, DeclarationSchema
from providers.services import declare, declared_requirements, provider_of, standing_of

bp = Blueprint("providers", __name__)


@bp.get("/aanbieder")
@open_to(Role.PROVIDER)
def home() -> Response:
    """The list of activities is where a provider starts."""
    return redirect(url_for("own_activities.activity_list"), 303)


@bp.get("/aanbieder/kwaliteit")
@open_to(Role.PROVIDER)
def declaration_page() -> str:
    """The quality requirements with what was declared already."""
    policy = current_policies().on(clock.today())
    provider = provider_of(signed_in())
    declared = declared_requirements(provider, policy)
    state = standing_of(provider, policy)
    return render_template(
        "provider/declaration.html",
        provider=provider,
        policy=policy,
        ticked=declared,
        standing=state,
    )


@bp.post("/aanbieder/kwaliteit")
@open_to(Role.PROVIDER)
def declare_requirements() -> Response | tuple[str, int]:
    """Declare the ticked requirements; the page asks for all of them at once."""
    form: DeclarationForm = DeclarationSchema().load({"requirement": request.form.getlist("requirement")})
    policy = current_policies().on(clock.today())
    with transaction():
        provider = provider_of(signed_in())
        declare(provider, policy, form.requirements, by=signed_in().actor, now=clock.now())
        state = standing_of(provider, policy)
    if state is Standing.UNDECLARED:
        return _declare_again(form)
    flash("Uw verklaring is vastgelegd.", "success")
    return redirect(url_for("own_activities.activity_list"), 303)


def _declare_again(form: DeclarationForm) -> tuple[str, int]:
    policy = current_policies().on(clock.today())
    provider = provider_of(signed_in())
    declared = declared_requirements(provider, policy)
    missing = open_requirements(policy, declared)
    page = render_template(
        "provider/declaration.html",
        provider=provider,
        policy=policy,
        standing=Standing.UNDECLARED,
        ticked=declared | form.requirements,
        errors={
            f"requirement-{item.code}": f"Bevestig: {item.name}" for item in policy.requirements if item.code in missing
        },
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY
