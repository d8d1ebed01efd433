from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from catalogue.content import Content
from catalogue.models import Activity, ActivityVersion, Recognition
from core.audit import verify
from core.db import db, transaction
from dossier.services import add
from tests.forms import form_of
from tests.world import ACTOR, COMPLETE, NOW, Person, World, provider_identity, teacher_identity, text_of
from validation.submitting import submit


def delete(person: Person, activity: Activity, number: str = "") -> tuple[int, str]:
    address = f"/aanbieder/activiteiten/{activity.id}/verwijderen"
    response = person.post(address, form_of(person.get(address)) | {"number": number})
    return response.status_code, text_of(response)


def test_a_deleted_activity_leaves_an_honest_tombstone_and_nothing_else(world: World) -> None:
    activity = world.published(world.provider())
    number, teacher = world.number(activity), teacher_identity()
    with transaction():
        add(number, by=teacher, today=NOW.date(), now=NOW)
    assert delete(world.person(provider_identity()), activity, number.lower())[0] == 303
    gone = world.person().get(f"/activiteiten/{number}")
    assert gone.status_code == 410
    page = text_of(gone)
    assert "is verwijderd" in page
    assert "20,5" in page
    assert COMPLETE.title not in gone.text
    db.session.rollback()
    versions = db.session.scalars(select(ActivityVersion)).all()
    assert {version.content for version in versions} == {Content()}
    assert db.session.scalars(select(Recognition.number)).one() == number
    for question in (number, number[1:5], "klassenmanagement"):
        assert COMPLETE.title not in world.person().get("/zoeken", q=question).text
    assert COMPLETE.title in world.person(teacher).get("/dossier").text, "a teacher loses nothing"
    assert verify().broken_at is None


def test_only_the_number_of_this_activity_deletes_it(world: World) -> None:
    provider = world.provider()
    activity, other = world.published(provider), world.published(provider)
    person = world.person(provider_identity())
    for typed in ("", "x", world.number(other)):
        status, page = delete(person, activity, typed)
        assert status == 422
        assert "Typ het nummer van deze activiteit" in page
    assert world.person().get(f"/activiteiten/{world.number(activity)}").status_code == 200


def test_a_draft_is_deleted_without_a_number_and_is_gone_for_its_owner(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    assert delete(person, activity)[0] == 303
    address = f"/aanbieder/activiteiten/{activity.id}"
    assert person.get(address).status_code == 404
    assert person.post(f"{address}/kopie").status_code == 404
    assert COMPLETE.title not in person.get("/aanbieder/activiteiten").text


def test_what_the_committee_judges_cannot_be_deleted(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}/verwijderen"
    form = form_of(person.get(address))
    with transaction():
        submit(db.session.get_one(Activity, activity.id), world.policies, by=ACTOR, now=NOW)
    assert "Trek de activiteit of de wijziging eerst in" in text_of(person.get(address))
    person.post(address, form | world.seen(Activity, activity.id))
    db.session.rollback()
    assert db.session.get_one(Activity, activity.id).state == "submitted"


def test_a_frozen_version_can_be_wiped_and_never_rewritten(world: World) -> None:
    world.published(world.provider(), replace(COMPLETE, title="Zo was het"))
    for change in ("title = 'anders'", "title = '', wiped_at = '2026-11-22 12:00:00+00:00'"):
        with db.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(f"UPDATE activity_version SET {change}"))
