"""Many at once leave exactly what one at a time leaves."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select

from catalogue.bulk import FormerRecognition, NewDraft, create_drafts, recognise_all_former, rewrite_drafts
from catalogue.drafts import create_draft, freeze, newest_version, save_draft
from catalogue.models import Activity, ActivityVersion, NumberPart, Recognition
from catalogue.recognitions import recognise_former
from core.audit import AuditEntry, verify
from core.db import Base, db, transaction
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, HOURS, NOW, World

FULL = replace(COMPLETE, title="ÉÉN titel", starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1), website="https://a.b")
EMPTY = replace(COMPLETE, contact_hours=None, self_study_hours=Decimal("0.25"), sectors=(), title="")
LATER = NOW + timedelta(hours=1)
DAY = date(2015, 1, 7)
OWN = {"id", "activity_id", "version_id", "recognition_id", "position", "previous_hash", "hash", "object"}


def facts(kind: type[Base]) -> list[dict[str, Any]]:
    """The columns of all rows, apart from which row it is."""
    db.session.rollback()
    names = [column.key for column in inspect(kind).columns if column.key not in OWN]
    rows = db.session.scalars(select(kind).order_by(*inspect(kind).primary_key))
    return [{name: getattr(row, name) for name in names} for row in rows]


def halves(kind: type[Base]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found = facts(kind)
    return found[: len(found) // 2], found[len(found) // 2 :]


def test_bulk_drafts_equal_single_drafts(world: World) -> None:
    provider = world.provider()
    with transaction():
        for content in (FULL, EMPTY):
            version = newest_version(create_draft(provider.id, content, by=ACTOR, now=NOW))
        freeze(version, NOW)
    with transaction():
        create_drafts(
            [NewDraft(provider.id, FULL, is_frozen=False), NewDraft(provider.id, EMPTY, is_frozen=True)],
            by=ACTOR,
            now=NOW,
        )
    for kind in (Activity, ActivityVersion):
        single, bulk = halves(kind)
        assert single == bulk
    entries = [entry for entry in facts(AuditEntry) if entry["action"] == "activity.created"]
    assert entries[:2] == entries[2:]
    assert verify().broken_at is None


def test_bulk_recognitions_equal_single_ones(world: World) -> None:
    provider = world.provider()
    with transaction():
        for number in ("mpnQtC38Ft", "oud-1"):
            version = newest_version(create_draft(provider.id, FULL, by=ACTOR, now=NOW))
            recognise_former(version, HOURS, number=number, valid_from=DAY)
    with transaction():
        made = create_drafts([NewDraft(provider.id, FULL, is_frozen=False)] * 2, by=ACTOR, now=NOW)
        numbers = zip(made, ("mpnQtC38Fu", "oud-2"), strict=True)
        recognise_all_former([FormerRecognition(ids, number, HOURS, DAY) for ids, number in numbers])
    single, bulk = halves(Recognition)
    assert [row | {"number": row["number"][:-1]} for row in single] == [
        row | {"number": row["number"][:-1]} for row in bulk
    ]
    parts = {(row.part, row.recognition_id) for row in db.session.scalars(select(NumberPart))}
    ids = {row.number: row.id for row in db.session.scalars(select(Recognition))}
    assert len([part for part, id_ in parts if id_ == ids["mpnQtC38Ft"]]) == 8
    assert {part for part, id_ in parts if id_ == ids["oud-2"]} == {"OUD2", "UD2"}


def test_bulk_rewriting_equals_saving_a_draft(world: World) -> None:
    provider = world.provider()
    single, bulk = world.draft(provider), world.draft(provider).id
    with transaction():
        db.session.refresh(single)
        save_draft(single, FULL, by=ACTOR, now=LATER)
    with transaction():
        rewrite_drafts({bulk: FULL}, by=ACTOR, now=LATER)
        rewrite_drafts({}, by=ACTOR, now=LATER)
    for kind in (Activity, ActivityVersion):
        one, other = halves(kind)
        assert one == other
    assert facts(Activity)[1]["version"] == 2
    entries = [entry for entry in facts(AuditEntry) if entry["action"] == "activity.edited"]
    assert entries[0] == entries[1]


def test_the_next_single_row_after_bulk_rows_has_an_id_of_its_own(world: World) -> None:
    provider = world.provider()
    first = world.draft(provider).id
    with transaction():
        made = create_drafts([NewDraft(provider.id, FULL, is_frozen=False)] * 3, by=ACTOR, now=NOW)
    assert [ids.activity_id for ids in made] == [first + 1, first + 2, first + 3]
    assert world.draft(provider).id == first + 4


def test_the_statements_do_not_grow_with_the_drafts(world: World) -> None:
    provider_id = world.provider().id

    def make(count: int) -> int:
        with transaction():
            return count_statements(
                lambda: create_drafts([NewDraft(provider_id, FULL, is_frozen=False)] * count, by=ACTOR, now=NOW)
            )

    assert make(2) == make(50) == 4


def test_nothing_to_make_is_no_fault(world: World) -> None:
    with transaction():
        assert create_drafts([], by=ACTOR, now=NOW) == []
        recognise_all_former([])
