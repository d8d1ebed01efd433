"""Workbooks made by hand, down to their parts, so that a test can make them wrong in any way."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPC = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
NAMES = f'xmlns:calcext="{CALC}" ' + " ".join(
    f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text", "style")
)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Parts = dict[str, str | bytes]


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def sheet_rows(rows: Sequence[Sequence[str]]) -> str:
    """The rows of a sheet, from A1 on; a text that begins with '<' is put in as it is."""
    return "".join(
        f'<row r="{line}">'
        + "".join(text if text.startswith("<") else cell(f"{letters(at)}{line}", text) for at, text in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, 1)
    )


def letters(at: int) -> str:
    return (letters(at // 26 - 1) if at > 25 else "") + chr(ord("A") + at % 26)


def xlsx_parts(sheets: Mapping[str, str], *, shared: str = "", hidden: Sequence[str] = ()) -> Parts:
    """The parts of a workbook from the rows of each sheet."""
    states = {name: ' state="hidden"' if name in hidden else "" for name in sheets}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"{states[name]}/>' for at, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="r{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    strings = f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>' if shared else ""
    parts: Parts = {
        "[Content_Types].xml": f'<Types xmlns="{OPC}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{OPC}/relationships"><Relationship Id="w" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{OPC}/relationships">{related + strings}</Relationships>',
    }
    for at, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return parts | ({"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>'} if shared else {})


def xlsx(*rows: Sequence[str], **more: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet; more sheets by their names."""
    return zipped(xlsx_parts({"Blad1": sheet_rows(rows)} | {name: sheet_rows(others) for name, others in more.items()}))


def ods_parts(table: str, *, manifest: str = "") -> Parts:
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    names = f'xmlns:manifest="{ODF}:manifest:1.0"'
    return {
        "mimetype": ODS_TYPE,
        "META-INF/manifest.xml": f"<manifest:manifest {names}>{manifest}</manifest:manifest>",
        "content.xml": f"<office:document-content {NAMES}>{body}</office:document-content>",
    }


def ods(*rows: Sequence[str]) -> bytes:
    """An OpenDocument workbook of one sheet; a text that begins with '<' is put in as it is."""
    return zipped(
        ods_parts(
            '<table:table table:name="Blad1">'
            + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
            + "</table:table>"
        )
    )


def _ods_cell(text: str) -> str:
    if text.startswith("<"):
        return text
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def bomb(megabytes: Mapping[str, int]) -> bytes:
    """A zip file of parts that unpack to so much and say that they are small; made without making them."""
    packer = zlib.compressobj(9, wbits=-15)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    parts = entries = b""
    for name, many in megabytes.items():
        packed = megabyte * many + zlib.compressobj(wbits=-15).flush()
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, _sum_of(many), len(packed), 1000, len(name), 0)
        entries += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(parts))
        entries += name.encode()
        parts += b"PK\3\4" + head + name.encode() + packed
    count = len(megabytes)
    return parts + entries + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(entries), len(parts), 0)


def _sum_of(megabytes: int) -> int:
    """The check sum; of many megabytes it does not matter, as nobody may get that far."""
    total = 0
    for _ in range(min(megabytes, 200)):
        total = zlib.crc32(bytes(1 << 20), total)
    return total


def compound(*names: str) -> bytes:
    """What old Office files begin with, and the names of what is in it."""
    return COMPOUND + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
