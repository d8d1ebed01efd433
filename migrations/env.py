"""Runs migrations on the application's own database, one transaction each, tables rebuilt where SQLite needs it."""

from typing import Literal

from alembic import context
from sqlalchemy import TypeDecorator

from core.db import Base, db


def as_plain_type(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our own column types as the plain ones they are kept as, so that old migrations need no old code."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


with db.engine.connect() as connection:
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
    connection.commit()
