"""The whole entrance of a new provider, with the keyboard alone: Tab, Space, Enter, arrows and typing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.live import live

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement"
NAME = f"""() => {{
  const at = {FOCUSED};
  const label = at.labels && at.labels[0] ? at.labels[0].textContent : at.getAttribute("aria-label") || at.textContent;
  return label.trim().replace(/\\s+/g, " ");
}}"""
OUTLINE = f"() => {FOCUSED} === document.body ? '' : getComputedStyle({FOCUSED}).outlineStyle"
MOST_TABS = 80


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with live(tmp_path, f"sqlite:///{tmp_path / 'test.db'}") as (address, _):
        yield address


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called this; everything on the way shows where one is."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE) != "none", f"the focus cannot be seen on {page.evaluate(NAME)}"
        if re.fullmatch(name, page.evaluate(NAME)):
            return
    raise AssertionError(f"no {name} can be reached on {page.url}")


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def sign_in(page: Page, address: str, entrance: str, name: str) -> None:
    page.goto(f"{address}/inloggen/{entrance}")
    press(page, f"Inloggen als {name}")


def test_a_new_provider_enters_with_the_keyboard_alone(page: Page, address: str) -> None:
    declare_and_complete(page, address)
    answer_the_mail(page, address)
    confirm(page, address)
    committee_asks(page, address)
    provider_answers(page, address)
    committee_admits(page, address)
    sign_in(page, address, "aanbieder", "Studio Nieuwe Leraar")
    press(page, r"Berichten \(\d nieuw\)")
    expect(page.get_by_role("heading", name="Uw organisatie is toegelaten")).to_be_visible()
    press(page, "Uw organisatie")
    expect(page.get_by_text("4 van de 4 onderdelen klaar")).to_be_visible()
    press(page, "Uitloggen")


def declare_and_complete(page: Page, address: str) -> None:
    sign_in(page, address, "aanbieder", "Studio Nieuwe Leraar")
    expect(page.get_by_text("0 van de 4 onderdelen klaar")).to_be_visible()
    press(page, "Kwaliteitseisen")
    press(page, "Kwaliteitseisen bevestigen")
    assert page.evaluate(f"{FOCUSED}.className") == "errors", "the keyboard belongs on the summary of what is missing"
    for _ in range(6):
        page.keyboard.press("Tab")
    for _ in range(6):
        tab_to(page, r"(Onze|Ons|Wij).*")
        page.keyboard.press("Space")
    press(page, "Kwaliteitseisen bevestigen")
    press(page, "Bedrijfsgegevens")
    fill(page, r"Plaats.*", "Zwolle")
    press(page, "Gegevens opslaan")
    press(page, "Contactpersoon")
    texts = {"Naam": "A. de Boer", "Functie": "Directeur", "E-mailadres": "boer@voorbeeld.nl"}
    for name, text in (texts | {"Telefoonnummer": "0501234567"}).items():
        fill(page, name, text)
    press(page, "Contactpersoon opslaan")
    expect(page.get_by_text("2 van de 4 onderdelen klaar")).to_be_visible()


def answer_the_mail(page: Page, address: str) -> None:
    for _ in range(20):
        page.goto(f"{address}/dev/mail")
        if page.get_by_role("link", name="Bevestig uw e-mailadres").count():
            break
        page.wait_for_timeout(250)
    press(page, "Lezen: Bevestig uw e-mailadres.*")
    press(page, r".*/contactpersoon/.*")
    press(page, "E-mailadres bevestigen")
    expect(page.get_by_role("heading", name="Uw e-mailadres is bevestigd")).to_be_visible()


def confirm(page: Page, address: str) -> None:
    page.goto(f"{address}/aanbieder")
    press(page, "Controleren en bevestigen")
    press(page, "Aanmelding bevestigen")
    expect(page.get_by_role("link", name=re.compile("Bevestig dat u namens deze organisatie"))).to_be_visible()
    tab_to(page, r"Ik mag namens .*")
    page.keyboard.press("Space")
    press(page, "Aanmelding bevestigen")
    expect(page.get_by_text("U krijgt uiterlijk").first).to_be_visible()
    press(page, "Uitloggen")


def committee_asks(page: Page, address: str) -> None:
    sign_in(page, address, "commissie", "R. Jansen")
    press(page, "Toelating van Studio Nieuwe Leraar")
    press(page, "Oppakken")
    fill(page, "Uw vraag aan de aanbieder", "Wie geeft de cursussen?")
    press(page, "Vraag versturen")
    expect(page.get_by_text("De termijn staat stil").first).to_be_visible()
    press(page, "Uitloggen")


def provider_answers(page: Page, address: str) -> None:
    sign_in(page, address, "aanbieder", "Studio Nieuwe Leraar")
    page.goto(f"{address}/aanbieder/aanmelding")
    press(page, "Vraag beantwoorden")
    fill(page, "Uw antwoord", "Onze eigen docenten.")
    press(page, "Antwoord versturen")
    expect(page.get_by_text("Uw antwoord is verstuurd.")).to_be_visible()
    press(page, "Uitloggen")


def committee_admits(page: Page, address: str) -> None:
    sign_in(page, address, "commissie", "R. Jansen")
    press(page, "Toelating van Studio Nieuwe Leraar")
    expect(page.get_by_text("Onze eigen docenten.").first).to_be_visible()
    tab_to(page, "Toelaten")
    page.keyboard.press("Space")
    press(page, "Besluit nemen")
    expect(page.get_by_text("Studio Nieuwe Leraar is toegelaten en krijgt daarvan bericht.")).to_be_visible()
    press(page, "Uitloggen")
