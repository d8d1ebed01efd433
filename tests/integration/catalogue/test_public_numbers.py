"""What a number answers, also when teachers can no longer find the activity: a certificate must stay checkable."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalogue.deleting import delete_for_ever
from catalogue.drafts import save_draft
from catalogue.models import Activity
from catalogue.numbers import shown
from catalogue.publication import move, set_period
from catalogue.states import Action
from core import clock
from core.db import db, transaction
from core.worker import deliver_due
from tests.ending import ENDINGS, end
from tests.offers import READY, offer
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, Person, World, teacher_identity, text_of
from validation.submitting import submit

HOURS = "16 contacturen + 4,5 zelfstudie-uren = 20,5 RU"


@pytest.fixture
def anyone(world: World) -> Person:
    return world.person()


@pytest.fixture
def published(world: World) -> Activity:
    return world.published(world.provider())


def act(world: World, activity: Activity, action: Action) -> None:
    with transaction():
        move(db.session.get_one(Activity, activity.id), action, by=ACTOR, now=clock.now())
    deliver_due(world.app, world.app.extensions["outbox_handlers"])


def ask(person: Person, address: str, *, json: bool = False) -> tuple[int, str]:
    """The status, and what a reader or a program is told."""
    kind = "application/json" if json else "text/html"
    response = person.client.get(address, headers={"Accept": kind})
    return response.status_code, text_of(response)


def test_what_was_taken_back_says_so_and_stays_checkable(world: World, anyone: Person, published: Activity) -> None:
    number = world.number(published)
    act(world, published, Action.UNPUBLISH)
    status, page = ask(anyone, f"/activiteiten/{shown(number).lower()}")
    assert status == 404
    for part in ("Deze activiteit wordt nu niet aangeboden", shown(number), COMPLETE.title, published.provider.name):
        assert part in page
    assert HOURS in page
    assert COMPLETE.goal not in page
    assert "dossier blijven geldig" in page
    act(world, published, Action.PUBLISH)
    assert ask(anyone, f"/activiteiten/{number}")[0] == 200


def test_a_title_that_teachers_never_saw_is_not_told(world: World, anyone: Person, published: Activity) -> None:
    number = world.number(published)
    act(world, published, Action.UNPUBLISH)
    with transaction():
        activity = db.session.get_one(Activity, published.id)
        save_draft(activity, replace(COMPLETE, title="Nog geheim"), by=ACTOR, now=NOW)
        case = submit(activity, world.policies, by=ACTOR, now=NOW)
    world.decided(case)
    status, page = ask(anyone, f"/activiteiten/{number}")
    assert (status, HOURS in page) == (404, True)
    assert "Nog geheim" not in page


def test_what_was_never_public_tells_nothing(world: World, anyone: Person) -> None:
    case = world.decided(world.submitted(world.provider()))
    activity = db.session.get_one(Activity, case.activity_id)
    number = world.number(activity)
    status, page = ask(anyone, f"/activiteiten/{number}")
    assert status == 404
    assert "Geen activiteit met dit nummer" in page
    assert "Controleer het nummer op het certificaat" in page
    assert COMPLETE.title not in page
    assert page.replace(number, "") == ask(anyone, "/activiteiten/7K3F9Q2N")[1], "as if there were none"
    assert "wordt aangeboden" not in ask(anyone, f"/zoeken?q={number}")[1]


def test_an_offer_whose_take_over_was_undone_says_what_teachers_saw(world: World, anyone: Person) -> None:
    activity = offer(world.provider(), "oud1", READY)
    assert "Geen activiteit met dit nummer" in ask(anyone, "/activiteiten/oud1")[1]
    act(world, activity, Action.TAKE_OVER)
    act(world, activity, Action.GIVE_BACK)
    assert "Deze activiteit wordt nu niet aangeboden" in ask(anyone, "/activiteiten/oud1")[1]


def test_what_is_over_says_so_with_number_and_hours(world: World, anyone: Person, published: Activity) -> None:
    number = world.number(published)
    with transaction():
        set_period(
            db.session.get_one(Activity, published.id), None, clock.today() - timedelta(1), by=ACTOR, now=clock.now()
        )
    status, page = ask(anyone, f"/activiteiten/{number}")
    assert status == 200
    assert "Deze activiteit is afgelopen" in page
    assert '<meta name="robots" content="noindex">' in anyone.get(f"/activiteiten/{number}").text
    assert HOURS in page
    assert "dossier blijven geldig" in page


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_types_the_whole_number_into_the_search_is_led_to_what_is_known(
    world: World, anyone: Person, published: Activity, ending: str
) -> None:
    number = world.number(published)
    end(world, published, ending)
    for typed in (number, f"nummer {shown(number).lower()}"):
        response = anyone.get("/zoeken", q=typed)
        assert f"Deze activiteit {ENDINGS[ending]}" in text_of(response)
        assert f'href="/activiteiten/{number}"' in response.text
        assert "Geen activiteiten gevonden" not in text_of(response)
        assert COMPLETE.title not in text_of(response)
    assert ENDINGS[ending] not in text_of(anyone.get("/zoeken", q=number[:6]))


def test_a_program_gets_a_problem_with_the_same_status(world: World, anyone: Person, published: Activity) -> None:
    number = world.number(published)
    assert ask(anyone, "/activiteiten/22222222", json=True)[0] == 404
    act(world, published, Action.UNPUBLISH)
    response = anyone.client.get(f"/activiteiten/{number}", headers={"Accept": "application/json"})
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json(force=True)["code"] == "activity-not-offered"
    with transaction():
        delete_for_ever(db.session.get_one(Activity, published.id), number, by=ACTOR, now=NOW)
    response = anyone.client.get(f"/activiteiten/{number}", headers={"Accept": "application/json"})
    assert (response.status_code, response.get_json(force=True)["code"]) == (410, "activity-deleted")
    assert anyone.client.head(f"/activiteiten/{number}").status_code == 410


def test_a_dossier_says_what_became_of_the_activity(world: World, published: Activity) -> None:
    teacher, number = world.person(teacher_identity()), world.number(published)
    teacher.post("/dossier", {"number": number})
    act(world, published, Action.UNPUBLISH)
    assert "Wordt niet meer aangeboden; uw uren blijven staan." in text_of(teacher.get("/dossier"))
    with transaction():
        delete_for_ever(db.session.get_one(Activity, published.id), number, by=ACTOR, now=NOW)
    page = text_of(teacher.get("/dossier"))
    assert "Verwijderd door de aanbieder; uw uren blijven staan." in page
    assert COMPLETE.title in page
    assert "20,5" in page


def test_a_word_asks_the_database_no_more_than_before(world: World, anyone: Person) -> None:
    world.published(world.provider(), replace(COMPLETE, title="Klassenmanagement"))
    words = count_statements(lambda: anyone.get("/zoeken", q="klassenmanagement"))
    assert words <= count_statements(lambda: anyone.get("/zoeken", q="7K3F9Q2")) <= words + 2
