"""Commands about the search index."""

import click
from flask import Blueprint

from core import clock
from core.outbox import waiting_count
from search.checking import differences, repair
from search.index import IndexAway, IndexBusy
from search.services import current_index, rebuild, visible_count

bp = Blueprint("search_cli", __name__, cli_group="search")
bp.cli.help = "The search index."


@bp.cli.command("rebuild")
def rebuild_command() -> None:
    """Fill the search index anew from the database."""
    with click.progressbar(length=visible_count(), label="Activiteiten") as bar:
        try:
            count = rebuild(on_document=lambda: bar.update(1))
        except (IndexBusy, IndexAway) as fault:
            raise click.ClickException(f"{fault}; try again when it is done") from None
    click.echo(f"{count} activiteiten in de zoekindex.")


@bp.cli.command("check")
@click.option("--repair", "wants_repair", is_flag=True, help="Put every difference right.")
@click.pass_context
def check_command(context: click.Context, *, wants_repair: bool) -> None:
    """Compare index and database; name every difference. Ends with 1 when there are any left."""
    index, today = current_index(), clock.today()
    try:
        found = list(differences(index, today))
        if wants_repair:
            repair(index, found, today)
    except (IndexBusy, IndexAway) as fault:
        raise click.ClickException(str(fault)) from None
    for difference in found:
        click.echo(f"activity {difference.activity_id}: {difference.kind}")
    click.echo(f"{len(found)} differences{', repaired' if found and wants_repair else ''}.")
    if found and not wants_repair:
        if waiting := waiting_count():
            click.echo(f"{waiting} messages still wait in the outbox; some of these may be about them.")
        context.exit(1)
