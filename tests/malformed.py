"""Files that cannot be imported, and the sentence that each of them gets. Small functions make them."""

import gzip
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from catalogue.importing.templates import csv_template
from tests.workbooks import MAIN, ODS_TYPE, Parts, bomb, cell, compound, ods_parts, sheet_rows, xlsx, xlsx_parts, zipped
from tests.world import POLICY

INSTEAD = "Lever uw activiteiten aan als .xlsx, .ods of .csv."
SAVE_AGAIN = "Sla het op als CSV UTF-8 en kies dat bestand."
EMPTY = "Het bestand is leeg. Kies het bestand met uw activiteiten."
NO_ROWS = "Onder de kolomnamen staan geen activiteiten. Zet elke activiteit op een eigen rij."
NO_HEADINGS = "Wij herkennen geen enkele kolomnaam. Zet in de eerste rij de kolomnamen uit ons sjabloon, zoals titel."
NO_SHEET_HEADINGS = "Geen enkel werkblad begint met kolomnamen die wij kennen. Gebruik de kolomnamen uit ons sjabloon."
TWICE = "De kolom titel staat meer dan 1 keer in het bestand. Verwijder er een, of geef die een andere naam."
TOO_WIDE = "Het bestand heeft meer dan 200 kolommen. Verwijder de kolommen die niet in ons sjabloon staan."
TOO_MANY = "Het bestand heeft meer dan 50.000 rijen. Verdeel de activiteiten over meer bestanden."
ENDLESS = "Het bestand heeft een regel van meer dan 4 miljoen tekens. Zet elke activiteit op een eigen regel."
NO_END = "De rij die op regel 2 begint, houdt niet op. Controleer of elk aanhalingsteken in die rij ook wordt gesloten."
NOT_TEXT = f"Het bestand bevat tekens die niet in een tekst horen. {SAVE_AGAIN}"
UTF_32 = f"De tekst in dit bestand staat in UTF-32. {SAVE_AGAIN}"
MIXED = f"De letters met accenten staan op 2 manieren in dit bestand. {SAVE_AGAIN}"
CUT_OFF = f"De tekst in dit bestand is niet compleet. {SAVE_AGAIN}"
WEB_PAGE = "Dit is een webpagina of XML-bestand. Open het in Excel of LibreOffice en sla het op als .xlsx of .csv."
JSON = f"Dit is een JSON-bestand. {INSTEAD}"
RTF = f"Dit is een RTF-document. {INSTEAD}"
PDF = f"Dit is een PDF-bestand. {INSTEAD}"
IMAGE = f"Dit is een afbeelding. {INSTEAD}"
PACKED = "Dit is een ingepakt bestand. Pak het uit en kies het bestand dat erin zit."
OLD_EXCEL = "Deze werkmap is opgeslagen in een oude vorm (.xls). Sla de werkmap op als ‘Excel-werkmap (.xlsx)’."
OLD_WORD = f"Dit is een Word-document. {INSTEAD}"
OLD_OFFICE = f"Dit is een oud Office-bestand. {INSTEAD}"
ENCRYPTED = "Deze werkmap is beveiligd met een wachtwoord. Sla de werkmap op zonder wachtwoord."
OTHER_ZIP = "Dit is een zip-bestand, geen werkmap. Pak het uit en kies het bestand dat erin zit."
NO_WORKBOOK = f"Dit document is geen werkmap. {INSTEAD}"
NUMBERS = "Dit is een bestand van Numbers. Exporteer het in Numbers naar Excel en kies dat bestand."
BINARY = "Deze werkmap is opgeslagen als .xlsb. Sla de werkmap op als ‘Excel-werkmap (.xlsx)’."
MACROS = "Deze werkmap bevat macro’s. Sla de werkmap op als ‘Excel-werkmap (.xlsx)’, zonder macro’s."
BROKEN = "Deze werkmap is beschadigd of niet compleet. Open de werkmap, sla die opnieuw op als .xlsx en kies die."
ERROR_CELL = (
    "Het werkblad ‘Blad1’ heeft een cel met een fout, zoals #N/B of #DEEL/0!. Verbeter die fout, of maak de cel leeg."
)
UNPACKS = "Deze werkmap is uitgepakt groter dan 200 MB. Verdeel de activiteiten over meer werkmappen."
TOO_HEAVY = "Deze werkmap is te groot om te lezen. Zet alleen de gevulde rijen in een nieuwe werkmap."

HEADER = b"titel;type;omschrijving\n"
ROW = b"Rust in de klas;Cursus;Starters leren rust te brengen.\n"
GOOD = HEADER + ROW
SHEET = sheet_rows([["titel"], ["Rust in de klas"]])
PARTS = xlsx_parts({"Blad1": SHEET})
DOUBLED = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
ENTITIES = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "a">{DOUBLED}]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>'
SHEET_OF_ENTITIES = (
    f'<worksheet xmlns="{MAIN}"><sheetData>{SHEET}'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
)


def ods_table(text: str, repeated: str = "", more: str = "", start: str = "") -> Parts:
    """Headings, and below them a row with a text; both may be said to come again."""
    head, row = (
        f'<table:table-row{times}><table:table-cell{repeated} office:value-type="string"><text:p>{said}</text:p>'
        "</table:table-cell></table:table-row>"
        for said, times in (("titel", ""), (text, more))
    )
    parts = ods_parts(f'<table:table table:name="Blad1">{head}{row}</table:table>')
    return parts | {"content.xml": start + str(parts["content.xml"])}


class MalformedFile(NamedTuple):
    """The name it is sent under, who writes it, and the sentence that answers it."""

    file_name: str
    write: Callable[[Path], object]
    sentence: str


def content(made: bytes | Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(made if isinstance(made, bytes) else made())


def one_line_of_a_gigabyte(beginning: bytes) -> Callable[[Path], object]:
    """Sparse on the disk, so it costs nothing to make."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(beginning + b"x" * 5_000_000)
            file.truncate(1 << 30)

    return write


def junk() -> bytes:
    return random.Random(5).randbytes(20_000)


def many_rows() -> bytes:
    return HEADER + ROW * 50_001


def many_rows_in_a_workbook() -> bytes:
    rows = "".join(f'<row r="{line}">{cell(f"A{line}", "titel")}</row>' for line in range(1, 50_003))
    return zipped(xlsx_parts({"Blad1": rows}))


def with_password() -> bytes:
    """A zip file whose parts are marked as encrypted."""
    content = bytearray(zipped(PARTS))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 1)
    return bytes(content)


def damaged() -> bytes:
    """A byte of a sheet is another one."""
    content = bytearray(zipped(PARTS))
    content[content.find(b"xl/worksheets/sheet1.xml") + 60] ^= 255
    return bytes(content)


def many_small_bombs() -> bytes:
    return bomb({"xl/workbook.xml": 100, "xl/a.xml": 100, "xl/b.xml": 50})


def with_path_outside(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../tmp/titel.csv", GOOD)


MALFORMED = {
    # nothing in it
    "empty": MalformedFile("leeg.csv", content(b""), EMPTY),
    "only line ends": MalformedFile("leeg.csv", content(b"\n\r\n  \n\n"), EMPTY),
    "only a byte order mark": MalformedFile("leeg.csv", content(b"\xef\xbb\xbf"), EMPTY),
    "only delimiters": MalformedFile("leeg.csv", content(b";;;\n;;;\n"), EMPTY),
    "only headings": MalformedFile("kop.csv", content(HEADER), NO_ROWS),
    "headings and empty rows": MalformedFile("kop.csv", content(HEADER + b";;\n  ; ;\n"), NO_ROWS),
    "only the example of the template": MalformedFile("sjabloon.csv", content(csv_template(POLICY)), NO_ROWS),
    # not a list of activities
    "no column we know": MalformedFile("export.csv", content(b"naam;prijs\na;1\n"), NO_HEADINGS),
    "prose": MalformedFile("brief.csv", content(b"Geachte heer, hierbij de lijst.\nDank!"), NO_HEADINGS),
    "a column twice": MalformedFile("dubbel.csv", content(b"titel;type;Titel\na;b;c\n"), TWICE),
    "too many columns": MalformedFile(
        "breed.csv", content(b"titel;" + b";".join(b"k%d" % number for number in range(200)) + b"\na\n"), TOO_WIDE
    ),
    "a million columns": MalformedFile("breed.csv", content(b"titel;" * 600_000 + b"\n" + b"a;" * 600_000), TOO_WIDE),
    "too many rows": MalformedFile("lang.csv", content(many_rows), TOO_MANY),
    "a row of a million small texts": MalformedFile("rij.csv", content(HEADER + b'"a\n";' * 1_000_000), NO_END),
    "a row of a million texts on one line": MalformedFile("rij.csv", content(HEADER + b"a;" * 1_000_000), NO_END),
    "a row of a million lines": MalformedFile("rij.csv", content(HEADER + b'a;b;"' + b"c\n" * 1_000_000), NO_END),
    "a row of long lines": MalformedFile(
        "rij.csv", content(lambda: HEADER + (b'"' + b"x" * 400_000 + b'\n";') * 100), NO_END
    ),
    # text that cannot be read
    "a first line of 1 GB": MalformedFile("regel.csv", one_line_of_a_gigabyte(b""), ENDLESS),
    "a second line of 1 GB": MalformedFile("regel.csv", one_line_of_a_gigabyte(HEADER), ENDLESS),
    "NUL in a text": MalformedFile("nul.csv", content(HEADER + b"a;b\0;c\n"), NOT_TEXT),
    "nothing but NUL": MalformedFile("nul.csv", content(bytes(100_000)), NOT_TEXT),
    "junk": MalformedFile("ruis.csv", content(junk), NOT_TEXT),
    "a program": MalformedFile("virus.csv", content(b"MZ\x90\0\3\0\0\0" + junk()), NOT_TEXT),
    "a database": MalformedFile("data.csv", content(b"SQLite format 3\0" + junk()), NOT_TEXT),
    "symbols that no encoding has": MalformedFile("codes.csv", content(HEADER + b"caf\xe9;\x81;c\n"), NOT_TEXT),
    "two encodings": MalformedFile(
        "gemengd.csv", content(HEADER + "café;b;c\n".encode() + "café;b;c\n".encode("cp1252")), MIXED
    ),
    "EBCDIC": MalformedFile("groot.csv", content(GOOD.decode().encode("cp500")), MIXED),
    "UTF-32": MalformedFile("breed.csv", content(GOOD.decode().encode("utf-32")), UTF_32),
    "UTF-32 without a mark": MalformedFile("breed.csv", content(GOOD.decode().encode("utf-32-be")), UTF_32),
    "half a symbol of UTF-16": MalformedFile("half.csv", content(GOOD.decode().encode("utf-16")[:-1]), CUT_OFF),
    "half a pair of UTF-16": MalformedFile("half.csv", content(b"\xff\xfet\0\x00\xd8\n\0"), CUT_OFF),
    # other kinds of files
    "a web page": MalformedFile("lijst.csv", content(b"<!DOCTYPE html><html><table><td>titel</td>"), WEB_PAGE),
    "a web page with a mark": MalformedFile("lijst.xls", content(b"\xef\xbb\xbf\n <TABLE><TD>titel"), WEB_PAGE),
    "a wide web page": MalformedFile("lijst.csv", content("<html>titel;type".encode("utf-16")), WEB_PAGE),
    "XML of Excel": MalformedFile("lijst.xml", content(b'<?xml version="1.0"?><Workbook/>'), WEB_PAGE),
    "JSON": MalformedFile("lijst.csv", content(json.dumps([{"titel": "a"}]).encode()), JSON),
    "JSON of one object": MalformedFile("lijst.json", content(json.dumps({"titel": []}, indent=1).encode()), JSON),
    "RTF": MalformedFile("lijst.rtf", content(rb"{\rtf1\ansi titel;type}"), RTF),
    "PDF": MalformedFile("lijst.csv", content(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), PDF),
    "PNG": MalformedFile("foto.xlsx", content(b"\x89PNG\r\n\x1a\n" + bytes(30)), IMAGE),
    "JPEG": MalformedFile("foto.csv", content(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(30)), IMAGE),
    "GIF": MalformedFile("foto.csv", content(b"GIF89a" + bytes(30)), IMAGE),
    "WebP": MalformedFile("foto.csv", content(b"RIFF\x24\0\0\0WEBPVP8 "), IMAGE),
    "HEIC": MalformedFile("foto.csv", content(b"\0\0\0\x18ftypheic\0\0\0\0"), IMAGE),
    "gzip": MalformedFile("lijst.csv.gz", content(gzip.compress(GOOD, mtime=0)), PACKED),
    "7-Zip": MalformedFile("lijst.7z", content(b"7z\xbc\xaf\x27\x1c" + bytes(30)), PACKED),
    "RAR": MalformedFile("lijst.rar", content(b"Rar!\x1a\x07\x01\0"), PACKED),
    "old Excel": MalformedFile("lijst.xlsx", content(compound("Root Entry", "Workbook")), OLD_EXCEL),
    "older Excel": MalformedFile("lijst.xls", content(compound("Root Entry", "Book")), OLD_EXCEL),
    "old Word": MalformedFile("lijst.doc", content(compound("Root Entry", "WordDocument")), OLD_WORD),
    "a mail of Outlook": MalformedFile("lijst.msg", content(compound("Root Entry")), OLD_OFFICE),
    "an encrypted workbook": MalformedFile(
        "lijst.xlsx", content(compound("Root Entry", "EncryptedPackage", "EncryptionInfo")), ENCRYPTED
    ),
    # zip files that are no workbook
    "an empty zip": MalformedFile("leeg.zip", content(zipped({})), OTHER_ZIP),
    "a zipped CSV": MalformedFile("lijst.xlsx", content(zipped({"map/lijst.csv": GOOD})), OTHER_ZIP),
    "a zip in a zip": MalformedFile("lijst.zip", content(zipped({"lijst.xlsx": xlsx(["titel"], ["a"])})), OTHER_ZIP),
    "a zip with paths outside": MalformedFile("lijst.zip", with_path_outside, OTHER_ZIP),
    "Word": MalformedFile("lijst.docx", content(zipped({"word/document.xml": "<w/>"})), NO_WORKBOOK),
    "PowerPoint": MalformedFile("lijst.pptx", content(zipped({"ppt/presentation.xml": "<p/>"})), NO_WORKBOOK),
    "a text of LibreOffice": MalformedFile(
        "lijst.odt", content(zipped({"mimetype": "application/vnd.oasis.opendocument.text"})), NO_WORKBOOK
    ),
    "Numbers": MalformedFile("lijst.numbers", content(zipped({"Index/Document.iwa": b"x"})), NUMBERS),
    "a binary workbook": MalformedFile("lijst.xlsb", content(zipped({"xl/workbook.bin": b"x"})), BINARY),
    # workbooks that are not good
    "macros": MalformedFile("lijst.xlsx", content(zipped(PARTS | {"xl/vbaProject.bin": b"x"})), MACROS),
    "a password": MalformedFile("lijst.xlsx", content(with_password), ENCRYPTED),
    "a password of LibreOffice": MalformedFile(
        "lijst.ods", content(zipped(ods_parts("", manifest="<manifest:encryption-data/>"))), ENCRYPTED
    ),
    "half a workbook": MalformedFile("lijst.xlsx", content(zipped(PARTS)[:-100]), BROKEN),
    "the first bytes of a workbook": MalformedFile("lijst.xlsx", content(b"PK\3\4"), BROKEN),
    "a damaged workbook": MalformedFile("lijst.xlsx", content(damaged), BROKEN),
    "wrong XML": MalformedFile(
        "lijst.xlsx", content(zipped(PARTS | {"xl/workbook.xml": "<workbook><sheets>"})), BROKEN
    ),
    "an entity": MalformedFile(
        "lijst.xlsx", content(zipped(xlsx_parts({"Blad1": '<row><c t="str"><v>&lol;</v></c></row>'}))), BROKEN
    ),
    "a text that is not there": MalformedFile(
        "lijst.xlsx", content(zipped(xlsx_parts({"Blad1": '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'}))), BROKEN
    ),
    "a bomb of entities": MalformedFile(
        "lijst.xlsx",
        content(lambda: zipped(PARTS | {"xl/worksheets/sheet1.xml": ENTITIES + SHEET_OF_ENTITIES})),
        BROKEN,
    ),
    "a bomb of entities of LibreOffice": MalformedFile(
        "lijst.ods", content(lambda: zipped(ods_table("&e9;", start=ENTITIES))), BROKEN
    ),
    "a file of the server as an entity": MalformedFile(
        "lijst.xlsx", content(lambda: zipped(PARTS | {"xl/worksheets/sheet1.xml": OUTSIDE + SHEET_OF_ENTITIES})), BROKEN
    ),
    "a heading that is an error": MalformedFile(
        "lijst.xlsx", content(xlsx(["titel", '<c r="B1" t="e"><v>#N/A</v></c>'], ["a", "b"])), ERROR_CELL
    ),
    "an error at no place": MalformedFile(
        "lijst.xlsx", content(xlsx(["titel", "doel"], ["a", '<c t="e"><v>#N/A</v></c>'])), ERROR_CELL
    ),
    "a cell a billion times": MalformedFile(
        "lijst.ods", content(zipped(ods_table("titel", ' table:number-columns-repeated="1000000000"'))), TOO_WIDE
    ),
    "a cell fewer times than none": MalformedFile(
        "lijst.ods", content(zipped(ods_table("titel", ' table:number-columns-repeated="-5"'))), BROKEN
    ),
    "a row a billion times": MalformedFile(
        "lijst.ods",
        content(zipped(ods_table("titel", more=' table:number-rows-repeated="1000000000"'))),
        TOO_MANY,
    ),
    "a workbook of nothing": MalformedFile("lijst.ods", content(zipped({"mimetype": ODS_TYPE})), BROKEN),
    "no sheet": MalformedFile("lijst.xlsx", content(zipped(xlsx_parts({}))), NO_SHEET_HEADINGS),
    "an empty sheet": MalformedFile("lijst.xlsx", content(xlsx()), NO_SHEET_HEADINGS),
    "no OpenDocument sheet": MalformedFile("lijst.ods", content(zipped(ods_parts(""))), NO_SHEET_HEADINGS),
    "sheets without headings we know": MalformedFile(
        "lijst.xlsx", content(xlsx(["naam"], ["a"], Blad2=[["prijs"], ["1"]])), NO_SHEET_HEADINGS
    ),
    "only a hidden sheet": MalformedFile(
        "lijst.xlsx",
        content(zipped(xlsx_parts({"A": sheet_rows([["titel"], ["a"]])}, hidden=["A"]))),
        NO_SHEET_HEADINGS,
    ),
    "a sheet with only headings": MalformedFile("lijst.xlsx", content(xlsx(["titel", "type"], ["", " "])), NO_ROWS),
    "a column twice on a sheet": MalformedFile("lijst.xlsx", content(xlsx(["titel", "TITEL *"], ["a", "b"])), TWICE),
    "a sheet that is too wide": MalformedFile(
        "lijst.xlsx", content(xlsx(["titel", *(f"k{number}" for number in range(200))], ["a"])), TOO_WIDE
    ),
    "a sheet that is too long": MalformedFile("lijst.xlsx", content(many_rows_in_a_workbook), TOO_MANY),
    "a cell in the last corner": MalformedFile(
        "lijst.xlsx",
        content(xlsx(["titel"], ['<c r="XFD1048576" t="str"><v>a</v></c>'])),
        TOO_HEAVY,
    ),
    "a zip bomb": MalformedFile("lijst.xlsx", content(lambda: bomb({"xl/workbook.xml": 4096})), UNPACKS),
    "a workbook of many bombs": MalformedFile("lijst.xlsx", content(many_small_bombs), UNPACKS),
}
TOO_LARGE_TO_SEND = {"a first line of 1 GB", "a second line of 1 GB"}
