"""What the docs promise is what the commands print."""

import json
import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.dates import format_date

from catalogue.importing.columns import COLUMNS
from core.audit import GENESIS, AuditEntry, link
from core.policy import Policies
from core.policy.term_rules import TermSchema, term_rule
from tests.outsider import block_of, hash_of, rows_of
from tests.world import World

DAY = timedelta(days=1)


class Example(NamedTuple):
    """A row of docs/terms.md; instead of a procedure it may hold the lines of a policy."""

    shows: str
    received: str
    procedure: str
    pauses: str
    extended: str
    explained: str
    due_on: str
    provisional: str
    by_hand: str


EXAMPLES = [
    Example(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in Path("docs/terms.md").read_text().splitlines()
    if re.match(r"\| \d", line)
]


def with_term(policies: Policies, lines: str) -> Policies:
    """The same, with one more term that is written as in a policy file."""
    rule = term_rule(TermSchema().load(tomllib.loads(f"term = {{{lines}}}")["term"]))
    return replace(policies, all=tuple(replace(p, terms={**p.terms, "example": rule}) for p in policies.all))


def in_english(first: date, last: date) -> str:
    days = [format_date(day, "EEE d MMM", locale="en") for day in (first, last)]
    return "–".join(dict.fromkeys(days))


def parts_of(explained: str) -> Counter[str]:
    """How many days the sum has for each reason."""
    found: Counter[str] = Counter()
    for part in re.split(r"; | = ", explained)[1].split(" + "):
        match = re.fullmatch(r"(?:\d+ \w+ \()?(\d+)(?: (?:werk)?dagen\)?)? ?(.*)", part)
        assert match, part
        found[{"": "of the term", "verdaging": "of the extension"}.get(match[2], match[2])] = int(match[1])
    return found


def test_there_is_an_example_of_every_rule() -> None:
    rules = re.findall(r"^(\d+)\. ", Path("docs/terms.md").read_text(), re.MULTILINE)
    assert len(rules) >= 9
    assert {example.shows.split(":")[0] for example in EXAMPLES} == set(rules)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.shows)
def test_a_published_term_is_what_the_command_prints(
    world: World, example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedure = example.procedure
    if "=" in procedure:
        monkeypatch.setitem(world.app.extensions, "policies", with_term(world.policies, procedure.strip("`")))
        procedure = "example"
    options = [word for pause in example.pauses.split() for word in ("--pause", pause)]
    options += ["--extended"] if example.extended == "yes" else []
    result = world.run("terms", "explain", example.received, "--procedure", procedure, *options, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output) == {
        "dueOn": example.due_on,
        "sum": example.explained,
        "provisional": {"yes": True, "no": False}[example.provisional],
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.shows)
def test_the_days_that_were_counted_by_hand_are_the_published_sum(example: Example) -> None:
    day, counted = date.fromisoformat(example.received), Counter[str]()
    for stretch in example.by_hand.split("; "):
        match = re.fullmatch(r"(not on )?(.+): (\d+) (.+)", stretch)
        assert match, stretch
        last = day + int(match[3]) * DAY
        assert match[2] == (in_english(day, last - DAY) if match[1] else in_english(day + DAY, last))
        counted[match[4]] += int(match[3])
        day = last
    assert day == date.fromisoformat(example.due_on)
    assert counted == parts_of(example.explained)


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
