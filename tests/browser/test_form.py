"""Writing in a real browser: what the script adds, and what nobody may lose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.live import live_demonstration

pytestmark = pytest.mark.browser
NEW = "/aanbieder/activiteiten/nieuw"
LONG = "Een lange tekst die niemand twee keer wil typen."
ASKED = "In deze browser staat tekst"
LOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("form")
    with live_demonstration(folder) as (address, _):
        yield address


def enter(page: Page, address: str, path: str = NEW) -> None:
    page.goto(f"{address}/inloggen/aanbieder?naar={path}")
    page.get_by_role("button", name="Inloggen als Academie De Brug", exact=False).first.click()


def draft(page: Page, address: str) -> str:
    """A draft with a name; the address of its second step."""
    enter(page, address)
    page.get_by_label("Naam van de activiteit").fill("Voor de browser")
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_role("link", name="Aanvullen")).to_be_visible()
    page.wait_for_load_state()  # what was saved is forgotten by a script
    page.get_by_role("link", name="Aanvullen").click()
    page.get_by_role("link", name="2. Opzet").click()
    page.wait_for_url("**/opzet")
    return page.url


def kept(page: Page) -> int:
    """How many texts stand in this browser."""
    count: int = page.evaluate("Object.values(localStorage).filter((text) => text.startsWith('{')).length")
    return count


def answer(dialog: Dialog, asked: list[str]) -> None:
    asked.append(dialog.message)
    dialog.dismiss()


def accept(dialog: Dialog) -> None:
    dialog.accept()


def programme(page: Page) -> Locator:
    return page.get_by_label("Programma")


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
    expect(page.get_by_role("heading", name=ASKED)).to_be_hidden()
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
    assert kept(page) == 0, "what was saved is not kept twice"
    page.goto(step)
    expect(page.get_by_role("heading", name=ASKED)).to_be_hidden()


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
    programme(page).fill(LONG)
    page.goto(step)
    page.get_by_role("button", name="Tekst weggooien").click()
    page.goto(step)
    expect(page.get_by_role("heading", name=ASKED)).to_be_hidden()
    programme(page).fill(LONG)
    page.once("dialog", accept)
    page.get_by_role("button", name="Uitloggen").click()
    page.goto(address)
    assert kept(page) == 0


def test_signing_out_asks_first_when_text_would_be_lost(page: Page, address: str) -> None:
    step = draft(page, address)
    programme(page).fill(LONG)
    asked: list[str] = []
    page.once("dialog", lambda dialog: answer(dialog, asked))
    page.get_by_role("button", name="Uitloggen").click()
    assert "tekst getypt die nog niet is opgeslagen" in asked[0]
    expect(programme(page)).to_have_value(LONG)
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_text(LONG)).to_be_visible()
    page.wait_for_load_state()
    page.goto(step)
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()


def test_after_signing_out_another_window_keeps_nothing_and_says_so(page: Page, address: str) -> None:
    step = draft(page, address)
    other = page.context.new_page()
    other.goto(step)
    programme(other).fill(LONG)
    page.reload()
    page.once("dialog", accept)
    page.get_by_role("button", name="Uitloggen").click()
    expect(other.get_by_text("U bent in een ander venster uitgelogd.")).to_be_visible()
    programme(other).fill("Nog meer tekst")
    assert kept(other) == 0


def test_what_is_typed_before_the_script_runs_is_kept_and_counted(page: Page, address: str) -> None:
    step = draft(page, address)
    late: list[Route] = []
    page.route("**/static/*.js", lambda route: late.append(route))  # noqa: PLW0108 -- playwright marks its handlers
    page.goto(step, wait_until="commit")
    programme(page).fill(LONG)
    page.get_by_label("Contacturen").fill("2,5")
    assert late
    for route in late:
        route.continue_()
    page.unroute("**/static/*.js")
    expect(page.locator("#hours-sum")).to_have_text("2,5 contact + 0 zelfstudie = 2,5 uur")
    page.goto(step)
    page.get_by_role("button", name="Tekst terugzetten").click()
    expect(programme(page)).to_have_value(LONG)


@pytest.mark.parametrize("broken", [LOCKED, "localStorage.setItem('vol', 'x'.repeat(5 * 1024 * 1024 - 10))"])
def test_a_browser_that_keeps_nothing_says_so_and_the_form_works(page: Page, address: str, broken: str) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    step = draft(page, address)
    if broken == LOCKED:
        page.add_init_script(LOCKED)
    else:
        page.evaluate(broken)
    page.goto(step)
    programme(page).fill(LONG)
    page.get_by_label("Zelfstudie-uren").fill("1")
    expect(page.get_by_text("Uw browser kan niet bewaren wat u typt.")).to_be_visible()
    expect(page.get_by_label("Verantwoording van de zelfstudie")).to_be_visible()
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_text("Uw concept is opgeslagen.")).to_be_visible()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert faults == []


def test_an_older_text_that_waits_for_an_answer_is_never_lost(page: Page, address: str) -> None:
    step = draft(page, address)
    programme(page).fill(LONG)
    page.goto(step)
    page.get_by_label("Planning").fill("Later getypt.")
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_text("Kies eerst wat u met die tekst wilt.")).to_be_visible()
    expect(page.get_by_role("heading", name=ASKED)).to_be_visible()
    page.get_by_role("button", name="Tekst terugzetten").click()
    page.get_by_role("button", name="Opslaan als concept").click()
    expect(page.get_by_text(LONG)).to_be_visible()
    expect(page.get_by_text("Later getypt.")).to_be_visible()


def test_who_is_signed_out_meanwhile_learns_it_while_typing(page: Page, address: str) -> None:
    draft(page, address)
    page.context.clear_cookies()
    programme(page).fill(LONG)
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log opnieuw in").click()
    again = opened.value
    again.get_by_role("button", name="Inloggen als Academie De Brug", exact=False).first.click()
    again.get_by_role("button", name="Tekst terugzetten").click()
    expect(programme(again)).to_have_value(LONG)


def test_going_back_to_a_step_that_somebody_changed_writes_over_nobody(page: Page, address: str) -> None:
    step = draft(page, address)
    programme(page).fill("Mijn tekst")
    page.goto(f"{address}/aanbieder/activiteiten")
    colleague = page.context.new_page()
    colleague.goto(step)
    colleague.get_by_role("button", name="Tekst weggooien").click()
    programme(colleague).fill("Tekst van een collega")
    colleague.get_by_role("button", name="Opslaan als concept").click()
    expect(colleague.get_by_text("Uw concept is opgeslagen.")).to_be_visible()
    page.go_back()
    expect(programme(page)).to_have_value("Tekst van een collega")


def test_only_what_became_otherwise_is_read_aloud(page: Page, address: str) -> None:
    draft(page, address)
    status = page.locator("#panel").get_by_role("status")
    expect(status).to_be_empty()
    page.get_by_label("Zelfstudie-uren").press_sequentially("1", delay=20)
    expect(status).to_contain_text("Nieuw veld: verantwoording van de zelfstudie.")
    expect(page.get_by_label("Zelfstudie-uren")).to_be_focused()


def test_text_that_was_left_behind_in_a_step_is_named_before_submitting(page: Page, address: str) -> None:
    step = draft(page, address)
    programme(page).fill(LONG)
    page.goto(step.replace("bewerken/opzet", "indienen"))
    expect(page.get_by_role("heading", name=ASKED)).to_be_visible()
    expect(page.get_by_role("link", name="Stap 1: Over de activiteit")).to_be_hidden()
    page.get_by_role("link", name="Stap 2: Opzet, uren en toetsing").click()
    page.get_by_role("button", name="Tekst terugzetten").click()
    page.get_by_role("button", name="Opslaan als concept").click()
    page.goto(step.replace("bewerken/opzet", "indienen"))
    expect(page.get_by_role("heading", name=ASKED)).to_be_hidden()


def test_the_panel_shows_the_last_answer_and_outlives_a_fault(page: Page, address: str) -> None:
    draft(page, address)
    held: list[Route] = []
    page.route("**/voorcontrole/**", lambda route: held.append(route))  # noqa: PLW0108 -- playwright marks its handlers
    with page.expect_request("**/voorcontrole/**"):
        page.get_by_label("Contacturen").fill("2")
    page.unroute("**/voorcontrole/**")
    page.get_by_label("Contacturen").fill("3")
    expect(page.locator("#hours-sum")).to_have_text("3 contact + 0 zelfstudie = 3 uur")
    page.route("**/voorcontrole/**", lambda route: route.fulfill(status=500, body="Fout"))
    with page.expect_response("**/voorcontrole/**"):
        page.get_by_label("Contacturen").fill("4")
    page.unroute("**/voorcontrole/**")
    expect(page.locator("#hours-sum")).to_have_text("3 contact + 0 zelfstudie = 3 uur")
    page.get_by_label("Contacturen").fill("5")
    expect(page.locator("#hours-sum")).to_have_text("5 contact + 0 zelfstudie = 5 uur")


def test_a_refused_question_of_the_panel_is_not_asked_for_ever(page: Page, address: str) -> None:
    draft(page, address)
    asked: list[Route] = []

    def refuse(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=400, body="Fout")

    page.route("**/voorcontrole/**", refuse)
    page.get_by_label("Contacturen").fill("2")
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert len(asked) == 2, "once with the token of the page, once with a new one"


def test_an_impatient_second_click_sends_nothing_and_a_stopped_page_can_be_sent_again(page: Page, address: str) -> None:
    enter(page, address)
    page.wait_for_url(f"**{NEW}")
    page.wait_for_load_state()
    page.clock.install()
    page.evaluate(
        """window.sent = 0;
        document.addEventListener('submit', (event) => { sent += !event.defaultPrevented; event.preventDefault(); });"""
    )
    button = page.get_by_role("button", name="Opslaan als concept")
    button.dblclick()
    assert page.evaluate("sent") == 1
    page.clock.run_for(11_000)
    button.click()
    assert page.evaluate("sent") == 2


@pytest.mark.parametrize(("person", "is_same"), [("debrug", True), ("nieuw", False)])
def test_who_signs_in_again_in_another_window_goes_on_but_nobody_else(
    page: Page, address: str, person: str, is_same: bool
) -> None:
    step = draft(page, address)
    out = page.get_by_text("U bent uitgelogd.")
    page.context.clear_cookies()
    programme(page).fill("Een begin.")
    expect(out).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{address}/inloggen/aanbieder?als={person}")
    programme(page).fill(LONG)
    expect(out).to_be_visible(visible=not is_same)
    page.get_by_role("button", name="Opslaan als concept").click()
    if is_same:
        expect(page.get_by_text("Uw concept is opgeslagen.")).to_be_visible()
        return
    expect(page.get_by_role("heading", name="Wat u had ingevuld")).to_be_visible()
    page.context.clear_cookies()
    enter(page, address, step.removeprefix(address))
    page.get_by_role("button", name="Tekst terugzetten").click()
    expect(programme(page)).to_have_value(LONG)


def test_a_point_leads_to_its_choices_and_each_step_tells_how_many_it_has(page: Page, address: str) -> None:
    step = draft(page, address)
    tab = page.get_by_role("navigation", name="Stappen").get_by_role("link", name="2. Opzet")
    expect(tab).to_contain_text("(4 punten)")
    programme(page).fill(LONG)
    expect(tab).to_contain_text("(3 punten)")
    page.goto(step.replace("opzet", "over"))
    page.locator("#panel").get_by_role("link", name="Kies de sectoren").click()
    expect(page.get_by_role("group", name="Voor welke sector is de activiteit?")).to_be_focused()
