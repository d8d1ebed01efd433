"""Company details out of the trade register: what is taken over, what is not, and what happens when it is away."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.db import db, transaction
from core.outbox import OutboxMessage
from core.worker import deliver_due
from providers.arriving import arrive
from providers.models import Provider
from providers.trade_register_client import TradeRegister
from tests.trade_register import COMPANY, SHIELDED, Register, status, trade_register
from tests.world import NOW, World, provider_identity, text_of

KVK = "90100011"


@pytest.fixture
def register(world: World) -> Iterator[Register]:
    with trade_register() as fake:
        world.app.extensions["trade_register"] = TradeRegister(fake.address, fake.api_key, timeout=1)
        yield fake
    world.app.extensions["trade_register"] = None


def come(world: World) -> Provider:
    with transaction():
        arrive(provider_identity(KVK, "anna"), NOW)
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    db.session.rollback()
    return db.session.scalars(select(Provider)).one()


def test_the_first_sign_in_brings_the_details_with_where_they_come_from(world: World, register: Register) -> None:
    register.profiles[KVK] = COMPANY
    provider = come(world)
    assert provider.place
    assert {provider.sources[name] for name in ("name", "street", "postcode", "place")} == {"kvk"}
    page = text_of(world.person(provider_identity(KVK, "anna")).get("/aanbieder/gegevens"))
    assert "Uit het Handelsregister, opgehaald op" in page
    assert f"apikey {register.api_key}" not in page


def test_what_the_provider_wrote_itself_is_never_overwritten(world: World, register: Register) -> None:
    register.profiles[KVK] = COMPANY
    provider = come(world)
    person = world.person(provider_identity(KVK, "anna"))
    own = {"name": "Eigen naam", "place": provider.place, "street": provider.street, "postcode": provider.postcode}
    person.post("/aanbieder/gegevens", own | world.seen(Provider, provider.id))
    assert person.post("/aanbieder/gegevens/ophalen").status_code == 303
    db.session.rollback()
    provider = db.session.scalars(select(Provider)).one()
    assert (provider.name, provider.sources["name"], provider.sources["place"]) == ("Eigen naam", "own", "kvk")


def test_a_shielded_address_is_not_taken_over_and_said_to_be_so(world: World, register: Register) -> None:
    register.profiles[KVK] = SHIELDED
    provider = come(world)
    assert (provider.street, provider.postcode, provider.place, provider.is_shielded) == ("", "", "", True)
    page = text_of(world.person(provider_identity(KVK, "anna")).get("/aanbieder/gegevens"))
    assert "Uw adres is afgeschermd" in page


def test_an_address_that_became_shielded_is_forgotten(world: World, register: Register) -> None:
    register.profiles[KVK] = COMPANY
    assert come(world).street
    register.profiles[KVK] = SHIELDED
    world.person(provider_identity(KVK, "anna")).post("/aanbieder/gegevens/ophalen")
    db.session.rollback()
    assert db.session.scalars(select(Provider)).one().street == ""


def test_a_branch_does_not_get_the_address_of_the_main_one(world: World, register: Register) -> None:
    register.profiles[KVK] = COMPANY
    with transaction():
        arrive(provider_identity(KVK, "anna", "000012345678"), NOW)
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    db.session.rollback()
    provider = db.session.scalars(select(Provider)).one()
    assert (provider.street, provider.place) == ("", "")
    assert provider.trade_register_at is not None


def test_a_register_that_is_away_stops_nobody(world: World, register: Register) -> None:
    register.answer = status(500)
    provider = come(world)
    assert provider.trade_register_at is None
    message = db.session.scalars(select(OutboxMessage).filter_by(kind="provider.arrived")).one()
    assert (message.state, message.attempts) == ("waiting", 1)
    person = world.person(provider_identity(KVK, "anna"))
    assert person.post("/aanbieder/gegevens/ophalen").status_code == 303
    assert "nu niet bereikbaar" in text_of(person.get("/aanbieder/gegevens"))


def test_without_a_key_nothing_is_asked_and_no_button_is_shown(world: World) -> None:
    provider = come(world)
    assert provider.trade_register_at is None
    person = world.person(provider_identity(KVK, "anna"))
    assert "Gegevens ophalen" not in text_of(person.get("/aanbieder/gegevens"))
    person.post("/aanbieder/gegevens/ophalen")
    assert "kent dit nummer niet" in text_of(person.get("/aanbieder/gegevens"))
