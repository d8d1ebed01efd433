"""Rows and headings as a sender wrote them, whatever kind of file they stood in. Knows no file and no meaning."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from catalogue.importing.columns import EXAMPLE, KNOWN, column_name

MOST_COLUMNS = 200
HEADINGS_WITHIN = 10  # rows; above the headings people put a title or a date
NO_HEADINGS = "Wij herkennen geen enkele kolomnaam. Zet in de eerste rij de kolomnamen uit ons sjabloon, zoals titel."
TOO_WIDE = f"Het bestand heeft meer dan {MOST_COLUMNS} kolommen. Verwijder de kolommen die niet in ons sjabloon staan."
TWICE = "De kolom {} staat meer dan 1 keer in het bestand. Verwijder er een, of geef die een andere naam."


class UnreadableFile(Exception):  # noqa: N818 -- the sentence says what to do
    """The file as a whole cannot be read; the text says why, and how to fix it."""


class Row(NamedTuple):
    """One row: the line it begins on, its values by column, and a reason when it cannot be taken apart."""

    line: int
    values: dict[str, str]
    fault: str = ""

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to import: empty rows and the example of a template are passed over."""
        if self.fault:
            return True
        return any(map(str.strip, self.values.values())) and not self.values.get("titel", "").startswith(EXAMPLE)


def find_headings(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows holds the headings: the one that names most columns we know, else the first."""
    return max(range(len(rows)), key=lambda at: known_columns(rows[at]))


def known_columns(cells: Sequence[str]) -> int:
    """How many of these cells name a column we know; a row may have millions of them."""
    return sum(column_name(cell) in KNOWN for cell in cells[:MOST_COLUMNS])


def column_names(headings: Sequence[str]) -> list[str]:
    """The names of the columns; '' for a column without a heading, which is not read."""
    width = max((at for at, heading in enumerate(headings, 1) if heading.strip()), default=0)
    if width > MOST_COLUMNS:
        raise UnreadableFile(TOO_WIDE)
    names = [column_name(heading) for heading in headings[:width]]
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise UnreadableFile(TWICE.format(twice[0]))
    return names


def check_headings(names: Iterable[str]) -> None:
    """Raises `UnreadableFile` when not one column is known: this is no list of activities."""
    if KNOWN.isdisjoint(names):
        raise UnreadableFile(NO_HEADINGS)
