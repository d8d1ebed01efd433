from datetime import date
from decimal import Decimal
from itertools import repeat
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from catalogue import numbers
from catalogue.drafts import freeze, newest_version
from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.queries import find_by_number_part
from catalogue.recognitions import grant, recognise_former
from catalogue.states import State
from core.audit import AuditEntry, record
from core.db import db, transaction
from core.policy import Hours
from core.policy.hours import ZERO
from tests.world import ACTOR, HOURS, NOW, World

TODAY = date(2026, 11, 22)


def version_of(activity: Activity) -> ActivityVersion:
    return freeze(newest_version(db.session.get_one(Activity, activity.id)), NOW)


def test_a_number_that_is_taken_is_drawn_again(world: World) -> None:
    provider = world.provider()
    first, second = world.draft(provider), world.draft(provider)
    taken, free = numbers.draw(Random(1)), numbers.draw(Random(2))
    draws = iter([taken, taken, taken, free])
    for activity in (first, second):
        with transaction():
            grant(version_of(activity), HOURS, register="test", valid_from=TODAY, draw=lambda: next(draws))
    assert set(db.session.scalars(select(Recognition.number))) == {taken, free}


def test_a_second_grant_by_one_register_keeps_the_number(world: World) -> None:
    activity = world.draft(world.provider())

    def grant_once(hours: Hours) -> tuple[int, str]:
        with transaction():
            recognition = grant(version_of(activity), hours, register="test", valid_from=TODAY)
            return recognition.id, recognition.number

    first = grant_once(HOURS)
    assert grant_once(Hours(HOURS.contact, ZERO)) == first
    assert db.session.get_one(Recognition, first[0]).hours == Hours(HOURS.contact, ZERO)


def test_what_this_register_grants_leads_what_the_former_one_did(world: World) -> None:
    activity = world.draft(world.provider())
    with transaction():
        recognise_former(version_of(activity), HOURS, number="oud1", valid_from=TODAY)
        new = grant(version_of(activity), HOURS, register="test", valid_from=TODAY).number
    leading = {row.number: row.is_leading for row in db.session.scalars(select(Recognition))}
    assert leading == {"oud1": False, new: True}


def test_a_constraint_that_is_not_about_the_number_is_an_error_and_not_a_new_draw(world: World) -> None:
    activity = world.draft(world.provider())
    with pytest.raises(IntegrityError), transaction():
        grant(version_of(activity), Hours(Decimal(-1), ZERO), register="test", valid_from=TODAY)


def test_when_no_number_is_free_nothing_is_granted(world: World) -> None:
    provider = world.provider()
    only = numbers.draw(Random(1))

    def grant_only(activity: Activity) -> None:
        with transaction():
            grant(version_of(activity), HOURS, register="test", valid_from=TODAY, draw=lambda: only)

    grant_only(world.draft(provider))
    with pytest.raises(RuntimeError, match="no free number"):
        grant_only(world.draft(provider))


def test_every_part_of_every_number_finds_exactly_what_a_scan_finds(world: World) -> None:
    provider = world.provider()
    for _ in range(25):
        world.published(provider)
    known = list(db.session.scalars(select(Recognition.number)))
    pieces = {number[start:end] for number in known for start in range(8) for end in range(start + 3, 9)}
    for piece in sorted(pieces):
        found = {entry.number for entry in find_by_number_part(piece, TODAY, most=100)}
        assert found == {number for number in known if piece in number}
    assert find_by_number_part("222222", TODAY, most=100) == []


def test_a_full_number_comes_first_and_a_start_before_an_inner_part(world: World) -> None:
    provider = world.provider()
    for number in ("222ABC22", "ABC", "ABC22222"):
        activity = world.draft(provider)
        with transaction():
            shown = db.session.get_one(Activity, activity.id)
            shown.state, shown.shown_changed_at = State.PUBLISHED, NOW
            grant(
                version_of(activity), HOURS, register="lerarenregister", valid_from=TODAY, draw=repeat(number).__next__
            )
    found = [entry.number for entry in find_by_number_part("a-b c", TODAY, most=10)]
    assert found == ["ABC", "ABC22222", "222ABC22"]


def test_a_collision_leaves_the_audit_trail_whole(world: World) -> None:
    provider = world.provider()
    first, second = world.draft(provider), world.draft(provider)
    taken, free = numbers.draw(Random(1)), numbers.draw(Random(2))
    draws = iter([taken, taken, free])
    for activity in (first, second):
        with transaction():
            record("before", f"activity:{activity.id}", by=ACTOR, at=NOW)
            grant(version_of(activity), HOURS, register="test", valid_from=TODAY, draw=lambda: next(draws))
            record("after", f"activity:{activity.id}", by=ACTOR, at=NOW)
    query = select(AuditEntry.action).where(AuditEntry.action.in_(["before", "after"])).order_by(AuditEntry.position)
    assert list(db.session.scalars(query)) == ["before", "after"] * 2


@pytest.mark.parametrize("change", ["number = 'anders'", "activity_id = 1", "register = 'anders'"])
def test_a_number_is_never_changed_or_taken_back(world: World, change: str) -> None:
    world.published(world.provider())
    for statement in (f"UPDATE recognition SET {change}", "DELETE FROM recognition"):
        with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
