"""Commands about cases."""

import click
from flask import Blueprint

from core import clock
from validation.daily.scheduling import do_day

bp = Blueprint("cases_cli", __name__, cli_group="cases")
bp.cli.help = "The committee's cases."


@bp.cli.command("daily")
def daily_command() -> None:
    """Do what is left of the work of today; exit 1 when something failed."""
    made = do_day(clock.today(), clock.now())
    faults = [fault for slice_ in made for fault in slice_.faults]
    click.echo(f"{sum(slice_.done for slice_ in made)} gedaan, {len(faults)} mislukt")
    if faults:
        raise click.ClickException(f"mislukt: {', '.join(faults)}")
