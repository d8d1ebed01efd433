"""The search page. Complete without JavaScript."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to
from core.policy.loading import current_policies
from core.requests import page_number, search_words
from search.finding import PAGE, find, newest, number_in

bp = Blueprint("search", __name__)


@bp.get("/")
@open_to(Role.ANYONE)
def home() -> Response:
    """The register opens with its search page."""
    return redirect(url_for(".search_page"), 302)


@bp.get("/zoeken")
@open_to(Role.ANYONE)
def search_page() -> str | Response:
    """Find activities by number or words; without a question, the newest."""
    text, page = search_words(), page_number()
    today = clock.today()
    policy = current_policies().on(today)
    found = find(text, page, today=today) if text else newest(page, today=today)
    if page > 1 and not found.by_words:
        return redirect(url_for(".search_page", q=text or None), 303)
    return render_template(
        "public/search.html",
        q=text,
        part=number_in(text),
        found=found,
        page=page,
        pages=-(-found.total // PAGE),
        policy=policy,
    )
