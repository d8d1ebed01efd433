"""Commands about providers."""

import click
from flask import Blueprint

from core import clock
from core.audit import Actor
from core.db import transaction
from providers.admitting import admit
from providers.queries import find_provider

bp = Blueprint("providers_cli", __name__, cli_group="providers")
bp.cli.help = "Providers."


@bp.cli.command("admit")
@click.argument("kvk_number")
def admit_command(kvk_number: str) -> None:
    """Admit the provider with KVK_NUMBER, so that it may submit."""
    with transaction():
        provider = find_provider(kvk_number)
        if provider is None:
            message = f"no provider has KvK number {kvk_number}; it becomes known when it signs in"
            raise click.ClickException(message)
        admit(provider, by=Actor("operator", "command"), now=clock.now())
    click.echo(f"{kvk_number} is admitted.")
