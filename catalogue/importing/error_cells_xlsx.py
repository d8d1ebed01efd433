"""The cells of a sheet of an Excel workbook that hold an error."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from xlsxwriter.utility import xl_cell_to_rowcol

from catalogue.importing.archives import BROKEN, chunks
from catalogue.importing.tables import UnreadableFile

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# A text holds no "<", so that only a real cell is found; nor does any value in the tag of a cell.
ERROR = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*\s)?t\s*=\s*[\"']e[\"'][^<>]*>")
PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3}[1-9][0-9]{0,6})[\"']")


def errors_of_xlsx(
    archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], sheet: str
) -> Iterator[tuple[int, int]]:
    """Line and column of each, from 1 on; both 0 for one that does not say where it stands."""
    for cell in _errors(archive, _part(archive, parts, sheet)):
        place = PLACE.search(cell)
        line, column = xl_cell_to_rowcol(place[1].decode()) if place else (-1, -1)
        yield line + 1, column + 1


def _part(archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], sheet: str) -> zipfile.ZipInfo:
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
