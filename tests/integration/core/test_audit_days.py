"""The public page with the last hash of every day."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from core import clock
from core.audit import AuditEntry, record, verify
from core.audit_days import AuditDay, is_closed
from core.db import db, transaction
from core.errors import NotFound
from core.spreadsheets import CSV_TYPE
from demo.load import load
from tests.race import at_once
from tests.statements import count_statements
from tests.world import ACTOR, NOW, World, text_of

BEFORE_MIDNIGHT = {
    "winter": datetime(2026, 11, 22, 22, 59, 59, 999_999, tzinfo=UTC),
    "summer": datetime(2026, 7, 14, 21, 59, 59, 999_999, tzinfo=UTC),
    "the day of 25 hours": datetime(2026, 10, 25, 22, 59, 59, 999_999, tzinfo=UTC),
}


def write(*moments: datetime) -> None:
    for moment in moments:
        with transaction():
            record("test.done", "thing:1", by=ACTOR, at=moment)


def days() -> list[tuple[date, int, int]]:
    db.session.rollback()
    query = select(AuditDay.day, AuditDay.entries, AuditDay.position).order_by(AuditDay.day)
    return [(day, entries, position) for day, entries, position in db.session.execute(query)]


def is_right() -> bool:
    """Whether every day is what the audit trail itself says."""
    db.session.rollback()
    found: dict[date, tuple[int, int, str]] = {}
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.position)):
        day = clock.day_of(entry.at)
        found[day] = (found.get(day, (0, 0, ""))[0] + 1, entry.position, entry.hash)
    return found == {day.day: (day.entries, day.position, day.hash) for day in db.session.scalars(select(AuditDay))}


@pytest.mark.parametrize("last", BEFORE_MIDNIGHT.values(), ids=BEFORE_MIDNIGHT)
def test_a_day_ends_at_midnight_in_the_netherlands(app: Flask, last: datetime) -> None:
    write(last - timedelta(hours=1), last, last + timedelta(microseconds=1))
    day = date(last.year, last.month, last.day)
    assert days() == [(day, 2, 2), (day + timedelta(days=1), 1, 3)]
    assert is_right()


def test_what_is_written_after_midnight_counts_on_the_day_that_it_happened(app: Flask) -> None:
    today, yesterday = NOW, NOW - timedelta(days=1)
    write(yesterday, today, yesterday)
    assert days() == [(yesterday.date(), 2, 3), (today.date(), 1, 2)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), True),
    ],
    ids=["that day", "just after midnight", "an hour later"],
)
def test_a_day_is_closed_an_hour_after_it_ended(now: datetime, expected: bool) -> None:
    assert is_closed(date(2026, 11, 22), now) is expected


def test_one_transaction_may_write_of_many_days_and_many_transactions_of_one(app: Flask) -> None:
    load(app.extensions["policies"], clock.now())
    write(clock.now(), NOW)
    assert len(days()) > 10
    assert is_right()


def refused_halfway() -> None:
    record("test.done", "thing:1", by=ACTOR, at=NOW)
    raise NotFound


def test_what_is_refused_is_not_counted(app: Flask) -> None:
    write(NOW)
    with pytest.raises(NotFound), transaction():
        refused_halfway()
    assert days() == [(NOW.date(), 1, 1)]


def test_entries_that_older_code_wrote_are_counted_with_the_next_one(app: Flask) -> None:
    write(NOW - timedelta(days=1), NOW, NOW)
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_day"))
    write(NOW + timedelta(days=1))
    assert len(days()) == 3
    assert is_right()


@pytest.mark.race
def test_who_write_at_one_moment_are_all_counted(world: World) -> None:
    works = [lambda: record("test.done", "thing:1", by=ACTOR, at=NOW)] * 8
    assert at_once(world, works) == {"done": 8}
    assert days() == [(NOW.date(), 8, 8)]
    assert is_right()
    assert verify().broken_at is None


def test_the_page_tells_of_each_day_what_the_database_says(world: World) -> None:
    write(NOW - timedelta(days=1), NOW, NOW, clock.now())
    page = world.person().get("/logboek")
    assert page.status_code == 200
    shown = text_of(page)
    newest, middle, oldest = db.session.scalars(select(AuditDay).order_by(AuditDay.day.desc()))
    assert f"zo 22 november 2026 2 3 {middle.hash}" in shown
    assert f"za 21 november 2026 1 1 {oldest.hash}" in shown
    assert f"Nog niet afgesloten 1 4 {newest.hash}" in shown
    assert shown.count("Nog niet afgesloten") == 1
    assert [shown.index(day.hash) for day in (newest, middle, oldest)] == sorted(
        shown.index(day.hash) for day in (newest, middle, oldest)
    )
    assert ACTOR.key not in shown.split("Controle van het logboek", 1)[1].split()


def test_an_empty_register_has_no_days(world: World) -> None:
    page = world.person().get("/logboek")
    assert "Er is nog niets gebeurd." in text_of(page)
    assert "Eerdere dagen" not in text_of(page)


def test_further_back_are_thirty_more_until_there_are_none(world: World) -> None:
    write(*(NOW - timedelta(days=2 * number) for number in range(65)))
    person, seen, address = world.person(), [], "/logboek"
    for _ in range(9):
        page = person.get(address)
        seen.append(page.text.count('class="hash"'))
        onward = re.search(r'href="(/logboek[^"]*)" rel="next"', page.text)
        if onward is None:
            break
        address = onward[1]
    assert seen == [30, 30, 5]
    assert "Nieuwste dagen" in text_of(page)
    assert "Nieuwste dagen" not in text_of(person.get("/logboek"))


@pytest.mark.parametrize("until", ["", "gisteren", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_or_far_away_is_no_fault(world: World, until: str) -> None:
    write(NOW)
    page = world.person().get("/logboek", tot=until)
    assert page.status_code == 200
    assert ("22 november 2026" in text_of(page)) is (until != "0001-01-01")


def test_all_days_are_there_for_a_program(world: World) -> None:
    write(NOW - timedelta(days=400), NOW, clock.now())
    response = world.person().get("/logboek.csv")
    assert response.headers["Content-Type"] == CSV_TYPE
    rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"), newline=""), delimiter=";"))
    known = list(db.session.scalars(select(AuditDay).order_by(AuditDay.day)))
    assert [row["dag"] for row in rows] == [day.day.isoformat() for day in known]
    assert [row["hash"] for row in rows] == [day.hash for day in known]
    assert [(row["regels"], row["positie"], row["afgesloten"]) for row in rows] == [
        ("1", "1", "ja"),
        ("1", "2", "ja"),
        ("1", "3", "nee"),
    ]
    anchors = [option for row in rows for option in ("--expect", f"{row['positie']}:{row['hash']}")]
    assert world.run("audit", "verify", *anchors).exit_code == 0


def test_the_page_asks_one_question_however_much_happened(world: World) -> None:
    person = world.person()
    write(NOW)
    assert count_statements(lambda: person.get("/logboek")) == 1
    write(*(NOW - timedelta(days=number) for number in range(40)))
    assert count_statements(lambda: person.get("/logboek")) == 1
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 41


def test_every_page_leads_to_it(world: World) -> None:
    assert 'href="/logboek"' in world.person().get("/zoeken").text
