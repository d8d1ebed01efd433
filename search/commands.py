"""Commands about the search index."""

import click
from flask import Blueprint

from search.services import rebuild, visible_count

bp = Blueprint("search_cli", __name__, cli_group="search")


@bp.cli.command("rebuild")
def rebuild_command() -> None:
    """Fill the search index anew from the database."""
    with click.progressbar(length=visible_count(), label="Activiteiten") as bar:
        count = rebuild(on_document=lambda: bar.update(1))
    click.echo(f"{count} activiteiten in de zoekindex.")
