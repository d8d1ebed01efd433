"""Commands about signing in."""

import click
from flask import Blueprint, current_app

from core.sign_in.keys import ClientKeys

bp = Blueprint("sign_in_cli", __name__, cli_group="keys")
bp.cli.help = "The keys with which we authenticate at sign-in providers."


@bp.cli.command("rotate")
def rotate() -> None:
    """Use the next key from now on, and publish a new next one."""
    keys: ClientKeys = current_app.extensions["client_keys"]
    click.echo(f"Key in use: {keys.rotate()}. Its successor is published at /.well-known/jwks.json.")
