import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.audit import GENESIS, AuditEntry, entries_about, record, revocable, verify
from core.db import db, transaction
from core.errors import NotFound
from core.outbox import enqueue, waiting_count
from tests.chain import cut_off, rewrite, tamper
from tests.world import ACTOR, NOW, World, text_of

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


def hash_of(position: int) -> str:
    db.session.rollback()
    return db.session.scalars(select(AuditEntry.hash).filter_by(position=position)).one()


def test_a_hash_that_was_kept_is_found_again_however_it_was_typed(world: World) -> None:
    write(4)
    kept = ["--expect", f"2:{hash_of(2)}", "--expect", f" 4:{hash_of(4).upper()}"]
    found = world.run("audit", "verify", *kept)
    assert found.exit_code == 0
    assert "4 regels, onafgebroken" in found.output
    assert "2 bewaarde hashes kloppen" in found.output


def test_an_entry_with_another_hash_or_without_any_is_named(world: World) -> None:
    write(4)
    wrong = world.run("audit", "verify", "--expect", f"3:{hash_of(2)}", "--expect", f"9:{hash_of(4)}")
    assert wrong.exit_code == 1
    assert (
        "regel 3 heeft een andere hash dan verwacht; regel 9 bestaat niet: het logboek heeft 4 regels" in wrong.output
    )


@pytest.mark.parametrize("kept", ["", "3", f"0:{GENESIS}", f"-1:{GENESIS}", f"x:{GENESIS}", "3:abc", f"٣:{GENESIS}"])
def test_what_cannot_be_an_entry_is_refused_before_the_walk(world: World, kept: str) -> None:
    refused = world.run("audit", "verify", f"--expect={kept}")
    assert refused.exit_code == 2
    assert "is no entry" in refused.output


def test_rewritten_history_is_caught_by_a_hash_that_was_on_the_public_page(world: World) -> None:
    write(6)
    published = text_of(world.person().get("/logboek"))
    kept = f"6:{hash_of(6)}"
    assert kept.removeprefix("6:") in published
    assert world.run("audit", "verify", "--expect", kept).exit_code == 0
    rewrite(2, actor="iemand anders")
    db.session.rollback()
    assert world.run("audit", "verify").exit_code == 0, "the new chain is whole"
    assert kept.removeprefix("6:") not in text_of(world.person().get("/logboek"))
    caught = world.run("audit", "verify", "--expect", kept)
    assert caught.exit_code == 1
    assert "regel 6 heeft een andere hash dan verwacht" in caught.output


def test_newest_entries_that_were_cut_off_are_missed_by_who_kept_one(world: World) -> None:
    write(6)
    kept = f"5:{hash_of(5)}"
    cut_off(3)
    assert world.run("audit", "verify").exit_code == 0, "what is left is whole"
    missed = world.run("audit", "verify", "--expect", kept)
    assert missed.exit_code == 1
    assert "regel 5 bestaat niet: het logboek heeft 3 regels" in missed.output


def test_a_chain_that_does_not_fit_the_public_page_is_caught_without_any_hash(world: World) -> None:
    write(3)
    tamper("DELETE FROM audit_entry WHERE position = 3")
    cut = world.run("audit", "verify")
    assert cut.exit_code == 1
    assert "regel 3, de laatste van 22 november 2026, bestaat niet: het logboek heeft 2 regels" in cut.output
    tamper("UPDATE audit_day SET position = 2")
    other = world.run("audit", "verify")
    assert other.exit_code == 1
    assert "regel 2, de laatste van 22 november 2026, heeft een andere hash dan op de openbare pagina" in other.output


def test_of_many_entries_that_do_not_fit_some_are_named_and_the_rest_is_counted(world: World) -> None:
    write(1)
    kept = [option for position in range(2, 16) for option in ("--expect", f"{position}:{GENESIS}")]
    output = world.run("audit", "verify", *kept).output
    assert "regel 11 bestaat niet: het logboek heeft 1 regel; en nog 4" in output
