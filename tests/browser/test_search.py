"""Searching in a real browser: the list follows what somebody types, with the keyboard alone, and without a script."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from catalogue import numbers
from catalogue.models import Activity, Recognition
from catalogue.publication import move
from catalogue.states import Action, State
from core import clock
from core.db import db, transaction
from core.worker import deliver_due
from tests.live import live_demonstration
from tests.world import ACTOR

pytestmark = pytest.mark.browser
FOUND = re.compile(r"activiteite?n? gevonden")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Flask]]:
    folder: Path = tmp_path_factory.mktemp("search")
    with live_demonstration(folder) as (address, app):
        deliver_due(app, app.extensions["outbox_handlers"])
        yield address, app


@pytest.fixture(scope="module")
def address(register: tuple[str, Flask]) -> str:
    return register[0]


@pytest.fixture(scope="module")
def taken_back(register: tuple[str, Flask]) -> str:
    """The number of an activity that its provider does not show now."""
    app = register[1]
    shown = select(Recognition).join(Activity).where(Activity.state == State.PUBLISHED, Recognition.is_leading)
    with app.app_context():
        with transaction():
            known = next(known for known in db.session.scalars(shown) if is_number(known.number))
            number = known.number
            move(known.activity, Action.UNPUBLISH, by=ACTOR, now=clock.now())
        deliver_due(app, app.extensions["outbox_handlers"])
    return number


def is_number(text: str) -> bool:
    """Of this register, and no word."""
    return numbers.is_valid(text) and not text.isalpha()


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


def test_notices_are_said_before_the_count(page: Page, address: str, taken_back: str) -> None:
    page.goto(f"{address}/zoeken")
    said, field = page.locator("[data-said]"), page.get_by_label("Nummer of woorden")
    wrong = next(symbol for symbol in "23456789" if symbol != taken_back[-1])
    field.fill(taken_back[:-1] + wrong)
    expect(said).to_have_text(re.compile("^Dit nummer klopt niet"))
    field.fill(taken_back)
    expect(said).to_have_text("Deze activiteit wordt nu niet aangeboden")
    field.fill("")
    page.get_by_label("Vanaf").fill("gisteren")
    page.keyboard.press("Tab")
    expect(said).to_have_text(re.compile(r"^Niet alle filters zijn gebruikt\. \d+ activiteiten gevonden$"))


def test_a_bound_is_asked_for_once_it_is_typed_and_its_fault_is_tied_to_it(page: Page, address: str) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/resultaten" in request.url else None)
    page.goto(f"{address}/zoeken")
    first, fault = page.get_by_label("Vanaf"), page.locator("#van-err")
    first.press_sequentially("1-2", delay=20)
    page.wait_for_timeout(1000)
    assert not fetched
    expect(fault).to_have_count(0)
    first.evaluate("field => field.dispatchEvent(new Event('change', {bubbles: true}))")  # the focus stays
    expect(fault).to_be_visible()
    expect(first).to_be_focused()
    expect(first).to_have_value("1-2")
    expect(first).to_have_attribute("aria-invalid", "true")
    expect(first).to_have_attribute("aria-describedby", "wanneer-hint van-err")
    first.fill("1-2-2027")
    first.evaluate("field => field.dispatchEvent(new Event('change', {bubbles: true}))")
    expect(fault).to_have_count(0)
    expect(first).to_be_focused()
    expect(first).not_to_have_attribute("aria-invalid", re.compile(".*"))
    expect(first).to_have_attribute("aria-describedby", "wanneer-hint")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_bound_that_cannot_be_read_is_named_and_keeps_what_was_typed(page: Page, address: str, key: str) -> None:
    page.goto(f"{address}/zoeken")
    page.get_by_label("Vanaf").press_sequentially("overmorgen", delay=20)
    page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Niet alle filters zijn gebruikt")).to_be_visible()
    expect(page.get_by_label("Vanaf")).to_have_value("overmorgen")
    expect(page.get_by_label("Vanaf")).to_have_attribute("aria-invalid", "true")
    assert asked(page) == {"van": ["overmorgen"]}
    if key == "Tab":
        expect(page.get_by_label("Tot en met")).to_be_focused()


def test_back_undoes_choices_one_by_one_and_stays_in_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}/onderwerpen")
    page.get_by_role("link", name="Rekenen").click()
    subject = heading(page)
    assert subject.startswith("Rekenen: ")
    expect(page).to_have_title(f"{subject} – Registeruur")
    po, course = page.locator("#sector-po"), page.locator("#type-cursus")
    po.check()
    expect(page).to_have_url(re.compile("sector=po"))
    course.check()
    expect(page).to_have_url(re.compile("type=cursus"))
    expect(page).to_have_title("Scholing zoeken – Registeruur")
    page.go_back()
    expect(course).not_to_be_checked()
    expect(po).to_be_checked()
    assert asked(page) == {"vakgebied": ["Rekenen"], "sector": ["po"]}
    page.go_back()
    expect(po).not_to_be_checked()
    expect(page.locator("#count")).to_have_text(subject)
    expect(page).to_have_title(f"{subject} – Registeruur")
    page.go_forward()
    expect(po).to_be_checked()
    page.go_back()
    page.go_back()
    expect(page).to_have_url(f"{address}/onderwerpen")


def test_all_that_is_typed_is_one_step_and_back_gives_the_page_that_was_left(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken?pagina=2")
    field, second = page.get_by_label("Nummer of woorden"), page.locator(".results h3").first.inner_text()
    for text in ("reke", "rekenen", "rekenena", "rekenen"):
        field.fill(text)
        expect(page.locator("#count")).to_contain_text(f"‘{text}’")
    page.get_by_label("Volgorde").select_option("Naam")
    expect(page).to_have_url(re.compile("volgorde=naam"))
    page.go_back()
    expect(page.get_by_label("Volgorde")).to_have_value("")
    expect(field).to_have_value("rekenen")
    assert asked(page) == {"q": ["rekenen"]}
    page.go_back()
    expect(field).to_have_value("")
    expect(page.locator(".results h3").first).to_have_text(second)
    assert asked(page) == {"pagina": ["2"]}
    page.go_forward()
    expect(page.locator("#count")).to_contain_text("‘rekenen’")
    expect(field).to_have_value("rekenen")


def test_a_place_in_the_page_is_no_other_question(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken?van=foo")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.get_by_role("link", name="Vul een datum in").click()
    expect(page.get_by_label("Vanaf")).to_be_focused()
    page.go_back()
    expect(page).to_have_url(f"{address}/zoeken?van=foo")
    assert not [url for url in fetched if "/zoeken" in url]


def test_an_answer_that_fails_after_back_asks_for_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken")
    everything = heading(page)
    page.locator("#sector-po").check()
    expect(page).to_have_url(re.compile("sector=po"))
    page.route("**/resultaten*", lambda route: route.abort())
    page.go_back()
    expect(page.locator("#count")).to_have_text(everything)
    expect(page.locator("#sector-po")).not_to_be_checked()


def test_back_and_at_once_forward_changes_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken?q=klas")
    page.locator("#sector-mbo").check()
    expect(page).to_have_url(re.compile("sector=mbo"))
    narrowed, waiting = heading(page), list[Route]()
    page.route("**/resultaten?q=klas", lambda route: waiting.append(route))  # noqa: PLW0108 -- as above
    with page.expect_request("**/resultaten?q=klas"):
        page.go_back()
    page.go_forward()
    with page.expect_response("**/resultaten?q=klas"):
        waiting[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator("#count")).to_have_text(narrowed)
    expect(page.locator("#sector-mbo")).to_be_checked()


def test_what_is_typed_and_taken_back_meanwhile_changes_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken?q=klas")
    before, waiting = heading(page), list[Route]()
    page.route("**/resultaten?q=klasx", lambda route: waiting.append(route))  # noqa: PLW0108 -- as above
    field = page.get_by_label("Nummer of woorden")
    with page.expect_request("**/resultaten?q=klasx"):
        field.fill("klasx")
    with page.expect_response("**/resultaten?q=klas"):
        field.fill("klas")
    for route in waiting:
        route.abort()
    expect(page.locator("#count")).to_have_text(before)
    assert asked(page) == {"q": ["klas"]}


def test_a_value_that_was_folded_out_keeps_the_focus_when_it_is_chosen_and_left(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken")
    more = page.locator("#meer-vakgebied-summary")
    more.click()
    last = page.locator("#meer-vakgebied input").last
    chosen = page.locator(f"#{last.get_attribute('id')}")
    in_sight = page.locator("#groep-vakgebied > .check #" + str(last.get_attribute("id")))
    last.focus()
    page.keyboard.press("Space")
    expect(in_sight).to_be_checked()
    expect(chosen).to_be_focused()
    more.click()  # folded up again
    chosen.focus()
    page.keyboard.press("Space")
    expect(in_sight).to_have_count(0)
    expect(chosen).to_be_focused()
    expect(chosen).to_be_visible()


def test_a_value_that_vanishes_leaves_the_focus_in_its_group(page: Page, address: str) -> None:
    page.goto(f"{address}/zoeken?vakgebied=Breien&q=klas")
    gone = page.locator("#vakgebied-Breien")
    gone.focus()
    page.keyboard.press("Space")
    expect(gone).to_have_count(0)
    expect(page.locator("#groep-vakgebied input").first).to_be_focused()


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
    assert set(asked(page)) == {"q", "sector", "volgorde"}
    assert "=&" not in page.url
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


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_telephone_the_filters_say_what_they_give_and_lead_to_it(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{address}/zoeken?vakgebied=Rekenen")
    expect(page.locator("#filters-fold")).not_to_have_attribute("open", "")
    page.locator("summary", has_text="Filters").click()
    po, link = page.locator("#sector-po"), page.locator("#toon")
    po.focus()
    expect(link).to_be_in_viewport(ratio=1)
    before = link.inner_text()
    page.keyboard.press("Space")
    expect(link).not_to_have_text(before)
    expect(link).to_be_in_viewport(ratio=1)
    expect(link).to_have_text(f"Toon {heading(page).removesuffix(' gevonden')}")
    link.click()
    expect(page.locator(".results h3").first).to_be_in_viewport()


def test_on_a_telephone_nothing_hides_what_has_the_focus(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{address}/zoeken")
    page.locator("summary", has_text="Filters").click()
    page.locator("#filters-summary").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        place = page.locator(":focus")
        if place.get_attribute("id") == "toon":
            break
        box, bar = place.bounding_box(), page.locator(".filters__go").bounding_box()
        assert box
        assert bar
        assert box["y"] + box["height"] <= bar["y"] + 1, place.get_attribute("id")
    expect(page.locator("#toon")).to_be_focused()


@pytest.mark.parametrize("page", [False], ids=["no-script"], indirect=True)
def test_on_a_telephone_without_a_script_the_count_comes_first(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/zoeken?vakgebied=Rekenen&sector=po")
    expect(page.locator("#count")).to_be_in_viewport()
    page.locator("#sector-po").focus()
    expect(page.locator("#toon")).to_be_in_viewport(ratio=1)
    page.locator("#toon").click()
    expect(page.locator(".results h3").first).to_be_in_viewport()
