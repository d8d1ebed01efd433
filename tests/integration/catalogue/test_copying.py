"""A copy is a new draft, once per wish: two clicks, going back or sending again make no second one."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from catalogue.copying import copy_draft
from catalogue.deleting import delete_for_ever
from catalogue.drafts import newest_version, save_draft
from catalogue.models import Activity
from core import clock
from core.db import db, transaction
from tests.race import at_once
from tests.world import ACTOR, COMPLETE, NOW, Person, World, provider_identity, text_of


@pytest.fixture
def source(world: World) -> Activity:
    return world.published(world.provider())


@pytest.fixture
def person(world: World) -> Person:
    return world.person(provider_identity())


def copy(person: Person, source: Activity, version: int) -> TestResponse:
    return person.post(f"/aanbieder/activiteiten/{source.id}/kopie", {"version": str(version)})


def version_of(source: Activity) -> int:
    db.session.rollback()
    return db.session.scalars(select(Activity.version).filter_by(id=source.id)).one()


def drafts() -> list[Activity]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Activity).filter_by(state="draft").order_by(Activity.id)))


def test_two_clicks_make_one_copy_and_both_lead_to_it(source: Activity, person: Person) -> None:
    seen = version_of(source)
    first, second = copy(person, source, seen), copy(person, source, seen)
    [made] = drafts()
    for response in (first, second):
        assert response.headers["Location"] == f"/aanbieder/activiteiten/{made.id}/bewerken"
    page = text_of(person.get(f"/aanbieder/activiteiten/{made.id}/bewerken/over"))
    assert "Dit is de kopie die u al maakte. Wilt u er nog een? Pas deze dan eerst aan en sla die op." in page


def test_the_page_of_the_activity_sends_what_it_showed(source: Activity, person: Person) -> None:
    page = person.get(f"/aanbieder/activiteiten/{source.id}").text
    form = page.split('/kopie">')[1].split("</form>")[0]
    assert f'name="version" value="{version_of(source)}"' in form


def test_a_copy_that_was_changed_or_deleted_makes_room_for_the_next(source: Activity, person: Person) -> None:
    seen = version_of(source)
    copy(person, source, seen)
    [first] = drafts()
    with transaction():
        save_draft(
            db.session.get_one(Activity, first.id), replace(COMPLETE, title="Editie 1"), by=ACTOR, now=clock.now()
        )
    version = version_of(first)
    copy(person, source, seen)
    assert [newest_version(made).title for made in drafts()] == ["Editie 1", COMPLETE.title]
    assert version_of(first) == version, "who writes in the first copy is not disturbed"
    with transaction():
        delete_for_ever(drafts()[-1], "", by=ACTOR, now=NOW)
    copy(person, source, seen)
    assert len(drafts()) == 2


def test_a_source_that_says_something_else_by_now_is_copied_anew(world: World, person: Person) -> None:
    source = world.draft(world.provider())
    copy(person, source, version_of(source))
    with transaction():
        save_draft(db.session.get_one(Activity, source.id), replace(COMPLETE, goal="Anders"), by=ACTOR, now=clock.now())
    copy(person, source, version_of(source))
    assert sorted(newest_version(made).content.goal for made in drafts()) == ["Anders", "Anders", COMPLETE.goal]


def test_what_the_page_shows_is_copied_and_not_a_change_that_is_being_written(source: Activity, person: Person) -> None:
    with transaction():
        save_draft(db.session.get_one(Activity, source.id), replace(COMPLETE, goal="Half"), by=ACTOR, now=clock.now())
    copy(person, source, version_of(source))
    assert [newest_version(made).content.goal for made in drafts()] == [COMPLETE.goal]


def test_who_saw_an_older_version_is_asked_to_look_again(source: Activity, person: Person) -> None:
    response = copy(person, source, version_of(source) - 1)
    assert response.headers["Location"] == f"/aanbieder/activiteiten/{source.id}"
    assert "was intussen al gewijzigd" in text_of(person.get(response.headers["Location"]))
    assert drafts() == []


def test_two_windows_at_the_same_moment_make_one_copy(world: World, source: Activity) -> None:
    source_id = source.id

    def click() -> None:
        query = select(Activity).filter_by(id=source_id).with_for_update()
        copy_draft(db.session.scalars(query).one(), by=ACTOR, now=NOW)

    assert at_once(world, [click] * 3) == {"done": 3}
    assert db.session.scalar(select(func.count()).select_from(Activity).filter_by(state="draft")) == 1
