"""What the docs promise is what the commands print."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from catalogue.importing.columns import COLUMNS
from core.audit import GENESIS, AuditEntry, link
from tests.outsider import block_of, hash_of, rows_of
from tests.world import World

ROW = re.compile(r"^\| (\d{4}-\d\d-\d\d) \| (\w+) \| (.*?) ?\| (ontvangen .*) \|$", re.MULTILINE)
EXAMPLES = ROW.findall(Path("docs/terms.md").read_text())


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize(("received", "procedure", "pauses", "explained"), EXAMPLES)
def test_a_published_term_is_what_the_command_prints(
    world: World, received: str, procedure: str, pauses: str, explained: str
) -> None:
    options = [word for pause in pauses.split() for word in ("--pause", pause)]
    result = world.run("terms", "explain", received, "--procedure", procedure, *options, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["sum"] == explained


@pytest.mark.parametrize("arguments", [["22-11-2026"], ["2026-11-22", "--pause", "2026-12-03:2026-12-01"], ["x"]])
def test_a_wrong_day_is_named(world: World, arguments: list[str]) -> None:
    result = world.run("terms", "explain", *arguments, "--procedure", "validation")
    assert result.exit_code == 2
    assert "Error" in result.output
    assert "Traceback" not in result.output


def test_every_command_is_documented(world: World) -> None:
    documented = set(re.findall(r"^\| `([a-z]+(?: [a-z]+)?)", Path("docs/operating.md").read_text(), re.MULTILINE))
    ours = {"db upgrade"}
    for name, command in world.app.cli.commands.items():
        if name in {"db", "run", "shell", "routes"}:
            continue
        ours |= {f"{name} {child}" for child in getattr(command, "commands", {})} or {name}
    assert documented == ours


def test_the_table_of_columns_equals_the_code() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([a-z ]*?) ?\| (.*) \|$", Path("docs/importing.md").read_text(), re.MULTILINE
    )
    needed = {"always": "always", "in exports": "in an export", "": ""}
    assert rows == [
        (column.name, "both" if column.is_own else "export", needed[column.needed], column.explanation)
        for column in COLUMNS
    ]


def test_the_example_of_the_audit_trail_is_true_for_an_outsider_and_for_the_code() -> None:
    rows = rows_of(block_of("csv"))
    assert rows[0]["vorige hash"] == GENESIS
    assert rows[1]["vorige hash"] == rows[0]["hash"]
    for row in rows:
        entry = AuditEntry(
            position=row["positie"],
            at=datetime.fromisoformat(row["moment"]),
            action=row["actie"],
            object=row["onderwerp"],
            result=row["resultaat"],
            origin=row["herkomst"],
            actor=row["wie"],
            data=row["gegevens"],
            previous_hash=row["vorige hash"],
        )
        assert row["hash"] == hash_of(row) == link(entry)


@pytest.mark.parametrize("path", sorted(Path("docs/adr").glob("*.md")), ids=str)
def test_a_decision_record_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 60


@pytest.mark.parametrize(
    "path", [Path("README.md"), Path("CONTRIBUTING.md"), *sorted(Path("docs").rglob("*.md"))], ids=str
)
def test_links_and_files_that_the_docs_name_exist(path: Path) -> None:
    text = path.read_text()
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (path.parent / target).exists(), target
    for name in re.findall(
        r"`((?:core|providers|catalogue|validation|search|dossier|demo|policies)/[\w./-]+\w)`", text
    ):
        assert Path(name).exists(), name
