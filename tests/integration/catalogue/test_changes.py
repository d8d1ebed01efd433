"""Later versions beside what is live."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalogue.drafts import live_version, newest_version
from catalogue.models import Activity, ActivityVersion, Recognition
from catalogue.publication import set_period
from core import clock
from core.db import db, transaction
from providers.admitting import suspend
from providers.models import Provider
from tests.forms import form_of
from tests.world import ACTOR, COMPLETE, HOURS, NOW, POLICY, Person, World, provider_identity, text_of
from validation.models import Case
from validation.states import Outcome


def change(world: World, person: Person, activity: Activity, step: str = "over", **facts: object) -> None:
    address = f"/aanbieder/activiteiten/{activity.id}/bewerken/{step}"
    assert person.post(address, form_of(person.get(address), "concept") | facts).status_code == 303


def act(world: World, person: Person, activity: Activity, action: str) -> str:
    """Press a button; what the page says afterwards."""
    response = person.post(f"/aanbieder/activiteiten/{activity.id}/{action}", world.checked(activity.id))
    assert response.status_code == 303, text_of(response)
    return text_of(person.get(response.headers["Location"]))


def fresh(activity: Activity) -> Activity:
    db.session.rollback()
    return db.session.get_one(Activity, activity.id)


def open_case() -> Case:
    db.session.rollback()
    return db.session.scalars(select(Case).filter_by(state="received")).one()


@pytest.fixture
def published(world: World) -> Activity:
    return world.published(world.provider())


def test_a_change_of_free_facts_goes_live_at_once_and_keeps_number_and_hours(world: World, published: Activity) -> None:
    person, number = world.person(provider_identity()), world.number(published)
    change(world, person, published, "praktisch", place="Utrecht", website="www.voorbeeld.nl")
    page = text_of(person.get(f"/aanbieder/activiteiten/{published.id}/indienen"))
    assert "hoeft niet naar de commissie" in page
    assert "Utrecht" not in world.person().get(f"/activiteiten/{number}").text
    assert "De wijziging is ingegaan" in act(world, person, published, "wijziging-publiceren")
    public = text_of(world.person().get(f"/activiteiten/{number}"))
    assert "Utrecht" in public
    assert "20,5 RU" in public
    assert (fresh(published).state, fresh(published).change) == ("published", "")
    assert world.number(published) == number


def test_free_facts_beside_a_judged_change_wait_along_and_the_page_says_so(world: World, published: Activity) -> None:
    person, number = world.person(provider_identity()), world.number(published)
    change(world, person, published, goal="Een heel ander doel.")
    change(world, person, published, "praktisch", place="Utrecht", website="www.voorbeeld.nl")
    wait = "Ook uw wijziging van de plaats en de webpagina gaat pas in na dat besluit."
    for path in ("indienen", "bewerken/praktisch"):
        assert wait in text_of(person.get(f"/aanbieder/activiteiten/{published.id}/{path}"))
    act(world, person, published, "indienen")
    assert "Utrecht" not in world.person().get(f"/activiteiten/{number}").text
    world.decided(open_case())
    assert "Utrecht" in world.person().get(f"/activiteiten/{number}").text


def test_a_change_under_the_decision_goes_to_the_committee_and_the_live_version_stays(
    world: World, published: Activity
) -> None:
    person, number = world.person(provider_identity()), world.number(published)
    change(world, person, published, goal="Een heel ander doel.")
    page = text_of(person.get(f"/aanbieder/activiteiten/{published.id}/indienen"))
    assert "U wijzigt het doel. Daarover besluit de commissie. De huidige versie blijft intussen zichtbaar" in page
    assert "iets gewijzigd dat de commissie moet beoordelen" in act(world, person, published, "wijziging-publiceren")
    assert "Uw wijziging is ingediend" in act(world, person, published, "indienen")
    assert COMPLETE.goal in world.person().get(f"/activiteiten/{number}").text
    case = open_case()
    assert case.baseline is not None
    assert (case.baseline.goal, case.submitted.goal) == (COMPLETE.goal, "Een heel ander doel.")
    world.decided(case, hours=replace(HOURS, contact=HOURS.contact - 1))
    public = text_of(world.person().get(f"/activiteiten/{number}"))
    assert "Een heel ander doel." in public
    assert "19,5 RU" in public
    assert db.session.scalar(select(func.count()).select_from(Recognition)) == 1
    assert (fresh(published).state, fresh(published).change) == ("published", "")


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.TEMPORARILY_REJECTED])
def test_a_change_that_is_rejected_leaves_what_is_live(world: World, published: Activity, outcome: Outcome) -> None:
    person, number = world.person(provider_identity()), world.number(published)
    change(world, person, published, goal="Een heel ander doel.")
    act(world, person, published, "indienen")
    world.decided(open_case(), outcome)
    assert (fresh(published).state, fresh(published).change) == ("published", "rejected")
    assert COMPLETE.goal in world.person().get(f"/activiteiten/{number}").text
    page = text_of(person.get(f"/aanbieder/activiteiten/{published.id}"))
    assert "Omdat het zo is." in page
    assert "De activiteit is zoals die was" in act(world, person, published, "wijziging-verwijderen")
    assert fresh(published).change == ""
    form = form_of(person.get(f"/aanbieder/activiteiten/{published.id}/bewerken/over"), "concept")
    assert form["goal"] == COMPLETE.goal, "the form begins with the live version again"


def test_a_rejected_change_can_be_improved(world: World, published: Activity) -> None:
    person = world.person(provider_identity())
    change(world, person, published, goal="Een heel ander doel.")
    act(world, person, published, "indienen")
    world.decided(open_case(), Outcome.TEMPORARILY_REJECTED)
    change(world, person, published, goal="Een nog beter doel.")
    act(world, person, published, "indienen")
    world.decided(open_case())
    assert live_version(fresh(published)).goal == "Een nog beter doel."
    assert [version.ordinal for version in fresh(published).versions] == [1, 2, 3]


def test_a_change_can_be_withdrawn_and_forgotten(world: World, published: Activity) -> None:
    person = world.person(provider_identity())
    change(world, person, published, title="Andere naam")
    act(world, person, published, "indienen")
    assert "kunt nu niets wijzigen" not in act(world, person, published, "intrekken")
    assert fresh(published).change == "draft"
    change(world, person, published, title="Weer een andere naam")
    assert newest_version(fresh(published)).ordinal == 3
    act(world, person, published, "wijziging-verwijderen")
    assert newest_version(fresh(published)).ordinal == 2, "what was handed in stays on record"
    assert fresh(published).title_key == COMPLETE.title.casefold()


def test_a_change_of_nothing_goes_nowhere(world: World, published: Activity) -> None:
    person = world.person(provider_identity())
    change(world, person, published, place="Utrecht")
    change(world, person, published, "praktisch", place="Utrecht")
    change(world, person, published, "praktisch", place="")
    assert "U hebt nog niets gewijzigd" in text_of(person.get(f"/aanbieder/activiteiten/{published.id}/indienen"))
    assert "Er is niets gewijzigd" in act(world, person, published, "wijziging-publiceren")
    assert "hoeft dit niet te beoordelen" in act(world, person, published, "indienen")


def test_only_free_facts_are_nothing_for_the_committee(world: World, published: Activity) -> None:
    person = world.person(provider_identity())
    change(world, person, published, "praktisch", place="Utrecht")
    assert "meteen publiceren" in act(world, person, published, "indienen")
    assert db.session.scalar(select(func.count()).select_from(Case).filter_by(state="received")) == 0


def test_the_period_of_what_is_live_is_not_in_the_form(world: World, published: Activity) -> None:
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{published.id}/bewerken/praktisch"
    typed = form_of(person.get(address), "concept")
    assert "ends_on" not in typed
    assert person.post(address, typed | {"ends_on": "01-01-2020"}).status_code == 303
    assert fresh(published).ends_on is None


def test_an_end_date_hides_at_once_also_while_a_change_is_judged_and_can_be_undone(
    world: World, published: Activity
) -> None:
    person, number = world.person(provider_identity()), world.number(published)
    change(world, person, published, goal="Een heel ander doel.")
    act(world, person, published, "indienen")
    address = f"/aanbieder/activiteiten/{published.id}/periode"
    yesterday = (clock.today() - timedelta(days=1)).strftime("%d-%m-%Y")
    assert person.post(address, form_of(person.get(address)) | {"ends_on": yesterday}).status_code == 303
    assert "is afgelopen" in text_of(world.person().get(f"/activiteiten/{number}"))
    assert COMPLETE.title not in world.person().get("/zoeken", q=number).text
    world.decided(open_case())
    assert "is afgelopen" in text_of(world.person().get(f"/activiteiten/{number}"))
    assert person.post(address, form_of(person.get(address)) | {"ends_on": ""}).status_code == 303
    assert "is afgelopen" not in text_of(world.person().get(f"/activiteiten/{number}"))
    assert COMPLETE.title in world.person().get("/zoeken", q=number).text


def test_new_dates_can_be_taken_back_with_one_button(world: World, published: Activity) -> None:
    person, number = world.person(provider_identity()), world.number(published)
    page = f"/aanbieder/activiteiten/{published.id}"
    yesterday = (clock.today() - timedelta(days=1)).strftime("%d-%m-%Y")
    person.post(f"{page}/periode", form_of(person.get(f"{page}/periode")) | {"ends_on": yesterday})
    answer = person.get(page)
    assert "leraren zien de activiteit niet. Ongedaan maken" in text_of(answer)
    undo = answer.text.split('role="status"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', undo))
    assert f'action="{page}/periode"' in undo
    assert "Ongedaan maken" not in text_of(person.get(page)), "it is offered once"
    person.post(f"{page}/periode", {name: text for name, text in hidden.items() if name != "csrf_token"})
    assert COMPLETE.title in world.person().get("/zoeken", q=number).text
    assert fresh(published).ends_on is None


def test_the_same_dates_once_more_change_nothing(world: World, published: Activity) -> None:
    person, address = world.person(provider_identity()), f"/aanbieder/activiteiten/{published.id}/periode"
    before = fresh(published).version
    assert person.post(address, form_of(person.get(address))).status_code == 303
    assert fresh(published).version == before
    assert "Ongedaan maken" not in person.get(f"/aanbieder/activiteiten/{published.id}").text


def test_dates_that_cannot_be_are_refused_with_what_was_typed(world: World, published: Activity) -> None:
    person, address = world.person(provider_identity()), f"/aanbieder/activiteiten/{published.id}/periode"
    typed = form_of(person.get(address)) | {"starts_on": "02-02-2027", "ends_on": "01-02-2027"}
    refused = person.post(address, typed)
    assert refused.status_code == 422
    assert "ligt voor de startdatum" in refused.text
    assert form_of(refused) == typed
    stale = person.post(address, typed | {"ends_on": "", "version": "0"})
    assert stale.status_code == 409
    assert "Nog niet opgeslagen" in stale.text


def test_a_copy_says_the_same_without_number_and_dates(world: World) -> None:
    source = world.published(world.provider(), replace(COMPLETE, starts_on=NOW.date(), ends_on=NOW.date()))
    person = world.person(provider_identity())
    response = person.post(f"/aanbieder/activiteiten/{source.id}/kopie", world.seen(Activity, source.id))
    db.session.rollback()
    copy = db.session.scalars(select(Activity).order_by(Activity.id.desc())).first()
    assert copy is not None
    assert response.headers["Location"] == f"/aanbieder/activiteiten/{copy.id}/bewerken"
    assert newest_version(copy).content == COMPLETE
    assert (copy.state, copy.recognitions) == ("draft", [])


def test_versions_that_were_handed_in_are_never_lost(world: World, published: Activity) -> None:
    person = world.person(provider_identity())
    for goal in ("Een", "Twee", "Drie"):
        change(world, person, published, goal=goal)
        act(world, person, published, "indienen")
        world.decided(open_case())
    db.session.rollback()
    goals = list(db.session.scalars(select(ActivityVersion.goal).order_by(ActivityVersion.ordinal)))
    assert goals == [COMPLETE.goal, "Een", "Twee", "Drie"]


def test_a_suspended_provider_shows_nothing_again(world: World) -> None:
    provider = world.provider()
    yesterday = clock.today() - timedelta(days=1)
    activity = world.published(provider, replace(COMPLETE, ends_on=clock.today()))
    with transaction():
        set_period(fresh_in(activity.id), None, yesterday, by=ACTOR, now=clock.now())
        suspend(db.session.get_one(Provider, provider.id), "Reden.", policy=POLICY, by=ACTOR, now=clock.now())
    person, address = world.person(provider_identity()), f"/aanbieder/activiteiten/{activity.id}/periode"
    typed = form_of(person.get(address)) | {"ends_on": "31-12-2028"}
    refused = person.post(address, typed)
    assert refused.status_code == 409
    assert "Nog niet opgeslagen Uw organisatie is geschorst." in text_of(refused)
    assert form_of(refused) == typed, "what was typed is still there"
    assert "is afgelopen" in text_of(world.person().get(f"/activiteiten/{world.number(activity)}"))


def fresh_in(activity_id: int) -> Activity:
    return db.session.get_one(Activity, activity_id)
