"""The provider's list of its activities."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.queries import PAGE, own_counts, own_rows
from catalogue.states import STATE_NAMES, State
from core import clock
from core.access import Role, open_to, signed_in
from core.policy import Policy
from core.policy.loading import current_policies
from core.requests import page_count, page_number
from providers.queries import provider_of, standing_of
from providers.rules import STANDING_NAMES

bp = Blueprint("own_list", __name__, url_prefix="/aanbieder/activiteiten")


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
