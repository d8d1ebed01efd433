"""The one-process server: web pages and outbox worker together, for trying out and for small instances."""

import signal
from types import FrameType
from urllib.parse import urlsplit

import click
import waitress
from flask import Blueprint, current_app

from core.config import Settings
from core.worker import Worker

THREADS = 8

bp = Blueprint("serving_cli", __name__, cli_group=None)


@bp.cli.command("serve")
def serve_command() -> None:
    """Serve the pages, and deliver the outbox when the settings say so."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- the way to pass an app to a thread
    settings: Settings = app.extensions["settings"]
    worker = Worker(app) if settings.worker else None
    address = urlsplit(f"//{settings.listen}" if settings.listen else settings.base_url)
    try:
        server = waitress.create_server(app, host=address.hostname, port=address.port or 80, threads=THREADS)
    except (OSError, OverflowError, ValueError) as error:
        fix = "kies een andere poort met REGISTERUUR_BASE_URL of REGISTERUUR_LISTEN"
        raise click.ClickException(f"{address.netloc} is niet vrij ({error}); {fix}") from None
    signal.signal(signal.SIGTERM, _as_interrupt)
    if worker:
        worker.start()
    click.echo(f"Registeruur staat op {settings.base_url}")
    for line in app.extensions.get("greeting", ()):
        click.echo(line)
    try:
        server.run()  # ends by itself on an interrupt, after the requests in hand
    finally:
        if worker:
            worker.stop()


def _as_interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
