"""Reading an XLSX or ODS workbook into a file of rows: a program of its own, because the workbook may be hostile.

It takes the workbook, the file to write, and the most rows. Its exit code tells how it went; when the workbook is
refused, the sentence is on standard output.
"""

import os
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from catalogue.importing.archives import BROKEN, TOO_HEAVY, check_archive
from catalogue.importing.columns import DATES, KNOWN
from catalogue.importing.error_cells import Places, error_cells, in_row, on_sheet
from catalogue.importing.rows_file import write_rows
from catalogue.importing.tables import (
    HEADINGS_WITHIN,
    Row,
    UnreadableFile,
    column_names,
    find_headings,
    known_columns,
)

LIMITS = ((resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_CPU, 30), (resource.RLIMIT_CORE, 0))  # bytes, seconds, bytes
NO_HEADINGS = "Geen enkel werkblad begint met kolomnamen die wij kennen. Gebruik de kolomnamen uit ons sjabloon."
DAY, MOMENT = "%d-%m-%Y", "%d-%m-%Y %H:%M"


def main(source: str, target: str, most_rows: str) -> int:
    """Read within the limits; the answer is the exit code."""
    _limit_this_process()
    try:
        header, rows = _read(Path(source))
        write_rows(Path(target), header, rows, int(most_rows))
    except MemoryError:
        return _refuse(TOO_HEAVY)
    except UnreadableFile as refusal:
        return _refuse(str(refusal))
    except OSError as fault:
        sys.stderr.write(str(fault))
        return os.EX_IOERR
    return os.EX_OK


def _limit_this_process() -> None:
    for kind, most in LIMITS:
        _, ceiling = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if ceiling == resource.RLIM_INFINITY else min(most, ceiling), ceiling))


def _refuse(sentence: str) -> int:
    sys.stdout.buffer.write(sentence.encode())
    return os.EX_DATAERR


def _read(path: Path) -> tuple[list[str], Iterator[Row]]:
    check_archive(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return _first_table(path, workbook)
    except (CalamineError, OSError):
        raise UnreadableFile(BROKEN) from None


def _first_table(path: Path, workbook: CalamineWorkbook) -> tuple[list[str], Iterator[Row]]:
    """The headings and rows of the first sheet whose headings we know; sheets that nobody sees are passed over."""
    for sheet in workbook.sheets_metadata:
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
            content = workbook.get_sheet_by_name(sheet.name)
            line, headings = _headings(content)
            if known_columns(headings):
                errors = error_cells(path, sheet.name)
                if line in errors:
                    raise UnreadableFile(on_sheet(sheet.name))
                names = column_names(headings)
                return [name for name in names if name], _rows(content, names, line, errors)
    raise UnreadableFile(NO_HEADINGS)


def _headings(sheet: CalamineSheet) -> tuple[int, list[str]]:
    """The line that has the headings, if any, and what stands there."""
    filled = ((line, cells) for line, cells in enumerate(sheet.iter_rows(), 1) if _is_filled(cells))
    first = [(line, [_text(cell, "") for cell in cells]) for line, cells in islice(filled, HEADINGS_WITHIN)]
    return first[find_headings([texts for _, texts in first])] if first else (0, [])


def _is_filled(cells: list[Any]) -> bool:
    return any(cell != "" for cell in cells)


def _rows(sheet: CalamineSheet, names: list[str], headings: int, errors: Places) -> Iterator[Row]:
    """What is below the headings. Errors count in the columns that are read; a sheet may begin right of column A."""
    left = sheet.start[1] + 1 if sheet.start else 1
    read = {column for column, name in enumerate(names, left) if name in KNOWN}
    for line, cells in islice(enumerate(sheet.iter_rows(), 1), headings, None):
        if wrong := [place for column, place in errors.get(line, {}).items() if column in read]:
            yield Row(line, {}, in_row(wrong))
        elif _is_filled(cells):
            yield Row(line, {name: _text(cell, name) for name, cell in zip(names, cells, strict=False) if name})


def _text(cell: Any, name: str) -> str:
    """What a person would have typed for this cell in this column."""
    return _TEXTS.get(type(cell), _as_is)(cell, name)


def _as_is(cell: Any, _: str) -> str:
    return str(cell).replace("\0", "")


def _number(number: float, name: str) -> str:
    if name == "kvk_nummer":
        return f"{number:08.0f}"  # as a number it lost its leading zeros
    return f"{number:.0f}" if number == int(number) else f"{number:.15g}".replace(".", ",")


def _moment(moment: datetime, name: str) -> str:
    is_day = name in DATES or not (moment.hour or moment.minute)
    return moment.strftime(DAY if is_day else MOMENT)


_TEXTS: dict[type, Callable[[Any, str], str]] = {
    bool: lambda cell, _: "ja" if cell else "nee",
    int: _number,
    float: _number,
    datetime: _moment,
    date: lambda cell, _: cell.strftime(DAY),
}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
