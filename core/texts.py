"""Cleaning what people type or paste: no control characters, one kind of space and line end; and folding it. Pure."""

import re
import unicodedata

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
JOINERS = "\u200c\u200d"  # invisible, but some scripts and emoji need them


def tidy(text: str) -> str:
    """The text with plain spaces and line ends, without anything that cannot be seen or stored."""
    if text.isascii() and text.isprintable():
        return text.strip()  # as nearly all of it is
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(_plain(symbol) for symbol in lines).strip()


def tidy_line(text: str) -> str:
    """The same on one line, with single spaces."""
    return " ".join(tidy(text).split())


def folded(text: str) -> str:
    """Lower case without diacritics, so that 'cafe' finds 'café'."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _FOREIGN.sub(_bare, unicodedata.normalize("NFKD", plain))


def _bare(found: re.Match[str]) -> str:
    return "".join(symbol for symbol in found[0] if not unicodedata.combining(symbol))


def _plain(symbol: str) -> str:
    if symbol in "\n\t" or symbol in JOINERS:
        return symbol
    category = unicodedata.category(symbol)
    if category == "Zs":
        return " "
    return "" if category in {"Cc", "Cf", "Cs", "Cn", "Co"} else symbol
