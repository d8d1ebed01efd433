"""The figures for the committee, on a page and as files."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import clock
from core.access import Role, open_to, signed_in
from core.policy.loading import current_policies
from core.policy.model import Procedure
from validation.statistics.afterwards import afterwards, left_out_for
from validation.statistics.asking import PROCEDURES, Asked, asked
from validation.statistics.files import table_file, table_name
from validation.statistics.overview import overview

bp = Blueprint("statistics", __name__, url_prefix="/commissie")


@bp.get("/cijfers")
@open_to(Role.COMMITTEE, Role.BUREAU)
def statistics_page() -> str | tuple[str, int]:
    """The figures of a procedure, over the months that were asked for."""
    wanted = asked(request.args, clock.today())
    if wanted.period is None:
        return _page(wanted), HTTPStatus.UNPROCESSABLE_ENTITY
    procedure = PROCEDURES[wanted.procedure]
    return _page(
        wanted,
        found=overview(procedure, wanted.period, current_policies()),
        afterwards=None if procedure == Procedure.OBJECTION else afterwards(procedure, wanted.period),
    )


@bp.get("/cijfers.csv")
@open_to(Role.COMMITTEE, Role.BUREAU)
def statistics_file() -> Response:
    """One of the tables as a file. An address that nobody can read leads to the page, which says what is wrong."""
    wanted = asked(request.args, clock.today())
    if wanted.period is None:
        return redirect(url_for(".statistics_page", **wanted.args), 303)
    tables = overview(PROCEDURES[wanted.procedure], wanted.period, current_policies()).tables
    name = table_name(tables)
    return table_file(tables[name], f"cijfers-{wanted.procedure}-per-{name}", wanted.period)


def _page(wanted: Asked, **found: object) -> str:
    tied, stepped_back = left_out_for(signed_in().account_key, clock.today())
    return render_template(
        "statistics/committee.html", wanted=wanted, today=clock.today(), tied=tied, stepped_back=stepped_back, **found
    )
