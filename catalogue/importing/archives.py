"""What is in a zip file, before anything else reads it: only a workbook of a bearable size gets through."""

import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from catalogue.importing.kinds import ENCRYPTED, INSTEAD
from catalogue.importing.tables import UnreadableFile

MOST_UNPACKED = 200 << 20
CHUNK = 1 << 20
IS_ENCRYPTED = 1  # bit of the flags of a part
BROKEN = "Deze werkmap is beschadigd of niet compleet. Open de werkmap, sla die opnieuw op als .xlsx en kies die."
MACROS = "Deze werkmap bevat macro’s. Sla de werkmap op als ‘Excel-werkmap (.xlsx)’, zonder macro’s."
UNPACKS = "Deze werkmap is uitgepakt groter dan 200 MB. Verdeel de activiteiten over meer werkmappen."
TOO_HEAVY = "Deze werkmap is te groot om te lezen. Zet alleen de gevulde rijen in een nieuwe werkmap."
OTHER_ZIP = "Dit is een zip-bestand, geen werkmap. Pak het uit en kies het bestand dat erin zit."
NO_SHEET = f"Dit document is geen werkmap. {INSTEAD}"
BINARY = "Deze werkmap is opgeslagen als .xlsb. Sla de werkmap op als ‘Excel-werkmap (.xlsx)’."
NUMBERS = "Dit is een bestand van Numbers. Exporteer het in Numbers naar Excel en kies dat bestand."
WORKBOOK = re.compile(r"xl/workbook[^/]*\.xml", re.IGNORECASE)
OTHER_KINDS = (
    (re.compile(r".*vbaProject\.bin", re.IGNORECASE), MACROS),
    (re.compile(r"xl/workbook\.bin", re.IGNORECASE), BINARY),
    (re.compile(r"Index/.*\.iwa|Index\.zip"), NUMBERS),
    (re.compile(r"(word|ppt)/.*\.xml"), NO_SHEET),
)
ODS_TYPE, OTHER_ODF_TYPE = b"application/vnd.oasis.opendocument.spreadsheet", b"application/vnd.oasis"


def check_archive(path: Path) -> None:
    """Raises `UnreadableFile` unless this is a workbook without macros or password that unpacks to little."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(archive)
            _check_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise UnreadableFile(BROKEN) from None


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    for pattern, sentence in OTHER_KINDS:
        if any(map(pattern.fullmatch, names)):
            raise UnreadableFile(sentence)
    if any(part.flag_bits & IS_ENCRYPTED for part in archive.infolist()):
        raise UnreadableFile(ENCRYPTED)
    if not any(map(WORKBOOK.fullmatch, names)):
        _check_open_document(archive)


def _check_open_document(archive: zipfile.ZipFile) -> None:
    kind = _beginning(archive, "mimetype")
    if not kind.startswith(ODS_TYPE):
        raise UnreadableFile(NO_SHEET if kind.startswith(OTHER_ODF_TYPE) else OTHER_ZIP)
    if b"encryption-data" in _beginning(archive, "META-INF/manifest.xml"):
        raise UnreadableFile(ENCRYPTED)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(CHUNK)


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Count what really comes out, as the sizes that the file itself states may be lies."""
    unpacked = 0
    for part in archive.infolist():
        for chunk in chunks(archive, part):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED:
                raise UnreadableFile(UNPACKS)


def chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What is in a part, whatever the size that it states."""
    part.file_size = sys.maxsize  # read on until the data ends
    with archive.open(part) as content:
        while chunk := content.read(CHUNK):
            yield chunk
