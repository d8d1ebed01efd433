"""The search page. Complete without JavaScript; with it, the results follow what somebody types."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to
from core.caching import for_everybody
from core.policy.loading import current_policies
from core.requests import page_number, search_words
from search.asking import asked
from search.facets import LEGENDS, facets
from search.finding import PAGE, find, number_in
from search.index import Order
from search.marking import marked

ORDERS = {
    Order.RELEVANCE: "Best passend",
    Order.NEWEST: "Nieuwste validatie",
    Order.TITLE: "Naam",
    Order.START: "Begindatum",
    Order.FEWEST_HOURS: "Minste uren",
    Order.MOST_HOURS: "Meeste uren",
}
bp = Blueprint("search", __name__)


@bp.get("/")
@open_to(Role.ANYONE)
def home() -> Response:
    """The register opens with its search page."""
    return redirect(url_for(".search_page"), 302)


@bp.get("/zoeken")
@open_to(Role.ANYONE)
def search_page() -> Response:
    """Find activities by number or words; without a question, the newest."""
    facts = _facts()
    if facts["page"] > 1 and not facts["found"].by_words:
        return redirect(url_for(".search_page", **facts["asked"].args), 303)
    return for_everybody(render_template("public/search.html", **facts))


@bp.get("/zoeken/resultaten")
@open_to(Role.ANYONE)
def results() -> Response:
    """Filters and results alone, for the script of the page; under this address no browser takes it for the page."""
    response = for_everybody(render_template("public/results.html", **_facts()))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _facts() -> dict[str, Any]:
    question, page, today = asked(search_words(), request.args), page_number(), clock.today()
    policy = current_policies().on(today)
    found = find(question, page, today=today)
    return {
        "asked": question,
        "part": number_in(question.text),
        "found": found,
        "page": page,
        "pages": -(-found.total // PAGE),
        "policy": policy,
        "facets": facets(found.counts, question.filters, policy),
        "legends": LEGENDS,
        "orders": ORDERS,
        "marked": marked,
    }
