"""Texts from elsewhere, made safe: HTML and stray characters become plain text with paragraphs and lists. Pure."""

import html
import re

import ftfy
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

_FIX = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False)
_LAYOUT = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD])
# The marks that the layout gives a list, by depth, and those that people type themselves.
_LAID_OUT = re.compile(r"^(?:\s*\*|\s+[+o])(?=\s)\s*|^\s*[•·]\s*", re.MULTILINE)
_TYPED = re.compile(r"^\s*(?:\*(?=\s)|[•·])\s*", re.MULTILINE)


def plain_text(raw: str) -> str:
    """The text that a reader would have seen. Markup is gone, not escaped; lists are lines that begin with '- '."""
    is_markup = bool(_TAG.search(raw))
    text = get_text(raw, _LAYOUT) if is_markup else html.unescape(raw)
    text = ftfy.fix_text(text, _FIX).translate(_INVISIBLE).replace("\xa0", " ").replace("\t", " ")
    lines = (
        re.sub(r" {2,}", " ", line).strip()
        for line in (_LAID_OUT if is_markup else _TYPED).sub("- ", text).splitlines()
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(raw: str) -> str:
    """The same for a title or a name: no line ends."""
    return " ".join(plain_text(raw).split())
