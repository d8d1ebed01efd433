"""Searching while Meilisearch is down, slow, or something else altogether: never a long wait, always a cause."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from search.document import Document
from search.index import FACETS, Filters, IndexAway, Query
from search.meilisearch_breaker import MOST_FAILURES, PAUSE, Breaker
from search.meilisearch_client import searching
from search.meilisearch_index import MeilisearchIndex
from tests.peers.meilisearch import Double, Trouble, at, busy, dripping, hung_up, saying, silent, slow, stuck
from tests.peers.meilisearch_fixtures import NAME, Keys, double, keys

__all__ = ["double", "keys"]
TODAY = date(2026, 11, 30)
QUERY = Query("rekenen", TODAY)


class Clock:
    """Goes only when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def index(double: Double, keys: Keys, clock: Clock) -> Iterator[MeilisearchIndex]:
    """With one document, and a pause that ends when the test says so."""
    with closing(MeilisearchIndex(double.address, name=NAME, breaker=Breaker(clock), **keys)) as index:
        index.put([Document(id=1, title="Rekenen", provider="", subject="", facts="", description="")])
        double.asked.clear()
        yield index


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        (silent, "does not answer within"),
        (dripping, "too slowly"),
        (stuck, "in the middle of an answer"),
        (hung_up, "cannot be reached"),
        (busy, "503"),
        (saying(b"<h1>Welcome to nginx!</h1>"), "is no search engine"),
        (saying(b"<h1>Bad gateway</h1>", 502), "is no search engine"),
        (saying(b""), "is no search engine"),
        (saying(b"\xff\xfe"), "is no search engine"),
        (saying(b"[]"), "something else than hits"),
        (saying(b'"hits"'), "something else than hits"),
        (saying(b'{"results": []}'), "something else than hits"),
        (saying(b'{"hits": [{}], "totalHits": 1}'), "something else than hits"),
        (saying(b'{"hits": [], "totalHits": null, "facetsByIndex": []}'), "something else than hits"),
        (saying(b"{}", 302), "302"),
        (saying(b"{}", 307, Location="http://127.0.0.1:9/"), "307"),
        (saying(b"[]", 500), "500"),
    ],
)
def test_whatever_is_wrong_the_cause_is_named_within_a_moment(
    index: MeilisearchIndex, double: Double, trouble: Trouble, cause: str
) -> None:
    double.trouble = trouble
    began = time.monotonic()
    with pytest.raises(IndexAway, match=cause):
        index.search(QUERY)
    assert time.monotonic() - began < 1.5
    assert len(double.asked) == 1
    double.trouble = None
    assert index.search(QUERY).ids == [1]


def test_counting_in_every_facet_takes_no_longer_than_two_seconds(index: MeilisearchIndex, double: Double) -> None:
    double.trouble = slow
    narrowed = replace(QUERY, filters=Filters(chosen=dict.fromkeys(FACETS, ("x",))))
    began = time.monotonic()
    with pytest.raises(IndexAway, match="too long to count"):
        index.search(narrowed)
    assert time.monotonic() - began < 2
    double.trouble = None
    double.asked.clear()
    assert index.search(narrowed).ids == []
    assert len(double.asked) == 1 + len(FACETS)


def test_an_engine_that_is_not_there_is_away() -> None:
    with closing(MeilisearchIndex("http://127.0.0.1:9", key="k")) as index, pytest.raises(IndexAway, match="reached"):
        index.search(QUERY)


def test_an_index_that_is_not_there_is_away_and_said_so(double: Double, keys: Keys) -> None:
    with (
        closing(MeilisearchIndex(double.address, name=NAME, **keys)) as index,
        pytest.raises(IndexAway, match="index_not_found"),
    ):
        index.search(QUERY)


def test_an_engine_that_stays_away_costs_nearly_nothing_and_is_found_again(
    index: MeilisearchIndex, double: Double, clock: Clock
) -> None:
    double.trouble = hung_up
    for _ in range(20):
        with pytest.raises(IndexAway):
            index.search(QUERY)
    assert len(double.asked) == MOST_FAILURES
    double.trouble = None
    with pytest.raises(IndexAway, match="a moment ago"):
        index.search(QUERY)
    clock.now += PAUSE
    assert index.search(QUERY).ids == [1]
    assert index.search(QUERY).ids == [1]


def test_what_the_engine_refuses_does_not_count_as_away(double: Double, keys: Keys) -> None:
    with closing(MeilisearchIndex(double.address, name=NAME, **keys)) as index:
        for _ in range(MOST_FAILURES + 2):
            with pytest.raises(IndexAway, match="index_not_found"):
                index.search(QUERY)


def test_connections_are_used_again(index: MeilisearchIndex, double: Double) -> None:
    before = double.connections
    for _ in range(30):
        index.search(QUERY)
    assert double.connections - before == 1
    threads = [threading.Thread(target=lambda: [index.search(QUERY) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert double.connections - before <= 4


def test_a_connection_that_the_engine_closed_meanwhile_is_replaced(index: MeilisearchIndex, double: Double) -> None:
    index.search(QUERY)
    double.hang_up()
    assert index.search(QUERY).ids == [1]


def test_keys_of_the_machine_are_not_sent_instead(
    index: MeilisearchIndex, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert index.search(QUERY).ids == [1]


def test_a_list_is_sent_as_a_list_even_when_it_is_empty(double: Double) -> None:
    with closing((engine := searching(double.address, double.key("*"), 20)).connection):
        engine.http.patch("indexes/u/settings", {"stopWords": []})
        task = engine.http.post("indexes/u/documents/delete-batch", [])
        assert task["status"] == "enqueued"
    double.faults.clear()  # that was on purpose


def test_several_troubles_can_follow_each_other(double: Double) -> None:
    double.trouble = at("version", busy, times=1)
    with closing((engine := searching(double.address, double.key("*"), 20)).connection):
        with pytest.raises(IndexAway, match="too_many_search_requests"):
            engine.http.get("version")
        assert engine.http.get("version")["pkgVersion"] == "1.53.1"
