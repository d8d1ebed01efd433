"""Commands about the audit trail, the outbox and the fonts."""

import time

import click
from flask import Blueprint, current_app

from core import fonts
from core.audit import verify
from core.outbox import waiting_count
from core.worker import Worker, deliver_due, prepared

audit = Blueprint("audit_cli", __name__, cli_group="audit")
audit.cli.help = "The audit trail."
outbox = Blueprint("outbox_cli", __name__, cli_group="outbox")
outbox.cli.help = "Waiting messages."
font_step = Blueprint("fonts_cli", __name__, cli_group="fonts")
font_step.cli.help = "The font of the site."


@audit.cli.command("verify")
def verify_command() -> None:
    """Walk the chain of the audit trail; exit 1 at the first entry that does not fit."""
    verdict = verify()
    if verdict.broken_at is not None:
        message = f"de keten is gebroken bij regel {verdict.broken_at}"
        raise click.ClickException(message)
    click.echo(f"{verdict.entries} regels, onafgebroken; laatste hash {verdict.last_hash}")


@outbox.cli.command("run")
@click.option("--once", is_flag=True, help="Deliver what is due, then stop.")
def run_command(*, once: bool) -> None:
    """Deliver the outbox until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- the way to pass an app to a thread
    handlers = app.extensions["outbox_handlers"]
    if once:
        with prepared(app):
            tried = deliver_due(app, handlers)
        click.echo(f"{tried} geprobeerd, {waiting_count()} wachten nog")
        return
    worker = Worker(app)
    worker.start()
    try:
        while worker.is_alive():
            time.sleep(0.5)
    except KeyboardInterrupt:
        worker.stop()


@font_step.cli.command("build")
def fonts_command() -> None:
    """Cut the bundled font down to what the site uses; done once by `make`."""
    for path in fonts.build():
        click.echo(path.name)
