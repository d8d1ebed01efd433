import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from core.db import Base, db
from tests.conftest import POSTGRESQL
from tests.databases import Database, PostgresqlDatabase, SqliteDatabase

HEAD = "0004"


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of its own, because these tests take it apart."""
    server = os.environ[POSTGRESQL]
    made: Database = SqliteDatabase(tmp_path) if request.param == "sqlite" else PostgresqlDatabase(tmp_path, server)
    yield made
    made.close()


def revision(app: Flask) -> str | None:
    with app.app_context(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_the_models_equal_the_migrations(fresh: Database) -> None:
    with fresh.app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_down_one_step_and_up_again(fresh: Database) -> None:
    app = fresh.app
    for expected in range(int(HEAD) - 1, -1, -1):
        with app.app_context():
            flask_migrate.downgrade(revision="-1")
        assert revision(app) == (f"{expected:04}" if expected else None)
    with app.app_context():
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        flask_migrate.upgrade()
    assert revision(app) == HEAD


def test_every_table_belongs_to_a_package(fresh: Database) -> None:
    owners = {mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers}
    assert owners == {"core", "providers", "catalogue", "validation", "dossier"}
    mapped = {mapper.local_table.name for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # always a table
    with fresh.app.app_context():
        assert set(inspect(db.engine).get_table_names()) == mapped | {"alembic_version"}
