from dataclasses import replace
from datetime import timedelta

import pytest

from catalogue.models import Activity
from catalogue.publication import set_period
from core import clock
from core.db import db, transaction
from tests.bulk import CHOICE
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, World, member_identity, provider_identity, text_of


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


def test_what_is_over_is_not_published_alone_nor_with_many(world: World) -> None:
    case = world.decided(world.submitted(world.provider()))
    activity = db.session.get_one(Activity, case.activity_id)
    with transaction():
        set_period(activity, None, clock.today() - timedelta(days=1), by=ACTOR, now=clock.now())
    person, address = world.person(provider_identity()), f"/aanbieder/activiteiten/{activity.id}"
    page = text_of(person.get(address))
    assert "Wijzig eerst de einddatum" in page
    assert "dan kunnen leraren die vinden" not in page
    person.post(f"{address}/publiceren", world.seen(Activity, activity.id))
    page = text_of(person.get(address))
    assert "De einddatum is voorbij. Wijzig eerst de einddatum." in page
    assert "Leraren kunnen die nu vinden" not in page
    many = text_of(person.post(CHOICE, {"action": "publiceren", "scope": "alle"}))
    assert "1 activiteit wordt niet gepubliceerd De einddatum is voorbij. Wijzig eerst de einddatum." in many
    assert "Wijzig de einddatum" in text_of(person.get("/aanbieder/activiteiten"))
    db.session.refresh(activity)
    assert activity.state == "validated"


def test_a_draft_cannot_be_published(world: World) -> None:
    activity = world.draft(world.provider())
    seen = world.seen(Activity, activity.id)
    world.person(provider_identity()).post(f"/aanbieder/activiteiten/{activity.id}/publiceren", seen)
    db.session.rollback()
    assert db.session.get_one(Activity, activity.id).state == "draft"


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
