"""The workbench for offers of the former register, and the bureau's view of how far everybody is."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.labels import NAMES
from catalogue.models import Activity
from catalogue.offers import PAGE, double_count, offer_counts, offer_rows, progress_rows, progress_totals
from catalogue.pressing import press
from catalogue.takeover import READINESS_NAMES, Readiness
from catalogue.taking_over import give_back, take_over
from core import clock
from core.access import Role, open_to, signed_in
from core.audit import Actor
from core.policy.loading import current_policies
from core.requests import page_count, page_number
from providers.queries import provider_of, standing_of
from providers.rules import Standing

bp = Blueprint("takeover", __name__)
DOUBLE = "double"


@bp.get("/aanbieder/overgenomen")
@open_to(Role.PROVIDER)
def workbench() -> str | Response:
    """All offers of the former register, by what is left to do."""
    provider, today = provider_of(signed_in()), clock.today()
    counts, doubles = offer_counts(provider.id, today), double_count(provider.id, today)
    chosen = request.args.get("stap", "")
    wanted = None if chosen == DOUBLE and doubles else _wanted(chosen, counts)
    page, pages = page_number(), page_count(counts.get(wanted, 0) if wanted else doubles, PAGE)
    if page > pages:
        return redirect(url_for(".workbench", stap=chosen or None), 303)
    policy = current_policies().on(today)
    return render_template(
        "provider/workbench.html",
        rows=offer_rows(provider.id, wanted, today, page),
        counts=counts,
        doubles=doubles,
        wanted=wanted or DOUBLE,
        places=READINESS_NAMES,
        names=NAMES,
        page=page,
        pages=pages,
        policy=policy,
        is_in_time=today <= policy.takeover.until,
        is_admitted=standing_of(provider, policy) is Standing.ADMITTED,
    )


@bp.post("/aanbieder/overgenomen/<id:activity_id>/publiceren")
@open_to(Role.PROVIDER)
def publish_offer(activity_id: int) -> Response:
    """Publish one offer as it was validated."""

    def effect(activity: Activity, by: Actor) -> None:
        take_over(activity, current_policies().on(clock.today()), by=by, now=clock.now())

    return press(activity_id, effect, "De activiteit is gepubliceerd met het oude nummer en de oude uren.")


@bp.post("/aanbieder/overgenomen/<id:activity_id>/terug")
@open_to(Role.PROVIDER)
def undo_offer(activity_id: int) -> Response:
    """Undo it: the offer is a draft again."""

    def effect(activity: Activity, by: Actor) -> None:
        give_back(activity, current_policies().on(clock.today()), by=by, now=clock.now())

    return press(activity_id, effect, "De activiteit is weer een concept.")


@bp.get("/commissie/overgenomen")
@open_to(Role.BUREAU)
def progress_page() -> str | Response:
    """How far each provider is."""
    today = clock.today()
    totals = progress_totals(today)
    page, pages = page_number(), page_count(totals.providers, PAGE)
    if page > pages:
        return redirect(url_for(".progress_page"), 303)
    return render_template(
        "bureau/takeover.html",
        rows=progress_rows(page, today),
        totals=totals,
        until=current_policies().on(today).takeover.until,
        page=page,
        pages=pages,
    )


def _wanted(chosen: str, counts: dict[Readiness, int]) -> Readiness:
    """What was asked for, or else where there is something to do."""
    if chosen in set(Readiness):
        return Readiness(chosen)
    return next((place for place in Readiness if counts.get(place)), Readiness.READY)
