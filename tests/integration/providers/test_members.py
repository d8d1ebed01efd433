"""Colleagues, what they may do, what they did, and what they are told."""

import re
from pathlib import Path

from sqlalchemy import select

from core.db import db, transaction
from providers.arriving import arrive
from providers.log_texts import TEXTS
from providers.models import Member, Provider
from tests.statements import count_statements
from tests.world import NOW, World, provider_identity, text_of


def come(*names: str) -> dict[str, Member]:
    with transaction():
        for name in names:
            arrive(provider_identity(subject=name), NOW)
    found = db.session.scalars(select(Member).order_by(Member.ordinal)).all()
    return dict(zip(names, found, strict=True))


def test_the_first_colleague_is_administrator_and_the_next_ones_are_editors(world: World) -> None:
    members = come("anna", "bram", "carla")
    assert [member.role for member in members.values()] == ["administrator", "editor", "editor"]
    come_again = come("anna", "bram", "carla")
    assert [member.id for member in come_again.values()] == [member.id for member in members.values()]


def test_the_same_person_for_another_company_is_another_member(world: World) -> None:
    with transaction():
        for kvk_number in ("90100011", "90100022"):
            arrive(provider_identity(kvk_number, "anna"), NOW)
    members = db.session.scalars(select(Member)).all()
    assert [member.role for member in members] == ["administrator", "administrator"]
    assert len({member.provider_id for member in members}) == 2


def test_a_member_gives_itself_a_name_and_only_an_administrator_names_others(world: World) -> None:
    anna, bram = come("anna", "bram").values()
    editor = world.person(provider_identity(subject="bram", editor=True))
    page = text_of(editor.get("/aanbieder/medewerkers"))
    assert "Medewerker 1" in page
    named = {"name": "Bram Smit"} | world.seen(Member, bram.id)
    assert editor.post(f"/aanbieder/medewerkers/{bram.id}/naam", named).status_code == 303
    other = {"name": "Baas"} | world.seen(Member, anna.id)
    assert editor.post(f"/aanbieder/medewerkers/{anna.id}/naam", other).status_code == 403
    admin = world.person(provider_identity(subject="anna"))
    assert "Bram Smit" in text_of(admin.get("/aanbieder/medewerkers"))
    empty = admin.post(f"/aanbieder/medewerkers/{anna.id}/naam", {"name": " "} | world.seen(Member, anna.id))
    assert (empty.status_code, "Vul een naam in." in text_of(empty)) == (422, True)


def test_a_name_that_comes_too_late_is_kept_and_explained(world: World) -> None:
    (anna,) = come("anna").values()
    admin, seen = world.person(provider_identity(subject="anna")), world.seen(Member, anna.id)
    address = f"/aanbieder/medewerkers/{anna.id}/naam"
    assert admin.post(address, {"name": "Anna"} | seen).status_code == 303
    late = admin.post(address, {"name": "Anna Bakker"} | seen)
    assert (late.status_code, 'value="Anna Bakker"' in late.text) == (409, True)
    assert "Controleer de naam en sla die opnieuw op." in text_of(late)


def test_the_last_administrator_cannot_step_down(world: World) -> None:
    (anna,) = come("anna").values()
    admin = world.person(provider_identity(subject="anna"))
    role = {"role": "editor"} | world.seen(Member, anna.id)
    admin.post(f"/aanbieder/medewerkers/{anna.id}/rol", role)
    assert "Er moet minstens één beheerder zijn." in text_of(admin.get("/aanbieder/medewerkers"))


def test_administrators_see_who_did_what(world: World) -> None:
    world.provider()
    come("anna", "bram")
    editor = world.person(provider_identity(subject="bram", editor=True))
    made = editor.post("/aanbieder/activiteiten/nieuw", {"title": "Rekenen met breuken"})
    assert made.status_code == 303
    page = text_of(world.person(provider_identity(subject="anna")).get("/aanbieder/logboek"))
    assert "Concept gemaakt Rekenen met breuken Medewerker 2" in page
    assert "Toegelaten Het register" in page
    assert "Kwaliteitseis bevestigd: Onze docenten en trainers hebben minstens hbo-niveau." in page
    assert editor.get("/aanbieder/logboek").status_code == 403


def test_what_another_provider_did_is_not_in_the_log(world: World) -> None:
    world.draft(world.provider("90100022"))
    come("anna")
    page = text_of(world.person(provider_identity(subject="anna")).get("/aanbieder/logboek"))
    assert "Concept gemaakt" not in page


def test_every_action_that_is_recorded_about_a_provider_has_words() -> None:
    sources = [path.read_text() for path in [*Path("providers").glob("*.py"), *Path("catalogue").glob("*.py")]]
    recorded = {name for text in sources for name in re.findall(r'"((?:provider|member)\.[a-z-]+)"', text)}
    kinds = {"provider.arrived", "provider.message"}  # messages of the outbox
    assert recorded - kinds == {name for name in TEXTS if name.startswith(("provider.", "member."))}


def test_messages_are_counted_until_somebody_read_them(world: World) -> None:
    come("anna")
    world.provider()
    person = world.person(provider_identity(subject="anna"))
    assert "Berichten (1 nieuw )" in text_of(person.get("/aanbieder/activiteiten"))
    newest = re.search(r'name="newest" value="(\d+)"', person.get("/aanbieder/berichten").text)
    assert newest
    person.post("/aanbieder/berichten/gelezen", {"newest": newest[1]})
    assert "Berichten (1 nieuw )" not in text_of(person.get("/aanbieder/activiteiten"))


def test_the_pages_of_a_provider_ask_six_questions_at_most(world: World) -> None:
    provider = world.provider()
    come("anna")
    world.confirmed(provider)
    person = world.person(provider_identity(subject="anna"))
    for path in ("aanmelding", "kwaliteit", "gegevens", "contactpersoon", "medewerkers", "berichten", "logboek"):
        asked = count_statements(lambda path=path: person.get(f"/aanbieder/{path}"))  # type: ignore[misc]  # bound now
        assert asked <= 6, path


def test_colleagues_who_come_one_after_the_other_share_one_provider(world: World) -> None:
    come("anna", "bram")
    assert len(db.session.scalars(select(Provider)).all()) == 1
