"""The cells of a sheet of an OpenDocument workbook that hold an error, as LibreOffice marks them."""

import zipfile
from collections import deque
from collections.abc import Iterator
from xml.parsers import expat

from catalogue.importing.archives import BROKEN, chunks
from catalogue.importing.tables import UnreadableFile

CONTENT = "content.xml"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
NAME, ROWS, COLUMNS = TABLE + "name", TABLE + "number-rows-repeated", TABLE + "number-columns-repeated"
KIND = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
CELLS = {TABLE + "table-cell", TABLE + "covered-table-cell"}


def errors_of_ods(archive: zipfile.ZipFile, part: zipfile.ZipInfo, sheet: str) -> Iterator[tuple[int, int]]:
    """Line and column of each, from 1 on, as rows and cells that are the same are written once."""
    errors = _Errors(sheet)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = errors.begin
    try:
        for chunk in chunks(archive, part):
            parser.Parse(chunk)
            while errors.found:
                lines, columns = errors.found.popleft()
                yield from ((line, column) for line in lines for column in columns)
    except (expat.ExpatError, ValueError):
        raise UnreadableFile(BROKEN) from None


class _Errors:
    """Counts lines and columns of one sheet while tags come by; `found` has those of a cell and its repetitions."""

    def __init__(self, sheet: str) -> None:
        self.found: deque[tuple[range, range]] = deque()
        self._sheet, self._is_here = sheet, False
        self._lines, self._column = range(1), 0

    def begin(self, tag: str, facts: dict[str, str]) -> None:
        """A tag opens."""
        if tag == TABLE + "table":
            self._is_here = facts.get(NAME) == self._sheet
        elif self._is_here and tag == TABLE + "table-row":
            self._lines = range(self._lines.stop, self._lines.stop + int(facts.get(ROWS, 1)))
            self._column = 0
        elif self._is_here and tag in CELLS:
            first, self._column = self._column + 1, self._column + int(facts.get(COLUMNS, 1))
            if facts.get(KIND) == "error":
                self.found.append((self._lines, range(first, self._column + 1)))
