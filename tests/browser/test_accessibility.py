"""Every page, wide and narrow: no violation that a machine can find, and nothing to scroll sideways."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from catalogue.drafts import freeze, newest_version, save_draft
from catalogue.edition_facts import EditionFacts
from catalogue.editions import add_edition
from catalogue.importing.models import ImportProblem
from catalogue.importing.running import CHECK
from catalogue.models import Activity, Recognition
from core import clock
from core.audit import Actor
from core.db import db, transaction
from core.jobs import Job, JobState
from core.policy.loading import current_policies
from demo.people import PEOPLE as PEOPLE_OF_DEMO
from tests.live import live_demonstration
from tests.world import ACTOR
from validation.handling import claim
from validation.judgement_models import Decision
from validation.models import Case
from validation.objections.lodging import lodge
from validation.submitting import submit

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": RULES, "resultTypes": ["violations"]}  # telling of all that is well takes thrice the time
WORK = 20_000  # milliseconds that the worker may take
PEOPLE = {  # the entrance and the person
    "aanbieder": ("aanbieder", "debrug"),
    "nieuw": ("aanbieder", "nieuw"),
    "overgenomen": ("aanbieder", "testleergang"),
    "commissie": ("commissie", "jansen"),
    "voorzitter": ("commissie", "visser"),
    "bureau": ("commissie", "bakker"),
    "leraar": ("leraar", "devries"),
}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server with the demonstration loaded, and the addresses of one thing of each kind."""
    folder = tmp_path_factory.mktemp("pages")
    with live_demonstration(folder) as (address, app):
        with app.app_context():
            own = select(Activity.id).where(Activity.provider_id == 2)
            waiting = select(Case.id).where(Case.state == "waiting_for_provider")
            found = {
                "address": address,
                "draft": str(db.session.scalar(own.where(Activity.state == "draft"))),
                "published": str(db.session.scalar(own.where(Activity.state == "published"))),
                "provider": "2",
                "admission": str(db.session.scalar(select(Case.id).where(Case.procedure == "admission"))),
                "case": str(
                    db.session.scalar(select(Case.id).where(Case.state == "received", Case.procedure == "validation"))
                ),
                "waiting": str(db.session.scalar(waiting)),
                "asked": str(db.session.scalar(waiting.with_only_columns(Case.activity_id))),
                "decided": str(db.session.scalar(select(Case.id).where(Case.state == "decided"))),
                "number": str(
                    db.session.scalar(select(Recognition.number).join(Activity).where(Activity.state == "published"))
                ),
            }
            found |= objection_of(2)
            found["running"], found["checked"] = map(str, imports_of("provider:2"))
            found["edition"] = str(edition_of(int(found["published"])))
            number = select(Recognition.number).filter_by(activity_id=int(found["published"]), is_leading=True)
            found["given"] = str(db.session.scalar(number))
            rewrite(int(found["draft"]))
            others = select(Activity.id).where(Activity.provider_id != 2, Activity.state == "published")
            found["changed"] = submitted_change(db.session.scalars(others).first() or 0)
        yield found


def objection_of(provider_id: int) -> dict[str, str]:
    """An objection that the chair handles, the decision that it is about, and another one."""
    query = select(Decision).join(Decision.case).where(Case.provider_id == provider_id, Case.procedure == "validation")
    policies = current_policies()
    with transaction():
        about, other, *_ = db.session.scalars(query.order_by(Decision.id))
        case = lodge(about, "Onze reden is heel lang. " * 20, "", policies, by=ACTOR, now=about.decided_at)
        chair = next(person for person in PEOPLE_OF_DEMO if person.id == "visser").identity
        claim(case, policies.on(clock.today()), by=chair, now=clock.now())
        return {"objection": str(case.id), "objected": str(about.case_id), "decision": str(other.id)}


def imports_of(owner: str) -> tuple[int, int]:
    """A check that goes on and one that ended with a problem; no worker knows of them."""
    name = "Een-heel-lange-naam-van-een-bestand-dat-iemand-op-een-bureaublad-had-staan.xlsx"
    counts = {"created": 300, "updated": 2, "unchanged": 1, "rejected": 1, "unknown_columns": ["kleur"]}
    facts = {"kind": CHECK, "owner": owner, "started_by": "test", "parameters": {"file": "none", "name": name}}
    with transaction():
        running, done = (
            Job(**facts, cursor=304, total=total, result=counts, created_at=clock.now()) for total in (950, 304)
        )
        done.state, done.finished_at = JobState.DONE, clock.now()
        db.session.add_all([running, done])
        db.session.flush()
        problem = {"column": "omschrijving", "value": "Eenwoorddatnietopeenregelpast" * 6, "reason": "Maak korter."}
        db.session.add(ImportProblem(job_id=done.id, line=12, **problem))
        return running.id, done.id


def edition_of(activity_id: int) -> int:
    """One with a place whose name does not fit on any telephone."""
    day = clock.today() + timedelta(days=30)
    facts = EditionFacts(
        starts_on=day,
        ends_on=day + timedelta(days=1),
        is_online=True,
        place="Lutjebroekerveenschouwerzijlsterwoldumerbuitenpolder",
        language="anders",
        price_in_cents=125000,
        registration_link="https://www.voorbeeld.example/een-heel-lang-adres-om-aan-te-melden",
    )
    with transaction():
        activity = db.session.get_one(Activity, activity_id)
        policy = current_policies().on(clock.today())
        return add_edition(activity, facts, policy=policy, by=Actor("test", "test"), now=clock.now()).id


def rewrite(activity_id: int) -> Activity:
    """A next version of an activity, with something changed of every kind."""
    with transaction():
        activity = db.session.get_one(Activity, activity_id)
        content = freeze(newest_version(activity), clock.now()).content
        goal = f"{content.goal}\n{'Eenwoorddatnietopeenregelpast' * 9}"
        content = replace(content, title=f"Anders: {content.title}", goal=goal, description="Kort.", place="Zwolle")
        save_draft(activity, content, by=ACTOR, now=clock.now())
    return activity


def submitted_change(activity_id: int) -> str:
    activity = rewrite(activity_id)
    with transaction():
        case = submit(activity, current_policies(), by=ACTOR, now=clock.now())
    return str(case.id)


PAGES = [
    ("", "/zoeken"),
    ("", "/zoeken?q=rekenen"),
    ("", "/zoeken?q=xyzzyqq"),
    ("", "/onderwerpen"),
    ("", "/api"),
    ("", "/activiteiten/{number}"),
    ("", "/logboek"),
    ("", "/dev"),
    ("", "/inloggen/commissie"),
    ("", "/bestaat-niet"),
    ("aanbieder", "/aanbieder/activiteiten"),
    ("aanbieder", "/aanbieder/activiteiten?status=gepubliceerd&q=e&volgorde=naam"),
    ("aanbieder", "/aanbieder/activiteiten?q=xyzzyqq"),
    ("aanbieder", "/aanbieder/activiteiten/selectie"),
    ("aanbieder", "/aanbieder/kwaliteit"),
    ("aanbieder", "/aanbieder/activiteiten/nieuw"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/bewerken/over"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/bewerken/opzet"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/bewerken/praktisch"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/bewerken/praktisch"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/periode"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/verwijderen"),
    ("aanbieder", "/aanbieder/overgenomen"),
    ("overgenomen", "/aanbieder/overgenomen"),
    ("bureau", "/commissie/overgenomen"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/indienen"),
    ("aanbieder", "/aanbieder/activiteiten/{published}"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/uitvoeringen"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/uitvoeringen"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/uitvoeringen/nieuw"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/uitvoeringen/{edition}/bewerken"),
    ("aanbieder", "/aanbieder/activiteiten/import"),
    ("aanbieder", "/aanbieder/activiteiten/import/{running}"),
    ("aanbieder", "/aanbieder/activiteiten/import/{checked}"),
    ("bureau", "/commissie/import"),
    ("", "/activiteiten/{given}"),
    ("aanbieder", "/aanbieder/activiteiten/{published}/geschiedenis"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/geschiedenis"),
    ("aanbieder", "/aanbieder/activiteiten/{draft}/geschiedenis/2"),
    ("aanbieder", "/aanbieder/activiteiten/{asked}"),
    ("aanbieder", "/aanbieder/activiteiten/{asked}/vraag"),
    ("", "/aanbieders/90100011"),
    ("", "/dev/mail"),
    ("", "/contactpersoon/verlopen"),
    ("nieuw", "/aanbieder/aanmelding"),
    ("nieuw", "/aanbieder/aanmelding/controleren"),
    ("nieuw", "/aanbieder/contactpersoon"),
    ("aanbieder", "/aanbieder/aanmelding"),
    ("aanbieder", "/aanbieder/gegevens"),
    ("aanbieder", "/aanbieder/contactpersoon"),
    ("aanbieder", "/aanbieder/medewerkers"),
    ("aanbieder", "/aanbieder/berichten"),
    ("aanbieder", "/aanbieder/logboek"),
    ("aanbieder", "/sessies"),
    ("bureau", "/commissie/aanbieders"),
    ("bureau", "/commissie/aanbieders/{provider}"),
    ("bureau", "/commissie/aanbieders/{provider}/logboek"),
    ("bureau", "/commissie/zaken/{decided}"),
    ("bureau", "/commissie/zaken/{decided}/logboek"),
    ("bureau", "/commissie/zaken/{admission}/logboek"),
    ("commissie", "/commissie/zaken/{admission}"),
    ("commissie", "/commissie"),
    ("", "/cijfers"),
    ("commissie", "/commissie/cijfers"),
    ("commissie", "/commissie/cijfers?van=2024-01&tot=2026-11&procedure=toelating"),
    ("commissie", "/commissie/cijfers?van=2026-13&tot=nooit"),
    ("bureau", "/commissie/cijfers?procedure=bezwaar"),
    ("commissie", "/commissie/zaken/{case}"),
    ("commissie", "/commissie/zaken/{waiting}"),
    ("commissie", "/commissie/zaken/{decided}"),
    ("commissie", "/commissie/zaken/{changed}"),
    ("commissie", "/commissie?termijn=later&wie=nobody&q=e"),
    ("commissie", "/commissie/mijn-gegevens"),
    ("voorzitter", "/commissie"),
    ("voorzitter", "/commissie/zaken/{objection}"),
    ("voorzitter", "/commissie/zaken/{objected}/corrigeren"),
    ("commissie", "/commissie/zaken/{objection}"),
    ("aanbieder", "/aanbieder/bezwaren/{objection}"),
    ("aanbieder", "/aanbieder/besluiten/{decision}/bezwaar"),
    ("leraar", "/dossier"),
]


def sign_in(page: Page, address: str, entrance: str) -> None:
    door, person = PEOPLE[entrance]
    page.goto(f"{address}/inloggen/{door}?als={person}")


def check(page: Page) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options=ASKED).response
        assert found["violations"] == [], [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]]


@pytest.mark.parametrize(("entrance", "path"), PAGES, ids=[path for _, path in PAGES])
def test_a_page_has_no_violations(page: Page, register: dict[str, str], entrance: str, path: str) -> None:
    if entrance:
        sign_in(page, register["address"], entrance)
    page.goto(register["address"] + path.format(**register))
    check(page)


def test_what_is_read_aloud_beside_a_change_is_not_copied_with_it(page: Page, register: dict[str, str]) -> None:
    sign_in(page, register["address"], "aanbieder")
    page.goto(f"{register['address']}/aanbieder/activiteiten/{register['draft']}/geschiedenis/2")
    copied = page.locator(".words").evaluate_all(
        "blocks => blocks.map(block => (getSelection().selectAllChildren(block), `${getSelection()}`))"
    )
    assert copied[0].startswith("Anders: ")
    assert "Kort." in " ".join(copied)
    assert "toegevoegd" not in " ".join(copied)
    assert "toegevoegd" in str(page.locator(".words").first.text_content())


def test_after_an_error_the_keyboard_is_on_the_summary_and_leads_to_the_field(
    page: Page, register: dict[str, str]
) -> None:
    sign_in(page, register["address"], "aanbieder")
    page.goto(f"{register['address']}/aanbieder/activiteiten/{register['draft']}/bewerken/opzet")
    page.get_by_label("Contacturen").fill("twaalf")
    page.get_by_label("Contacturen").press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    expect(page).to_have_title("Fout: Opzet, uren en toetsing – stap 2 van 3 – Registeruur")
    check(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Contacturen")).to_be_focused()
    expect(page.get_by_label("Contacturen")).to_have_value("twaalf")


def test_a_member_decides_with_the_keyboard_alone(page: Page, register: dict[str, str]) -> None:
    sign_in(page, register["address"], "commissie")
    page.goto(f"{register['address']}/commissie/zaken/{register['case']}")
    press_on(page, "Oppakken")
    expect(page.get_by_role("heading", name="Beoordelen", exact=True)).to_be_visible()
    for group in page.locator("fieldset[id^=criterion]").all():
        tab_to(page, group.get_by_role("radio").first.get_attribute("id") or "")
        page.keyboard.press("Space")
    tab_to(page, "outcome-approved")
    page.keyboard.press("Space")
    press_on(page, "Bewaren en de brief bekijken")
    expect(page.get_by_role("heading", name="Besluit: gevalideerd")).to_be_visible()
    check(page)
    press_on(page, "Besluit nemen en versturen")
    expect(page.get_by_text("is gevalideerd onder nummer")).to_be_visible()
    expect(page.locator(".notice")).to_be_focused()


def test_the_chair_spreads_cases_with_the_keyboard_alone(page: Page, register: dict[str, str]) -> None:
    sign_in(page, register["address"], "voorzitter")
    page.goto(f"{register['address']}/commissie?wie=nobody&q=met")
    tab_to(page, "choose-all")
    page.keyboard.press("Space")
    press_on(page, "Besluiten nemen")
    expect(page.get_by_text("Van deze zaken is er geen klaar voor een besluit.")).to_be_visible()
    check(page)
    page.goto(f"{register['address']}/commissie?wie=nobody&q=met")
    tab_to(page, "choose-all")
    page.keyboard.press("Space")
    press_on(page, "Toewijzen of verdelen")
    expect(page.get_by_role("heading", name="Gelijk verdeeld")).to_be_visible()
    check(page)
    press_on(page, "Toewijzen")
    expect(page.locator(".notice", has_text="toegewezen")).to_be_focused()


def test_an_edition_is_added_removed_and_put_back_with_the_keyboard_alone(page: Page, register: dict[str, str]) -> None:
    sign_in(page, register["address"], "aanbieder")
    page.goto(f"{register['address']}/aanbieder/activiteiten/{register['draft']}/uitvoeringen")
    press_on(page, "Uitvoering toevoegen")
    expect(page.get_by_label("Begindatum")).to_be_visible()
    press_on(page, "Uitvoering toevoegen")
    expect(page.locator(".errors")).to_be_focused()
    check(page)
    day = clock.today() + timedelta(days=10)
    for field, text in {"starts_on": f"{day:%d-%m-%Y}", "place": "Zwolle", "price": "1.250,00"}.items():
        tab_to(page, field)
        page.keyboard.type(text)
    press_on(page, "Uitvoering toevoegen")
    expect(page.locator(".notice")).to_be_focused()
    expect(page.get_by_role("cell", name="Zwolle", exact=True)).to_be_visible()
    press_on(page, "Verwijderen", exact=False)
    expect(page.locator(".notice", has_text="is verwijderd")).to_be_focused()
    check(page)
    press_on(page, "Verwijderen ongedaan maken")
    expect(page.get_by_role("cell", name="€ 1.250,00")).to_be_visible()


def test_many_are_changed_and_changed_back_with_the_keyboard_alone(page: Page, register: dict[str, str]) -> None:
    sign_in(page, register["address"], "aanbieder")
    page.goto(f"{register['address']}/aanbieder/activiteiten")
    press_on(page, "Bekijk wat er gebeurt")
    expect(page.locator(".errors")).to_be_focused()
    check(page)
    tab_to(page, "choose-all")
    page.keyboard.press("Space")
    expect(page.get_by_label("Kies ").first).to_be_checked()
    tab_to(page, "action")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Wat wilt u doen?")).to_have_value("einddatum")
    press_on(page, "Bekijk wat er gebeurt")
    expect(page.get_by_role("heading", name="Einddatum instellen")).to_be_visible()
    check(page)
    press_on(page, "Bekijk wat er gebeurt")
    expect(page.locator(".errors")).to_be_focused()
    check(page)
    tab_to(page, "ends_on")
    page.keyboard.type("01-02-2099")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="activiteiten worden gewijzigd")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Einddatum instellen op 1 februari 2099 (").press("Enter")
    # The script of the page asks how far it is, and loads the page again when the worker is done.
    expect(page.get_by_role("heading", name="activiteiten zijn gewijzigd")).to_be_visible(timeout=WORK)
    check(page)
    press_on(page, "Terugdraaien")
    expect(page.get_by_role("heading", name="activiteiten zijn teruggedraaid")).to_be_visible(timeout=WORK)
    check(page)


@pytest.mark.parametrize("page", [False], indirect=True)
def test_many_are_published_without_javascript(page: Page, register: dict[str, str]) -> None:
    sign_in(page, register["address"], "aanbieder")
    page.goto(f"{register['address']}/aanbieder/activiteiten?status=gevalideerd")
    expect(page.locator("#choose-all")).to_have_count(0)
    page.get_by_label("Kies ").first.check()
    page.get_by_label("Wat wilt u doen?").select_option("Publiceren")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    page.get_by_role("button", name="Publiceren (1 activiteit)").click()
    expect(page.get_by_role("heading", name="1 activiteit is gepubliceerd")).to_be_visible(timeout=WORK)
    page.get_by_role("button", name="Terugdraaien").click()
    expect(page.get_by_role("heading", name="1 activiteit is teruggedraaid")).to_be_visible(timeout=WORK)


def tab_to(page: Page, element: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element:
            return
    pytest.fail(f"{element} cannot be reached with Tab")


def press_on(page: Page, button: str, *, exact: bool = True) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.textContent.trim()")
        if name == button or (name.startswith(button) and not exact):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"{button} cannot be reached with Tab")


def test_the_first_tab_skips_to_the_content(page: Page, register: dict[str, str]) -> None:
    page.goto(f"{register['address']}/zoeken")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ga naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
