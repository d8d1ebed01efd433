from sqlalchemy import select

from core.db import db
from providers.models import Declaration, Provider
from providers.rules import Origin
from tests.world import World, provider_identity, text_of


def codes(world: World) -> list[str]:
    return [item.code for item in world.policies.all[0].requirements]


def test_a_migrated_provider_is_admitted_by_its_declaration(world: World) -> None:
    world.provider(origin=Origin.MIGRATED, admitted=False)
    person = world.person(provider_identity())
    assert "Kwaliteitseisen bevestigen" in person.get("/aanbieder/activiteiten").text
    assert person.post("/aanbieder/kwaliteit", {"requirement": codes(world)}).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Provider)).one().admitted_at is not None
    assert "Aanmelding afronden" not in person.get("/aanbieder/activiteiten").text


def test_a_new_provider_waits_for_the_register(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    person.post("/aanbieder/kwaliteit", {"requirement": codes(world)})
    assert "Wacht op het register" in person.get("/aanbieder/activiteiten").text
    assert world.run("providers", "admit", "90100011").exit_code == 0
    assert "Wacht op het register" not in person.get("/aanbieder/activiteiten").text
    assert world.run("providers", "admit", "99999999").exit_code == 1


def test_each_missing_requirement_is_named_and_the_ticks_stay(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    response = person.post("/aanbieder/kwaliteit", {"requirement": codes(world)[:4]})
    assert response.status_code == 422
    assert "Controleer 2 antwoorden" in text_of(response)
    assert response.text.count(" checked") == 4


def test_each_requirement_is_declared_once_with_who_and_when(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    for _ in range(2):
        person.post("/aanbieder/kwaliteit", {"requirement": [*codes(world), "onzin"]})
    db.session.rollback()
    rows = db.session.scalars(select(Declaration)).all()
    assert sorted(row.requirement for row in rows) == sorted(codes(world))
    assert {row.declared_by for row in rows} == {provider_identity().account_key}
