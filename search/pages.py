"""The search page. Complete without JavaScript; with it, the results follow what somebody types."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to
from core.caching import for_everybody
from core.formatting import count_of
from core.policy.loading import current_policies
from core.requests import page_number
from core.texts import tidy_line
from search.asking import Asked, asked, readable
from search.facets import facets, topic
from search.finding import PAGE, find, number_in
from search.index import Order
from search.marking import marked
from search.words import LONGEST_QUERY

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
    """Find activities by number or words; without a question, the newest. Empty fields leave the address."""
    question, page = _question(), page_number()
    if not all(text for _, text in readable(request.query_string).items(multi=True)):
        return redirect(url_for(".search_page", **question.args, pagina=page if page > 1 else None), 302)
    facts = _facts(question, page)
    if page > 1 and not facts["found"].by_words:
        return redirect(url_for(".search_page", **question.args), 303)
    return for_everybody(render_template("public/search.html", **facts))


@bp.get("/zoeken/resultaten")
@open_to(Role.ANYONE)
def results() -> Response:
    """Filters and results alone, for the script of the page; under this address no browser takes it for the page."""
    response = for_everybody(render_template("public/results.html", **_facts(_question(), page_number())))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _question() -> Asked:
    args = readable(request.query_string)
    return asked(tidy_line(args.get("q", ""))[:LONGEST_QUERY], args)


def _facts(question: Asked, page: int) -> dict[str, Any]:
    today = clock.today()
    policy = current_policies().on(today)
    found = find(question, page, today=today)
    choices = facets(found.counts, question.filters, policy)
    about = "" if question.text or any(question.typed.values()) else topic(choices, question.filters)
    return {
        "asked": question,
        "part": number_in(question.text),
        "found": found,
        "page": page,
        "pages": -(-found.total // PAGE),
        "policy": policy,
        "facets": choices,
        "topic": about,
        "title": _title(question, about, found.total),
        "can_filter": bool(choices) or question.is_narrowed or question.order != question.usual_order,
        "orders": ORDERS,
        "marked": marked,
    }


def _title(question: Asked, about: str, total: int) -> str:
    if question.text:
        return f"Zoeken naar ‘{question.text}’"
    return f"{about}: {count_of(total, 'activiteit', 'activiteiten')}" if about and total else "Scholing zoeken"
