"""Two databases that can be emptied fast: a copied file, and a function that empties every table."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any, Protocol

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from catalogue.figures import EXTENSION as FIGURES
from core.config import Settings, load_settings
from core.db import Base, db, driver_url
from validation.statistics.public import EXTENSION as PUBLIC_FIGURES
from wsgi import create_app


class Database(Protocol):
    """A migrated database with an application on it."""

    app: Flask
    url: str

    def reset(self) -> None: ...

    def close(self) -> None: ...


OFTEN = {"REGISTERUUR_API_REQUESTS_A_MINUTE": "1000000"}  # all tests ask from one address


def settings_for(folder: Path, url: str, **more: Any) -> Settings:
    given = {"REGISTERUUR_INSTANCE": str(folder), "REGISTERUUR_DATABASE_URL": url} | OFTEN
    return load_settings(given | {f"REGISTERUUR_{name.upper()}": str(value) for name, value in more.items()})


def migrated_app(folder: Path, url: str, **more: Any) -> Flask:
    app = create_app(settings_for(folder, url, **more))
    with app.app_context():
        flask_migrate.upgrade()
    return app


class SqliteDatabase:
    def __init__(self, folder: Path) -> None:
        self._file, self._empty = folder / "test.db", folder / "empty.db"
        self.url = f"sqlite:///{self._file}"
        self.app = migrated_app(folder, self.url)
        self.close()
        shutil.copy(self._file, self._empty)

    def reset(self) -> None:
        self.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file}{ending}").unlink(missing_ok=True)
        shutil.copy(self._empty, self._file)
        forget(self.app)

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


class PostgresqlDatabase:
    def __init__(self, folder: Path, server: str) -> None:
        self._name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
        self._admin = sa.create_engine(driver_url(server), isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {self._name}"))
        address = sa.make_url(driver_url(server)).set(database=self._name)
        self.url = address.render_as_string(hide_password=False)
        self.app = migrated_app(folder, self.url)

        self._make_emptier()

    def reset(self) -> None:
        with self.app.app_context():
            db.session.remove()
            with db.engine.begin() as connection:
                # Only a superuser can pass the triggers that keep closed rows closed.
                connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
                connection.execute(sa.text("SELECT empty_everything()"))
        forget(self.app)

    def _make_emptier(self) -> None:
        """Deleting few rows is several times as fast as truncating many tables."""
        deletes = " ".join(f"DELETE FROM {table.name};" for table in Base.metadata.sorted_tables)
        with self.app.app_context(), db.engine.begin() as connection:
            sequences = connection.scalars(sa.text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"))
            restarts = " ".join(f"PERFORM setval('{name}', 1, false);" for name in sequences)
            body = f"BEGIN {deletes} {restarts} END"
            function = f"CREATE FUNCTION empty_everything() RETURNS void LANGUAGE plpgsql AS $${body}$$"
            connection.execute(sa.text(function))

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        with self._admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {self._name} WITH (FORCE)"))
        self._admin.dispose()


def forget(app: Flask) -> None:
    """What an application keeps of its database beside it."""
    for kept in (FIGURES, PUBLIC_FIGURES):
        app.extensions.pop(kept, None)
    index = app.extensions["search_index"]
    if index.count():
        index.replace_all([])
