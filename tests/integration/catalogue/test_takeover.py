"""Offers of the former register: checked, completed, published with their old number and hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalogue.content import Content
from catalogue.drafts import create_draft, freeze, newest_version
from catalogue.models import Activity, ImportedOffer
from catalogue.recognitions import recognise_former
from catalogue.taking_over import NotTakeable, take_over
from core import clock
from core.access import Role
from core.db import db, transaction
from core.policy import Hours
from core.worker import deliver_due
from providers.models import Provider
from providers.rules import Origin
from tests.forms import form_of
from tests.offers import AS_IT_CAME, READY
from tests.offers import offer as one_offer
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, POLICY, Person, World, member_identity, provider_identity, text_of
from validation.models import Case
from validation.states import Outcome

OLD = "ff6pdyhXP4"
Offer = Callable[..., Activity]


@pytest.fixture
def provider(world: World) -> Provider:
    return world.provider(origin=Origin.MIGRATED)


@pytest.fixture
def offer(provider: Provider) -> Offer:
    """Makes an offer as an import would."""

    def make(number: str = OLD, content: Content = AS_IT_CAME, owner: Provider = provider) -> Activity:
        return one_offer(owner, number, content)

    return make


def complete(person: Person, activity: Activity, step: str = "over", **facts: object) -> None:
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken/{step}"
    assert person.post(address, form_of(person.get(address), "concept") | facts).status_code == 303


def press(world: World, person: Person, activity: Activity, button: str) -> str:
    address = f"/aanbieder/overgenomen/{activity.id}/{button}"
    response = person.post(address, world.seen(Activity, activity.id))
    return text_of(person.get(response.headers["Location"]))


def bench(person: Person, place: str = "") -> str:
    return text_of(person.get("/aanbieder/overgenomen", stap=place))


def test_an_offer_is_completed_and_published_with_its_old_number_and_hours(world: World, offer: Offer) -> None:
    activity, person = offer(), world.person(provider_identity())
    assert "Nog aan te vullen (1)" in bench(person)
    assert "Vul eerst aan: het doel." in press(world, person, activity, "publiceren")
    complete(person, activity, sectors=["po"], goal=COMPLETE.goal)
    assert "Klaar om te publiceren (1)" in bench(person)
    assert "met het oude nummer" in press(world, person, activity, "publiceren")
    public = text_of(world.person().get(f"/activiteiten/{OLD}"))
    assert "Gevalideerd in het oude register" in public
    assert "16 contacturen + 4 zelfstudie-uren = 20 RU" in public
    assert "beoordeelde de activiteit niet opnieuw" in public
    assert "De aanbieder vulde daarna de sector en het doel aan; dat heeft geen commissie beoordeeld." in public
    assert "Primair onderwijs" in public
    assert COMPLETE.title in world.person().get("/zoeken", q=OLD[2:6]).text
    for place in (f"/zoeken?q={OLD}", f"/aanbieders/{activity.provider.kvk_number}"):
        assert "</svg>Overgenomen</span>" in world.person().get(place).text
    assert "</svg>Overgenomen</span>" in person.get("/aanbieder/activiteiten").text
    assert "Gepubliceerd als overgenomen aanbod" in bench(person, "done")


def test_it_can_be_undone_until_the_last_day(world: World, offer: Offer) -> None:
    activity, person = offer(content=READY), world.person(provider_identity())
    press(world, person, activity, "publiceren")
    public = world.person().get(f"/activiteiten/{OLD}")
    assert public.status_code == 200
    assert "vulde daarna" not in public.text
    assert "weer een concept" in press(world, person, activity, "terug")
    assert world.person().get(f"/activiteiten/{OLD}").status_code == 404
    assert "Klaar om te publiceren (1)" in bench(person)
    late = clock.now() + (POLICY.takeover.until - clock.today()) + timedelta(days=1)
    for policy_day in (late, late + timedelta(days=400)):
        with pytest.raises(NotTakeable, match="Dit kon tot en met"), transaction():
            take_over(db.session.get_one(Activity, activity.id), POLICY, by=ACTOR, now=policy_day)


def test_what_was_changed_goes_to_the_committee_and_gets_a_new_number(world: World, offer: Offer) -> None:
    activity, person = offer(), world.person(provider_identity())
    complete(person, activity, sectors=["po"], goal=COMPLETE.goal, description="Iets heel anders.")
    assert "Gewijzigd: de omschrijving" in bench(person)
    assert "U wijzigde de omschrijving. Dien de activiteit in." in press(world, person, activity, "publiceren")
    complete(person, activity, "opzet", planning="Vier middagen.", self_study_account="Lezen.")
    address = f"/aanbieder/activiteiten/{activity.id}"
    assert person.post(f"{address}/indienen", world.checked(activity.id)).status_code == 303
    assert "Afgehandeld (1)" in bench(person)


def test_changing_it_back_makes_it_ready_again(world: World, offer: Offer) -> None:
    activity, person = offer(), world.person(provider_identity())
    complete(person, activity, sectors=["po"], goal=COMPLETE.goal, description="Iets heel anders.")
    complete(person, activity, description=COMPLETE.description)
    assert "Klaar om te publiceren (1)" in bench(person)


def test_a_published_offer_that_is_changed_later_keeps_its_old_number_until_the_committee_decides(
    world: World, offer: Offer
) -> None:
    content = replace(COMPLETE, closing_test="Toets")
    activity, person = offer(content=content), world.person(provider_identity())
    press(world, person, activity, "publiceren")
    complete(person, activity, goal="Een heel ander doel.")
    person.post(f"/aanbieder/activiteiten/{activity.id}/indienen", world.checked(activity.id))
    assert COMPLETE.goal in world.person().get(f"/activiteiten/{OLD}").text
    assert "weer een concept" not in press(world, person, activity, "terug"), "a change is on its way"
    db.session.rollback()
    world.decided(db.session.query(Case).filter_by(activity_id=activity.id).one())
    old = world.person().get(f"/activiteiten/{OLD}")
    assert old.status_code == 301
    assert "Een heel ander doel." in world.person().get(old.headers["Location"]).text


def test_what_is_over_double_or_was_never_validated_stands_apart(world: World, offer: Offer) -> None:
    content = READY
    yesterday = clock.today() - timedelta(days=1)
    offer("oud1", replace(content, title="Afgelopen", ends_on=yesterday))
    never = offer("", replace(content, title="Nooit gevalideerd"))
    offer("oud2", replace(content, title="Twee keer"))
    offer("oud3", replace(content, title="twee KEER"))
    person = world.person(provider_identity())
    page = bench(person)
    for part in ("Klaar om te publiceren (2)", "Al afgelopen (1)", "Niet eerder gevalideerd (1)", "Lijkt dubbel (2)"):
        assert part in page
    assert "twee KEER" in bench(person, "double")
    assert "oude register heeft deze activiteit niet gevalideerd" in press(world, person, never, "publiceren")


def test_a_provider_that_is_not_admitted_publishes_nothing(world: World) -> None:
    late = world.provider("90100022", origin=Origin.MIGRATED, admitted=False)
    with transaction():
        activity = create_draft(late.id, COMPLETE, by=ACTOR, now=NOW)
        recognise_former(
            freeze(newest_version(activity), NOW), Hours(Decimal(1), Decimal(0)), number=OLD, valid_from=NOW.date()
        )
        db.session.add(
            ImportedOffer(source_key="k", activity_id=activity.id, origin="former", digest="x", imported_at=NOW)
        )
    person = world.person(provider_identity("90100022"))
    page = person.get("/aanbieder/overgenomen")
    assert "Uw organisatie kan nu niet publiceren" in text_of(page)
    assert "/publiceren" not in page.text
    told = press(world, person, activity, "publiceren")
    assert "kan nu niet publiceren: aanmelding niet afgerond. Onder ‘Uw organisatie’ staat wat u kunt doen." in told
    assert world.person().get(f"/activiteiten/{OLD}").status_code == 404


def test_the_bureau_sees_how_far_every_provider_is(world: World, offer: Offer) -> None:
    ready = offer("oud1", READY)
    offer("oud2")
    offer("oud3", owner=world.provider("90100022", origin=Origin.MIGRATED))
    press(world, world.person(provider_identity()), ready, "publiceren")
    page = text_of(world.person(member_identity("bakker", Role.BUREAU)).get("/commissie/overgenomen"))
    assert "3 activiteiten van 2 aanbieders" in page
    assert "Klaar: 1 van 3, waarvan 1 gepubliceerd" in page


def test_the_workbench_asks_as_much_for_many_as_for_few(world: World, offer: Offer) -> None:
    person = world.person(provider_identity())
    offer("oud1")
    few = count_statements(lambda: person.get("/aanbieder/overgenomen"))
    for number in range(8):
        offer(f"oud1{number}")
    assert count_statements(lambda: person.get("/aanbieder/overgenomen")) == few


def test_everything_that_passes_is_published_at_once_and_taken_back(world: World, offer: Offer) -> None:
    content = READY
    for number in ("oud1", "oud2", "oud3"):
        offer(number, replace(content, title=f"Aanbod {number}"))
    offer("oud4")
    person = world.person(provider_identity())
    assert "nog 4 activiteiten te controleren" in text_of(person.get("/aanbieder/activiteiten"))
    preview = person.post("/aanbieder/activiteiten/selectie/overgenomen")
    assert "U hebt 3 activiteiten gekozen" in text_of(preview)
    started = person.post("/aanbieder/activiteiten/selectie/starten", form_of(preview))
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    assert "Klaar om te publiceren (0)" in bench(person, "ready")
    for number in ("oud1", "oud2", "oud3"):
        assert world.person().get(f"/activiteiten/{number}").status_code == 200
    job = started.headers["Location"]
    person.post(f"{job}/terugdraaien")
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    assert "Klaar om te publiceren (3)" in bench(person)
    assert world.person().get("/activiteiten/oud1").status_code == 404


def test_a_text_that_was_turned_down_does_not_come_back_under_the_old_number(world: World, offer: Offer) -> None:
    content = replace(READY, sectors=("po",), planning="Zoals het was.", self_study_account="Lezen.")
    activity, person = offer(content=content), world.person(provider_identity())
    press(world, person, activity, "publiceren")
    complete(person, activity, "opzet", planning="Wat de commissie niet wilde.")
    address = f"/aanbieder/activiteiten/{activity.id}"
    person.post(f"{address}/indienen", world.checked(activity.id))
    db.session.rollback()
    world.decided(db.session.query(Case).filter_by(activity_id=activity.id).one(), Outcome.REJECTED)
    person.post(f"{address}/wijziging-verwijderen", world.seen(Activity, activity.id))
    assert "weer een concept" in press(world, person, activity, "terug")
    assert "Klaar om te publiceren (1)" in bench(person)
    press(world, person, activity, "publiceren")
    public = world.person().get(f"/activiteiten/{OLD}").text
    assert "Zoals het was." in public
    assert "Wat de commissie niet wilde." not in public


def test_an_offer_that_the_committee_turned_down_cannot_be_taken_over(world: World, offer: Offer) -> None:
    activity, person = offer(content=COMPLETE), world.person(provider_identity())
    person.post(f"/aanbieder/activiteiten/{activity.id}/indienen", world.checked(activity.id))
    db.session.rollback()
    world.decided(db.session.query(Case).filter_by(activity_id=activity.id).one(), Outcome.REJECTED)
    complete(person, activity, "praktisch", place="Utrecht")
    assert "Afgewezen door de commissie" in bench(person)
    page = text_of(person.get(f"/aanbieder/activiteiten/{activity.id}"))
    assert "Pas het aan en dien het opnieuw in." in page
    assert "Publiceren als overgenomen aanbod" not in page
    assert "De commissie heeft dit aanbod afgewezen" in press(world, person, activity, "publiceren")
    assert world.person().get(f"/activiteiten/{OLD}").status_code == 404


def test_the_form_of_an_old_offer_says_first_what_publishing_it_takes(world: World, provider: Provider) -> None:
    person = world.person(provider_identity())
    for content, told in ((replace(READY, goal=""), "ontbreekt nog: het doel"), (READY, "ontbreekt niets")):
        activity = one_offer(provider, f"oud{len(told)}", content)
        page = text_of(person.get(f"/aanbieder/activiteiten/{activity.id}/bewerken/over"))
        assert f"Om met het oude nummer te publiceren {told}." in page
