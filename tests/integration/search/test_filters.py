"""The address says what is filtered; whatever it says, there is an answer that names the fix."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from core.worker import deliver_due
from search.asking import asked
from search.index import Order
from tests.world import COMPLETE, Person, World, text_of


@pytest.fixture
def anyone(world: World) -> Person:
    """Somebody with 22 activities for po, and one for mbo, to find."""
    provider = world.provider()
    for number in range(22):
        world.published(provider, replace(COMPLETE, title=f"Lezen deel {number}", sectors=("po",)))
    world.published(provider, replace(COMPLETE, title="Lassen", sectors=("mbo", "vo"), type="studiedag"))
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    return world.person()


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
    assert re.search(r"Primair onderwijs \(po\)\s*\(22\)", page)
    assert re.search(r"Studiedag\s*\(1\)", page)
    assert not re.search(r"Cursus\s*\(22\)", page)


def test_the_fragment_is_the_page_without_its_frame(anyone: Person) -> None:
    fragment, page = anyone.get("/zoeken/resultaten", q="lassen"), anyone.get("/zoeken", q="lassen")
    assert "<html" not in fragment.text
    assert fragment.text.strip() in page.text


def test_what_finds_nothing_offers_two_ways_on(anyone: Person) -> None:
    page = text_of(anyone.get("/zoeken", q="lassen", sector="po"))
    assert "Geen activiteiten gevonden voor ‘lassen’" in page
    assert "Zoek zonder filters" in page
    assert "Gebruik minder woorden" in page


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
