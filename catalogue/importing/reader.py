"""Reading rows from a CSV file, one at a time: encoding and delimiter are recognised. Knows no column."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = ";,\t|"
LONGEST_FIELD = 1_000_000
CHUNK = 1 << 20


class UnreadableFile(Exception):  # noqa: N818 -- the sentence says what to do
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on, its values by column, and a reason when it cannot be taken apart."""

    line: int
    values: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Shape:
    """How the file is written, and the names of its columns in lower case."""

    encoding: str
    delimiter: str
    header: list[str]


def recognise(path: Path) -> Shape:
    """How to read the file. Raises `UnreadableFile` when it has no header."""
    encoding = recognise_encoding(path)
    with path.open(encoding=encoding, newline="") as lines:
        first = lines.readline(LONGEST_FIELD)
    if not first.strip():
        raise UnreadableFile("het bestand is leeg of begint met een lege regel")
    delimiter = max(DELIMITERS, key=first.count)
    return Shape(encoding, delimiter, [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter))])


def read_rows(path: Path, shape: Shape) -> Iterator[Row]:
    """The rows below the header."""
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(encoding=shape.encoding, newline="") as lines:
        lines.readline()
        yield from _rows(csv.reader(lines, delimiter=shape.delimiter, strict=True), shape.header)


def recognise_encoding(path: Path) -> str:
    """UTF-8 with or without byte order mark, UTF-16 with one, or else the usual encoding of Dutch Windows.

    Raises `UnreadableFile` when it is none of these from begin to end.
    """
    with path.open("rb") as file:
        start = file.read(2)
    wide = start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFile("het bestand is geen tekst; sla het op als CSV (UTF-8)")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _rows(reader: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
    end = 1
    while True:
        start = end + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            end = 1 + reader.line_num  # type: ignore[attr-defined]  # a csv.reader counts its lines
            yield Row(start, {}, f"de rij is niet te lezen ({error})")
            continue
        end = 1 + reader.line_num  # type: ignore[attr-defined]  # a csv.reader counts its lines
        if not values:
            continue
        yield _row(start, values, header)


def _row(line: int, values: list[str], header: list[str]) -> Row:
    if len(values) != len(header):
        return Row(line, {}, f"de rij heeft {len(values)} velden, de kop heeft er {len(header)}")
    return Row(line, dict(zip(header, values, strict=True)))
