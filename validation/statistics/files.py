"""A table of figures as a file."""

from collections.abc import Collection

from flask import Response, request

from core.spreadsheets import CSV_TYPE, csv_portions
from validation.statistics.asking import typed_month
from validation.statistics.periods import Period
from validation.statistics.tables import Table

USUAL = "maand"


def table_name(known: Collection[str]) -> str:
    """Which table the address asks for; the usual one when it says none that there is."""
    name = request.args.get("tabel", USUAL)
    return name if name in known else USUAL


def table_file(table: Table, name: str, period: Period) -> Response:
    """The table as CSV."""
    response = Response(csv_portions(table.header_in_file, table.rows_in_file), content_type=CSV_TYPE)
    months = f"{typed_month(period.first)}-tot-{typed_month(period.last)}"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{months}.csv")
    return response
