"""What tests of the Meilisearch engine begin with: a double, keys as an operator makes them, and an index on it."""

from collections.abc import Iterator
from contextlib import closing
from typing import TypedDict

import pytest

from search.meilisearch_index import MeilisearchIndex
from tests.peers.meilisearch import Double, serving

NAME = "activiteiten"
PATIENCE = 20  # of a machine that has much else to do
WRITING = ("documents.*", "indexes.*", "settings.*", "tasks.get", "stats.get", "indexes.swap")


@pytest.fixture
def double() -> Iterator[Double]:
    with serving() as double:
        yield double


class Keys(TypedDict):
    """As arguments for an index."""

    key: str
    search_key: str


@pytest.fixture
def keys(double: Double) -> Keys:
    """May do no more than is needed."""
    return Keys(key=double.key(*WRITING), search_key=double.key("search", indexes=f"{NAME}-*"))


@pytest.fixture
def index(double: Double, keys: Keys) -> Iterator[MeilisearchIndex]:
    with closing(MeilisearchIndex(double.address, name=NAME, seconds=PATIENCE, **keys)) as index:
        yield index
