"""A table as a file for a spreadsheet program: CSV in Dutch notation, and XLSX. Whatever a cell says, it is no formula.

Rows may be many: both ways hold no more than a few of them at a time.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import chain, islice
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | Decimal | date | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What makes a program read a text as a formula (OWASP, CSV injection), also as full-width symbols.
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
PORTION = 200
WIDTH = 20


def csv_portions(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file piece by piece: semicolons, decimal commas, and a mark by which Excel sees that it is UTF-8."""
    left = chain([header], rows)
    yield "\ufeff"
    while portion := list(islice(left, PORTION)):
        text = StringIO()
        csv.writer(text, delimiter=";").writerows([in_csv(cell) for cell in row] for row in portion)
        yield text.getvalue()


def in_csv(cell: Cell) -> str:
    """A value as Excel reads it under Dutch settings; a text that would be a formula begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}".replace(".", ",")
    if isinstance(cell, date):
        return cell.strftime("%d-%m-%Y")
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def write_xlsx(file: IO[bytes], name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook of one sheet, with a fixed bold header and filters."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet, day = book.add_worksheet(name), book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.set_column(0, len(header) - 1, WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        last = 0
        for last, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, (last, column), cell, day)
        sheet.autofilter(0, 0, last, len(header) - 1)


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, day: Format) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(*place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, day)
    elif cell:
        sheet.write_string(*place, cell)
