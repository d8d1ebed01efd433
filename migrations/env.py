"""Runs migrations on the application's own database, one transaction each, tables rebuilt where SQLite needs it."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator

from core.db import Base, db


def as_plain_type(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our own column types as the plain ones they are kept as, so that old migrations need no old code."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def without_foreign_keys(connection: Connection) -> None:
    """SQLite changes a table by copying and dropping it; rows that point at it must bear that for a moment."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")


def check_foreign_keys(connection: Connection) -> None:
    """Nothing may point at nothing when all is done."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration would leave rows that point at nothing: {broken[:5]}")


with db.engine.connect() as connection:
    without_foreign_keys(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=as_plain_type,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    check_foreign_keys(connection)
    connection.commit()
    connection.invalidate()  # the next one from the pool keeps foreign keys again
