"""A file of rows that can be read from any row on: JSON lines, with an index of where rows begin at the end.

Each row is `[line, values]`, or `[line, fault]` when it could not be taken apart. Then come the headings, the count and
the index in one line, with how many rows are between two of its places, and in the last line where that line begins.
"""

import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from catalogue.importing.tables import Row, UnreadableFile

EVERY = 10  # rows between two places in the index
EVERY_AT_FIRST = 100  # in files that do not say it; they may lie there from before an upgrade
MOST_AT_ONCE = 4 << 20  # bytes
LAST_LINE = len('"00000000000000000000"\n')
MOST_ROWS = 50_000
MOST_BYTES = 512 << 20
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
NO_ROWS = "Onder de kolomnamen staan geen activiteiten. Zet elke activiteit op een eigen rij."
TOO_LONG = "Het bestand heeft meer dan {} rijen. Verdeel de activiteiten over meer bestanden."
TOO_BIG = "De teksten in dit bestand zijn samen te groot. Verdeel de activiteiten over meer bestanden."


class RowsFile:
    """What `write_rows` left; `header` names the columns, `count` counts the rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            file.seek(-LAST_LINE, os.SEEK_END)
            file.seek(int(json.loads(file.readline())))
            ending = json.loads(file.readline())
        self.header: list[str] = ending["header"]
        self.count: int = ending["count"]
        self._places: list[int] = ending["places"]
        self._every: int = ending.get("every", EVERY_AT_FIRST)

    def rows(self, start: int, most: int) -> list[Row]:
        """At most so many rows from `start` (the first is 0) on; fewer when they are large, none past the end."""
        many = min(most, self.count - start)
        if many <= 0:
            return []
        with self._path.open("rb") as file:
            file.seek(self._places[start // self._every])
            lines = islice(file, start % self._every, start % self._every + many)
            return [self._row(json.loads(line)) for line in _up_to(MOST_AT_ONCE, lines)]

    def _row(self, found: list[Any]) -> Row:
        line, what = found
        return Row(line, {}, what) if isinstance(what, str) else Row(line, dict(zip(self.header, what, strict=True)))


def _up_to(most: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines until there are so many bytes of them."""
    size = 0
    for line in lines:
        yield line
        size += len(line)
        if size > most:
            return


def write_rows(path: Path, header: list[str], rows: Iterable[Row], most_rows: int = MOST_ROWS) -> None:
    """Write the rows that are wanted. Raises `UnreadableFile` when there are none or too many."""
    count, places = 0, []
    with path.open("wb") as file:
        for count, row in enumerate((row for row in rows if row.is_wanted), 1):
            if count % EVERY == 1 or count > most_rows:
                _check_size(count, most_rows, file.tell())
                places.append(file.tell())
            file.write(_line([row.line, row.fault or [*map(row.values.get, header, repeat(""))]]))
        if not count:
            raise UnreadableFile(NO_ROWS)
        begin = file.tell()
        ending = {"header": header, "count": count, "every": EVERY, "places": places}
        file.write(_line(ending) + _line(f"{begin:020d}"))
        file.flush()
        os.fsync(file.fileno())


def _check_size(count: int, most_rows: int, size: int) -> None:
    if count > most_rows:
        raise UnreadableFile(TOO_LONG.format(f"{most_rows:,}".replace(",", ".")))
    if size > MOST_BYTES:
        raise UnreadableFile(TOO_BIG)


def _line(found: Any) -> bytes:
    return _encode(found).encode() + b"\n"
