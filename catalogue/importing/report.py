"""The report of an import: what did not land and why, on the page and as a file for a spreadsheet. Never writes."""

import csv
import io
from collections.abc import Iterator, Sequence

from flask import Flask
from sqlalchemy import select

from catalogue.importing.models import ImportProblem
from core.db import db

HEADER = ("regel", "kolom", "waarde", "reden")
CHUNK = 1000
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def problems_of(job_id: int, *, most: int, after: int = 0) -> list[ImportProblem]:
    """The reasons in the order of the file, those after an id."""
    query = select(ImportProblem).filter_by(job_id=job_id).where(ImportProblem.id > after)
    return list(db.session.scalars(query.order_by(ImportProblem.id).limit(most)))


def report_as_csv(app: Flask, job_id: int) -> Iterator[str]:
    """The whole report, piece by piece, each in a context of its own: a slow reader keeps no transaction open."""
    yield BYTE_ORDER_MARK + _line(HEADER)
    after: int | None = 0
    while after is not None:
        with app.app_context():
            found = problems_of(job_id, most=CHUNK, after=after)
            after = found[-1].id if found else None
            piece = "".join(_line([str(row.line), row.column, row.value, row.reason]) for row in found)
        yield piece


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(map(harmless, cells))
    return written.getvalue()
