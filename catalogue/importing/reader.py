"""Reading rows from a CSV file, one at a time: encoding, delimiter and headings are recognised."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from catalogue.importing.encodings import recognise_encoding
from catalogue.importing.lines import Lines
from catalogue.importing.tables import (
    HEADINGS_WITHIN,
    Row,
    UnreadableFile,
    column_names,
    find_headings,
    known_columns,
)
from core.formatting import count_of

__all__ = ["Row", "Shape", "UnreadableFile", "read_rows", "recognise"]

DELIMITERS = ";,\t|"
NONE_AT_ALL = "\x1f"  # between columns when there is only one
LONGEST_FIELD = 1_000_000
HEAD = 200_000  # symbols: the headings stand within these
EMPTY = "Het bestand is leeg. Kies het bestand met uw activiteiten."
TOO_LONG = "Een tekst in deze rij is langer dan 1 miljoen tekens. Maak die korter."
QUOTES = 'De aanhalingstekens kloppen niet. Zet er een voor en na de hele tekst, en schrijf een " in de tekst dubbel.'
WIDTH = "De rij heeft {}, en er zijn {}. Zet aanhalingstekens om een tekst waarin het scheidingsteken voorkomt."
SKIPPED = " Regel {} tot en met {} zijn niet gelezen."


@dataclass(frozen=True)
class Shape:
    """How the file is written, which of its filled rows holds the headings, how wide that is, and what it names."""

    encoding: str
    delimiter: str
    at: int
    width: int
    header: list[str]


class _Cells(NamedTuple):
    """What one row of the file holds, and the line that it begins on."""

    line: int
    texts: list[str]
    fault: str = ""


@dataclass(frozen=True)
class _Guess:
    """What one delimiter makes of the headings; the one that finds most columns wins."""

    delimiter: str
    at: int
    headings: list[str]

    @property
    def columns(self) -> tuple[int, int]:
        return known_columns(self.headings), len(self.headings)


def recognise(path: Path) -> Shape:
    """How to read the file. Raises `UnreadableFile` when it is empty or no text."""
    encoding = recognise_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(HEAD)
    best = max((_guess(head, delimiter) for delimiter in DELIMITERS), key=lambda guess: guess.columns)
    width = len(best.headings)
    delimiter = best.delimiter if width > 1 else NONE_AT_ALL
    return Shape(encoding, delimiter, best.at, width, column_names(best.headings))


def read_rows(path: Path, shape: Shape) -> Iterator[Row]:
    """The filled rows below the headings. Raises `UnreadableFile` at a row that has no end."""
    with path.open(encoding=shape.encoding, newline="") as lines:
        for cells in islice(_filled(lines, shape.delimiter), shape.at + 1, None):
            yield _row(cells, shape)


def _guess(head: str, delimiter: str) -> _Guess:
    lines = StringIO(head, newline="")
    first = [cells.texts for cells in islice(_filled(lines, delimiter), HEADINGS_WITHIN)]
    if not first:
        raise UnreadableFile(EMPTY)
    at = find_headings(first)
    return _Guess(delimiter, at, first[at])


def _filled(lines: Iterable[str], delimiter: str) -> Iterator[_Cells]:
    csv.field_size_limit(LONGEST_FIELD)
    counted = Lines(iter(lines), delimiter)
    reader = csv.reader(counted, delimiter=delimiter, strict=True)
    while True:
        start = counted.begin_row()
        try:
            texts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Cells(start, [], _fault(error, start, counted.count))
            continue
        if texts and any(map(str.strip, texts)):  # an empty line is no field at all
            yield _Cells(start, texts)


def _fault(error: csv.Error, start: int, end: int) -> str:
    sentence = TOO_LONG if "limit" in str(error) else QUOTES
    return sentence + SKIPPED.format(start, end) if end > start else sentence


def _row(cells: _Cells, shape: Shape) -> Row:
    if cells.fault:
        return Row(cells.line, {}, cells.fault)
    texts, named = cells.texts, len(shape.header)
    if len(texts) == named and "" not in shape.header:  # as nearly every row of nearly every file
        return Row(cells.line, dict(zip(shape.header, texts, strict=True)))
    if len(texts) < named or any(map(str.strip, texts[shape.width :])):
        found, wanted = count_of(len(texts), "veld", "velden"), max(named, 1)
        return Row(cells.line, {}, WIDTH.format(found, count_of(wanted, "kolomnaam", "kolomnamen")))
    return Row(cells.line, {name: text for name, text in zip(shape.header, texts, strict=False) if name})
