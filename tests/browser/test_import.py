"""The export of the former register, imported on the site: checked, taken over, reported; and then once more."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from catalogue.models import Activity, ImportedOffer
from core.db import db
from tests.exports import messy_export
from tests.live import live

pytestmark = pytest.mark.browser
ROWS, WRONG = 950, 7
RIGHT = ROWS - WRONG
WAIT = 60_000  # milliseconds for a whole check, on a machine that has other things to do


@pytest.fixture
def register(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server without any activity, and the export."""
    export = tmp_path / "registerleraar-export.csv"
    export.write_bytes(messy_export(ROWS, WRONG))
    with live(tmp_path, f"sqlite:///{tmp_path / 'test.db'}") as (address, app), app.app_context():
        yield address, export


def landed() -> int:
    """How many offers landed, and nobody touched since."""
    db.session.rollback()
    query = select(func.count()).select_from(ImportedOffer).join(ImportedOffer.activity).where(Activity.version == 1)
    return db.session.scalar(query) or 0


def choose(page: Page, export: Path) -> None:
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Bestand").set_input_files(export)
    page.get_by_role("button", name="Bestand controleren").click()


def report(page: Page, folder: Path) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het hele verslag").click()
    path = folder / "verslag.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def notice(page: Page, heading: str, text: str) -> None:
    """What stands there when the worker is done."""
    expect(page.locator(".notice").get_by_role("heading", name=heading)).to_be_visible(timeout=WAIT)
    expect(page.locator(".notice").get_by_text(text)).to_be_visible()


def test_the_bureau_imports_the_export_and_reads_the_report(
    page: Page, register: tuple[str, Path], tmp_path: Path
) -> None:
    address, export = register
    page.goto(f"{address}/inloggen/commissie?als=bakker")
    choose(page, export)
    expect(page.get_by_role("heading", level=1)).to_have_text("Controle van registerleraar-export.csv")
    notice(page, "De controle is klaar", f"{RIGHT} nieuw, 0 ongewijzigd, {WRONG} afgekeurd. Er is nog niets bewaard.")
    assert landed() == 0
    rows = report(page, tmp_path)
    assert len({row["regel"] for row in rows}) == WRONG
    formula = next(row for row in rows if row["waarde"].startswith("'="))
    assert (formula["kolom"], formula["waarde"]) == ("contacturen", "'=2+3")
    assert all(row["reden"] for row in rows)

    page.get_by_role("button", name="Overnemen").click()
    notice(page, "De import is klaar", f"{RIGHT} overgenomen, 0 ongewijzigd, {WRONG} afgekeurd.")
    assert landed() == RIGHT
    assert len(report(page, tmp_path)) == len(rows)

    choose(page, export)
    notice(page, "De controle is klaar", f"0 nieuw, {RIGHT} ongewijzigd, {WRONG} afgekeurd.")
    expect(page.get_by_role("button", name="Overnemen")).to_have_count(0)
    assert landed() == RIGHT
    page.get_by_role("link", name="Ander bestand kiezen").click()
    expect(page.get_by_role("table", name="Eerdere imports").get_by_role("row")).to_have_count(4)


def test_a_file_that_is_too_large_is_not_even_sent(page: Page, tmp_path: Path) -> None:
    large, fine = tmp_path / "groot.csv", tmp_path / "klein.csv"
    large.write_bytes(b"x" * 1_000_001)
    fine.write_bytes(messy_export(2))
    with live(tmp_path, f"sqlite:///{tmp_path / 'test.db'}", largest_import_mb=1) as (address, _):
        page.goto(f"{address}/inloggen/commissie?als=bakker")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        choose(page, large)
        fault = page.get_by_role("alert")
        expect(fault).to_contain_text("Een bestand mag hoogstens 1 MB zijn.")
        field = page.get_by_label("Bestand")
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description(re.compile("hoogstens 1 MB"))
        assert "POST" not in sent
        field.set_input_files(fine)
        expect(fault).to_have_count(0)
        page.get_by_role("button", name="Bestand controleren").click()
        notice(page, "De controle is klaar", "2 nieuw")


@pytest.mark.parametrize("page", [False], ids=["no-script"], indirect=True)
def test_without_script_the_page_looks_again_by_itself(page: Page, register: tuple[str, Path]) -> None:
    address, export = register
    export.write_bytes(messy_export(40))
    page.goto(f"{address}/inloggen/commissie?als=bakker")
    choose(page, export)
    notice(page, "De controle is klaar", "40 nieuw")
    page.get_by_role("button", name="Overnemen").click()
    notice(page, "De import is klaar", "40 overgenomen")


def test_the_progress_is_shown_and_the_end_is_said(
    page: Page, register: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, export = register
    monkeypatch.setattr("catalogue.importing.running.BATCH", 10)
    monkeypatch.setattr("core.jobs.SECONDS", 0)
    page.goto(f"{address}/inloggen/commissie?als=bakker")
    choose(page, export)
    stop = page.get_by_role("button", name="Stoppen")
    stop.focus()
    expect(page.get_by_role("progressbar", name="Voortgang")).to_have_attribute("max", str(ROWS))
    expect(stop).to_be_focused()
    expect(page.get_by_role("status").filter(has_text=re.compile("^De controle is klaar"))).to_have_count(
        1, timeout=WAIT
    )
    expect(page.locator(".notice")).to_be_focused()
    assert page.url.endswith("/commissie/import/1"), "nothing was reloaded"
