"""What every test can ask for: an application on each database, empty at the start, and the servers around it."""

import gc
import os
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings

from tests.chromium import chromium, page
from tests.databases import Database, PostgresqlDatabase, SqliteDatabase
from tests.postgresql import start_postgresql
from tests.world import World

__all__ = ["chromium", "page"]  # one browser for all: two in one process get in each other's way
POSTGRESQL = "REGISTERUUR_TEST_POSTGRESQL"
hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for all workers; they find it by the environment."""
    gc.set_threshold(100_000, 50, 100)  # much lives long here: looking through it all the time takes a sixth of it
    if hasattr(config, "workerinput") or POSTGRESQL in os.environ or config.option.collectonly:
        return
    os.environ[POSTGRESQL], stop = start_postgresql(is_for_tests=True)
    config.add_cleanup(stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace no lines on PostgreSQL, of races and of the double: it nearly doubles the time, and others go there."""
    for item in items:
        if "postgresql" in item.name or "[meilisearch-" in item.name or item.get_closest_marker("race"):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    """Both databases, migrated at the first use."""
    made: dict[str, Database] = {
        "sqlite": SqliteDatabase(tmp_path_factory.mktemp("sqlite")),
        "postgresql": PostgresqlDatabase(tmp_path_factory.mktemp("postgresql"), os.environ[POSTGRESQL]),
    }
    yield made
    for database in made.values():
        database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, databases: dict[str, Database]) -> Database:
    """One of the two, empty."""
    chosen = databases[request.param]
    chosen.reset()
    return chosen


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    """The application on an empty database, in its context."""
    with database.app.app_context():
        yield database.app


@pytest.fixture
def world(app: Flask) -> World:
    """People who click, and shortcuts to what they would have made."""
    return World(app)
