"""What every page reads from an address or a form in the same careful way."""

from collections.abc import Iterable

from flask import request
from werkzeug.routing import IntegerConverter, Map

from core.texts import tidy_line

LAST_PAGE = 10_000
LARGEST_ID = 2**31 - 1
NOT_TYPED = {"csrf_token", "version", "seen", "form_key", "then"}  # what forms carry beside what people type
SHORT_ANSWER = 8  # what is this short is typed again faster than copied


class IdConverter(IntegerConverter):
    """An id in an address; one that no table can hold is an unknown address."""

    def __init__(self, map: Map) -> None:  # noqa: A002 -- werkzeug's name
        super().__init__(map, min=1, max=LARGEST_ID)


def page_number() -> int:
    """The page that was asked for; the first one when it is no page."""
    return min(max(request.args.get("pagina", 1, type=int), 1), LAST_PAGE)


def page_count(rows: int, size: int) -> int:
    """How many pages so many rows fill; a list without rows has one, too."""
    return max(-(-rows // size), 1)


def search_words(name: str = "q") -> str:
    """The words of a search field, cleaned and of bearable length."""
    return tidy_line(request.args.get(name, ""))[:200]


def typed_texts(fields: Iterable[tuple[str, str]]) -> list[str]:
    """The texts of a form that could not be saved, so that nobody has to write them again."""
    return [text for name, text in fields if name not in NOT_TYPED and len(text) > SHORT_ANSWER]


def is_for_programs() -> bool:
    """Whether the open interface is asked something; it knows no sessions."""
    return request.path.startswith("/api/")


def wants_json() -> bool:
    """Whether a program asks, or a script of a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return is_for_programs() or best in {"application/json", "application/problem+json"}


def seen_version() -> int:
    """The version of the thing that the form showed; 0 when it says none, which is never current."""
    return request.form.get("version", 0, type=int)
