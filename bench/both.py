"""The two kinds of database to measure on, each empty, migrated and with an application on it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.databases import PostgresqlDatabase, migrated_app
from tests.postgresql import start_postgresql


@dataclass(frozen=True)
class Measured:
    """A database: what it is called, its folder and address, and the application on it."""

    name: str
    folder: Path
    url: str
    app: Flask


def both() -> Iterator[Measured]:
    """SQLite, then PostgreSQL; each is gone when the next one is asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        yield Measured("SQLite", folder, url, migrated_app(folder, url))
    server, stop = start_postgresql()
    try:
        with tempfile.TemporaryDirectory() as name:
            database = PostgresqlDatabase(Path(name), server)
            yield Measured("PostgreSQL", Path(name), database.url, database.app)
            database.close()
    finally:
        stop()
