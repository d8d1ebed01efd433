"""The lines of a text file, counted: while a quote is open a row goes on, and a stranger may never close it."""

from collections.abc import Iterator

from catalogue.importing.tables import UnreadableFile

LONGEST_ROW = 4_000_000  # symbols
MOST_LINES_OF_A_ROW = 10_000
MOST_FIELDS = 100_000  # delimiters inside quotes are counted as well
MOST_LINES = 2_000_000
NO_END = (
    "De rij die op regel {} begint, houdt niet op. Controleer of elk aanhalingsteken in die rij ook wordt gesloten."
)
TOO_MANY = (
    "Het bestand heeft meer dan 2 miljoen regels. Verwijder lege regels, of verdeel de rijen over meer bestanden."
)


class Lines:
    """Iterates over lines; `begin_row` says that the one before is complete, however that turned out."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._before = self.count = 0
        self._symbols = self._fields = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        self._symbols += len(line)
        self._fields += line.count(self._delimiter)
        if self._symbols > LONGEST_ROW or self._fields > MOST_FIELDS or self.count - self._before > MOST_LINES_OF_A_ROW:
            raise UnreadableFile(NO_END.format(self._before + 1))
        return line

    def begin_row(self) -> int:
        """The number of the next line, with which a row begins. Raises `UnreadableFile` when there were too many."""
        if self.count > MOST_LINES:
            raise UnreadableFile(TOO_MANY)
        self._before, self._symbols, self._fields = self.count, 0, 0
        return self.count + 1
