"""The table of questions, on every engine."""

from pathlib import Path

import pytest

from search.index import Query, SearchIndex
from search.tantivy_index import TantivyIndex
from tests.expectations import CATALOGUE, TABLE, TODAY, Expected


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
