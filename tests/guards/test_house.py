"""Short tests that keep the house in order."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from catalogue.states import Action
from core.client_settings import AUDIENCES
from core.config import PREFIX, SettingsSchema
from providers.log_texts import TEXTS
from validation.states import RECORDED_AS

PACKAGES = ("api", "core", "providers", "catalogue", "validation", "search", "dossier", "demo")
SOURCES = [path for package in PACKAGES for path in sorted(Path(package).rglob("*.py"))] + [Path("wsgi.py")]
TEMPLATES = sorted(Path("templates").rglob("*.html"))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_transaction_ends_a_transaction(path: Path) -> None:
    if path != Path("core/db.py"):
        assert not re.search(r"\.commit\(\)", path.read_text().replace("writer.commit()", ""))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_the_clock_knows_what_time_it_is(path: Path) -> None:
    if path != Path("core/clock.py"):
        assert not re.search(
            r"datetime\.now|date\.today|utcnow|time\.time\(", path.read_text().replace("int(time.time())", "")
        )


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_module_is_short_and_opens_with_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring"


def test_the_composition_root_stays_small_and_nobody_imports_it() -> None:
    assert len(Path("wsgi.py").read_text().splitlines()) <= 100
    assert not [path for path in SOURCES if re.search(r"^(from|import) wsgi", path.read_text(), re.MULTILINE)]


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text.replace('<script type="application/ld+json">', ""))
    assert "|safe" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_posted_form_carries_its_token(path: Path) -> None:
    text = path.read_text()
    assert text.count('method="post"') == text.count("{{ csrf(")


def test_whatever_the_audit_trail_says_has_words() -> None:
    recorded = {found for path in SOURCES for found in re.findall(r'record\(\s*"([a-z.-]+)"', path.read_text())}
    of_cases = {f"case.{done}" for done in RECORDED_AS.values()}
    assert recorded | of_cases | {f"activity.{action}" for action in Action} - {"activity.edit"} <= set(TEXTS)


def test_the_table_of_settings_equals_the_code() -> None:
    table = Path("docs/settings.md").read_text()
    rows = re.findall(rf"^\| `{PREFIX}([A-Z_<>]+)` \| (.*?) \| (.*?) \|$", table, re.MULTILINE)
    documented = {
        (name.replace("<AUDIENCE>", audience.upper()), default, about)
        for name, default, about in rows
        for audience in AUDIENCES
    }
    known = {
        (name.upper(), default_of(field), field.metadata["about"]) for name, field in SettingsSchema().fields.items()
    }
    assert documented == known


def default_of(field: fields.Field[Any]) -> str:
    default = field.metadata.get("default") or (field.load_default if isinstance(field.load_default, str | int) else "")
    return f"`{default}`" if default != "" and not isinstance(default, bool) else ""


def test_requirements_are_hashed_and_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = Path(name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)


def test_migrations_are_numbered_in_one_line() -> None:
    names = sorted(path.name for path in Path("migrations/versions").glob("*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for number, name in enumerate(names, start=1):
        text = Path("migrations/versions", name).read_text()
        before = "None" if number == 1 else repr(f"{number - 1:04}").replace("'", '"')
        assert re.search(rf'^revision = "{number:04}"$', text, re.MULTILINE)
        assert re.search(rf"^down_revision = {before}$", text, re.MULTILINE)


# Tables of cases as such, and SQL as text: the policy knows nothing of either.
PAST_THE_POLICY = re.compile(
    r"(?:Case|CaseEvent|Question|Assessment|Decision)\.__table__|\bBY_TABLE\b|metadata\.tables"
    r"|(?:from|join|update|into)\s+\"?(?:case_file|case_event|case_question|assessment|decision)\b",
    re.IGNORECASE,
)
# Who may read cases that a member must not see, and why.
WITH_HIDDEN = {
    "validation/committee/ties.py": "the policy itself",
    "validation/committee/queue.py": "counts cases once for all members, and takes off what one must not see",
    "validation/committee/stepping_back.py": "gives back what the member had in hand when the tie was recorded",
    "validation/models.py": "names the option",
    "validation/engine.py": "knows who had a part in a decision, also of those who stepped back from it since",
    "validation/statistics/reading.py": "the public figures are the same for everybody",
}


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_no_module_reads_cases_past_what_a_member_may_see(path: Path) -> None:
    code = code_of(path)
    assert not re.search(r"\bwith_hidden\b", code, re.IGNORECASE) or str(path) in WITH_HIDDEN
    if path not in {Path("validation/committee/ties.py"), Path("core/db.py")}:
        assert not PAST_THE_POLICY.search(code)


def code_of(path: Path) -> str:
    """A module without what it says about itself."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
