"""Commands about the search index."""

import click
from flask import Blueprint
from sqlalchemy import func, select

from catalogue.queries import visible_entries
from core import clock
from core.db import db
from core.policy.loading import current_policies
from search.services import rebuild

bp = Blueprint("search_cli", __name__, cli_group="search")


@bp.cli.command("rebuild")
def rebuild_command() -> None:
    """Fill the search index anew from the database."""
    today = clock.today()
    visible = visible_entries(current_policies().on(today).register, today)
    total = db.session.scalar(select(func.count()).select_from(visible.subquery())) or 0
    with click.progressbar(length=total, label="Activiteiten") as bar:
        count = rebuild(on_document=lambda: bar.update(1))
    click.echo(f"{count} activiteiten in de zoekindex.")
