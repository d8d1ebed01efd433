"""Headers that every answer carries: nothing inline, nothing foreign, no frames."""

from http import HTTPStatus

from flask import Flask, request
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_headers(app: Flask, *, https: bool) -> None:
    """Add the headers; HSTS only where the site is served over https."""
    common = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if https:
        common["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    @app.after_request
    def add(response: Response) -> Response:
        said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 -- iterating gives pairs
        response.headers.extend([(name, value) for name, value in common.items() if name.lower() not in said])
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            response.close()  # the file that is not sent; nobody else closes it
        if request.endpoint != "static" and "cache-control" not in said:
            response.headers["Cache-Control"] = "no-store"
        return response
