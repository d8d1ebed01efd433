"""Queue, question, answer, two assessments, decision, objection and revised decision, as five people with a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import live_demonstration
from tests.policies import rules_with

pytestmark = pytest.mark.browser
TITLE = "Poëzie in de klas: lezen, schrijven en voordragen"
PROVIDER = "tussenpersoon"  # acts for Taalhuis Noord


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A register whose policy wants two assessors, with the demonstration loaded."""
    rules_with(tmp_path / "rules", ("assessors = 1", "assessors = 2"))
    with live_demonstration(tmp_path, policies=tmp_path / "rules") as (address, _):
        yield address


def be(page: Page, address: str, entrance: str, who: str, path: str = "") -> None:
    """Sign in as somebody of the demonstration, and go to a page."""
    page.context.clear_cookies()
    page.goto(f"{address}/inloggen/{entrance}?als={who}")
    if path:
        page.goto(address + path)


def open_case(page: Page) -> str:
    page.get_by_label("Woorden uit de naam of de aanbieder").fill("poëzie")
    page.get_by_role("button", name="Lijst filteren").click()
    page.wait_for_url("**q=po*")
    page.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.get_by_role("heading", name=TITLE, exact=True)).to_be_visible()
    return page.url.partition("#")[0]


def judge(page: Page, outcome: str, hours: str, note: str) -> None:
    expect(page.get_by_role("radio", name=outcome, exact=True)).to_be_visible()
    for criterion in page.get_by_role("radio", name="Voldoet", exact=True).all():
        criterion.check()
    if outcome != "Goedkeuren":
        page.get_by_role("radio", name="Voldoet niet").first.check()
    page.get_by_role("radio", name=outcome, exact=True).check()
    if outcome == "Goedkeuren":
        page.get_by_label("Register-uren voor contact").fill(hours)
    page.get_by_label("Toelichting voor de aanbieder").fill(note)


@pytest.mark.parametrize("page", [True, False], ids=["script", "no-script"], indirect=True)
def test_from_the_queue_to_a_revised_decision(page: Page, address: str) -> None:
    be(page, address, "commissie", "jansen")
    case = asked(page)
    answered(page, address)
    two_assess(page, address, case)
    objection = objected(page, address)
    revised(page, address, objection)
    be(page, address, "aanbieder", PROVIDER)
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    expect(page.get_by_text("in de plaats van een eerder besluit")).to_be_visible()
    expect(page.get_by_text(re.compile(r"5,5 contacturen \+ 1,5 zelfstudie-uren"))).to_be_visible()


def asked(page: Page) -> str:
    case = open_case(page)
    page.get_by_role("button", name="Oppakken").click()
    page.get_by_label("Uw vraag aan de aanbieder").fill("Wie geeft de cursus?")
    page.get_by_role("button", name="Vraag versturen").click()
    expect(page.get_by_text("Uw vraag is verstuurd.")).to_be_visible()
    expect(page.get_by_text("De termijn staat stil tot de aanbieder antwoordt, uiterlijk")).to_be_visible()
    return case


def answered(page: Page, address: str) -> None:
    be(page, address, "aanbieder", PROVIDER)
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.get_by_role("link", name="Vraag beantwoorden").click()
    page.get_by_label("Uw antwoord").fill("Onze eigen docenten.")
    page.get_by_role("button", name="Antwoord versturen").click()
    expect(page.get_by_text("Uw antwoord is verstuurd. U krijgt uiterlijk")).to_be_visible()


def two_assess(page: Page, address: str, case: str) -> None:
    be(page, address, "commissie", "yilmaz")
    page.goto(case)
    page.get_by_role("button", name="Als tweede oppakken").click()
    judge(page, "Goedkeuren", "4", "Anderhalf uur is pauze.")
    page.get_by_role("button", name="Beoordeling bewaren").click()
    expect(page.get_by_text("Nu is de andere beoordelaar aan de beurt.")).to_be_visible()
    be(page, address, "commissie", "jansen")
    page.goto(case)
    expect(page.get_by_text("M. Yılmaz heeft een beoordeling bewaard.")).to_be_visible()
    expect(page.get_by_text("Anderhalf uur is pauze.")).to_have_count(0)
    judge(page, "Goedkeuren", "4", "De pauzes tellen niet mee.")
    page.get_by_role("button", name="Beoordeling bewaren").click()
    expect(page.get_by_text("Anderhalf uur is pauze.")).to_be_visible()
    page.get_by_role("link", name="Brief bekijken en besluiten").click()
    expect(page.get_by_text("De pauzes tellen niet mee.")).to_be_visible()
    page.get_by_role("button", name="Besluit nemen en versturen").click()
    expect(page.get_by_text(re.compile(f"‘{TITLE}’ is gevalideerd onder nummer"))).to_be_visible()


def objected(page: Page, address: str) -> str:
    be(page, address, "aanbieder", PROVIDER)
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.get_by_role("link", name="Maak bezwaar").click()
    page.get_by_label("Waarom bent u het niet eens").fill("De planning noemt de pauzes apart.")
    page.get_by_role("button", name="Bezwaar versturen").click()
    expect(page.get_by_text("Uw bezwaar is ontvangen.")).to_be_visible()
    be(page, address, "commissie", "jansen", "/commissie?procedure=objection")
    page.get_by_role("link", name=f"Bezwaar: {TITLE}").click()
    expect(page.get_by_text("U was betrokken bij het besluit")).to_be_visible()
    expect(page.get_by_role("button", name="Oppakken")).to_have_count(0)
    return page.url


def revised(page: Page, address: str, objection: str) -> None:
    be(page, address, "commissie", "visser")
    page.goto(objection)
    page.get_by_role("button", name="Oppakken").click()
    page.get_by_label("Verslag").fill("De aanbieder wees op de planning.")
    page.get_by_role("button", name="Verslag bewaren").click()
    page.get_by_role("radio", name="Bezwaar toegewezen").check()
    page.get_by_label("Waarom?").fill("De planning noemt de pauzes apart.")
    page.get_by_text("Het nieuwe besluit, als u herziet").click()
    page.get_by_label("Register-uren voor contact").fill("5,5")
    page.get_by_role("button", name="Brief bekijken").click()
    expect(page.get_by_role("heading", name=re.compile("Nieuw besluit: Gevalideerd"))).to_be_visible()
    page.get_by_role("button", name="Besluit nemen en versturen").click()
    expect(page.get_by_text("Het bezwaar is afgehandeld")).to_be_visible()


def test_of_two_members_who_decide_at_once_one_is_told_and_keeps_the_text(chromium: Browser, tmp_path: Path) -> None:
    """Two windows are open on one case; the second one was taken over, and decides all the same."""
    with live_demonstration(tmp_path) as (address, _):
        windows = [chromium.new_context(locale="nl-NL").new_page() for _ in range(2)]
        first, second = windows
        for window, who in ((first, "jansen"), (second, "yilmaz")):
            be(window, address, "commissie", who)
            case = open_case(window)
            window.get_by_role("button", name="Overnemen" if window is second else "Oppakken").click()
        judge(second, "Goedkeuren", "5,5", "")
        second.get_by_role("button", name="Bewaren en de brief bekijken").click()
        second.get_by_role("button", name="Besluit nemen en versturen").click()
        expect(second.get_by_text("is gevalideerd onder nummer")).to_be_visible()
        judge(first, "Afwijzen", "5,5", "Mijn lange toelichting.")
        first.get_by_role("button", name="Bewaren en de brief bekijken").click()
        expect(first.get_by_text(re.compile("M. Yılmaz besloot al op"))).to_be_visible()
        expect(first.get_by_text("Mijn lange toelichting.").first).to_be_visible()
        assert first.url.startswith(case)
        for window in windows:
            window.context.close()
