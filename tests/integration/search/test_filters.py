"""The address says what is filtered; whatever it says, there is an answer that names the fix."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from catalogue.models import Activity
from catalogue.publication import move
from catalogue.states import Action
from core import clock
from core.db import db, transaction
from core.worker import deliver_due
from search.asking import asked
from search.facets import Choice, Facet
from search.index import MOST_VALUES, Order
from tests.offers import READY, offer
from tests.world import ACTOR, COMPLETE, Person, World, text_of

FEW, MANY = 3, 22  # what fills a page, and a bit of the next


@pytest.fixture
def anyone(world: World, request: pytest.FixtureRequest) -> Person:
    """Somebody with a few activities for po, or many, and one for mbo, to find."""
    provider = world.provider()
    for number in range(getattr(request, "param", FEW)):
        world.published(provider, replace(COMPLETE, title=f"Lezen deel {number}", sectors=("po",)), is_indexed=False)
    world.published(provider, replace(COMPLETE, title="Lassen", sectors=("mbo", "vo"), type="studiedag"))
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    return world.person()


@pytest.mark.parametrize("anyone", [MANY], indirect=True)
def test_a_list_is_narrowed_and_its_pages_stay_so(anyone: Person) -> None:
    page = anyone.get("/zoeken", q="lezen", sector=["po", "mbo"], volgorde="naam")
    assert "22 activiteiten gevonden voor ‘lezen’" in text_of(page)
    (link,) = set(re.findall(r'href="([^"]+)" rel="next"', page.text))
    for part in ("q=lezen", "sector=po", "sector=mbo", "volgorde=naam", "pagina=2"):
        assert part in link
    second = text_of(anyone.get("/zoeken", q="lezen", sector=["po", "mbo"], volgorde="naam", pagina="2"))
    assert second.count("Lezen deel") == 2


def test_every_choice_says_how_many_it_would_give(anyone: Person) -> None:
    page = text_of(anyone.get("/zoeken", sector="mbo"))
    assert "1 activiteit gevonden" in page
    assert re.search(r"Primair onderwijs \(po\)\s*\(3\)", page)
    assert re.search(r"Studiedag\s*\(1\)", page)
    assert not re.search(r"Cursus\s*\(3\)", page)


def test_the_fragment_is_the_page_without_its_frame(anyone: Person) -> None:
    fragment, page = anyone.get("/zoeken/resultaten", q="lassen"), anyone.get("/zoeken", q="lassen")
    assert "<html" not in fragment.text
    assert fragment.text.strip() in page.text


def test_what_finds_nothing_offers_two_ways_on(anyone: Person) -> None:
    page = text_of(anyone.get("/zoeken", q="lassen", sector="po"))
    assert "Geen activiteiten gevonden voor ‘lassen’" in page
    assert "Zoek zonder filters" in page
    assert "Gebruik minder woorden" in page
    assert "Gebruik minder woorden" not in text_of(anyone.get("/zoeken", sector="bve"))


def test_what_was_found_stands_before_the_filters(anyone: Person) -> None:
    page = anyone.get("/zoeken", sector="mbo").text
    assert page.index('id="count"') < page.index('id="filters"') < page.index('id="gevonden"')
    assert "Toon 1 activiteit</a>" in page


def test_values_beyond_the_first_eight_fold_out_and_what_is_chosen_is_in_sight(world: World) -> None:
    provider = world.provider()
    for number in range(11):
        world.published(provider, replace(COMPLETE, title=f"Lezen {number}", subject=f"Vak {number:02}"))
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    page = world.person().get("/zoeken").text
    shown, rest = page.split("Toon alle 11 vakgebieden")
    assert re.findall(r'value="(Vak \d+)"', shown) == [f"Vak {number:02}" for number in range(8)]
    assert re.findall(r'value="(Vak \d+)"', rest) == ["Vak 08", "Vak 09", "Vak 10"]
    shown, rest = world.person().get("/zoeken", vakgebied="Vak 09").text.split("Toon alle 11 vakgebieden")
    assert [f"Vak {number:02}" for number in (*range(8), 9)] == re.findall(r'value="(Vak \d+)"', shown)
    assert 'value="Vak 09"' not in rest


def test_a_facet_of_which_not_all_values_are_counted_promises_no_more_than_it_has() -> None:
    choices = [Choice(f"{number}", f"{number}", 1, is_chosen=False) for number in range(MOST_VALUES)]
    assert Facet("Aanbieder", choices[:8], choices[8:], "aanbieders").unfolds == "nog 92 aanbieders"


@pytest.mark.parametrize("anyone", [MANY], indirect=True)
def test_a_form_without_a_script_leaves_nothing_empty_in_the_address(anyone: Person) -> None:
    empty = {"van": "", "tot": "", "urenVan": "", "urenTot": "", "volgorde": ""}
    typed = {"q": "lezen", "sector": ["po", "mbo"], "pagina": "2"}
    answer = anyone.get("/zoeken", **typed, **empty)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.headers["Location"]).query, keep_blank_values=True) == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }
    assert anyone.get(answer.headers["Location"]).status_code == 200
    assert anyone.get("/zoeken/resultaten", **typed, **empty).status_code == 200


def test_an_address_is_made_clean_at_once(anyone: Person) -> None:
    for query in ("q=&q=lezen", "q=lezen&x=", "sector=&sector=po", "pagina=", "q=+&van=", "q=%ff%fe"):
        answer = anyone.get(f"/zoeken?{query}")
        assert answer.status_code == 302, query
        assert anyone.get(answer.headers["Location"]).status_code == 200, query


def test_bytes_that_are_no_text_are_nothing(anyone: Person) -> None:
    for path in ("/zoeken", "/zoeken/resultaten"):
        page = anyone.get(f"{path}?q=lassen%ff%fe&sector=mbo").text
        assert "gevonden voor ‘lassen’" in page
        assert "%FF" not in page


@pytest.mark.parametrize("anyone", [MANY], indirect=True)
def test_a_page_about_one_subject_or_type_is_called_so(anyone: Person) -> None:
    for query, name in ({"vakgebied": "Pedagogiek"}, "Pedagogiek: 23"), ({"type": "studiedag"}, "Studiedag: 1"):
        page = anyone.get("/zoeken", **query)
        assert f"<title>{name} activiteit" in page.text
        assert f'id="count">{name} activiteit' in page.text
    for more in ({"q": "lezen"}, {"sector": "po"}, {"type": "cursus"}, {"urenTot": "90"}):
        assert "Pedagogiek: " not in anyone.get("/zoeken", vakgebied="Pedagogiek", **more).text
    assert "<title>Scholing zoeken" in anyone.get("/zoeken", vakgebied="Breien").text


def test_the_list_says_what_it_holds(anyone: Person) -> None:
    names = {"": "Alle activiteiten", "?q=lezen": "Gevonden op woorden", "?sector=po": "Gevonden met filters"}
    for query, name in names.items():
        page = anyone.get(f"/zoeken{query}").text
        assert f'<ul class="results" aria-label="{name}">' in page
        assert "herkent u aan" not in page, "nothing here was taken over"


def test_what_was_taken_over_is_explained_where_it_is_shown(world: World) -> None:
    activity = offer(world.provider(), "oud1", READY)
    with transaction():
        move(db.session.get_one(Activity, activity.id), Action.TAKE_OVER, by=ACTOR, now=clock.now())
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    assert "herkent u aan ‘Overgenomen’" in world.person().get("/zoeken").text


def test_an_example_and_a_fault_describe_their_field(world: World) -> None:
    page = world.person().get("/zoeken", van="foo").text
    assert 'aria-invalid="true" aria-describedby="wanneer-hint van-err"' in page
    assert re.search(r'id="tot"[^>]* aria-describedby="wanneer-hint"', page)
    assert page.count('id="wanneer-hint"') == page.count('id="van-err"') == 1


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        ({"van": "morgen"}, "Vul een datum in als dag-maand-jaar"),
        ({"van": "31-02-2027"}, "Deze datum bestaat niet."),
        ({"van": "02-02-2027", "tot": "01-02-2027"}, "De laatste dag ligt voor de eerste."),
        ({"urenVan": "veel"}, "Vul het aantal uren in als getal"),
        ({"urenVan": "8", "urenTot": "4"}, "Het hoogste aantal uren is lager dan het laagste."),
        ({"urenTot": "-1"}, "Vul het aantal uren in als getal"),
    ],
)
def test_a_bound_that_cannot_be_is_named_and_kept(world: World, args: dict[str, str], fault: str) -> None:
    page = world.person().get("/zoeken", **args)
    assert page.status_code == 200
    assert "Niet alle filters zijn gebruikt" in text_of(page)
    assert fault in text_of(page)
    for typed in args.values():
        assert f'value="{typed}"' in page.text


@pytest.mark.parametrize("name", ["sector", "type", "aanbieder", "vakgebied", "waar", "volgorde", "pagina", "van"])
@pytest.mark.parametrize("value", ["\x00", "🎓", '"; DROP', "a" * 5000, "<script>", "\\", "-1"])
def test_rubbish_in_an_address_breaks_nothing(world: World, name: str, value: str) -> None:
    for path in ("/zoeken", "/zoeken/resultaten"):
        answer = world.person().get(path, **{"q": "lezen", name: value})
        assert answer.status_code in {200, 303}
        assert "<script>" not in answer.text.replace('<script src="', "")


def test_an_address_is_read_as_people_write() -> None:
    question = asked(
        "x", MultiDict([("sector", "po"), ("sector", "vo"), ("van", "1 februari 2027"), ("urenTot", "12½")])
    )
    assert question.filters.chosen == {"sector": ("po", "vo")}
    assert question.filters.first_day == date(2027, 2, 1)
    assert question.filters.most_hours == Decimal("12.5")
    assert (question.order, question.errors) == (Order.RELEVANCE, {})
    assert asked("", MultiDict()).order == Order.NEWEST
    assert question.args == {
        "q": "x",
        "sector": ("po", "vo"),
        "van": "1 februari 2027",
        "urenTot": "12½",
    }
