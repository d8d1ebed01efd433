"""From a file as it was sent to rows that can be read from anywhere: taken apart once, however often it is asked."""

from pathlib import Path

from catalogue.importing.batches import Reading, missing_columns
from catalogue.importing.files import RowsFile, to_rows
from catalogue.importing.tables import UnreadableFile


def open_rows(source: Path, rows: Path, reading: Reading) -> RowsFile:
    """The rows of a file, kept beside it. Raises `UnreadableFile` with the sentence for who sent it."""
    found = RowsFile(rows) if rows.exists() else to_rows(source, rows)
    if missing := missing_columns(found.header, reading.schema):
        names = ", ".join(missing)
        raise UnreadableFile(f"Het bestand is niet compleet; deze kolommen ontbreken: {names}. Zet ze erbij.")
    return found
