"""The form on a page, as a browser would send it."""

from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse


class _Form(HTMLParser):
    """Collects the fields of the form with an id, or of the last one that posts."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self._wanted, self._inside, self._area = wanted, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._inside = given.get("id") == self._wanted if self._wanted else given.get("method") == "post"
        elif not self._inside or not name:
            return
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "input" and given.get("type") == "checkbox":
            self.fields.setdefault(name, []).extend([value] if "checked" in given else [])
        elif tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self.fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "form":
            self._inside = False


def form_of(response: TestResponse, id_: str = "") -> dict[str, Any]:
    """Name → value; several for check boxes. Without the token, which every person sends anyway."""
    assert response.status_code in {200, 409, 422}, response.status
    parser = _Form(id_)
    parser.feed(response.text)
    return {name: value for name, value in parser.fields.items() if name != "csrf_token"}
