"""Commands about terms and procedures."""

import json
from datetime import date

import click
from flask import Blueprint

from core.policy import Policy, Stretch, TermRule
from core.policy.loading import current_policies
from validation.procedure_docs import as_markdown
from validation.procedures import TABLES
from validation.term_text import in_words
from validation.terms import compute_term

bp = Blueprint("terms_cli", __name__, cli_group="terms")
bp.cli.help = "Due dates."
procedures = Blueprint("procedures_cli", __name__, cli_group="procedures")
procedures.cli.help = "What may happen to a case, and by whom."


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or say how it must look."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD", param, ctx)


class Pause(click.ParamType[Stretch]):
    """FROM:TO, the first and the last paused day."""

    name = "pause"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Stretch:
        """Read both days, or say how they must look."""
        first, _, last = value.partition(":")
        pause = Stretch(Day().convert(first, param, ctx), Day().convert(last, param, ctx))
        if pause.days < 1:
            self.fail(f"{value!r} ends before it begins", param, ctx)
        return pause


@bp.cli.command("explain")
@click.argument("received", metavar="DATE", type=Day())
@click.option("--procedure", required=True, help="One of the policy of that day, such as validation.")
@click.option("--pause", "pauses", type=Pause(), multiple=True, metavar="FROM:TO", help="First and last paused day.")
@click.option("--extended", "is_extended", is_flag=True, help="With the extension that the policy allows.")
@click.option("--json", "as_json", is_flag=True, help="Print dueOn, sum and provisional as JSON.")
def explain_command(
    received: date, procedure: str, pauses: tuple[Stretch, ...], *, is_extended: bool, as_json: bool
) -> None:
    """Explain the due date of a case received on DATE."""
    policies = current_policies()
    rule = _rule(policies.on(received), procedure, is_extended=is_extended)
    term = compute_term(received, rule, policies.calendar, pauses, is_extended=is_extended)
    if as_json:
        data = {"dueOn": term.due_on.isoformat(), "sum": in_words(term), "provisional": term.provisional}
        click.echo(json.dumps(data, ensure_ascii=False))
    else:
        click.echo(in_words(term))


def _rule(policy: Policy, procedure: str, *, is_extended: bool) -> TermRule:
    """The term of a procedure, or a word about what the policy does not know."""
    rule = policy.terms.get(procedure)
    if rule is None:
        known = ", ".join(sorted(policy.terms))
        raise click.BadParameter(f"{policy.id} has no {procedure!r}, only {known}", param_hint="'--procedure'")
    if is_extended and rule.extension is None:
        raise click.BadParameter(f"{policy.id} has no extension for {procedure}", param_hint="'--extended'")
    return rule


@procedures.cli.command("show")
def show_command() -> None:
    """Print every procedure as Markdown."""
    click.echo(as_markdown(TABLES))
