"""The one place that turns a refusal or a fault into an answer: problem+json for programs, a page for people."""

import errno
import json
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.errors import Refusal
from core.requests import is_for_programs, typed_texts, wants_json

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
UNREAD = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.INSUFFICIENT_STORAGE}  # the form could not even be read
Link = tuple[str, str] | None
log = logging.getLogger(__name__)

TEXTS = {
    HTTPStatus.BAD_REQUEST: ("Dit verzoek klopt niet", "Ga terug en probeer het opnieuw."),
    HTTPStatus.FORBIDDEN: ("U hebt geen toegang", "U hebt geen toegang tot deze pagina met deze inlog."),
    HTTPStatus.NOT_FOUND: ("Pagina niet gevonden", "Deze pagina bestaat niet, of u hebt er geen toegang toe."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Dit kan hier niet", "Ga terug en gebruik de knop op de pagina."),
    HTTPStatus.CONFLICT: ("Dit kan nu niet meer", ""),
    HTTPStatus.GONE: ("Verwijderd", "Deze pagina is verwijderd."),
    HTTPStatus.TOO_MANY_REQUESTS: ("Te veel vragen", "Wacht even en probeer het dan opnieuw."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Even niet bereikbaar", "Probeer het over een paar minuten opnieuw."),
    HTTPStatus.INSUFFICIENT_STORAGE: (
        "De schijf van de server is vol",
        "Daarom is er niets bewaard. Probeer het later nog eens. Blijft het zo? Meld het bij het bureau.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("Te veel gegevens", "Maak de tekst korter en probeer het opnieuw."),
}
EXPIRED = (
    "Dit formulier hoort bij een eerdere inlog, dus is er niets bewaard. Kopieer wat u typte en open de pagina opnieuw."
)
FOR_PROGRAMS = TEXTS | {
    HTTPStatus.NOT_FOUND: ("Niet gevonden", "Dit adres bestaat niet. Welke er zijn, staat op /api."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Dit kan hier niet", "Deze API kunt u alleen lezen. Gebruik GET."),
}
OTHER = ("Dit kan niet", "Ga terug en probeer het opnieuw.")
FAULT = ("Er ging iets mis bij ons", "Probeer het over een paar minuten opnieuw. Wij hebben de fout vastgelegd.")


def answer(status: HTTPStatus, *, code: str, detail: str = "", title: str = "", **more: Any) -> Response:
    """The answer for a person or a program, by what it asked for.

    `link` is address and words of what to do next, for a person; `members` is what a program is told further.
    """
    texts = FOR_PROGRAMS if is_for_programs() else TEXTS
    usual_title, usual = texts.get(status, FAULT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else OTHER)
    title, detail = title or usual_title, detail or usual
    if wants_json():
        body = {"type": "about:blank", "status": status, "title": title, "detail": detail, "code": code}
        body |= more.get("members", {})
        return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
    typed = typed_texts(request.form.items()) if status not in UNREAD else []
    page = render_template("error.html", title=title, detail=detail, typed=typed, link=more.get("link"))
    return Response(page, status, mimetype="text/html")


def init_problems(app: Flask) -> None:
    """Handle refusals, HTTP errors and faults alike; no text of the database or of Python ever leaves."""

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        return answer(
            error.status,
            code=error.code,
            detail=error.detail,
            title=error.title,
            link=error.link,
            members=error.members,
        )

    @app.errorhandler(CSRFError)
    def forged(_: CSRFError) -> Response:
        return answer(HTTPStatus.BAD_REQUEST, code="form-expired", detail=EXPIRED, link=_page_of_the_form())

    app.register_error_handler(HTTPException, _http)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        log.error("unexpected fault", exc_info=error)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return answer(HTTPStatus.INSUFFICIENT_STORAGE, code="disk-full")
        return answer(HTTPStatus.INTERNAL_SERVER_ERROR, code="fault")


def _page_of_the_form() -> Link:
    """The page that the form was sent from, which leads to the entrance first where somebody is signed out."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return None
    return f"{came_from.path}?{came_from.query}".rstrip("?"), "De pagina opnieuw openen"


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return Response.force_type(error.get_response())  # a redirect is no problem
    status = HTTPStatus(error.code)
    response = answer(status, code=status.phrase.lower().replace(" ", "-"))
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(allowed)
    return response
