"""Offers of the former register that are over: nobody takes them over, and nobody has to do anything with them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalogue.models import Activity
from catalogue.taking_over import NotTakeable, take_over
from core import clock
from core.access import Role
from core.db import db, transaction
from providers.models import Provider
from providers.rules import Origin
from tests.bulk import CHOICE, work
from tests.forms import form_of
from tests.offers import READY, offer
from tests.world import ACTOR, POLICY, Person, World, member_identity, provider_identity, text_of

YESTERDAY = clock.today() - timedelta(days=1)
OVER = "De einddatum is voorbij. Wijzig eerst de einddatum."


@pytest.fixture
def provider(world: World) -> Provider:
    return world.provider(origin=Origin.MIGRATED)


@pytest.fixture
def person(world: World, provider: Provider) -> Person:
    return world.person(provider_identity(provider.kvk_number))


@pytest.fixture
def ended(provider: Provider) -> Activity:
    return offer(provider, "oud1", replace(READY, title="Voorbij", ends_on=YESTERDAY))


def bench(person: Person, place: str = "") -> str:
    return text_of(person.get("/aanbieder/overgenomen", stap=place))


def test_what_is_over_is_not_taken_over_one_by_one(world: World, person: Person, ended: Activity) -> None:
    page = person.get(f"/aanbieder/activiteiten/{ended.id}")
    assert "Daarna kunt u dit aanbod overnemen." in text_of(page)
    assert "Publiceren als overgenomen aanbod" not in text_of(page)
    person.post(f"/aanbieder/overgenomen/{ended.id}/publiceren", world.seen(Activity, ended.id))
    assert OVER in text_of(person.get(f"/aanbieder/activiteiten/{ended.id}"))
    db.session.refresh(ended)
    assert ended.state == "draft"
    with pytest.raises(NotTakeable, match="einddatum is voorbij"), transaction():
        take_over(db.session.get_one(Activity, ended.id), POLICY, by=ACTOR, now=clock.now())


def test_what_is_over_is_not_taken_over_with_many(world: World, person: Person, ended: Activity) -> None:
    ready = offer(ended.provider, "oud2", READY)
    preview = person.post(CHOICE, {"action": "overnemen", "scope": "alle"})
    assert "1 activiteit wordt gepubliceerd met het oude nummer" in text_of(preview)
    assert OVER in text_of(preview)
    every = person.post(f"{CHOICE}/overgenomen")
    assert "U hebt 1 activiteit gekozen" in text_of(every)
    person.post(f"{CHOICE}/starten", form_of(preview) | {"seen": f"{ended.id}:{ended.version}"})
    work(world)
    db.session.expire_all()
    assert [ended.state, ready.state] == ["draft", "draft"]


def test_what_ends_today_is_still_taken_over(world: World, person: Person, provider: Provider) -> None:
    last = offer(provider, "oud1", replace(READY, ends_on=clock.today()))
    person.post(f"/aanbieder/overgenomen/{last.id}/publiceren", world.seen(Activity, last.id))
    assert world.person().get("/activiteiten/oud1").status_code == 200


def test_what_is_over_leaves_nothing_to_do(world: World, person: Person, ended: Activity) -> None:
    assert "te controleren" not in text_of(person.get("/aanbieder/activiteiten"))
    assert "Al afgelopen (1)" in bench(person)
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    page = text_of(bureau.get("/commissie/overgenomen"))
    assert "Klaar: 1 van 1, waarvan 0 gepubliceerd met het oude nummer en 1 al afgelopen." in page
    open_one = offer(ended.provider, "oud2", replace(READY, goal="", title="Open"))
    assert "nog 1 activiteit te controleren" in text_of(person.get("/aanbieder/activiteiten"))
    assert "Klaar: 1 van 2" in text_of(bureau.get("/commissie/overgenomen"))
    assert open_one.state == "draft"


def test_what_is_over_is_no_double_of_what_goes_on(person: Person, provider: Provider) -> None:
    offer(provider, "oud1", replace(READY, title="Elk jaar", ends_on=YESTERDAY))
    offer(provider, "oud2", replace(READY, title="Elk jaar"))
    assert "Lijkt dubbel" not in bench(person)
    assert "Lijkt dubbel" not in bench(person, "ended")


def test_the_end_date_of_what_is_over_can_be_moved_from_the_workbench(
    world: World, person: Person, ended: Activity
) -> None:
    address = f"/aanbieder/activiteiten/{ended.id}/periode"
    assert f'href="{address}"' in person.get("/aanbieder/overgenomen", stap="ended").text
    person.post(address, {"ends_on": ""} | world.seen(Activity, ended.id))
    assert "Klaar om te publiceren (1)" in bench(person)
