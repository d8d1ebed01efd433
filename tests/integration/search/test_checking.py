"""The index is a copy: whatever is wrong with it is named, and put right."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from catalogue.publication import announce
from core import clock
from core.db import db, transaction
from core.outbox import OutboxMessage
from core.worker import deliver_due
from search.checking import NIGHTLY, Difference, Kind, differences, ensure_nightly
from search.document import Document
from search.index import SearchIndex
from tests.world import COMPLETE, World


@pytest.fixture
def index(world: World) -> SearchIndex:
    made: SearchIndex = world.app.extensions["search_index"]
    made.replace_all([])
    return made


@pytest.fixture
def wrong(world: World, index: SearchIndex) -> list[Difference]:
    """A missing, a stale and an extra activity in the index, among others that are right."""
    provider = world.provider()
    made = [world.published(provider, replace(COMPLETE, title=f"Rekenen {number}")) for number in range(4)]
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    world.run("search", "rebuild")
    index.remove([made[0].id])
    index.put([Document(id=made[1].id, title="Oud", provider="", subject="", facts="", description="")])
    index.put([Document(id=9_999, title="Nooit", provider="", subject="", facts="", description="")])
    return [
        Difference(made[0].id, Kind.MISSING),
        Difference(made[1].id, Kind.STALE),
        Difference(9_999, Kind.EXTRA),
    ]


def test_a_fresh_index_has_no_difference(world: World, index: SearchIndex) -> None:
    world.published(world.provider())
    world.run("search", "rebuild")
    assert list(differences(index, clock.today())) == []
    result = world.run("search", "check")
    assert (result.exit_code, result.output) == (0, "0 differences.\n")


def test_every_difference_is_named_and_put_right(world: World, index: SearchIndex, wrong: list[Difference]) -> None:
    assert list(differences(index, clock.today())) == wrong
    result = world.run("search", "check")
    assert result.exit_code == 1
    assert all(f"activity {found.activity_id}: {found.kind}" in result.output for found in wrong)
    assert "3 differences, repaired." in world.run("search", "check", "--repair").output
    assert world.run("search", "check").exit_code == 0


def test_what_the_outbox_still_holds_is_said(world: World, index: SearchIndex) -> None:
    activity = world.published(world.provider())
    index.replace_all([])
    with transaction():
        announce(activity, clock.now())
    result = world.run("search", "check")
    assert result.exit_code == 1
    assert "missing" in result.output
    assert "messages still wait in the outbox" in result.output


def test_what_changes_by_itself_is_a_difference(world: World, index: SearchIndex) -> None:
    activity = world.published(world.provider(), replace(COMPLETE, ends_on=clock.today()))
    world.run("search", "rebuild")
    tomorrow = clock.today() + timedelta(days=1)
    assert list(differences(index, tomorrow)) == [Difference(activity.id, Kind.EXTRA)]


def test_every_night_it_is_checked_repaired_and_asked_for_again(
    world: World, index: SearchIndex, wrong: list[Difference], monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_nightly()
    ensure_nightly()
    asked = db.session.scalars(select(OutboxMessage).filter_by(kind=NIGHTLY)).one()
    assert asked.due_at > clock.now()
    night = asked.due_at + timedelta(minutes=1)
    monkeypatch.setattr("core.clock.now", lambda: night)
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    db.session.rollback()
    days = [message.due_at for message in db.session.scalars(select(OutboxMessage).filter_by(kind=NIGHTLY))]
    assert len(days) == 2
    assert max(days) - min(days) in {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert list(differences(index, clock.day_of(night))) == []
    assert index.count() == len(list(db.session.scalars(select(Activity.id).filter_by(state="published"))))


def test_the_check_is_at_three_in_the_morning(world: World) -> None:
    ensure_nightly()
    due: datetime = db.session.scalars(select(OutboxMessage).filter_by(kind=NIGHTLY)).one().due_at
    assert due.astimezone(clock.AMSTERDAM).hour == 3
