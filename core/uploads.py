"""Files that people send: they may be larger than a form, and a file that is too large gets one clear sentence."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, current_app, request, session

from core.errors import Refusal

TAKES_FILE = "takes_file"
MEGABYTE = 1_000_000
MOST_TO_READ, CHUNK = 1000 * MEGABYTE, 1 << 20
AROUND = 10_000  # bytes of the form around the file
View = TypeVar("View", bound=Callable[..., Any])


class FileTooLarge(Refusal):
    """More than the operator allows."""

    code = "file-too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "Dit bestand is te groot"

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"{too_large(megabytes)} Er is niets bewaard.")
        self.link = (request.path, "Terug")


def too_large(megabytes: int) -> str:
    """What is wrong with a larger file, and how to fix it."""
    return f"Een bestand mag hoogstens {megabytes} MB zijn. Verdeel de rijen over meer bestanden."


def takes_file(view: View) -> View:
    """Declare that a route is posted a file."""
    setattr(view, TAKES_FILE, True)
    return view


def init_uploads(app: Flask, megabytes: int) -> None:
    """Must come before the protection of forms, which reads the whole request to find its token."""

    @app.before_request
    def give_room() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        # Strangers are turned away later; they need not send hundreds of megabytes first.
        if getattr(view, TAKES_FILE, False) and session.get("token"):
            request.max_content_length = megabytes * MEGABYTE + AROUND
            if (request.content_length or 0) > request.max_content_length:
                _read_to_the_end()
                raise FileTooLarge(megabytes)


def _read_to_the_end() -> None:
    """Most browsers listen only when they have sent everything; without end nobody waits for that, though."""
    left = min(request.content_length or 0, MOST_TO_READ)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, CHUNK))):
        left -= len(chunk)
