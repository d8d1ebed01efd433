"""Offers of the former register that are over: nobody takes them over, and nobody has to do anything with them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from catalogue.models import Activity, ImportedOffer
from catalogue.taking_over import NotTakeable, take_over
from core import clock
from core.access import Role
from core.db import db, transaction
from core.jobs import Job, JobState
from providers.models import Provider
from providers.rules import Origin
from tests.bulk import CHOICE, confirm, work
from tests.crowd import crowd
from tests.forms import form_of
from tests.offers import READY, offer
from tests.statements import count_statements
from tests.world import ACTOR, NOW, POLICY, Person, World, member_identity, provider_identity, text_of
from validation.bulk.models import BULK
from validation.bulk.working import KINDS, SLICE

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


def test_what_is_not_reached_before_the_last_day_is_refused_with_the_reason(
    world: World, person: Person, provider: Provider
) -> None:
    for number in range(SLICE + 1):
        offer(provider, f"oud{number:03}", replace(READY, title=f"Aanbod {number}"))
    address = confirm(person, person.post(f"{CHOICE}/overgenomen"))
    too_late = clock.now() + (POLICY.takeover.until - clock.today()) + timedelta(days=1)
    for moment in (clock.now(), too_late):
        with transaction():
            job = db.session.scalars(select(Job)).one()
            KINDS[BULK].write(job, None, moment)
    with transaction():
        job = db.session.scalars(select(Job)).one()
        job.state, job.finished_at = JobState.DONE, clock.now()
    page = text_of(person.get(address))
    assert f"{SLICE} activiteiten zijn gepubliceerd met het oude nummer" in page
    assert "1 activiteit is niet gepubliceerd met het oude nummer Dit kon tot en met 31 december 2027." in page


def test_a_workbench_of_900_offers_asks_as_much_as_one_of_few(world: World, person: Person, provider: Provider) -> None:
    offer(provider, "oud0", READY)
    addresses = ("/aanbieder/overgenomen", "/aanbieder/overgenomen?stap=double", "/aanbieder/activiteiten")
    few = [count_statements(lambda address=address: person.get(address)) for address in addresses]  # type: ignore[misc]
    facts = {"origin": "former", "digest": "x", "imported_at": NOW}
    ids = crowd(provider.id, 900, today=clock.today())
    with transaction():
        db.session.execute(
            insert(ImportedOffer), [{"source_key": f"k{id_}", "activity_id": id_} | facts for id_ in ids]
        )
    many = [count_statements(lambda address=address: person.get(address)) for address in addresses]  # type: ignore[misc]
    assert many == few
