"""Public answers may be kept by browsers and caches as long as nobody is signed in; what is somebody's own never is."""

from http import HTTPStatus

from flask import request, session
from werkzeug.wrappers import Response

from core.access import current_identity

HTML = "text/html"


def for_everybody(body: str, *, mimetype: str = HTML, status: HTTPStatus = HTTPStatus.OK, seconds: int = 0) -> Response:
    """An answer that may be kept for so long; without a time it is asked for again, and sent again if it changed.

    What names who is signed in, tells somebody something once or holds the token of a form is kept by nobody.
    """
    response = Response(body, status, mimetype=mimetype)
    if current_identity() or session.modified or "csrf_token" in body:
        return response
    response.cache_control.public = True
    if seconds:
        response.cache_control.max_age = seconds
    else:
        response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request.environ) if status is HTTPStatus.OK else response
