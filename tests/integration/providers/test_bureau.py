"""What the bureau does with providers: suspend and reinstate, link a number, replace an administrator."""

import pytest
from sqlalchemy import select

from catalogue.models import Activity
from core.access import Role
from core.db import db, transaction
from core.worker import deliver_due
from providers.arriving import NumberReplaced, arrive
from providers.models import FormerNumber, Member, Provider, ProviderMessage
from providers.rules import Origin
from tests.statements import count_statements
from tests.world import NOW, Person, World, member_identity, provider_identity, text_of
from validation.models import Case

OLD, NEW = "90100011", "90100099"


@pytest.fixture
def bureau(world: World) -> Person:
    return world.person(member_identity("bakker", Role.BUREAU))


def act(world: World, bureau: Person, provider: Provider, path: str, **form: str) -> int:
    address = f"/commissie/aanbieders/{provider.id}/{path}"
    return bureau.post(address, form | world.seen(Provider, provider.id)).status_code


def test_a_suspended_provider_stays_findable_says_so_and_brings_nothing_new(world: World, bureau: Person) -> None:
    provider = world.provider()
    published, draft = world.published(provider), world.draft(provider)
    approved = world.decided(world.submitted(provider))
    assert act(world, bureau, provider, "schorsen", reason="") == 422
    assert act(world, bureau, provider, "schorsen", reason="Klachten van leraren.") == 303
    assert act(world, bureau, provider, "schorsen", reason="Nog eens.") == 409
    number, anybody, person = world.number(published), world.person(), world.person(provider_identity())
    assert "De aanbieder is geschorst" in text_of(anybody.get(f"/activiteiten/{number}"))
    assert "Aanbieder geschorst" in text_of(anybody.get("/zoeken", q=number[:4]))
    assert "is geschorst" in text_of(anybody.get(f"/aanbieders/{OLD}"))
    refused = person.post(f"/aanbieder/activiteiten/{draft.id}/indienen", world.checked(draft.id))
    assert (refused.status_code, "Uw organisatie is geschorst" in text_of(refused)) == (422, True)
    address = f"/aanbieder/activiteiten/{approved.activity_id}"
    person.post(f"{address}/publiceren", world.seen(Activity, approved.activity_id))
    assert "U kunt nu niets publiceren." in text_of(person.get(address))
    assert "Klachten van leraren." in text_of(person.get("/aanbieder/berichten"))
    assert "Klachten van leraren." in text_of(person.get("/aanbieder/aanmelding"))
    assert act(world, bureau, provider, "herstellen", reason="Opgelost.") == 303
    assert act(world, bureau, provider, "herstellen", reason="Opgelost.") == 409
    assert "geschorst" not in text_of(anybody.get(f"/activiteiten/{number}"))
    person.post(f"{address}/publiceren", world.seen(Activity, approved.activity_id))
    assert "Leraren kunnen die nu vinden." in text_of(person.get(address))


def test_a_provider_that_was_never_admitted_cannot_be_suspended(world: World, bureau: Person) -> None:
    assert act(world, bureau, world.provider(admitted=False), "schorsen", reason="Zomaar.") == 409


def test_a_provider_goes_on_under_a_new_number_and_both_lead_to_it(world: World, bureau: Person) -> None:
    provider = world.provider(OLD)
    number = world.number(world.published(provider))
    assert act(world, bureau, provider, "kvk-nummer", kvk_number=" 9010 0099 ") == 303
    anybody = world.person()
    assert anybody.get(f"/aanbieders/{OLD}").headers["Location"] == f"/aanbieders/{NEW}"
    assert "Klassenmanagement" in text_of(anybody.get(f"/aanbieders/{NEW}"))
    assert anybody.get(f"/activiteiten/{number}").status_code == 200
    for kvk_number in (OLD, NEW):
        assert "Klassenmanagement" in text_of(
            world.person(provider_identity(kvk_number)).get("/aanbieder/activiteiten")
        )
    page = text_of(bureau.get(f"/commissie/aanbieders/{provider.id}"))
    assert f"Eerder {OLD}" in page
    assert "Nieuw KvK-nummer gekoppeld" in page
    assert act(world, bureau, provider, "kvk-nummer", kvk_number=OLD) == 303, "a slip can be put right"
    db.session.rollback()
    assert [former.kvk_number for former in db.session.scalars(select(FormerNumber))] == [NEW]


def test_who_came_first_under_the_new_number_is_taken_in_with_drafts_and_colleagues(
    world: World, bureau: Person
) -> None:
    provider = world.provider(OLD)
    newcomer = world.provider(NEW, admitted=False)
    for kvk_number, name in ((OLD, "anna"), (NEW, "bram")):
        with transaction():
            arrive(provider_identity(kvk_number, name), NOW)
    case, draft = world.confirmed(newcomer), world.draft(newcomer)
    assert case
    address, seen = f"/commissie/aanbieders/{provider.id}/kvk-nummer", world.seen(Provider, provider.id)
    asked = bureau.post(address, {"kvk_number": NEW} | seen)
    assert asked.status_code == 422
    assert "Ja, neem Aanbieder 90100099 over" in text_of(asked)
    accepted = str(newcomer.id)
    assert act(world, bureau, provider, "kvk-nummer", kvk_number=NEW, newcomer=accepted) == 303
    db.session.rollback()
    assert db.session.scalars(select(Provider.id)).all() == [provider.id]
    assert db.session.get_one(Activity, draft.id).provider_id == provider.id
    assert db.session.get_one(Case, case.id).state == "withdrawn"
    members = db.session.scalars(select(Member).order_by(Member.ordinal)).all()
    assert [(member.ordinal, member.provider_id) for member in members] == [(1, provider.id), (2, provider.id)]
    assert [member.role for member in members] == ["administrator", "editor"]
    with transaction():
        arrive(provider_identity("90100077", "dirk"), NOW)
    assert max(db.session.scalars(select(Provider.id))) > int(accepted), "an id is never given twice"
    assert "Medewerker 2" in text_of(world.person(provider_identity(NEW, "bram")).get("/aanbieder/medewerkers"))


@pytest.mark.parametrize("number", ["", "1234567", "abcdefgh", OLD, "٩٠١٠٠٠١١"])
def test_a_number_that_is_none_is_refused_and_kept(world: World, bureau: Person, number: str) -> None:
    provider = world.provider(OLD)
    assert act(world, bureau, provider, "kvk-nummer", kvk_number=number) == 422


def test_a_former_number_lets_nobody_new_in_and_can_be_let_go(world: World, bureau: Person) -> None:
    provider = world.provider(OLD)
    with transaction():
        arrive(provider_identity(OLD, "anna"), NOW)
    act(world, bureau, provider, "kvk-nummer", kvk_number=NEW)
    with transaction():
        assert arrive(provider_identity(OLD, "anna"), NOW).name == provider.name
    with pytest.raises(NumberReplaced, match=NEW), transaction():
        arrive(provider_identity(OLD, "vreemde"), NOW)
    former = db.session.scalars(select(FormerNumber)).one()
    assert bureau.post(f"/commissie/aanbieders/{provider.id}/kvk-nummer/{former.id}/loslaten").status_code == 303
    with transaction():
        arrive(provider_identity(OLD, "vreemde"), NOW)
    assert len(db.session.scalars(select(Provider)).all()) == 2


def test_a_reason_never_moves_into_the_opposite_form(world: World, bureau: Person) -> None:
    provider = world.provider()
    seen = world.seen(Provider, provider.id)
    act(world, bureau, provider, "schorsen", reason="Klachten.")
    late = bureau.post(f"/commissie/aanbieders/{provider.id}/schorsen", {"reason": "Nog een reden."} | seen)
    assert late.status_code == 409
    assert "U schreef: Nog een reden." in text_of(late)
    assert "Nog een reden.</textarea>" not in late.text


def test_a_new_name_is_searched_for(world: World, bureau: Person) -> None:
    provider = world.provider()
    world.published(provider)
    person = world.person(provider_identity())
    person.post("/aanbieder/gegevens", {"name": "Zonnebloem Scholing"} | world.seen(Provider, provider.id))
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    assert "Klassenmanagement" in text_of(bureau.get("/zoeken", q="zonnebloem"))


def test_two_admitted_providers_are_never_joined(world: World, bureau: Person) -> None:
    provider, _ = world.provider(OLD), world.provider(NEW)
    assert act(world, bureau, provider, "kvk-nummer", kvk_number=NEW) == 422
    third = world.provider("90100033")
    assert act(world, bureau, provider, "kvk-nummer", kvk_number="90100044") == 303
    assert act(world, bureau, third, "kvk-nummer", kvk_number=OLD) == 422, "that number leads to somebody else"


def test_an_administrator_who_left_is_replaced_at_once(world: World, bureau: Person) -> None:
    provider = world.provider()
    with transaction():
        for name in ("anna", "bram"):
            arrive(provider_identity(subject=name), NOW)
    members = db.session.scalars(select(Member).order_by(Member.ordinal)).all()
    assert [member.role for member in members] == ["administrator", "editor"]
    anna, bram = (member.id for member in members)
    colleague = world.person(provider_identity(subject="bram", editor=True))
    assert colleague.post("/aanbieder/gegevens", {"name": "X"}).status_code == 403

    def give(member: int, role: str) -> int:
        address = f"/commissie/aanbieders/{provider.id}/medewerkers/{member}/rol"
        return bureau.post(address, {"role": role} | world.seen(Member, member)).status_code

    assert give(anna, "editor") == 409, "there must be an administrator"
    assert give(bram, "administrator") == 303
    assert give(anna, "editor") == 303
    assert give(bram, "baas") == 422
    seen = world.seen(Provider, provider.id)
    assert colleague.post("/aanbieder/gegevens", {"name": "X"} | seen).status_code == 303, "in the open session too"


def test_a_provider_is_found_by_a_part_of_name_or_number_also_a_former_one(world: World, bureau: Person) -> None:
    provider = world.provider(OLD)
    world.provider("11112222")
    act(world, bureau, provider, "kvk-nummer", kvk_number=NEW)
    for words in ("aanbieder 901", "0099", OLD):
        page = text_of(bureau.get("/commissie/aanbieders", q=words))
        assert "1 aanbieder" in page
        assert NEW in page
    assert "Geen aanbieder gevonden" in text_of(bureau.get("/commissie/aanbieders", q="zzz"))
    assert bureau.get("/commissie/aanbieders", pagina="99").status_code == 303


def test_each_change_stands_in_the_messages(world: World, bureau: Person) -> None:
    provider = world.provider(origin=Origin.NEW)
    act(world, bureau, provider, "schorsen", reason="Reden.")
    act(world, bureau, provider, "herstellen", reason="Goed.")
    act(world, bureau, provider, "kvk-nummer", kvk_number=NEW)
    db.session.rollback()
    subjects = db.session.scalars(select(ProviderMessage.subject).order_by(ProviderMessage.id)).all()
    assert subjects == [
        "Uw organisatie is toegelaten",
        "Uw organisatie is geschorst",
        "De schorsing is voorbij",
        "Uw KvK-nummer is gewijzigd",
    ]


def test_the_lists_ask_six_questions_at_most_however_long_they_are(world: World, bureau: Person) -> None:
    provider, anybody = world.provider(OLD), world.person()
    pages = ((anybody, f"/aanbieders/{OLD}"), (bureau, "/commissie/aanbieders"), (bureau, "/commissie"))

    def ask_all() -> list[int]:
        return [count_statements(lambda who=who, path=path: who.get(path)) for who, path in pages]  # type: ignore[misc]  # bound now

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            world.published(provider)
            world.confirmed(world.provider(f"1111{number:04}", admitted=False))

    fill(0, 2)
    few = ask_all()
    fill(2, 8)
    assert ask_all() == few
    assert max(few) <= 6
