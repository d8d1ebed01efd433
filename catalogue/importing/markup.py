"""What a reader would have seen of a piece of HTML, as text with paragraphs and lists. Pure.

One pass whose time and memory grow with the text, whatever the markup does: it comes from strangers.
"""

import html
import re

# No part can be read in two ways, and none reads past the next "<": nothing is gone through twice.
_MARKUP = re.compile(
    r"""
    <!--.*?(?:-->|\Z)                                                # a comment
    | <(?P<unseen>script|style|title|template)\b.*?(?:</(?P=unseen)[^<>]*+>|\Z)
    | <[!?][^<>]*+>                                                  # a declaration
    | <(?P<end>/?)(?P<name>[a-z][a-z0-9:-]*+)
      (?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>                 # a tag; its values may hold a >
    | </?[a-z][^<>]*+>                                               # a tag with a lone quote
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BREAKS = re.compile("[\r\n\f]")
_HIDES = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_PARAGRAPHS = {"p", "figure", "h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _PARAGRAPHS | {
    *(
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
    ),
    *("footer", "form", "header", "hr", "li", "main", "nav", "ol", "pre", "section", "table", "tr", "ul"),
}
_LISTS, _APART = {"ol", "ul"}, {"td", "th"}
_MAY_STAY_OPEN = {"p", "li", "td", "th", "tr", "dd", "dt", "br", "hr", "img", "input"}  # would hide all that follows


class _Page:
    """What was seen so far, and what the next words stand in."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._line_ends = 0  # before the next words
        self._mark = ""  # of the list item whose words are still to come
        self._counts: list[int | None] = []  # of the lists around; None where nothing is counted
        self._is_typed = False  # white space says something
        self._hidden_by, self._depth = "", 0  # what hides all that is in it, and how many of its kind are open

    def say(self, piece: str) -> None:
        """Words between two tags."""
        if self._hidden_by or not piece:
            return
        if not self._is_typed and _BREAKS.search(piece):
            piece = _BREAKS.sub(" ", piece)
        text = unescaped(piece) if "&" in piece else piece
        if not text.isspace():
            self.parts.append("\n" * self._line_ends + self._mark)
            self._line_ends, self._mark = 0, ""
        if not self._line_ends:
            self.parts.append(text)

    def meet(self, name: str, rest: str, *, is_end: bool) -> None:
        """A tag that begins or ends something."""
        if self._hidden_by:
            self._depth += (name == self._hidden_by) * (-1 if is_end else 1)
            self._hidden_by = self._hidden_by if self._depth else ""
        elif rest and _HIDES.search(rest) and name not in _MAY_STAY_OPEN:
            self._hidden_by, self._depth = name, 1
        elif name == "br":
            self._line_ends += 1
        elif name in _BLOCKS:
            is_paragraph = name in _PARAGRAPHS and not self._mark
            self._line_ends = max(self._line_ends, 2 if is_paragraph else 1)
            self._lay_out(name, is_end=is_end)
        elif name in _APART:
            self.parts.append(" ")

    def _lay_out(self, name: str, *, is_end: bool) -> None:
        if name == "pre":
            self._is_typed = not is_end
        elif name == "li":
            self._mark = "" if is_end else self._next_mark()
            self._line_ends = 1  # a list is not pulled apart
        elif name in _LISTS and is_end:
            del self._counts[-1:]
        elif name in _LISTS:
            self._counts.append(0 if name == "ol" else None)

    def _next_mark(self) -> str:
        count = self._counts[-1] if self._counts else None
        if count is None:
            return "- "
        self._counts[-1] = count + 1
        return f"{count + 1}. "


def seen(markup: str) -> str:
    """The text; its lines are not tidied yet."""
    page, at = _Page(), 0
    for found in _MARKUP.finditer(markup):
        page.say(markup[at : found.start()])
        at = found.end()
        if name := found["name"]:
            page.meet(name.lower(), found["rest"], is_end=bool(found["end"]))
    page.say(markup[at:])
    return "".join(page.parts)


def unescaped(text: str) -> str:
    """The text with what its entities stand for."""
    try:
        return html.unescape(text) if "&" in text else text
    except ValueError:  # a number of thousands of digits
        return text
