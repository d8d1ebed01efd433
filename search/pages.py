"""The search page. Complete without JavaScript."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import numbers
from core import clock
from core.access import Role, open_to
from core.policy.loading import current_policies
from search.finding import PAGE, find, newest

LAST_PAGE = 500

bp = Blueprint("search", __name__)


@bp.get("/")
@open_to(Role.ANYONE)
def home() -> Response:
    """The register opens with its search page."""
    return redirect(url_for(".search_page"), 302)


@bp.get("/zoeken")
@open_to(Role.ANYONE)
def search_page() -> str:
    """Find activities by number or words; without a question, the newest."""
    text = "".join(symbol for symbol in request.args.get("q", "") if symbol.isprintable()).strip()[:200]
    page = min(max(request.args.get("pagina", 1, type=int), 1), LAST_PAGE)
    today = clock.today()
    policy = current_policies().on(today)
    found = (
        find(text, page, register=policy.register, today=today)
        if text
        else newest(page, register=policy.register, today=today)
    )
    return render_template(
        "public/search.html",
        q=text,
        part=numbers.normalise(text),
        found=found,
        page=page,
        pages=-(-found.total // PAGE),
        policy=policy,
    )
