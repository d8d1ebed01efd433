"""One migrated offer, from the export to the public page, as four people with a browser."""

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalogue.importing.service import import_offers
from core import clock
from tests.conftest import POSTGRESQL
from tests.databases import PostgresqlDatabase
from tests.exports import HEADER, ROW
from tests.live import live
from tests.world import ACTOR, POLICY

pytestmark = pytest.mark.browser
REAL = Path("../shared/data/registerleraar-export.csv")
TITLE = "Visual Research Methods"


def export(folder: Path) -> Path:
    """The real export where it is at hand, else one of the same shape."""
    if REAL.exists():
        return REAL
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADER, delimiter=";", restval="Tekst")
        writer.writeheader()
        dates = {"startdatum": "", "einddatum": "", "register_uren": "16,5"}
        writer.writerows(
            ROW | dates | {"titel": title, "nummer_registerleraar": title[:4]} for title in (TITLE, "Iets")
        )
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A server with the export imported."""
    database = PostgresqlDatabase(tmp_path, os.environ[POSTGRESQL]) if request.param == "postgresql" else None
    with live(tmp_path, database.url if database else f"sqlite:///{tmp_path / 'test.db'}") as (address, app):
        with app.app_context():
            report = import_offers(export(tmp_path), policy=POLICY, by=ACTOR, now=clock.now(), tell=print)
        assert report.read == report.created
        yield address
    if database:
        database.close()


def sign_in(page: Page, address: str, entrance: str, name: str) -> None:
    page.goto(f"{address}/inloggen/{entrance}")
    page.get_by_role("button", name=f"Inloggen als {name}").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Uitloggen").click()


@pytest.mark.parametrize("page", [True, False], ids=["script", "no-script"], indirect=True)
def test_an_old_offer_becomes_a_validated_activity_that_a_teacher_finds(page: Page, address: str) -> None:
    title = provider_submits(page, address)
    number = committee_approves(page, address, title)
    provider_publishes(page, address, title)
    teacher_finds(page, address, title, number)


def provider_submits(page: Page, address: str) -> str:
    sign_in(page, address, "aanbieder", "Stichting Testleergang Noord")
    become_a_provider(page, address)
    page.get_by_role("link", name="Activiteiten", exact=True).click()
    page.get_by_role("rowheader").get_by_role("link").first.click()
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Bekijk wat ontbreekt").click()
    expect(page.get_by_role("heading", name=re.compile(r"Nog \d punt"))).to_be_visible()
    page.get_by_role("link", name="Kies de sectoren waarvoor de activiteit is, minstens 1.").click()
    complete(page)
    page.get_by_label("Ik heb deze gegevens gecontroleerd").check()
    page.get_by_role("button", name="Activiteit indienen").click()
    expect(page.get_by_text("Uw activiteit is ingediend.")).to_be_visible()
    expect(page.get_by_text("Hoe is deze datum berekend?")).to_be_visible()
    sign_out(page)
    return title


def become_a_provider(page: Page, address: str) -> None:
    """The four parts; the contact person answers the mail."""
    expect(page.get_by_text("0 van de 4 onderdelen klaar")).to_be_visible()
    page.get_by_role("link", name="Kwaliteitseisen").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Kwaliteitseisen bevestigen").click()
    expect(page.get_by_text("Uw verklaring is vastgelegd.")).to_be_visible()
    page.get_by_role("link", name="Bedrijfsgegevens").click()
    page.get_by_role("button", name="Gegevens opslaan").click()
    page.get_by_role("link", name="Contactpersoon").click()
    wanted = {"Naam": "A. de Boer", "Functie": "Coördinator", "E-mailadres": "boer@voorbeeld.nl"}
    for label, text in (wanted | {"Telefoonnummer": "0501234567"}).items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Contactpersoon opslaan").click()
    expect(page.get_by_text("Wij sturen een e-mail aan boer@voorbeeld.nl.")).to_be_visible()
    answer_mail(page, address)
    page.goto(f"{address}/aanbieder/aanmelding")
    expect(page.get_by_text("3 van de 4 onderdelen klaar")).to_be_visible()
    page.get_by_role("link", name="Controleren en bevestigen").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Aanmelding bevestigen").click()
    expect(page.get_by_text("Uw aanmelding is bevestigd. U kunt nu activiteiten indienen.")).to_be_visible()


def answer_mail(page: Page, address: str) -> None:
    """Open the newest mail in the mailbox of the demonstration, and its link."""
    letter = page.get_by_role("link", name="Bevestig uw e-mailadres")
    for _ in range(20):
        page.goto(f"{address}/dev/mail")
        if letter.count():
            break
        page.wait_for_timeout(250)
    letter.first.click()
    page.get_by_role("link", name="contactpersoon").click()
    page.get_by_role("button", name="E-mailadres bevestigen").click()
    expect(page.get_by_role("heading", name="Uw e-mailadres is bevestigd")).to_be_visible()


def complete(page: Page) -> None:
    """Whatever this row of the export lacked, a step at a time."""
    page.get_by_role("checkbox", name="Voortgezet onderwijs").check()
    fill_open(page, {"Omschrijving": "Belangrijk voor de leraar.", "Doel": "De leraar leert onderzoeken."})
    page.get_by_role("button", name="Naar stap 2").click()
    fill_open(
        page,
        {
            "Programma": "- Dag 1\n- Dag 2",
            "Planning": "Twee dagen.",
            "Verantwoording van de zelfstudie": "Lezen en een opdracht maken.",
            "Afsluitende toets of opdracht": "Een opdracht.",
        },
    )
    page.get_by_role("button", name="Naar stap 3").click()
    page.get_by_label("Einddatum").fill("")
    page.get_by_role("button", name="Naar controleren").click()


def fill_open(page: Page, texts: dict[str, str]) -> None:
    for label, text in texts.items():
        field = page.get_by_label(re.compile(f"^{label}"))
        if field.is_visible() and not field.input_value():
            field.fill(text)


def committee_approves(page: Page, address: str, title: str) -> str:
    sign_in(page, address, "commissie", "R. Jansen")
    expect(page.get_by_role("heading", name="1 zaak")).to_be_visible()
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("button", name="Oppakken").click()
    for criterion in page.get_by_role("radio", name="Voldoet", exact=True).all():
        criterion.check()
    page.get_by_role("radio", name="Goedkeuren").check()
    page.get_by_role("button", name="Bewaren en de brief bekijken").click()
    page.get_by_role("button", name="Besluit nemen en versturen").click()
    notice = page.get_by_text(f"‘{title}’ is gevalideerd onder nummer").inner_text()
    sign_out(page)
    found = re.search(r"nummer (\w{4}-\w{4})", notice)
    assert found
    return found[1]


def provider_publishes(page: Page, address: str, title: str) -> None:
    sign_in(page, address, "aanbieder", "Stichting Testleergang Noord")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("Leraren kunnen die nu vinden.")).to_be_visible()
    sign_out(page)


def teacher_finds(page: Page, address: str, title: str, number: str) -> None:
    inner = number.replace("-", "")[2:5]
    page.goto(address)
    page.get_by_label("Nummer of woorden").fill(inner.lower())
    page.get_by_role("button", name="Zoeken").click()
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_text(number)).to_be_visible()
    page.get_by_role("link", name="Inloggen als leraar").click()
    page.get_by_role("button", name="Inloggen als S. de Vries").click()
    page.get_by_role("button", name="Toevoegen aan mijn dossier").click()
    expect(page.get_by_role("heading", name="Mijn dossier")).to_be_visible()
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
