"""Commands about activities and their numbers."""

import gc
from pathlib import Path

import click
from flask import Blueprint
from sqlalchemy.exc import OperationalError

from catalogue import numbers
from catalogue.importing.batches import Problem
from catalogue.importing.service import Report, import_offers
from catalogue.importing.tables import UnreadableFile
from core import clock
from core.audit import Actor
from core.policy.loading import current_policies

activities = Blueprint("activities_cli", __name__, cli_group="activities")
activities.cli.help = "The offers of providers."
number_checks = Blueprint("numbers_cli", __name__, cli_group="numbers")
STOPPED = "wat al is overgenomen, blijft staan; start opnieuw als dit is opgelost"
number_checks.cli.help = "Activity numbers."


@activities.cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
def import_command(file: Path, *, dry_run: bool) -> None:
    """Take over the offers of the former register from FILE (CSV, XLSX or ODS) as drafts."""
    gc.freeze()  # what is loaded stays: the collector need not walk through it again and again
    with click.progressbar(length=1, label="Rijen") as bar:

        def show(reached: int, total: int) -> None:
            bar.length = total
            bar.update(reached - bar.pos)

        try:
            report = import_offers(
                file,
                policy=current_policies().on(clock.today()),
                by=Actor("operator", "command"),
                now=clock.now(),
                tell=_print_problem,
                dry_run=dry_run,
                on_row=show,
            )
        except UnreadableFile as error:
            message = f"{file.name}: {error}"
            raise click.ClickException(message) from None
        except OperationalError as error:
            raise click.ClickException(f"de database kan niet verder ({error.orig}); {STOPPED}") from None
        except OSError as error:
            raise click.ClickException(f"lezen of schrijven lukt niet ({error.strerror}); {STOPPED}") from None
    _print(report, dry_run=dry_run)


def _print_problem(problem: Problem) -> None:
    column = f", kolom {problem.column}" if problem.column else ""
    click.echo(f"regel {problem.line}{column}: {problem.reason}", err=True)


def _print(report: Report, *, dry_run: bool) -> None:
    if report.unknown_columns:
        click.echo(f"Onbekende kolommen, niet gelezen: {', '.join(report.unknown_columns)}.")
    ending = " Proef: er is niets bewaard." if dry_run else ""
    click.echo(
        f"{report.read} rijen gelezen = {report.created} aangemaakt + {report.unchanged} ongewijzigd"
        f" + {report.rejected} afgekeurd.{ending}"
    )


@number_checks.cli.command("check")
@click.argument("number")
def check_command(number: str) -> None:
    """Say whether NUMBER can be an activity number; exit 1 when it cannot."""
    key = numbers.normalise(number)
    if numbers.is_valid(key):
        click.echo(f"{numbers.shown(key)} klopt.")
        return
    click.echo(f"{number} klopt niet.{_why(key)}")
    raise SystemExit(1)


def _why(key: str) -> str:
    if len(key) != numbers.LENGTH:
        return f" Een nummer heeft {numbers.LENGTH} tekens, dit zijn er {len(key)}."
    if strange := sorted(set(key) - set(numbers.ALPHABET)):
        return f" Deze tekens komen niet voor in een nummer: {' '.join(strange)}."
    return " Het controleteken past niet bij de rest."
