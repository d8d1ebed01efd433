"""How answers leave: as JSON or CSV, recognised when they were sent before, readable by scripts of any site."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask, request
from werkzeug.wrappers import Response

from core.requests import is_for_programs
from core.spreadsheets import CSV_TYPE

VERSION = "1.0.0"  # of the interface, by the rules of semantic versioning
BASE = "/api/v1"
JSON_TYPE = "application/json"
SHOWN_TO_SCRIPTS = (
    "API-Version, Bijgewerkt-Tot, ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
)

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def wants_csv() -> bool:
    """Whether CSV is asked for rather than JSON, which is what who says nothing gets."""
    return request.accept_mimetypes.best_match([JSON_TYPE, "text/csv"]) == "text/csv"


def as_json(shape: Mapping[str, Any]) -> Response:
    """An answer as JSON; 304 without a body when it is the one that the program has."""
    return _sent(encode(shape), JSON_TYPE)


def as_csv(text: str, links: Mapping[str, str]) -> Response:
    """The same as CSV; where the other pages are stands in the header."""
    response = _sent(text, CSV_TYPE)
    names = {"eerste": "first", "vorige": "prev", "volgende": "next", "laatste": "last"}
    response.headers["Link"] = ", ".join(
        f'<{address}>; rel="{names[name]}"' for name, address in links.items() if name in names
    )
    return response


def init_sending(app: Flask) -> None:
    """Let every answer of the interface say which version it is, and that scripts of other sites may read it."""

    @app.after_request
    def add(response: Response) -> Response:
        if is_for_programs():
            response.headers["API-Version"] = VERSION
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = SHOWN_TO_SCRIPTS
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
                response.headers["Access-Control-Max-Age"] = "86400"
        return response


def _sent(body: str, mimetype: str) -> Response:
    response = Response(body, content_type=mimetype)
    response.headers["Vary"] = "Accept"
    response.add_etag()
    response.make_conditional(request.environ)
    return response
