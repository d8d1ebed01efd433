"""What a file really is, by its first bytes and never by its name; each kind that holds no table gets its sentence."""

import mmap
import re
from pathlib import Path

from catalogue.importing.tables import UnreadableFile

START = 4096
INSTEAD = "Lever uw activiteiten aan als .xlsx, .ods of .csv."
PDF = f"Dit is een PDF-bestand. {INSTEAD}"
IMAGE = f"Dit is een afbeelding. {INSTEAD}"
RTF = f"Dit is een RTF-document. {INSTEAD}"
JSON = f"Dit is een JSON-bestand. {INSTEAD}"
PACKED = "Dit is een ingepakt bestand. Pak het uit en kies het bestand dat erin zit."
WEB_PAGE = "Dit is een webpagina of XML-bestand. Open het in Excel of LibreOffice en sla het op als .xlsx of .csv."
ENCRYPTED = "Deze werkmap is beveiligd met een wachtwoord. Sla de werkmap op zonder wachtwoord."
OLD_EXCEL = "Deze werkmap is opgeslagen in een oude vorm (.xls). Sla de werkmap op als ‘Excel-werkmap (.xlsx)’."
OLD_WORD = f"Dit is een Word-document. {INSTEAD}"
OLD_OFFICE = f"Dit is een oud Office-bestand. {INSTEAD}"

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of encrypted new ones
WITHIN_COMPOUND = {"EncryptedPackage": ENCRYPTED, "Workbook": OLD_EXCEL, "Book": OLD_EXCEL, "WordDocument": OLD_WORD}
BEGINNINGS = (
    (rb"%PDF-", PDF),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|avi|mif)", IMAGE),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd", PACKED),
    (rb"\{\\rtf", RTF),
)
BEGINNINGS_OF_TEXT = ((r"[\[{]\s*[\[{\"\]}]", JSON), (r"<[!?a-zA-Z]", WEB_PAGE))


def is_workbook(path: Path) -> bool:
    """Whether it may be a workbook: a zip file, whatever is in it. Raises `UnreadableFile` when it can be no table."""
    with path.open("rb") as file:
        start = file.read(START)
    if start.startswith(COMPOUND):
        raise UnreadableFile(_kind_of_compound(path))
    for beginning, sentence in BEGINNINGS:
        if re.match(beginning, start, re.DOTALL):
            raise UnreadableFile(sentence)
    text = start.replace(b"\0", b"").decode("ascii", "ignore").lstrip()  # whatever the encoding
    for first, sentence in BEGINNINGS_OF_TEXT:
        if re.match(first, text):
            raise UnreadableFile(sentence)
    return start.startswith(ZIP)


def _kind_of_compound(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for name, sentence in WITHIN_COMPOUND.items():
            if content.find(name.encode("utf-16-le")) >= 0:
                return sentence
    return OLD_OFFICE
