"""Whatever form: what was typed outlives a lost connection, is nobody else's, and goes once it was saved."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from catalogue.models import Activity
from core import clock
from core.db import db
from tests.live import live_demonstration
from validation.models import Case

pytestmark = pytest.mark.browser
LONG = "Een lange tekst die niemand twee keer wil typen."
ASKED = "In deze browser staat tekst"
PROVIDER, COMMITTEE = ("aanbieder", "debrug"), ("commissie", "jansen")
FORMS = {
    "edition": (PROVIDER, "/aanbieder/activiteiten/{published}/uitvoeringen/nieuw", "Uitvoering toevoegen"),
    "period": (PROVIDER, "/aanbieder/activiteiten/{published}/periode", "Data opslaan"),
    "answer": (PROVIDER, "/aanbieder/activiteiten/{asked}/vraag", "Antwoord versturen"),
    "question": (COMMITTEE, "/commissie/zaken/{case}", "Vraag versturen"),
}
LATER = f"{clock.today() + timedelta(days=500):%d-%m-%Y}"
TYPED = {
    "edition": {"Begindatum": LATER, "Plaats": "Utrecht"},
    "period": {"Einddatum": LATER},
    "answer": {"Uw antwoord": LONG},
    "question": {"Uw vraag aan de aanbieder": LONG},
}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server with the demonstration loaded, and the addresses of what the forms are about."""
    folder = tmp_path_factory.mktemp("kept")
    with live_demonstration(folder) as (address, app):
        with app.app_context():
            published = select(Activity.id).where(Activity.provider_id == 2, Activity.state == "published")
            asked = select(Case.activity_id).where(Case.state == "waiting_for_provider", Case.activity_id.is_not(None))
            case = select(Case.id).where(Case.state == "received", Case.procedure == "validation")
            found = {
                "published": published,
                "asked": asked,
                "case": case.order_by(Case.id),
                "judged": case.order_by(Case.id.desc()),
            }
            ids = {name: str(db.session.scalars(query).first()) for name, query in found.items()}
        yield {"address": address} | ids


def enter(page: Page, register: dict[str, str], person: tuple[str, str], path: str) -> str:
    """The address of the page with the form, as this person sees it."""
    page.goto(f"{register['address']}/inloggen/{person[0]}?als={person[1]}")
    address = register["address"] + path.format_map(register)
    page.goto(address)
    claim = page.get_by_role("button", name="Oppakken")
    if claim.count():
        claim.click()
    return address


def lose_connection(page: Page, button: Locator) -> None:
    page.context.set_offline(True)
    button.click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)


@pytest.mark.parametrize("name", FORMS)
def test_a_lost_connection_loses_no_text_of_any_form(page: Page, register: dict[str, str], name: str) -> None:
    person, path, label = FORMS[name]
    address = enter(page, register, person, path)
    button = page.get_by_role("button", name=label)
    for field, text in TYPED[name].items():
        page.get_by_label(field).fill(text)
    lose_connection(page, button)
    page.goto(address)
    page.get_by_role("button", name="Tekst terugzetten").click()
    for field, text in TYPED[name].items():
        expect(page.get_by_label(field)).to_have_value(text)
    button.click()
    expect(page.locator(".notice--success")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_judgement_is_kept_with_its_choices_and_shown_to_nobody_else(page: Page, register: dict[str, str]) -> None:
    address = enter(page, register, COMMITTEE, "/commissie/zaken/{judged}")
    page.get_by_label("Tijdelijk afwijzen").check()
    page.get_by_label("Toelichting voor de aanbieder").fill(LONG)
    lose_connection(page, page.get_by_role("button", name="Bewaren en de brief bekijken"))
    page.context.clear_cookies()
    enter(page, register, ("commissie", "yilmaz"), "/commissie/zaken/{judged}")
    page.get_by_role("button", name="Overnemen").click()
    expect(page.get_by_label("Toelichting voor de aanbieder")).to_be_visible()
    expect(page.get_by_role("heading", name=ASKED)).to_have_count(0)
    page.context.clear_cookies()
    enter(page, register, COMMITTEE, "/commissie/zaken/{judged}")
    page.get_by_role("button", name="Overnemen").click()
    page.goto(address)
    page.get_by_role("button", name="Tekst terugzetten").click()
    expect(page.get_by_label("Tijdelijk afwijzen")).to_be_checked()
    expect(page.get_by_label("Toelichting voor de aanbieder")).to_have_value(LONG)


def test_a_question_that_is_refused_costs_no_judgement_and_the_other_way_round(
    page: Page, register: dict[str, str]
) -> None:
    address = enter(page, register, COMMITTEE, "/commissie/zaken/{judged}")
    reasons, question = page.get_by_label("Toelichting voor de aanbieder"), page.get_by_label("Uw vraag aan de")
    for field, refused in ((reasons, "Vraag versturen"), (question, "Bewaren en de brief bekijken")):
        if page.get_by_role("button", name="Overnemen").count():
            page.get_by_role("button", name="Overnemen").click()
        page.goto(address)
        field.fill(LONG)
        page.get_by_role("button", name=refused).click()
        expect(page.locator(".errors").first).to_be_visible()
        page.goto(address)
        page.get_by_role("button", name="Tekst terugzetten").first.click()
        expect(field).to_have_value(LONG)
        field.fill("")
