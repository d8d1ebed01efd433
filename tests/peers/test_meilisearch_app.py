"""The register with Meilisearch as its engine, as an operator configures it: commands, the outbox, and pages."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from catalogue.publication import ACTIVITY_CHANGED, announce
from core import clock
from core.config import WrongSettings
from core.db import db, transaction
from core.outbox import OutboxMessage
from core.worker import deliver_due
from search import services
from search.checking import differences
from search.document import Document
from search.documents import all_documents
from search.meilisearch_index import MeilisearchIndex
from tests.databases import Database, settings_for
from tests.peers.meilisearch import Double, at, busy, hung_up
from tests.peers.meilisearch_fixtures import NAME, double
from tests.world import COMPLETE, World, text_of
from wsgi import create_app

__all__ = ["double"]
SAID = "Zoeken op woorden werkt nu beperkt"


def documented_keys() -> Iterator[dict[str, Any]]:
    """What the docs tell an operator to send to make keys."""
    for body in re.findall(r"^  -d '(\{.*\})'$", Path("docs/search.md").read_text(), re.MULTILINE):
        yield json.loads(body)


@pytest.fixture
def world(databases: dict[str, Database], double: Double, tmp_path: Path) -> Iterator[World]:
    database = databases["sqlite"]
    database.reset()
    writing, searching = (double.keys.make(wanted)["key"] for wanted in documented_keys())
    given = {"meilisearch_url": double.address, "meilisearch_key": writing, "meilisearch_search_key": searching}
    app = create_app(settings_for(tmp_path, database.url, **given))
    with app.app_context(), closing(app.extensions["search_index"]):
        yield World(app)
        db.session.remove()
        db.engine.dispose()


def titled(title: str) -> Any:
    return replace(COMPLETE, title=title)


def test_the_documented_keys_have_no_more_rights_than_they_need(double: Double) -> None:
    writing, searching = documented_keys()
    assert searching["actions"] == ["search"]
    assert searching["indexes"] == [f"{NAME}-*"]
    assert "*" not in writing["actions"]


def test_what_is_published_is_found_in_its_form_and_filtered(world: World) -> None:
    provider = world.provider()
    world.published(provider, titled("Poëzie in de klas"))
    world.published(provider, titled("Rekenen"))
    page = world.person().get("/zoeken", q="gedichten poezie")
    assert SAID not in page.text
    assert "<mark>Poëzie</mark> in de <mark>klas</mark>" in world.person().get("/zoeken", q="poezie klassen").text
    narrowed = text_of(world.person().get("/zoeken", q="rekenen", sector="po"))
    assert "Rekenen" in narrowed
    assert "Poëzie" not in narrowed


def test_the_first_message_fills_an_index_that_is_not_there(world: World, double: Double) -> None:
    provider = world.provider()
    for number in range(3):
        world.published(provider, titled(f"Rekenen {number}"))
    double.state.indexes.clear()
    world.published(provider, titled("Taal"))
    assert services.current_index().count() == 4


def test_a_rebuild_and_a_check_by_command(world: World, double: Double) -> None:
    provider = world.provider()
    made = [world.published(provider, titled(f"Rekenen {number}")) for number in range(3)]
    index = services.current_index()
    index.remove([made[0].id])
    index.put([Document(id=9_999, title="Nooit", provider="", subject="", facts="", description="")])
    result = world.run("search", "check")
    assert (result.exit_code, "2 differences." in result.output) == (1, True)
    assert "3 activiteiten in de zoekindex." in world.run("search", "rebuild").output
    assert (world.run("search", "check").output, len(double.state.indexes)) == ("0 differences.\n", 1)
    index.remove([made[1].id])
    assert "1 differences, repaired." in world.run("search", "check", "--repair").output
    assert world.run("search", "check").exit_code == 0


@pytest.mark.parametrize("command", ["rebuild", "check"])
def test_a_command_that_finds_no_engine_says_so(world: World, double: Double, command: str) -> None:
    double.trouble = hung_up
    result = world.run("search", command)
    assert result.exit_code == 1
    assert "Error: the search engine cannot be reached" in result.output
    assert "Traceback" not in result.output


def test_what_changes_during_a_rebuild_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = world.provider()
    world.published(provider, titled("Rekenen"))

    def and_then_something_is_published(*facts: Any) -> Iterator[Document]:
        yield from all_documents(*facts)
        monkeypatch.undo()
        world.published(provider, titled("Taal"))

    monkeypatch.setattr("search.services.all_documents", and_then_something_is_published)
    assert services.rebuild() == 2
    assert list(differences(services.current_index(), clock.today())) == []


def test_pages_go_on_while_the_engine_is_away_and_notice_when_it_is_back(world: World, double: Double) -> None:
    world.published(world.provider(), titled("Poëzie in de klas"))
    anyone = world.person()
    assert SAID not in anyone.get("/zoeken", q="poezie").text
    for trouble in (hung_up, busy):
        double.trouble = trouble
        page = anyone.get("/zoeken", q="poezie")
        assert (page.status_code, SAID in page.text, "Poëzie" in text_of(page)) == (200, True, True)
        double.trouble = None
        assert SAID not in anyone.get("/zoeken", q="poezie").text


def test_a_message_that_fails_waits_and_says_why(world: World, double: Double) -> None:
    activity = world.published(world.provider(), titled("Rekenen"))
    double.trouble = at("primaryKey", hung_up)
    with transaction():
        announce(db.session.get_one(Activity, activity.id), clock.now())
    handlers = world.app.extensions["outbox_handlers"]
    deliver_due(world.app, handlers)
    db.session.rollback()
    (waiting,) = db.session.scalars(select(OutboxMessage).filter_by(state="waiting", kind=ACTIVITY_CHANGED))
    assert waiting.last_error.startswith("IndexAway: the search engine cannot be reached")
    assert waiting.due_at > clock.now()
    double.trouble = None
    with transaction():
        waiting.due_at = clock.now()
    deliver_due(world.app, handlers)
    db.session.rollback()
    assert waiting.state == "done"


def test_the_embedded_engine_loads_nothing_of_it() -> None:
    code = "import sys, wsgi, search.services; print([n for n in ('meilisearch', 'pydantic') if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 -- our own
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"meilisearch_url": "127.0.0.1:7700"}, "MEILISEARCH_URL"),
        ({"meilisearch_url": "http://engine.example/path"}, "MEILISEARCH_URL"),
        ({"meilisearch_key": "with space"}, "MEILISEARCH_KEY"),
        ({"meilisearch_search_key": "ë"}, "MEILISEARCH_SEARCH_KEY"),
        ({"meilisearch_index": "a/b"}, "MEILISEARCH_INDEX"),
        ({"profile": "production", "meilisearch_url": "http://search.example"}, "MEILISEARCH_URL"),
        ({"profile": "production", "meilisearch_url": "http://8.8.8.8:7700"}, "MEILISEARCH_URL"),
        ({"profile": "production", "meilisearch_url": "https://search.example"}, "MEILISEARCH_KEY"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, wrong: dict[str, str], name: str) -> None:
    with pytest.raises(WrongSettings, match=f"REGISTERUUR_{name}: "):
        settings_for(tmp_path, "sqlite:///x.db", **wrong)


@pytest.mark.parametrize(
    "near", ["http://127.0.0.1:7700", "http://[::1]:7700", "http://10.0.0.5:7700", "http://engine"]
)
def test_a_server_nearby_needs_no_https(tmp_path: Path, near: str) -> None:
    with pytest.raises(WrongSettings) as refused:
        settings_for(tmp_path, "sqlite:///x.db", profile="production", meilisearch_url=near, meilisearch_key="k")
    assert "MEILISEARCH" not in str(refused.value)


def test_an_index_is_named_as_it_is_configured(tmp_path: Path) -> None:
    given = {"meilisearch_url": "http://127.0.0.1:7700", "meilisearch_index": "proef"}
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", **given))
    index = app.extensions["search_index"]
    assert isinstance(index, MeilisearchIndex)
    assert index.uid.startswith("proef-")
    index.close()
