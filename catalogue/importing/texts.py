"""Texts from elsewhere, made safe: HTML and stray characters become plain text with paragraphs and lists. Pure."""

import re

import ftfy

from catalogue.importing.markup import seen, unescaped

_FIX = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False, explain=False)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD])
_LIST_MARK = re.compile(r"(?:\*(?=\s)|[•·▪●◦\uf0b7\uf0a7])\s*")  # as people and Word type it
# What needs no repair. A letter with an accent before a sign may be what a wrong encoding left behind.
_LETTERS, _SIGNS = "áàäçéèëêíìïîñóòöôúùüûÁÄÇÉÈËÍÏÓÖÚÜ", "€‘’“”–—…°½"
_STRANGE, _STRANGE_TOGETHER = re.compile(f"[^ -~\n{_LETTERS}{_SIGNS}]"), re.compile(f"[{_LETTERS}][{_SIGNS}]")
_UNTIDY = ("  ", "\n\n\n", " \n", "\n ", "*")


def plain_text(raw: str) -> str:
    """The text that a reader would have seen. Markup is gone, not escaped; lists are lines that begin with '- '."""
    if not raw:
        return ""  # as many columns of many rows
    text = seen(raw) if "<" in raw and _TAG.search(raw) else unescaped(raw)
    usual = _with_usual_spaces(text)
    if _STRANGE.search(usual) or (not usual.isascii() and _STRANGE_TOGETHER.search(usual)):
        return _tidy(_with_usual_spaces(ftfy.fix_text(text, _FIX).translate(_INVISIBLE)))
    is_tidy = usual == usual.strip() and not any(mark in usual for mark in _UNTIDY)
    return usual if is_tidy else _tidy(usual)


def one_line(raw: str) -> str:
    """The same for a title or a name: no line ends."""
    text = plain_text(raw)
    return " ".join(text.split()) if "\n" in text else text


def _with_usual_spaces(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\xa0", " ").replace("\t", " ")


def _tidy(text: str) -> str:
    tidy = "\n".join([_tidy_line(line) for line in text.splitlines()]).strip()
    return re.sub(r"\n{3,}", "\n\n", tidy) if "\n\n\n" in tidy else tidy


def _tidy_line(line: str) -> str:
    tidy = line.strip()
    if "  " in tidy:
        tidy = re.sub(" {2,}", " ", tidy)
    mark = _LIST_MARK.match(tidy)
    return f"- {tidy[mark.end() :]}".rstrip() if mark else tidy
