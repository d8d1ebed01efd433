"""The command that loads the demonstration data."""

import click
from flask import Blueprint

from core import clock
from core.policy.loading import current_policies
from demo.load import load

bp = Blueprint("demo_cli", __name__, cli_group="demo")
bp.cli.help = "The demonstration."


@bp.cli.command("load")
def load_command() -> None:
    """Load the demonstration data, once; a second time changes nothing."""
    with click.progressbar(length=60, label="Demonstratie") as bar:
        count = load(current_policies(), clock.now(), on_item=lambda: bar.update(1))
    click.echo(f"{count} activiteiten geladen." if count else "De demonstratiegegevens zijn er al.")
