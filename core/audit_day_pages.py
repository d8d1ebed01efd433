"""The public page with the last hash of every day, for whoever wants to keep one. It holds counts and codes only."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request, stream_with_context

from core import clock
from core.access import Role, open_to
from core.audit_days import days_until, every_day, is_closed
from core.spreadsheets import CSV_TYPE, csv_portions

bp = Blueprint("audit_days", __name__)
PAGE = 30
COLUMNS = ("dag", "regels", "positie", "hash", "afgesloten")


@bp.get("/logboek")
@open_to(Role.ANYONE)
def day_list() -> str:
    """The last days on which something happened, or those until a day that was asked for."""
    until, now = _until(), clock.now()
    found = days_until(until, PAGE + 1)
    days = found[:PAGE]
    return render_template(
        "public/audit_days.html",
        days=days,
        is_closed=lambda day: is_closed(day, now),
        is_newest=until is None,
        earlier=days[-1].day - timedelta(days=1) if len(found) > PAGE else None,
    )


@bp.get("/logboek.csv")
@open_to(Role.ANYONE)
def export_csv() -> Response:
    """All days for a program, oldest first."""
    response = Response(stream_with_context(csv_portions(COLUMNS, _rows())), content_type=CSV_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename="controle-logboek.csv")
    return response


def _rows() -> Iterator[list[str]]:
    now = clock.now()
    for day in every_day():
        closed = "ja" if is_closed(day.day, now) else "nee"
        yield [day.day.isoformat(), str(day.entries), str(day.position), day.hash, closed]


def _until() -> date | None:
    """The day that was asked for; None when it is no day."""
    try:
        return date.fromisoformat(request.args.get("tot", ""))
    except ValueError:
        return None
