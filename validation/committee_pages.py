"""The committee's queue."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.requests import page_count, page_number, search_words
from validation.queries import PAGE, QueueFilter, queue, queue_length, tiles
from validation.term_text import for_committee, from_data

bp = Blueprint("committee", __name__, url_prefix="/commissie")


@bp.get("")
@open_to(Role.COMMITTEE, Role.BUREAU)
def queue_page() -> str | Response:
    """Open cases, first due first, each with its explained due date."""
    today = clock.today()
    whose = request.args.get("wie", "")
    wanted = QueueFilter(
        words=search_words(),
        whose=whose if whose in {"mine", "nobody"} else "",
        handler=signed_in().account_key,
    )
    page, length = page_number(), queue_length(wanted)
    pages = page_count(length, PAGE)
    if page > pages:
        return redirect(url_for(".queue_page", q=wanted.words, wie=wanted.whose), 303)
    cases = queue(wanted, page)
    return render_template(
        "committee/queue.html",
        cases=cases,
        sums={case.id: for_committee(from_data(case.term)) for case in cases},
        tiles=tiles(wanted.handler, today),
        wanted=wanted,
        length=length,
        page=page,
        pages=pages,
        today=today,
        is_member=Role.COMMITTEE in signed_in().roles,
    )
