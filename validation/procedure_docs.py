"""The procedures as Markdown, for `docs/procedures.md`: what may happen in which state, by whom. No database."""

from collections.abc import Iterator, Mapping

from validation.procedures import HAND_NAMES, Table

HEAD = ("state", "action", "by whom", "leads to", "the provider sees it")


def as_markdown(tables: Mapping[str, Table]) -> str:
    """A section per procedure."""
    return "\n\n".join("\n".join(_section(procedure, table)) for procedure, table in tables.items())


def _section(procedure: str, table: Table) -> Iterator[str]:
    waits = " and ".join(f"`{event}`" for event in sorted(table.needs))
    yield f"## {table.name or procedure}"
    yield f"`{procedure}`. A new case is ‘{table.states[table.begins]}’; its clock starts " + (
        f"when {waits} have come." if waits else "with the receipt."
    )
    yield ""
    yield _row(HEAD)
    yield _row(["---"] * len(HEAD))
    for state, name in table.states.items():
        for action, done in table.actions.items():
            if step := table.steps.get((state, action)):
                hands = "; ".join(told for hand, told in HAND_NAMES.items() if hand in step.by)
                yield _row((name, done, hands, table.states[step.to], "no" if step.is_inner else "yes"))


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"
