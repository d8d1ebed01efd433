from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from catalogue.models import Activity, ActivityVersion
from core.db import db, transaction
from core.sign_in.sessions import SignInSession
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, World, member_identity, provider_identity, text_of
from validation.submitting import submit


def form(version: int = 1, **changes: Any) -> dict[str, Any]:
    return {"title": "Titel", "contact_hours": "12,5", "self_study_hours": "", "version": str(version)} | changes


def test_a_draft_can_be_saved_with_nothing_filled_in(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    response = person.post("/aanbieder/activiteiten/nieuw", form(title="", contact_hours=""))
    assert response.status_code == 303
    assert "Activiteit zonder naam" in person.get("/aanbieder/activiteiten").text


def test_what_was_typed_is_kept_and_every_mistake_is_named(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    wrong = form(contact_hours="twaalf", website="voorbeeld", starts_on="31-02-2027", goal="Mijn lange tekst")
    response = person.post("/aanbieder/activiteiten/nieuw", wrong)
    assert response.status_code == 422
    page = text_of(response)
    assert "Controleer 3 antwoorden" in page
    assert "Mijn lange tekst" in page
    for named in ("Contacturen: vul", "Webpagina: vul", "Startdatum: deze datum bestaat niet."):
        assert named in page
    for typed in ("twaalf", "voorbeeld", "31-02-2027"):
        assert f'value="{typed}"' in response.text
    db.session.rollback()
    assert db.session.scalars(select(Activity)).all() == []


def test_saving_reads_dutch_notation_and_shows_it_again(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken"
    typed = form(contact_hours="1.200,5", starts_on="01-02-2027", ends_on="2027-03-01", description="een\r\ntwee\x00")
    assert person.post(address, typed).status_code == 303
    db.session.rollback()
    version = db.session.scalars(select(ActivityVersion)).one()
    assert (str(version.contact_hours), version.content.ends_on) == ("1200.5", date(2027, 3, 1))
    assert version.description == "een\ntwee"
    page = person.get(address).text
    assert 'value="1200,5"' in page
    assert 'value="01-03-2027"' in page


def test_the_second_of_two_editors_keeps_both_texts(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = (world.person(provider_identity(subject=name)) for name in ("een", "twee"))
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken"
    seen = activity.version
    assert first.post(address, form(seen, goal="Van de eerste")).status_code == 303
    response = second.post(address, form(seen, goal="Van de tweede"))
    assert response.status_code == 409
    assert "Van de eerste" in response.text
    assert "Van de tweede" in response.text
    db.session.rollback()
    assert db.session.scalars(select(ActivityVersion.goal)).one() == "Van de eerste"
    newer = db.session.get_one(Activity, activity.id).version
    assert f'name="version" value="{newer}"' in response.text
    assert second.post(address, form(newer, goal="Van de tweede")).status_code == 303


def test_a_mistake_does_not_hide_that_somebody_else_saved_meanwhile(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = (world.person(provider_identity(subject=name)) for name in ("een", "twee"))
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken"
    seen = activity.version
    assert first.post(address, form(seen, goal="Van de eerste")).status_code == 303
    mistaken = second.post(address, form(seen, goal="Van de tweede", contact_hours="twaalf"))
    assert mistaken.status_code == 422
    assert f'name="version" value="{seen}"' in mistaken.text
    assert second.post(address, form(seen, goal="Van de tweede")).status_code == 409


def test_a_submitted_activity_cannot_be_edited(world: World) -> None:
    case = world.submitted(world.provider())
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{case.activity_id}/bewerken"
    version = db.session.get_one(Activity, case.activity_id).version
    assert person.get(address).status_code == 303
    assert person.post(address, form(version)).status_code == 409


def test_publishing_shows_and_taking_back_hides(world: World) -> None:
    case = world.decided(world.submitted(world.provider()))
    number = world.number(db.session.get_one(Activity, case.activity_id))
    person, anyone = world.person(provider_identity()), world.person()
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    assert anyone.get(f"/activiteiten/{number}").status_code == 404
    seen = world.seen(Activity, case.activity_id)
    for _ in ("once", "clicked twice"):
        assert person.post(f"{address}/publiceren", seen).headers["Location"] == address
        assert anyone.get(f"/activiteiten/{number}").status_code == 200
    assert "intussen al gewijzigd" in person.get(address).text
    assert person.post(f"{address}/terughalen", world.seen(Activity, case.activity_id)).status_code == 303
    assert anyone.get(f"/activiteiten/{number}").status_code == 404


def test_a_draft_cannot_be_published(world: World) -> None:
    activity = world.draft(world.provider())
    seen = world.seen(Activity, activity.id)
    world.person(provider_identity()).post(f"/aanbieder/activiteiten/{activity.id}/publiceren", seen)
    db.session.rollback()
    assert db.session.get_one(Activity, activity.id).state == "draft"


def test_what_was_typed_is_kept_when_a_colleague_submitted_meanwhile(world: World) -> None:
    activity = world.draft(world.provider())
    version = activity.version
    with transaction():
        submit(db.session.get_one(Activity, activity.id), world.policies, by=ACTOR, now=NOW)
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken"
    for seen in (version, version + 1):
        refused = person.post(address, form(seen, goal="Mijn lange tekst"))
        assert refused.status_code == 409
        assert "Mijn lange tekst" in refused.text
        assert "U kunt nu niet opslaan" in refused.text


def test_what_was_typed_is_kept_when_the_session_ended(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    with transaction():
        db.session.execute(
            update(SignInSession).values(seen_at=NOW - timedelta(days=3), started_at=NOW - timedelta(days=3))
        )
    refused = person.post(f"/aanbieder/activiteiten/{activity.id}/bewerken", form(1, goal="Mijn lange tekst"))
    assert refused.status_code == 403
    assert "Mijn lange tekst" in refused.text
    assert "/inloggen/aanbieder" in refused.text


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("title", "een\u00a0twee\n drie\u200b", "een twee drie"),
        ("website", "www.voorbeeld.nl/x", "https://www.voorbeeld.nl/x"),
        ("contact_hours", "8 uur", "8"),
        ("starts_on", "1/2/2027", "01-02-2027"),
    ],
)
def test_what_people_paste_is_understood(world: World, name: str, typed: str, kept: str) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken"
    assert person.post(address, form(activity.version, **{name: typed})).status_code == 303
    assert f'name="{name}" type="text" value="{kept}"' in person.get(address).text


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("website", "http://[x", "webadres"),
        ("website", "http://x y.nl", "webadres"),
        ("website", "https://www.voorbeeld.nl/" + "x" * 300, "hoogstens 300 tekens"),
        ("starts_on", "31-02-2027", "bestaat niet"),
        ("starts_on", "01-01-0001", "tussen 1990 en 2100"),
        ("contact_hours", "1e3", "als getal"),
        ("title", "x" * 301, "hoogstens 300 tekens"),
    ],
)
def test_what_cannot_be_understood_is_explained_in_dutch(world: World, name: str, typed: str, sentence: str) -> None:
    world.provider()
    response = world.person(provider_identity()).post("/aanbieder/activiteiten/nieuw", form(1, **{name: typed}))
    assert response.status_code == 422
    assert sentence in response.text
    assert "maximum length" not in response.text


def test_the_list_shows_only_own_activities_and_filters_by_state(world: World) -> None:
    own, other = world.provider("90100011"), world.provider("90100022")
    world.draft(own, replace(COMPLETE, title="Eigen concept"))
    world.submitted(own, replace(COMPLETE, title="Eigen ingediend"))
    world.draft(other, replace(COMPLETE, title="Van een ander"))
    person = world.person(provider_identity("90100011"))
    assert "Van een ander" not in person.get("/aanbieder/activiteiten").text
    page = person.get("/aanbieder/activiteiten", status="submitted").text
    assert "Eigen ingediend" in page
    assert "Eigen concept" not in page


@pytest.mark.parametrize("address", ["/aanbieder/activiteiten", "/zoeken", "/commissie"])
def test_the_number_of_statements_does_not_grow_with_the_rows(world: World, address: str) -> None:

    provider = world.provider()
    identity = member_identity() if address == "/commissie" else provider_identity()
    person = world.person(identity)

    def fill(count: int) -> None:
        for number in range(count):
            content = replace(COMPLETE, title=f"Activiteit {number}")
            world.draft(provider, content)
            world.submitted(provider, content)
            world.published(provider, content)

    fill(2)
    few = count_statements(lambda: person.get(address))
    fill(8)
    many = count_statements(lambda: person.get(address))
    assert few == many
    assert many <= 6, "a page that asks more than six questions is slow on a bad day"
