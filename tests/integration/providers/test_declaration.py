from dataclasses import replace

from sqlalchemy import select

from core.db import db
from providers.models import Declaration
from tests.forms import form_of
from tests.world import World, provider_identity, text_of


def codes(world: World) -> list[str]:
    return [item.code for item in world.policies.all[0].requirements]


def test_each_missing_requirement_is_named_and_what_was_ticked_counts(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    response = person.post("/aanbieder/kwaliteit", {"requirement": codes(world)[:4]})
    assert response.status_code == 422
    page = text_of(response)
    assert "Controleer 2 antwoorden" in page
    assert page.count("Bevestiging intrekken") == 4


def test_each_requirement_is_declared_once_with_who_and_when(world: World) -> None:
    world.provider(admitted=False)
    person = world.person(provider_identity())
    for _ in range(2):
        person.post("/aanbieder/kwaliteit", {"requirement": [*codes(world), "onzin"]})
    db.session.rollback()
    rows = db.session.scalars(select(Declaration)).all()
    assert sorted(row.requirement for row in rows) == sorted(codes(world))
    assert {row.declared_by for row in rows} == {provider_identity().account_key}


def test_a_declaration_can_be_withdrawn_and_given_again_and_both_stay_on_record(world: World) -> None:
    provider = world.provider()
    activity = world.draft(provider)
    person = world.person(provider_identity())
    assert person.post("/aanbieder/kwaliteit/staff/intrekken").status_code == 303
    assert person.post("/aanbieder/kwaliteit/staff/intrekken").status_code == 404
    check = f"/aanbieder/activiteiten/{activity.id}/indienen"
    assert "Bevestig eerst de kwaliteitseisen." in text_of(person.get(check))
    assert person.get(f"/aanbieder/activiteiten/{activity.id}/bewerken/over").status_code == 200
    person.post("/aanbieder/kwaliteit", {"requirement": ["staff"]})
    assert "Bevestig eerst" not in text_of(person.get(f"/aanbieder/activiteiten/{activity.id}/indienen"))
    db.session.rollback()
    rows = db.session.scalars(select(Declaration).filter_by(requirement="staff").order_by(Declaration.id)).all()
    assert [row.withdrawn_by != "" for row in rows] == [True, False]


def test_an_editor_reads_the_requirements_and_declares_nothing(world: World) -> None:
    world.provider(admitted=False)
    editor = world.person(provider_identity(editor=True))
    page = text_of(editor.get("/aanbieder/kwaliteit"))
    assert "Een beheerder van uw organisatie bevestigt de eisen." in page
    refused = editor.post("/aanbieder/kwaliteit", {"requirement": codes(world)})
    assert refused.status_code == 403
    assert "Alleen een beheerder" in text_of(refused)


def test_a_new_version_of_the_set_asks_again_and_stops_submitting_but_not_editing(world: World) -> None:
    activity = world.draft(world.provider())
    person, address = world.person(provider_identity()), f"/aanbieder/activiteiten/{activity.id}"
    known = world.policies
    newer = replace(known.all[-1], requirements_version="2027-1")
    world.app.extensions["policies"] = replace(known, all=(newer,))
    try:
        assert "Bevestig eerst de kwaliteitseisen." in text_of(person.get(f"{address}/indienen"))
        assert person.post(f"{address}/indienen", world.checked(activity.id)).status_code == 422
        step = f"{address}/bewerken/over"
        assert person.post(step, form_of(person.get(step), "concept") | {"title": "Nieuwe naam"}).status_code == 303
        assert "Kwaliteitseisen niet bevestigd" in text_of(person.get("/aanbieder/activiteiten"))
        old = {"requirement": codes(world), "set_version": "2026-1"}
        assert person.post("/aanbieder/kwaliteit", old).status_code == 303, "nobody declares what they did not see"
        assert "Bevestig eerst" in text_of(person.get(f"{address}/indienen"))
        person.post("/aanbieder/kwaliteit", old | {"set_version": "2027-1"})
        assert "Bevestig eerst" not in text_of(person.get(f"{address}/indienen"))
    finally:
        world.app.extensions["policies"] = known
