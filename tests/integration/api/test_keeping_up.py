"""Another register keeps a copy of the catalogue by asking what changed, and never misses anything."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from catalogue.deleting import delete_for_ever
from catalogue.models import Activity
from catalogue.publication import move, set_period
from catalogue.states import Action, State
from core import clock
from core.db import db, transaction
from tests.world import ACTOR, Person, World

ALL = "/api/v1/activiteiten"
BEGINNING = "2000-01-01T00:00:00Z"


class Copy:
    """What the other register holds, by id, and until when it is complete."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.held: dict[str, dict[str, Any]] = {}
        self.until = BEGINNING

    def keep_up(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Turn all pages, while something else happens after the first."""
        until, address = "", f"{ALL}?gewijzigdSinds={self.until}&paginaGrootte=2"
        while address:
            page = self.person.read(address.removeprefix("http://127.0.0.1:8000"))
            if not until:
                until = page["bijgewerktTot"]
                meanwhile()
            self.held |= {found["id"]: found for found in page["activiteiten"]}
            address = page["links"].get("volgende", "")
        self.until = until

    @property
    def offered(self) -> set[str]:
        return {found["nummer"] for found in self.held.values() if found["status"] == "aangeboden"}

    def of(self, activity: Activity) -> dict[str, Any]:
        return self.held[str(activity.id)]


@pytest.fixture
def copy(world: World) -> Copy:
    return Copy(world.person())


def offered(person: Person) -> set[str]:
    return {found["nummer"] for found in person.read(ALL, paginaGrootte=100)["activiteiten"]}


def do(activity_id: int, what: str, number: str) -> None:
    now = clock.now()
    with transaction():
        activity = db.session.get_one(Activity, activity_id)
        if what == "hide" and activity.state == State.PUBLISHED:
            move(activity, Action.UNPUBLISH, by=ACTOR, now=now)
        elif what == "show" and activity.state == State.VALIDATED:
            move(activity, Action.PUBLISH, by=ACTOR, now=now)
        elif what == "end" and activity.state != State.DELETED:
            set_period(activity, None, clock.today() - timedelta(days=1), by=ACTOR, now=now)
        elif what == "delete" and activity.state != State.DELETED:
            delete_for_ever(activity, number, by=ACTOR, now=now)


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["hide", "show", "end", "delete"])), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6)
@given(before=STEPS, during=STEPS)
def test_a_copy_that_keeps_up_equals_the_catalogue(
    world: World, before: list[tuple[int, str]], during: list[tuple[int, str]]
) -> None:
    kvk_number = f"9{world.app.extensions.setdefault('companies', 0):07}"
    world.app.extensions["companies"] += 1
    provider, copy = world.provider(kvk_number), Copy(world.person())
    made = [world.published(provider) for _ in range(3)]
    numbers = [world.number(activity) for activity in made]
    ids = [activity.id for activity in made]
    copy.keep_up()
    for place, what in before:
        do(ids[place], what, numbers[place])

    def go_on() -> None:
        for place, what in during:
            do(ids[place], what, numbers[place])

    copy.keep_up(go_on)
    copy.keep_up()
    assert copy.offered == offered(copy.person)


def test_what_was_never_shown_is_nobodys_business(world: World, copy: Copy) -> None:
    world.decided(world.submitted(world.provider()))
    copy.keep_up()
    assert copy.held == {}


def test_what_is_gone_leaves_number_and_hours(world: World, copy: Copy) -> None:
    activity = world.published(world.provider())
    number = world.number(activity)
    copy.keep_up()
    assert copy.offered == {number}
    do(activity.id, "hide", number)
    do(activity.id, "delete", number)
    copy.keep_up()
    found = copy.of(activity)
    assert found["status"] == "verwijderd"
    assert found["registerUren"]["totaal"] == 20.5
    assert "titel" not in found


def test_an_end_date_that_passes_is_a_change(world: World, copy: Copy) -> None:
    """Nobody does anything on that day; who asked before it gets it all the same."""
    activity = world.published(world.provider())
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    yesterday = clock.today() - timedelta(days=1)
    with transaction():
        row = update(Activity).where(Activity.id == activity.id)
        db.session.execute(row.values(shown_changed_at=long_ago, ends_on=yesterday))
    copy.until = clock.start_of(clock.today()).strftime("%Y-%m-%dT%H:%M:%SZ")
    copy.keep_up()
    assert copy.of(activity)["status"] == "afgelopen"
    copy.held, copy.until = {}, (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    copy.keep_up()
    assert copy.held == {}


def test_what_does_not_show_is_no_change(world: World, copy: Copy) -> None:
    """A provider that writes a later version of what is live tells nobody."""
    activity = world.published(world.provider())
    (before,) = (found["gewijzigdOp"] for found in copy.person.read(ALL)["activiteiten"])
    with transaction():
        found = db.session.get_one(Activity, activity.id)
        move(found, Action.EDIT, by=ACTOR, now=clock.now() + timedelta(hours=1))
    (after,) = (found["gewijzigdOp"] for found in copy.person.read(ALL)["activiteiten"])
    assert after == before
