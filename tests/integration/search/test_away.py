"""An engine that does not answer costs nobody a page: numbers work, titles come from the database, and it is said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.worker import deliver_due
from search.tantivy_index import TantivyIndex
from tests.world import COMPLETE, Person, World, text_of

SAID = "Zoeken op woorden werkt nu beperkt"


@pytest.fixture
def number(world: World, tmp_path: Path) -> Iterator[str]:
    """Of one of two activities, of which the files of the index are gone while the site runs."""
    provider = world.provider()
    kept = world.app.extensions["search_index"]
    world.app.extensions["search_index"] = TantivyIndex(tmp_path)
    activity = world.published(provider, replace(COMPLETE, title="Poëzie in de klas"))
    world.published(provider, replace(COMPLETE, title="Rekenen"))
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.unlink()
    yield world.number(activity)
    world.app.extensions["search_index"] = kept


@pytest.fixture
def anyone(world: World, number: str) -> Person:
    return world.person()


def test_titles_are_found_in_the_database_and_it_is_said(anyone: Person) -> None:
    page = anyone.get("/zoeken", q="poezie klas")
    assert page.status_code == 200
    assert SAID in page.text
    assert "Poëzie in de klas" in text_of(page).replace("  ", " ")
    assert "Rekenen" not in page.text
    assert "Rekenen" in anyone.get("/zoeken").text


def test_numbers_never_notice(anyone: Person, number: str) -> None:
    assert number[:4] in text_of(anyone.get("/zoeken", q=number)).replace("-", "")
    assert anyone.get(f"/activiteiten/{number}").status_code == 200


def test_a_new_start_fills_it_again(world: World, number: str, tmp_path: Path) -> None:
    world.app.extensions["search_index"] = TantivyIndex(tmp_path)
    assert "2 activiteiten in de zoekindex." in world.run("search", "rebuild").output
    page = world.person().get("/zoeken", q="poezie")
    assert SAID not in page.text
    assert "<mark>Poëzie</mark> in de klas" in page.text
