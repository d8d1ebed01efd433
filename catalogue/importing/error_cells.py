"""Where a sheet of an Excel workbook holds an error, such as #N/B: the reader of workbooks takes such cells for empty.

It looks for the part of the sheet as that reader does, which has read the same parts before.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from catalogue.importing.archives import BROKEN, chunks
from catalogue.importing.tables import UnreadableFile

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# A text holds no "<", so that only a real cell is found; nor does any value in the tag of a cell.
ERROR = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*\s)?t\s*=\s*[\"']e[\"'][^<>]*>")
PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
ON_SHEET = (
    "Het werkblad ‘{}’ heeft een cel met een fout, zoals #N/B of #DEEL/0!. Verbeter die fout, of maak de cel leeg."
)
IN_ROW = "Er staat een fout, zoals #N/B of #DEEL/0!, in cel {}. Verbeter die fout, of maak de cel leeg."
LONGEST_NAME = 31  # that Excel gives a sheet

Places = dict[int, dict[int, str]]


def error_cells(path: Path, sheet: str) -> Places:
    """By line and column, both from 1 on: what the cell is called, as in 'B2'. No other kind of workbook has any."""
    found: Places = defaultdict(dict)
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename.lower(): part for part in archive.infolist()}
        if WORKBOOK not in parts:
            return {}
        for cell in _errors(archive, _part(archive, parts, sheet)):
            place = PLACE.search(cell)
            if place is None:
                raise UnreadableFile(on_sheet(sheet))
            letters, line = place[1].decode(), int(place[2])
            found[line][_column(letters)] = f"{letters}{line}"
    return dict(found)


def on_sheet(name: str) -> str:
    """What to say when it cannot be told which activities have the error."""
    return ON_SHEET.format(name[:LONGEST_NAME])


def in_row(places: list[str]) -> str:
    """What to say of one activity."""
    return IN_ROW.format(" en cel ".join(places))


def _part(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], sheet: str) -> zipfile.ZipInfo:
    try:
        [known] = [tag for tag in _tags(archive, parts[WORKBOOK], "sheet") if tag.get("name") == sheet]
        [id_] = [value for name, value in known.items() if name.endswith("/relationships}id")]
        [target] = [tag["Target"] for tag in _tags(archive, parts[RELATIONS], "Relationship") if tag["Id"] == id_]
        return parts[f"xl/{target.removeprefix('/').removeprefix('xl/')}".lower()]
    except (KeyError, ValueError, ET.ParseError):
        raise UnreadableFile(BROKEN) from None


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[dict[str, str]]:
    content = ET.fromstring(b"".join(chunks(archive, part)))  # noqa: S314 -- in a confined process
    return (tag.attrib for tag in content.iterfind(f".//{{*}}{name}"))


def _errors(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks(archive, part):
        whole, opening, last = (rest + chunk).rpartition(b"<")
        yield from ERROR.findall(whole)
        rest = opening + last
    yield from ERROR.findall(rest)


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
