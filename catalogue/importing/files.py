"""From whatever file somebody sends to a file of rows. Recognises by content; leaves nothing half behind."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.importing.confinement import read_workbook
from catalogue.importing.kinds import is_workbook
from catalogue.importing.reader import read_rows, recognise
from catalogue.importing.rows_file import MOST_ROWS, RowsFile, write_rows
from catalogue.importing.tables import check_headings

__all__ = ["RowsFile", "to_rows"]


def to_rows(source: Path, target: Path, *, most_rows: int = MOST_ROWS) -> RowsFile:
    """Write the rows of a CSV, XLSX or ODS file to `target`, all or nothing.

    Raises `UnreadableFile` with a sentence for who sent it when the file as a whole does not fit.
    """
    with _half(target) as half:
        if is_workbook(source):
            read_workbook(source, half, most_rows)
        else:
            _read_text(source, half, most_rows)
        half.replace(target)
    return RowsFile(target)


@contextmanager
def _half(target: Path) -> Iterator[Path]:
    """A file of its own beside the target, which is gone afterwards: two workers cannot write through each other."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".half", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _read_text(source: Path, half: Path, most_rows: int) -> None:
    shape = recognise(source)
    check_headings(shape.header)
    write_rows(half, [name for name in shape.header if name], read_rows(source, shape), most_rows)
