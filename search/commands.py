"""Commands about the search index."""

import click
from flask import Blueprint

from search.index import IndexBusy
from search.services import rebuild, visible_count

bp = Blueprint("search_cli", __name__, cli_group="search")
bp.cli.help = "The search index."


@bp.cli.command("rebuild")
def rebuild_command() -> None:
    """Fill the search index anew from the database."""
    with click.progressbar(length=visible_count(), label="Activiteiten") as bar:
        try:
            count = rebuild(on_document=lambda: bar.update(1))
        except IndexBusy as busy:
            raise click.ClickException(f"{busy}; try again when it is done") from None
    click.echo(f"{count} activiteiten in de zoekindex.")
