"""Commands about the audit trail, the outbox and the fonts."""

import re
import time
from datetime import date

import click
from flask import Blueprint, current_app

from core.audit import Anchor, verify
from core.audit_days import every_day
from core.formatting import count_of, dutch_date
from core.outbox import waiting_count
from core.worker import Worker, deliver_due, prepared

audit = Blueprint("audit_cli", __name__, cli_group="audit")
audit.cli.help = "The audit trail."
outbox = Blueprint("outbox_cli", __name__, cli_group="outbox")
outbox.cli.help = "Waiting messages."
font_step = Blueprint("fonts_cli", __name__, cli_group="fonts")
font_step.cli.help = "The font of the site."

MOST_FAULTS = 10  # that are named one by one
ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


class Kept(click.ParamType[Anchor]):
    """POSITION:HASH, as the public page gives both."""

    name = "anchor"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Anchor:
        """Read it, or say how it must look, before the whole trail is walked for nothing."""
        found = ANCHOR.fullmatch(value.strip().lower())
        if found is None:
            self.fail(f"{value!r} is no entry; write it as 12:… with the hash of 64 symbols", param, ctx)
        return Anchor(int(found[1]), found[2])


@audit.cli.command("verify")
@click.option(
    "--expect", type=Kept(), multiple=True, metavar="POSITION:HASH", help="An entry and a hash that was kept."
)
def verify_command(expect: tuple[Anchor, ...]) -> None:
    """Walk the chain of the audit trail; exit 1 at the first entry that does not fit, or has not the hash expected."""
    published = {Anchor(day.position, day.hash): day.day for day in every_day()}
    verdict = verify({*expect, *published})
    if verdict.broken_at is not None:
        message = f"de keten is gebroken bij regel {verdict.broken_at}"
        raise click.ClickException(message)
    if verdict.unmet:
        faults = [_fault(anchor, verdict.entries, published.get(anchor)) for anchor in verdict.unmet[:MOST_FAULTS]]
        more = [f"en nog {len(verdict.unmet) - MOST_FAULTS}"] if len(verdict.unmet) > MOST_FAULTS else []
        raise click.ClickException("; ".join([*faults, *more]))
    kept = f"; {count_of(len(expect), 'bewaarde hash klopt', 'bewaarde hashes kloppen')}" if expect else ""
    click.echo(f"{verdict.entries} regels, onafgebroken; laatste hash {verdict.last_hash}{kept}")


def _fault(anchor: Anchor, entries: int, day: date | None) -> str:
    """What is wrong with an entry of which somebody kept the hash, or which is the last of a day on the public page."""
    entry = f"regel {anchor.position}" + (f", de laatste van {dutch_date(day)}," if day else "")
    if anchor.position > entries:
        return f"{entry} bestaat niet: het logboek heeft {count_of(entries, 'regel', 'regels')}"
    return f"{entry} heeft een andere hash dan {'op de openbare pagina staat' if day else 'verwacht'}"


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
    from core import fonts  # noqa: PLC0415 -- its tools are large, and no server needs them

    for path in fonts.build():
        click.echo(path.name)
