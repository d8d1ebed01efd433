"""How a text file was written down, found by reading all of it once in flat memory. Knows nothing of columns."""

import codecs
import re
from pathlib import Path

from catalogue.importing.tables import UnreadableFile

LONGEST_LINE = 4_000_000
CHUNK = 1 << 20
START = 8
WIDEST = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
SAVE_AGAIN = "Sla het op als CSV UTF-8 en kies dat bestand."
UTF_32 = f"De tekst in dit bestand staat in UTF-32. {SAVE_AGAIN}"
ENDLESS = "Het bestand heeft een regel van meer dan 4 miljoen tekens. Zet elke activiteit op een eigen regel."
NOT_TEXT = f"Het bestand bevat tekens die niet in een tekst horen. {SAVE_AGAIN}"
MIXED = f"De letters met accenten staan op 2 manieren in dit bestand. {SAVE_AGAIN}"
CUT_OFF = f"De tekst in dit bestand is niet compleet. {SAVE_AGAIN}"

# What no text has, unless it is damaged or no text at all.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1b]")
# Half of what it says is UTF-8 (é, curly quotes, euro), and yet it is no UTF-8.
_UTF_8_WITHIN = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x80-\xbf]|\xe2\x82\xac")
# Old Macs write é and ü as what would be Ž and Ÿ inside a word.
_MAC_WITHIN = re.compile(rb"[a-z][\x8e\x9f]")


def recognise_encoding(path: Path) -> str:
    """UTF-8 or UTF-16, with or without byte order mark, or else the usual encoding of Dutch Windows or an old Mac.

    Raises `UnreadableFile` when it is none of these from begin to end, or has a line without end.
    """
    with path.open("rb") as file:
        start = file.read(START)
    if start.startswith(WIDEST) or start[:3] == b"\0\0\0" != start[1:4] or start[1:4] == b"\0\0\0" != start[:3]:
        raise UnreadableFile(UTF_32)
    if wide := _wide_encoding(start):
        if not _decodes(path, wide):
            raise UnreadableFile(CUT_OFF)
        return wide
    if _decodes(path, "utf-8"):
        return "utf-8-sig"
    return _one_byte_encoding(path)


def _wide_encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = (sum(map(bool, start[at::2])) for at in (0, 1))  # the headings begin with plain letters
    return {(START // 2, 0): "utf-16-le", (0, START // 2): "utf-16-be"}.get((even, odd), "")


def _one_byte_encoding(path: Path) -> str:
    if not _decodes(path, "latin-1") or _occurs(path, _BINARY):
        raise UnreadableFile(NOT_TEXT)
    if _occurs(path, _UTF_8_WITHIN):
        raise UnreadableFile(MIXED)
    if _occurs(path, _MAC_WITHIN):
        return "mac_roman"
    if _decodes(path, "cp1252"):
        return "cp1252"
    raise UnreadableFile(NOT_TEXT)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    since_line_end = 0
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                if "\0" in text:
                    raise UnreadableFile(NOT_TEXT)
                last = max(text.rfind("\n"), text.rfind("\r"))
                since_line_end = since_line_end + len(text) if last < 0 else len(text) - last
                if since_line_end > LONGEST_LINE:
                    raise UnreadableFile(ENDLESS)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _occurs(path: Path, pattern: re.Pattern[bytes]) -> bool:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if pattern.search(chunk):
                return True
    return False
