"""The queue: who sees what, how many there are, and what it asks of the database."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape
from re import findall

import pytest

from core import clock
from core.access import Role
from core.db import db
from tests.statements import count_statements
from tests.world import COMPLETE, NOW, World, member_identity, text_of
from validation.committee.queue import KEPT_FOR
from validation.models import Case

TODAY = clock.today()


def titles(page: str) -> list[str]:
    rows = page.partition('id="list"')[2]
    return [unescape(title) for title in findall(r'<a class="title" href="[^"]+">([^<]*)</a>', rows)]


def waiting_since(world: World, title: str, days: int, **changes: object) -> Case:
    content = replace(COMPLETE, title=title, **changes)  # type: ignore[arg-type]
    return world.submitted(world.provider("90100011"), content, now=clock.now() - timedelta(days=days))


@pytest.fixture
def several(world: World) -> dict[str, Case]:
    """One case of every kind."""
    found = {
        "Laat": waiting_since(world, "Laat", 120, type="studiedag", sectors=("mbo",)),
        "Ver": waiting_since(world, "Ver", 0),
        "Gevraagd": waiting_since(world, "Gevraagd", 1, sectors=("po",)),
    }
    world.claimed(found["Ver"], member_identity("yilmaz"))
    world.asked(found["Gevraagd"], now=clock.now())
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Laat", "Gevraagd", "Ver"]),
        ({"termijn": "te-laat"}, ["Laat"]),
        ({"termijn": "wacht"}, ["Gevraagd"]),
        ({"termijn": "later"}, ["Ver"]),
        ({"termijn": "binnenkort"}, []),
        ({"wie": "mine"}, ["Gevraagd"]),
        ({"wie": "nobody"}, ["Laat"]),
        ({"wie": "other"}, ["Ver"]),
        ({"soort": "studiedag"}, ["Laat"]),
        ({"sector": "po"}, ["Gevraagd", "Ver"]),
        ({"sector": "mbo", "soort": "studiedag"}, ["Laat"]),
        ({"procedure": "admission"}, []),
        ({"q": "LAAT"}, ["Laat"]),
        ({"q": "aanbieder 9010"}, ["Laat", "Gevraagd", "Ver"]),
        ({"aanbieder": "999999"}, None),
        ({"termijn": "onzin", "wie": "x", "procedure": "'"}, ["Laat", "Gevraagd", "Ver"]),
    ],
)
def test_filters_show_what_they_say(
    world: World, several: dict[str, Case], query: dict[str, str], expected: list[str] | None
) -> None:
    response = world.person(member_identity()).get("/commissie", **query)
    if expected is None:
        assert response.status_code == 404
        return
    found = titles(response.text)
    assert sorted(found) == sorted(expected)
    assert f"{len(expected)} {'zaak' if len(expected) == 1 else 'zaken'}" in text_of(response)
    if "Laat" not in expected and several:
        assert "Te laat" in response.text.partition('id="list"')[0], "what is late stands on top of every page"


def test_counts_are_those_of_the_lists(world: World, several: dict[str, Case]) -> None:
    member = world.person(member_identity())
    page = member.get("/commissie").text
    for name in ("wie", "termijn", "procedure", "soort", "sector"):
        select = page.partition(f'name="{name}">')[2].partition("</select>")[0]
        options = findall(r'<option value="([^"]*)"[^>]*>[^<]*\((\d+)\)</option>', select)
        assert options
        for value, count in options:
            assert len(titles(member.get("/commissie", **{name: value}).text)) == int(count), (name, value)


def test_a_change_is_counted_at_once(world: World, several: dict[str, Case]) -> None:
    assert KEPT_FOR > 1
    member = world.person(member_identity())
    before = member.get("/commissie", wie="nobody").text
    assert "Niet toegewezen (1)" in before
    world.claimed(several["Laat"])
    assert "Niet toegewezen (0)" in member.get("/commissie", wie="nobody").text


def test_one_asks_for_many_at_once_and_takes_nothing_from_a_colleague(world: World, several: dict[str, Case]) -> None:
    member = world.person(member_identity())
    ids = [str(case.id) for case in several.values()]
    response = member.post("/commissie/oppakken", {"case": [*ids, "999999", "x"], "sector": "po"})
    assert response.headers["Location"] == "/commissie?sector=po"
    page = text_of(member.get("/commissie"))
    assert "U hebt 2 zaken opgepakt." in page, "one of them was theirs already"
    assert "1 zaak niet: Yilmaz heeft deze zaak opgepakt." in page
    db.session.rollback()
    handlers = {title: db.session.get_one(Case, case.id).handler_name for title, case in several.items()}
    assert handlers == {"Laat": "Jansen", "Ver": "Yilmaz", "Gevraagd": "Jansen"}


def test_nothing_chosen_is_said_and_changes_nothing(world: World, several: dict[str, Case]) -> None:
    member = world.person(member_identity())
    for address in ("/commissie/oppakken", "/commissie/verdelen", "/commissie/toewijzen"):
        who = member if address.endswith("oppakken") else world.person(member_identity("visser", Role.CHAIR))
        assert who.post(address, {}).status_code == 303
        assert "Kies eerst een of meer zaken." in text_of(who.get("/commissie"))


def test_the_queue_asks_as_much_of_many_cases_as_of_few_and_at_most_six_times(world: World) -> None:
    provider = world.provider()
    world.submitted(provider, now=NOW)
    member = world.person(member_identity())
    queries: tuple[dict[str, str], ...] = (
        {},
        {"q": "klas"},
        {"aanbieder": str(provider.id)},
        {"wie": "nobody", "soort": "cursus"},
    )
    few = [count_statements(partial(member.get, "/commissie", **query)) for query in queries]
    for number in range(60):
        world.submitted(provider, replace(COMPLETE, title=f"Klas {number}"), now=NOW - timedelta(days=number))
    many = [count_statements(partial(member.get, "/commissie", **query)) for query in queries]
    assert max(few + many) <= 6
    assert len(titles(member.get("/commissie", pagina="2").text)) == 11
