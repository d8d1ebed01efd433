"""The database: one Base, one way to end a transaction, and the hooks that make SQLite and PostgreSQL behave alike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Connection, ExceptionContext, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError

from core.errors import StaleVersion

SQLITE_PRAGMAS = ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL")
POSTGRESQL_OPTIONS = "-c lock_timeout=10s -c timezone=UTC"

before_commit: list[Callable[[], None]] = []  # run inside, when all is said
after_commit: list[Callable[[], None]] = []  # run when nothing can be lost any more
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """The base of every model; the naming convention lets migrations name what they drop."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; naive datetimes are refused, because nobody can tell what they meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To the database."""
        if value is not None and value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class HourNumber(TypeDecorator[Decimal]):
    """Hours as exact decimals, kept as hundredths: SQLite knows no decimals and floats would drift."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To the database."""
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """From the database."""
        return None if value is None else Decimal(value) / 100


@contextmanager
def transaction() -> Iterator[None]:
    """Commit on success, roll back on any exception; the only place that ends a transaction.

    Opened once per request, command or message. What was read before is forgotten first, so that every fact
    a decision rests on is read inside (SQLite: under `BEGIN IMMEDIATE`). A stale version column is refused.
    """
    if _writing.get():
        message = "transaction() is opened once, at the entry point"
        raise RuntimeError(message)
    db.session.rollback()
    db.session.info.clear()
    token = _writing.set(True)
    try:
        yield
        for hook in before_commit:
            hook()
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise StaleVersion from None
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)
    for hook in after_commit:
        hook()


def add_unless_there(row: Base) -> bool:
    """Add a row unless a constraint says that it is there already, also when somebody else adds it this moment."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def one_at_a_time(lock: int) -> None:
    """Wait until no other transaction holds this lock; it is held until the end of this one. SQLite has but one."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def reserve_ids(kind: type[Base], count: int) -> list[int]:
    """Ids, ascending, for rows that are about to be inserted: with them nobody has to ask which id a row was given."""
    table = Base.metadata.tables[kind.__tablename__]
    if db.engine.dialect.name == "postgresql":
        given = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(db.session.scalars(given, {"name": table.name, "count": count}))
    last = db.session.scalar(select(func.max(table.c.id))) or 0  # nobody else writes during this transaction
    return list(range(last + 1, last + 1 + count))


def insert_rows(kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows at once, past the objects of the session: several times as fast. Defaults apply."""
    db.session.flush()
    if rows:
        db.session.connection().execute(insert(kind), list(rows))


def engine_options(url: str) -> dict[str, Any]:
    """What the engine needs beyond its address."""
    options: dict[str, Any] = {"hide_parameters": True}  # values of people never reach a log
    if make_url(url).get_backend_name() == "postgresql":
        options |= {"connect_args": {"options": POSTGRESQL_OPTIONS}, "pool_pre_ping": True}
    return options


def driver_url(url: str) -> str:
    """The address with the driver that we ship, for operators who write plain `postgresql://`."""
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return address.render_as_string(hide_password=False)


def init_db(app: Flask, url: str) -> None:
    """Connect the application to its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = driver_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _hook_sqlite(db.engine)
        else:
            _hook_postgresql(db.engine)


def _hook_postgresql(engine: Engine) -> None:
    # The server repeats the row that it refuses in the detail of an error, which would end up in a log.
    @event.listens_for(engine, "handle_error")
    def forget_values(context: ExceptionContext) -> None:
        diagnosis = getattr(context.original_exception, "diag", None)
        if diagnosis is None or diagnosis.message_detail is None:
            return
        context.original_exception.args = (diagnosis.message_primary,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (diagnosis.message_primary,)


def _hook_sqlite(engine: Engine) -> None:
    # The driver's own transactions start too late: a SELECT would run outside of them and effects could double.
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(db.session, "before_flush")
def _refuse_stray_writes(session: Session, *_: object) -> None:
    if not _writing.get() and (session.new or session.dirty or session.deleted):
        message = "a write outside transaction()"
        raise RuntimeError(message)
