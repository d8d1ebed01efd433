import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError

from catalogue.deleting import delete_for_ever
from catalogue.drafts import discard, freeze, save_draft
from catalogue.models import Activity
from core import clock
from core.audit import verify
from core.audit_days import AuditDay
from core.db import Base, db, transaction
from core.policy.loading import current_policies
from demo.load import load
from tests.conftest import POSTGRESQL
from tests.databases import Database, PostgresqlDatabase, SqliteDatabase
from tests.exports import own_file
from tests.importer import provider_importer
from tests.world import ACTOR, COMPLETE, NOW, POLICY, World, judgement, member_identity
from validation.deciding import decide
from validation.models import Case
from validation.states import Outcome

HEAD = "0011"


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
    steps = list(ScriptDirectory("migrations").walk_revisions())
    assert steps[0].revision == HEAD
    for step in steps:
        with app.app_context():
            flask_migrate.downgrade(revision="-1")
        assert revision(app) == step.down_revision
    with app.app_context():
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        flask_migrate.upgrade()
    assert revision(app) == HEAD


def counts(app: Flask) -> dict[str, int]:
    with app.app_context(), db.engine.connect() as connection:
        tables = ("provider", "declaration", "activity", "activity_version", "recognition", "audit_entry")
        found = {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables}
        validation = (
            "SELECT count(*) FROM decision JOIN case_file ON case_file.id = case_id WHERE activity_id IS NOT NULL"
        )
        return found | {"decision": connection.execute(text(validation)).scalar_one()}


def test_a_register_in_use_goes_down_and_up_and_loses_nothing(fresh: Database) -> None:
    app = fresh.app
    with app.app_context():
        load(current_policies(), clock.now())
    before = counts(app)
    with app.app_context():
        flask_migrate.downgrade(revision="0002")
    with app.app_context():
        flask_migrate.upgrade()
    assert counts(app) == before
    with app.app_context():
        assert verify().broken_at is None
    for closed in ("decision", "audit_entry", "recognition", "activity_version"):
        column = {"decision": "reasons", "audit_entry": "actor", "recognition": "number"}.get(closed, "title")
        with app.app_context(), db.engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(f"UPDATE {closed} SET {column} = 'x'"))
    with app.app_context(), db.engine.connect() as connection:
        if fresh.url.startswith("sqlite"):
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_reasons_by_code_and_waiting_cases_survive_a_step_down(fresh: Database) -> None:
    with fresh.app.app_context():
        world = World(fresh.app)
        case, waiting = (world.submitted(world.provider(number)) for number in ("90100011", "90100022"))
        world.asked(waiting)
        world.claimed(case)
        with transaction():
            db.session.refresh(case)
            rejection = judgement(POLICY, Outcome.REJECTED, reasons="")
            by_code = replace(rejection, reason_codes=("goal:missing",))
            decide(case, by_code, POLICY, by=member_identity(), now=NOW)
        db.session.remove()
        flask_migrate.downgrade(revision="0004")
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT reasons FROM decision")).scalar_one() == '["goal:missing"]'
            states = set(connection.execute(text("SELECT state FROM case_file")).scalars())
    assert states == {"decided", "in_review"}


def test_who_owed_an_answer_has_two_weeks_from_the_day_that_answers_have_a_last_day(fresh: Database) -> None:
    long_ago = clock.now() - timedelta(days=60)
    with fresh.app.app_context():
        world = World(fresh.app)
        case = world.asked(world.submitted(world.provider(), now=long_ago), now=long_ago)
        case_id = case.id
        db.session.remove()
        flask_migrate.downgrade(revision="0007")
        flask_migrate.upgrade()
        question = db.session.get_one(Case, case_id).open_question
        assert question
        assert question.answer_by >= clock.today() + timedelta(days=13)


def test_titles_that_were_there_are_found_without_their_diacritics(fresh: Database) -> None:
    with fresh.app.app_context():
        world = World(fresh.app)
        world.draft(world.provider(), replace(COMPLETE, title="Beëindigen"))
        flask_migrate.downgrade(revision="0005")
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE activity SET title_key = 'beëindigen'"))
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT title_key FROM activity")).scalar_one() == "beeindigen"


def title_keys() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.execute(text("SELECT title_key FROM activity ORDER BY id")).scalars())


def test_the_code_before_finds_titles_by_their_diacritics_again(fresh: Database) -> None:
    with fresh.app.app_context():
        world = World(fresh.app)
        own = world.provider()
        for title in ("BEËINDIGEN", "Plain"):
            world.draft(own, replace(COMPLETE, title=title))
        once = replace(COMPLETE, title="Één")
        deleted, changed, discarded = world.draft(own, once), world.published(own, once), world.published(own, once)
        with transaction():
            delete_for_ever(db.session.get_one(Activity, deleted.id), "", by=ACTOR, now=NOW)
        for later, title in ((changed, "Een"), (discarded, "Twee")):
            with transaction():
                activity = db.session.get_one(Activity, later.id)
                version = save_draft(activity, replace(COMPLETE, title=title), by=ACTOR, now=NOW)
        with transaction():
            freeze(version, NOW)  # as when it was turned down: it stays
            discard(activity, by=ACTOR, now=NOW)
        folded = title_keys()
        assert folded == ["beeindigen", "plain", "", "een", "een"]
        db.session.remove()
        flask_migrate.downgrade(revision="0006")
        assert title_keys() == ["beëindigen", "plain", "", "een", "één"]
        flask_migrate.upgrade()
        assert title_keys() == folded


def test_a_step_down_ends_the_taking_back_of_an_import_and_leaves_no_word_of_it(fresh: Database) -> None:
    with fresh.app.app_context():
        world = World(fresh.app)
        world.provider()
        importer = provider_importer(world)
        landing = importer.landed(own_file({"eigen_sleutel": "KM-1"}, {"eigen_sleutel": "KM-2"}))
        importer.person.post(f"{landing}/terugdraaien")
        db.session.remove()
        flask_migrate.downgrade(revision="0005")
        with db.engine.connect() as connection:
            left = connection.execute(text("SELECT state, finished_at IS NOT NULL FROM job WHERE kind = 'import-undo'"))
            assert [tuple(row) for row in left] == [("cancelled", 1)]
            waiting = "SELECT count(*) FROM outbox_message WHERE kind = 'job.step' AND state <> 'done'"
            assert connection.execute(text(waiting)).scalar_one() == 0
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            landed = connection.execute(text("SELECT landing_id FROM imported_offer ORDER BY source_key")).scalars()
            assert list(landed) == [None, None]
        assert verify().broken_at is None


def test_the_days_of_the_audit_trail_that_was_there_are_counted(fresh: Database) -> None:
    with fresh.app.app_context():
        load(current_policies(), clock.now())
        days = select(AuditDay.__table__).order_by(AuditDay.day)
        before = db.session.execute(days).all()
        db.session.remove()
        flask_migrate.downgrade(revision="0007")
        flask_migrate.upgrade()
        assert db.session.execute(days).all() == before
        assert len(before) > 10


def test_every_table_belongs_to_a_package(fresh: Database) -> None:
    owners = {mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers}
    assert owners == {"core", "providers", "catalogue", "validation", "dossier"}
    mapped = {mapper.local_table.name for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # always a table
    with fresh.app.app_context():
        assert set(inspect(db.engine).get_table_names()) == mapped | {"alembic_version"}
