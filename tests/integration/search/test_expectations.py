"""The table of questions, on every engine."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.document import Document, facets_of
from search.index import FACETS, Filters, Order, Query, SearchIndex
from search.tantivy_index import TantivyIndex
from tests.expectations import CATALOGUE, EVERYTHING, TABLE, TODAY, Expected


@pytest.fixture(scope="module", params=["tantivy"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("engine")
    made = TantivyIndex(folder)
    made.replace_all(CATALOGUE)
    return made


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


def test_pages_hold_every_hit_once(index: SearchIndex) -> None:
    for order in Order:
        pages = [index.search(Query("", TODAY, page, 4, order=order)).ids for page in range(1, 7)]
        assert sorted(id_ for page in pages for id_ in page) == sorted(EVERYTHING)
