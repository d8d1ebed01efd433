"""Writing in a real browser: what the script adds, and what nobody may lose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.policy.loading import current_policies
from demo.load import load
from tests.live import live

pytestmark = pytest.mark.browser
NEW = "/aanbieder/activiteiten/nieuw"
LONG = "Een lange tekst die niemand twee keer wil typen."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("form")
    with live(folder, f"sqlite:///{folder / 'test.db'}") as (address, app):
        with app.app_context():
            load(current_policies(), clock.now())
        yield address


def enter(page: Page, address: str, path: str = NEW) -> None:
    page.goto(f"{address}/inloggen/aanbieder?naar={path}")
    page.get_by_role("button", name="Inloggen als Academie De Brug", exact=False).first.click()


def draft(page: Page, address: str) -> str:
    """A draft with a name; the address of its second step."""
    enter(page, address)
    page.get_by_label("Naam van de activiteit").fill("Voor de browser")
    page.get_by_role("button", name="Opslaan als concept").click()
    page.get_by_role("link", name="Aanvullen").click()
    page.get_by_role("link", name="2. Opzet").click()
    return page.url


def test_the_panel_counts_along_and_asks_for_what_the_hours_ask_for(page: Page, address: str) -> None:
    draft(page, address)
    account, test = page.get_by_label("Verantwoording van de zelfstudie"), page.get_by_label("Afsluitende toets")
    expect(account).to_be_hidden()
    page.get_by_label("Contacturen").fill("2")
    page.get_by_label("Zelfstudie-uren").fill("1,5")
    expect(account).to_be_visible()
    expect(test).to_be_hidden()
    expect(page.locator("#hours-sum")).to_have_text("2 contact + 1,5 zelfstudie = 3,5 uur")
    page.get_by_label("Zelfstudie-uren").fill("6")
    expect(test).to_be_visible()
    point = page.locator("#panel").get_by_role("link", name="Meer dan de helft is zelfstudie")
    point.click()
    expect(test).to_be_focused()
    test.fill("Een toets.")
    expect(point).to_be_hidden()


@pytest.mark.parametrize("page", [False], ids=["no-script"], indirect=True)
def test_without_script_every_field_is_there(page: Page, address: str) -> None:
    draft(page, address)
    for label in ("Verantwoording van de zelfstudie", "Afsluitende toets of opdracht"):
        expect(page.get_by_label(label)).to_be_visible()
    expect(page.locator("#kept")).to_be_hidden()
    page.get_by_label("Programma").fill(LONG)
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_text(LONG)).to_be_visible()


def test_a_lost_connection_loses_no_text(page: Page, address: str) -> None:
    step = draft(page, address)
    page.get_by_label("Programma").fill(LONG)
    page.context.set_offline(True)
    page.get_by_role("button", name="Opslaan als concept").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(step)
    expect(page.get_by_label("Programma")).to_have_value("")
    page.get_by_role("button", name="Tekst terugzetten").click()
    expect(page.get_by_label("Programma")).to_have_value(LONG)
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_text("Uw concept is opgeslagen.")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).length") == 0, "what was saved is not kept twice"
    page.goto(step)
    expect(page.locator("#kept")).to_be_hidden()


def test_kept_text_of_an_empty_form_still_becomes_one_draft(page: Page, address: str) -> None:
    enter(page, address)
    page.get_by_label("Naam van de activiteit").fill("Eenmalig")
    page.evaluate("document.querySelector('#concept').addEventListener('submit', (event) => event.preventDefault())")
    key = page.locator("input[name=form_key]").input_value()
    page.goto(f"{address}{NEW}")
    page.get_by_role("button", name="Tekst terugzetten").click()
    expect(page.get_by_label("Naam van de activiteit")).to_have_value("Eenmalig")
    assert page.locator("input[name=form_key]").input_value() == key


def test_text_that_is_thrown_away_is_gone_and_signing_out_leaves_nothing(page: Page, address: str) -> None:
    step = draft(page, address)
    page.get_by_label("Programma").fill(LONG)
    page.goto(step)
    page.get_by_role("button", name="Tekst weggooien").click()
    page.goto(step)
    expect(page.locator("#kept")).to_be_hidden()
    page.get_by_label("Programma").fill(LONG)
    page.get_by_role("button", name="Uitloggen").click()
    page.goto(address)
    assert page.evaluate("Object.keys(localStorage).length") == 0
