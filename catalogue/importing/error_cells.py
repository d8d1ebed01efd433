"""Where a sheet of a workbook holds an error, such as #N/B: its reader takes such cells for empty, or for nought.

It looks in the parts that this reader has read before.
"""

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell

from catalogue.importing.error_cells_ods import CONTENT, errors_of_ods
from catalogue.importing.error_cells_xlsx import WORKBOOK, errors_of_xlsx
from catalogue.importing.tables import UnreadableFile

ON_SHEET = (
    "Het werkblad ‘{}’ heeft een cel met een fout, zoals #N/B of #DEEL/0!. Verbeter die fout, of maak de cel leeg."
)
IN_ROW = "Er staat een fout, zoals #N/B of #DEEL/0!, in cel {}. Verbeter die fout, of maak de cel leeg."
LONGEST_NAME = 31  # that Excel gives a sheet
MOST = 100_000  # errors that are told one by one

Places = dict[int, dict[int, str]]


def error_cells(path: Path, sheet: str) -> Places:
    """By line and column, both from 1 on: what the cell is called, as in 'B2'.

    Raises `UnreadableFile` when there are more than can be told apart.
    """
    found: Places = defaultdict(dict)
    with zipfile.ZipFile(path) as archive:
        for count, (line, column) in enumerate(_errors(archive, sheet)):
            if not line or count == MOST:
                raise UnreadableFile(on_sheet(sheet))
            found[line][column] = xl_rowcol_to_cell(line - 1, column - 1)
    return dict(found)


def on_sheet(name: str) -> str:
    """What to say when it cannot be told which activities have the error."""
    return ON_SHEET.format(name[:LONGEST_NAME])


def in_row(places: list[str]) -> str:
    """What to say of one activity."""
    return IN_ROW.format(" en cel ".join(places))


def _errors(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int]]:
    parts = {part.filename.lower(): part for part in archive.infolist()}
    if WORKBOOK in parts:
        yield from errors_of_xlsx(archive, parts, sheet)
    elif CONTENT in parts:
        yield from errors_of_ods(archive, parts[CONTENT], sheet)
