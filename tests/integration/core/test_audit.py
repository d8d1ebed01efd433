import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.audit import GENESIS, entries_about, record, revocable, verify
from core.db import db, transaction
from core.errors import NotFound
from core.outbox import enqueue, waiting_count
from tests.world import ACTOR, NOW, World

TAMPERINGS = [
    "UPDATE audit_entry SET actor = 'iemand anders' WHERE position = 2",
    "UPDATE audit_entry SET data = '{}' WHERE position = 2",
    "UPDATE audit_entry SET previous_hash = hash WHERE position = 2",
    "DELETE FROM audit_entry WHERE position = 2",
]


def write(count: int) -> None:
    for number in range(count):
        with transaction():
            record("test.done", f"thing:{number}", by=ACTOR, at=NOW, data={"number": number})


def tamper(statement: str) -> None:
    """As somebody would who may do anything in the database, past the triggers."""
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for event in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_entry_no_{event}"))
        connection.execute(text(statement))


def test_an_untouched_chain_is_whole(app: Flask) -> None:
    write(5)
    verdict = verify()
    assert (verdict.entries, verdict.broken_at) == (5, None)
    assert verdict.last_hash != GENESIS


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_any_tampering_breaks_the_chain(app: Flask, statement: str) -> None:
    write(4)
    tamper(statement)
    assert verify().broken_at in {2, 3}


def refused_halfway() -> None:
    with revocable():
        record("test.refused", "thing:1", by=ACTOR, at=NOW)
        enqueue("test", "1", occasion="a", due=NOW)
        raise NotFound


def test_what_is_refused_halfway_leaves_no_entry_and_no_row_and_the_rest_goes_on(app: Flask) -> None:
    with transaction():
        record("test.before", "thing:1", by=ACTOR, at=NOW)
        with pytest.raises(NotFound):
            refused_halfway()
        with revocable():
            record("test.after", "thing:1", by=ACTOR, at=NOW)
    assert [entry.action for entry in entries_about(["thing:1"], [], most=9)] == ["test.after", "test.before"]
    assert waiting_count() == 0
    assert verify().broken_at is None


@pytest.mark.parametrize("table", ["audit_entry", "decision"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_closed(world: World, table: str, statement: str) -> None:
    world.decided(world.submitted(world.provider()))
    column = {"audit_entry": "actor", "decision": "reasons"}[table]
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(statement.format(table, column, "'anders'")))


def test_the_database_refuses_to_change_a_frozen_version_but_not_a_draft(world: World) -> None:
    provider = world.provider()
    world.draft(provider)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE activity_version SET title = 'Mag nog'"))
    world.submitted(provider)
    with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text("UPDATE activity_version SET title = 'Mag niet' WHERE frozen_at IS NOT NULL"))


def test_the_command_says_whether_the_chain_is_whole(world: World) -> None:
    write(3)
    whole = world.run("audit", "verify")
    assert whole.exit_code == 0
    assert "3 regels, onafgebroken" in whole.output
    tamper(TAMPERINGS[0])
    broken = world.run("audit", "verify")
    assert broken.exit_code == 1
    assert "gebroken bij regel 2" in broken.output
