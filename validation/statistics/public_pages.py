"""The figures for everybody, on a page and as files."""

from flask import Blueprint, Response, make_response, render_template, session

from core import clock
from core.access import Role, current_identity, open_to
from core.policy.loading import current_policies
from core.policy.model import Procedure
from validation.statistics.files import table_file, table_name
from validation.statistics.public import public_figures
from validation.term_text import promise

bp = Blueprint("public_statistics", __name__)
MAX_AGE = 300  # seconds that others may keep a page


@bp.get("/cijfers")
@open_to(Role.ANYONE)
def statistics_page() -> Response:
    """How many activities came in and were decided, how fast, and with what outcome."""
    policy = current_policies().on(clock.today())
    page = render_template(
        "statistics/public.html", found=public_figures(), promise=promise(policy.terms[Procedure.VALIDATION])
    )
    return _for_everybody(make_response(page))


@bp.get("/cijfers.csv")
@open_to(Role.ANYONE)
def statistics_file() -> Response:
    """One of the tables as a file."""
    found = public_figures()
    name = table_name(found.tables)
    return _for_everybody(table_file(found.tables[name], f"cijfers-per-{name}", found.period))


def _for_everybody(response: Response) -> Response:
    """Others may keep it, unless there is something in it for one person: a name, or a notice that is shown once."""
    if current_identity() is None and not session.modified:
        response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
