"""The table of questions, on every engine."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.document import Document, facets_of
from search.index import FACETS, Filters, Order, Query, SearchIndex
from search.meilisearch_index import MeilisearchIndex
from search.tantivy_index import TantivyIndex
from tests.expectations import CATALOGUE, EVERYTHING, TABLE, TODAY, Expected
from tests.peers.meilisearch import MASTER, serving

PATIENCE = 20  # of a machine that has much else to do
REAL, KEY = "REGISTERUUR_TEST_MEILISEARCH_URL", "REGISTERUUR_TEST_MEILISEARCH_KEY"


@contextmanager
def embedded(folder: Path) -> Iterator[SearchIndex]:
    yield TantivyIndex(folder)


@contextmanager
def doubled(_: Path) -> Iterator[SearchIndex]:
    with serving() as double, closing(MeilisearchIndex(double.address, key=MASTER, seconds=PATIENCE)) as made:
        yield made


@contextmanager
def real(_: Path) -> Iterator[SearchIndex]:
    """A server of its own, that holds nothing else: before a release the table must hold there, too."""
    key = os.environ.get(KEY, "")
    with closing(MeilisearchIndex(os.environ[REAL], key=key, name="registeruur-test")) as made:
        yield made


ENGINES = {"tantivy": embedded, "meilisearch": doubled} | ({"real": real} if REAL in os.environ else {})


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    with ENGINES[request.param](tmp_path_factory.mktemp("engine")) as made:
        made.replace_all(CATALOGUE)
        yield made


@pytest.mark.parametrize("expected", TABLE, ids=lambda expected: f"{expected.text[:20]!r}: {expected.why}")
def test_what_is_asked_is_found(index: SearchIndex, expected: Expected) -> None:
    hits = index.search(Query(expected.text, TODAY, 1, 50, expected.filters, expected.order))
    found = hits.ids
    assert set(expected.finds) <= set(found)
    assert not set(expected.not_) & set(found)
    if expected.first:
        assert found[0] == expected.first
    if expected.only is not None:
        assert sorted(found) == sorted(expected.only)
    assert hits.total == len(found)


VALUES = {facet: sorted({v for one in CATALOGUE for v in facets_of(one)[facet]}) for facet in FACETS}
CHOICES = st.fixed_dictionaries(
    {}, optional={facet: st.sets(st.sampled_from(VALUES[facet]), min_size=1) for facet in FACETS}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(chosen=CHOICES)
def test_hits_and_counts_equal_a_scan(index: SearchIndex, chosen: dict[str, set[str]]) -> None:
    """A value counts as if it were the only one chosen in its facet."""
    filters = Filters(chosen={facet: tuple(values) for facet, values in chosen.items()})
    hits = index.search(Query("", TODAY, 1, 50, filters))
    shown = [one for one in CATALOGUE if one.id in EVERYTHING]

    def fits(one: Document, *, apart_from: str = "") -> bool:
        return all(values & set(facets_of(one)[facet]) for facet, values in chosen.items() if facet != apart_from)

    assert sorted(hits.ids) == sorted(one.id for one in shown if fits(one))
    for facet in FACETS:
        expected = Counter(v for one in shown if fits(one, apart_from=facet) for v in facets_of(one)[facet])
        assert dict(hits.counts[facet]) == dict(expected)


def test_an_order_that_is_asked_for_goes_before_nearness(index: SearchIndex) -> None:
    assert index.search(Query("management", TODAY)).ids[0] == 2
    assert index.search(Query("management", TODAY, order=Order.TITLE)).ids == [1, 2, 3]
    assert index.search(Query("management", TODAY, order=Order.MOST_HOURS)).ids[0] == 2


def test_one_edition_must_begin_in_the_period(index: SearchIndex) -> None:
    around = replace(CATALOGUE[0], id=99, edition_days=(date(2027, 1, 5), date(2027, 3, 5)))
    index.put([around])
    found = {}
    for first, last in ((6, 4), (5, 4), (6, 5)):
        filters = Filters(first_day=date(2027, 1, first), last_day=date(2027, 3, last))
        found[first, last] = 99 in index.search(Query("", TODAY, 1, 50, filters)).ids
    index.remove([99])
    assert found == {(6, 4): False, (5, 4): True, (6, 5): True}


def test_pages_hold_every_hit_once(index: SearchIndex) -> None:
    for order in Order:
        pages = [index.search(Query("", TODAY, page, 4, order=order)).ids for page in range(1, 7)]
        assert sorted(id_ for page in pages for id_ in page) == sorted(EVERYTHING)
