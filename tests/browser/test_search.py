"""Searching in a real browser: the list follows what somebody types, with the keyboard alone, and without a script."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from core.worker import deliver_due
from tests.live import live_demonstration

pytestmark = pytest.mark.browser
FOUND = re.compile(r"activiteite?n? gevonden")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("search")
    with live_demonstration(folder) as (address, app):
        deliver_due(app, app.extensions["outbox_handlers"])
        yield address


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def heading(page: Page) -> str:
    return page.locator("#count").inner_text()


def test_the_list_and_the_address_follow_what_is_typed_and_the_count_is_said_once(page: Page, address: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/resultaten" in request.url else None)
    page.goto(f"{address}/zoeken")
    said = page.locator("[data-said]")
    expect(said).to_have_text("")
    page.get_by_label("Nummer of woorden").press_sequentially("klassenm", delay=20)
    expect(page.locator("#count")).to_contain_text("gevonden voor ‘klassenm’")
    expect(page.locator("mark").first).to_have_text(re.compile("klassenm", re.IGNORECASE))
    assert asked(page) == {"q": ["klassenm"]}
    assert len(fetched) == 1, "not at every key"
    expect(said).to_have_text(heading(page))
    page.reload()
    expect(page.locator("#count")).to_contain_text("gevonden voor ‘klassenm’")


def test_filters_work_at_once_keep_the_focus_and_survive_the_back_button(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken?q=klas")
    everything = heading(page)
    page.get_by_role("checkbox", name=re.compile("Middelbaar beroepsonderwijs")).check()
    expect(page.locator("#count")).not_to_have_text(everything)
    expect(page.get_by_role("checkbox", name=re.compile("Middelbaar beroepsonderwijs"))).to_be_focused()
    narrowed = heading(page)
    assert asked(page) == {"q": ["klas"], "sector": ["mbo"]}
    page.locator(".results a").first.click()
    page.wait_for_url("**/activiteiten/*")
    page.go_back()
    expect(page.locator("#count")).to_have_text(narrowed)
    expect(page.get_by_role("checkbox", name=re.compile("Middelbaar beroepsonderwijs"))).to_be_checked()
    page.get_by_role("link", name="Alle filters wissen").click()
    expect(page.locator("#count")).to_have_text(everything)


def test_what_was_typed_meanwhile_wins_over_a_slow_answer(page: Page, address: str) -> None:
    waiting: list[Route] = []
    page.goto(f"{address}/zoeken")
    page.route("**/resultaten?q=rek*", lambda route: waiting.append(route))  # noqa: PLW0108 -- playwright marks its handlers
    field = page.get_by_label("Nummer of woorden")
    with page.expect_request("**/resultaten?q=rekenen"):
        field.fill("rekenen")
    field.fill("klas")
    expect(page.locator("#count")).to_contain_text("‘klas’")
    for route in waiting:
        route.abort()
    expect(page.locator("#count")).to_contain_text("‘klas’")
    expect(field).to_be_focused()


def test_when_the_script_gets_no_answer_the_page_itself_is_asked(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken")
    page.route("**/resultaten*", lambda route: route.abort())
    page.get_by_label("Nummer of woorden").fill("klassenmanagement")
    expect(page.locator("#count")).to_contain_text("gevonden voor ‘klassenmanagement’")


def test_a_bound_that_cannot_be_read_is_named_and_keeps_what_was_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken")
    page.get_by_label("Vanaf").press_sequentially("overmorgen", delay=20)
    expect(page.get_by_role("heading", name="Niet alle filters zijn gebruikt")).to_be_visible()
    expect(page.get_by_label("Vanaf")).to_have_value("overmorgen")
    expect(page.get_by_label("Vanaf")).to_be_focused()


def test_somebody_finds_an_activity_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken")
    page.get_by_label("Nummer of woorden").focus()
    page.keyboard.type("rekenen")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_contain_text(FOUND)
    page.locator("#sector-vo").focus()
    page.keyboard.press("Space")
    expect(page.locator("#sector-vo")).to_be_checked()
    page.locator(".results a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/activiteiten/*")


@pytest.mark.parametrize("page", [False], ids=["no-script"], indirect=True)
def test_without_a_script_the_form_does_the_same(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken")
    expect(page.locator("[data-while-typing]")).to_be_hidden()
    page.get_by_label("Nummer of woorden").fill("klas")
    page.get_by_label(re.compile("Voortgezet onderwijs")).check()
    page.get_by_label("Volgorde").select_option("Naam")
    page.get_by_role("button", name="Lijst filteren").click()
    expect(page.locator("#count")).to_contain_text("gevonden voor ‘klas’")
    assert {name: asked(page).get(name) for name in ("q", "sector", "volgorde")} == {
        "q": ["klas"],
        "sector": ["vo"],
        "volgorde": ["naam"],
    }
    titles = page.locator(".results h3").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold)


def test_on_a_telephone_the_filters_begin_folded_and_nothing_scrolls_sideways(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/zoeken?q=klas")
    vo = page.get_by_role("checkbox", name=re.compile("Voortgezet onderwijs"))
    expect(vo).to_be_hidden()
    page.locator("summary", has_text="Filters").click()
    vo.check()
    expect(page.locator("#count")).to_contain_text("gevonden")
    expect(vo).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
