import re
from collections.abc import Callable, Collection
from dataclasses import asdict, replace
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue.edition_facts import EditionFacts
from catalogue.editions import (
    AlreadyThere,
    add_edition,
    coming_editions,
    facts_of,
    remove_all,
    remove_edition,
)
from catalogue.models import Activity, Edition
from catalogue.publication import ACTIVITY_CHANGED
from catalogue.queries import own_activity
from catalogue.states import State
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.outbox import OutboxMessage
from providers.admitting import suspend
from providers.arriving import arrive
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, POLICY, Person, World, provider_identity, text_of

DAY = timedelta(days=1)
FACTS = EditionFacts(
    starts_on=NOW.date() + 20 * DAY,
    ends_on=NOW.date() + 20 * DAY,
    is_online=False,
    place="Utrecht",
    language="nl",
    price_in_cents=None,
    registration_link="",
)


def form(**changes: Any) -> dict[str, Any]:
    """A form that is right on whatever day the test runs; days may be given as counted from then."""
    typed = {"starts_on": 20 * DAY, "ends_on": "", "place": "Utrecht", "language": "nl"} | changes
    return {name: as_day(value) if isinstance(value, timedelta) else value for name, value in typed.items()}


def as_day(later: timedelta) -> str:
    return (clock.today() + later).strftime("%d-%m-%Y")


def page_of(activity: Activity) -> str:
    return f"/aanbieder/activiteiten/{activity.id}/uitvoeringen"


def stored(activity: Activity, *days: date, **changes: Any) -> list[int]:
    """Editions on these days, past every check."""
    facts = asdict(replace(FACTS, **changes))
    with transaction():
        made = [Edition(activity_id=activity.id, **facts | {"starts_on": day, "ends_on": day}) for day in days]
        db.session.add_all(made)
        db.session.flush()
        return [edition.id for edition in made]


def version_of(edition_id: int) -> dict[str, str]:
    db.session.rollback()
    return {"version": str(db.session.get_one(Edition, edition_id).version)}


def editions() -> list[Edition]:
    db.session.rollback()
    return list(db.session.scalars(select(Edition).order_by(Edition.id)))


def told() -> list[tuple[str, str]]:
    """What the audit trail says about editions."""
    db.session.rollback()
    query = select(AuditEntry).where(AuditEntry.action.startswith("edition.")).order_by(AuditEntry.position)
    return [(entry.action, entry.object) for entry in db.session.scalars(query)]


def announced() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(OutboxMessage.id)).filter_by(kind=ACTIVITY_CHANGED)) or 0


@pytest.fixture
def draft(world: World) -> Activity:
    return world.draft(world.provider())


@pytest.fixture
def person(world: World) -> Person:
    return world.person(provider_identity())


def test_an_edition_is_added_changed_and_removed_without_anybody_judging_it(draft: Activity, person: Person) -> None:
    before, about = (draft.version, draft.state), f"activity:{draft.id}"
    with transaction():
        arrive(provider_identity(), NOW)
    assert "Er staan geen uitvoeringen gepland." in text_of(person.get(page_of(draft)))
    typed = form(ends_on=21 * DAY, price="€ 1.250,00", registration_link="www.debrug.example/x")
    response = person.post(f"{page_of(draft)}/nieuw", typed)
    assert (response.status_code, response.headers["Location"]) == (303, page_of(draft))
    page = text_of(person.get(page_of(draft)))
    for shown in ("De uitvoering is toegevoegd.", "Utrecht", "Nederlands", "€\xa01.250,00"):
        assert " ".join(shown.split()) in page
    edition = editions()[0]
    assert (edition.ends_on - edition.starts_on, edition.registration_link) == (DAY, "https://www.debrug.example/x")
    address = f"{page_of(draft)}/{edition.id}"
    assert 'value="1.250,00"' in person.get(f"{address}/bewerken").text
    changed = person.post(f"{address}/bewerken", typed | version_of(edition.id) | {"price": "0"})
    assert changed.status_code == 303
    assert "gratis" in text_of(person.get(page_of(draft)))
    assert person.post(f"{address}/verwijderen", version_of(edition.id)).status_code == 303
    assert editions() == []
    assert told() == [(f"edition.{what}", about) for what in ("added", "changed", "removed")]
    assert "Uitvoering toegevoegd" in text_of(person.get("/aanbieder/logboek"))
    db.session.expire_all()
    assert (draft.version, draft.state) == before, "a colleague who edits the activity must not be disturbed"
    assert announced() == 0


def test_what_was_removed_a_moment_ago_can_be_put_back(draft: Activity, person: Person) -> None:
    [edition_id] = stored(draft, clock.today() + 20 * DAY, price_in_cents=9550, is_online=True)
    before = facts_of(editions()[0])
    person.post(f"{page_of(draft)}/{edition_id}/verwijderen", version_of(edition_id))
    page = person.get(page_of(draft))
    assert "Verwijderen ongedaan maken" in page.text
    undo = page.text.split('role="status"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', undo))
    del hidden["csrf_token"]
    assert person.post(f"{page_of(draft)}/nieuw", hidden).status_code == 303
    assert [facts_of(edition) for edition in editions()] == [before]
    assert "ongedaan maken" not in person.get(page_of(draft)).text


def test_a_removed_edition_of_the_past_is_gone(draft: Activity, person: Person) -> None:
    [edition_id] = stored(draft, clock.today() - DAY)
    person.post(f"{page_of(draft)}/{edition_id}/verwijderen", version_of(edition_id))
    page = person.get(page_of(draft)).text
    assert "De uitvoering is verwijderd." in page
    assert "ongedaan maken" not in page


def test_what_was_typed_is_kept_and_every_mistake_is_named(draft: Activity, person: Person) -> None:
    typed = form(starts_on="31-02-2027", ends_on="morgen", place="", price="duur", registration_link="voorbeeld")
    response = person.post(f"{page_of(draft)}/nieuw", typed)
    assert response.status_code == 422
    page = text_of(response)
    assert "Controleer 5 antwoorden" in page
    for named in ("Begindatum: deze datum bestaat niet.", "Einddatum: vul", "Vul een plaats in", "Link om aan te"):
        assert named in page
    for kept in ("31-02-2027", "morgen", "duur", "voorbeeld"):
        assert f'value="{kept}"' in response.text
    assert editions() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_on": -DAY}, "Deze uitvoering is al voorbij."),
        ({"starts_on": 41 * DAY}, "De activiteit zelf eindigt op"),
        ({"language": "xx"}, "Kies de taal."),
    ],
    ids=["past", "after the activity", "language"],
)
def test_what_cannot_be_offered_is_refused_with_what_to_do(
    world: World, person: Person, changes: dict[str, Any], sentence: str
) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, ends_on=clock.today() + 40 * DAY))
    response = person.post(f"{page_of(activity)}/nieuw", form(**changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert editions() == []
    assert person.post(f"{page_of(activity)}/nieuw", form(starts_on=40 * DAY)).status_code == 303


def test_the_list_warns_when_the_activity_ends_before_its_editions(world: World, person: Person) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, ends_on=clock.today() + 5 * DAY))
    [edition_id, _] = stored(activity, clock.today() + 6 * DAY, clock.today() + 5 * DAY)
    assert "1 uitvoering eindigt na de einddatum van de activiteit" in text_of(person.get(page_of(activity)))
    typed = form(starts_on=6 * DAY, price="10") | version_of(edition_id)
    assert person.post(f"{page_of(activity)}/{edition_id}/bewerken", typed).status_code == 303


def test_a_second_click_does_not_make_a_second_edition(draft: Activity, person: Person) -> None:
    for _ in range(2):
        assert person.post(f"{page_of(draft)}/nieuw", form()).status_code == 303
    assert "Deze uitvoering staat er al." in person.get(page_of(draft)).text
    assert (len(editions()), len(told())) == (1, 1)
    for other in ({"place": "Zwolle"}, {"language": "en"}, {"price": "0"}, {"is_online": "1"}):
        person.post(f"{page_of(draft)}/nieuw", form(**other))
    assert len(editions()) == 5
    twin = editions()[1]
    person.post(f"{page_of(draft)}/{twin.id}/bewerken", form() | version_of(twin.id))
    assert "Er is niets gewijzigd." in person.get(page_of(draft)).text
    assert editions()[1].place == "Zwolle"


def test_the_second_of_two_at_once_waits_and_is_refused(world: World, draft: Activity) -> None:
    refused: list[AlreadyThere] = []
    provider_id, draft_id = draft.provider_id, draft.id

    def second() -> None:
        with world.app.app_context():
            try:
                with transaction():
                    activity = own_activity(provider_id, draft_id, lock=True)
                    add_edition(activity, FACTS, policy=POLICY, by=ACTOR, now=NOW)
            except AlreadyThere as error:
                refused.append(error)

    thread = Thread(target=second)
    with transaction():
        activity = own_activity(provider_id, draft_id, lock=True)
        add_edition(activity, FACTS, policy=POLICY, by=ACTOR, now=NOW)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(5)
    assert len(refused) == 1
    assert len(editions()) == 1


def test_saving_what_is_there_already_changes_nothing(draft: Activity, person: Person) -> None:
    [edition_id] = stored(draft, clock.today() + 20 * DAY)
    assert person.post(f"{page_of(draft)}/{edition_id}/bewerken", form() | version_of(edition_id)).status_code == 303
    assert "De uitvoering is opgeslagen." in person.get(page_of(draft)).text
    assert told() == []


def test_the_second_of_two_editors_keeps_what_was_typed(world: World, draft: Activity, person: Person) -> None:
    [edition_id] = stored(draft, clock.today() + 20 * DAY)
    colleague, address = world.person(provider_identity(subject="collega")), f"{page_of(draft)}/{edition_id}"
    seen = version_of(edition_id)
    assert colleague.post(f"{address}/bewerken", form(place="Zwolle") | seen).status_code == 303
    mistaken = person.post(f"{address}/bewerken", form(price="duur") | seen)
    assert mistaken.status_code == 422
    assert f'name="version" value="{seen["version"]}"' in mistaken.text
    response = person.post(f"{address}/bewerken", form(place="Assen") | seen)
    assert response.status_code == 409
    assert "Zo staat die er nu:" in response.text
    assert "Zwolle" in response.text
    assert 'value="Assen"' in response.text
    assert person.post(f"{address}/verwijderen", seen).status_code == 303
    assert "intussen al gewijzigd" in person.get(page_of(draft)).text
    newer = version_of(edition_id)
    assert f'name="version" value="{newer["version"]}"' in response.text
    assert person.post(f"{address}/bewerken", form(place="Assen") | newer).status_code == 303
    assert [edition.place for edition in editions()] == ["Assen"]


def test_once_more_says_the_same_on_other_days(draft: Activity, person: Person) -> None:
    link = "https://debrug.example/x"
    [edition_id] = stored(draft, clock.today() - DAY, price_in_cents=9550, registration_link=link, language="fy")
    page = person.get(f"{page_of(draft)}/{edition_id}/nog-een-keer").text
    for kept in ('name="place" type="text" value="Utrecht"', 'value="95,50"', f'value="{link}"', 'value="fy" checked'):
        assert kept in page
    assert 'name="starts_on" type="text" value=""' in page
    assert f'action="{page_of(draft)}/nieuw"' in page


@pytest.mark.parametrize("path", ["", "/nieuw", "/{own}/bewerken", "/{own}/nog-een-keer"])
def test_another_providers_activity_does_not_exist(world: World, draft: Activity, path: str) -> None:
    [own] = stored(draft, clock.today() + DAY)
    world.provider("90100022")
    other = world.person(provider_identity("90100022"))
    assert other.get(page_of(draft) + path.format(own=own)).status_code == 404


@pytest.mark.parametrize("path", ["/nieuw", "/{own}/bewerken", "/{own}/verwijderen"])
@pytest.mark.parametrize("typed", [{}, form()], ids=["empty", "complete"])
def test_nobody_changes_what_another_provider_offers(
    world: World, draft: Activity, path: str, typed: dict[str, Any]
) -> None:
    [own] = stored(draft, clock.today() + DAY)
    mine = world.draft(world.provider("90100022"))
    other = world.person(provider_identity("90100022"))
    seen = version_of(own)
    assert other.post(page_of(draft) + path.format(own=own), typed | seen).status_code == 404
    if "{own}" in path:
        assert other.post(page_of(mine) + path.format(own=own), typed | seen).status_code == 404
    assert [(edition.id, edition.place) for edition in editions()] == [(own, "Utrecht")]


@pytest.mark.parametrize("state", [state for state in State if state is not State.DELETED])
def test_editions_are_changed_in_every_state(draft: Activity, person: Person, state: State) -> None:
    with transaction():
        found = db.session.get_one(Activity, draft.id)
        found.state, found.shown_changed_at = state, NOW
    assert person.post(f"{page_of(draft)}/nieuw", form()).status_code == 303
    assert len(editions()) == 1
    assert announced() == (1 if state is State.PUBLISHED else 0)


def test_a_deleted_activity_has_no_editions(draft: Activity, person: Person) -> None:
    [edition_id] = stored(draft, clock.today() + DAY)
    with transaction():
        activity = db.session.get_one(Activity, draft.id)
        activity.state, activity.deleted_at = State.DELETED, NOW
        remove_all(activity)
    assert editions() == []
    for response in (
        person.get(page_of(draft)),
        person.post(f"{page_of(draft)}/nieuw", form()),
        person.post(f"{page_of(draft)}/{edition_id}/bewerken", form()),
    ):
        assert response.status_code == 404
        assert "Deze activiteit is verwijderd." in text_of(response)
    assert editions() == []


def test_removing_all_leaves_those_of_other_activities(world: World, draft: Activity) -> None:
    other = world.draft(draft.provider)
    stored(draft, clock.today() + DAY, clock.today() - DAY)
    [kept] = stored(other, clock.today() + DAY)
    with transaction():
        remove_all(db.session.get_one(Activity, draft.id))
    assert [edition.id for edition in editions()] == [kept]


def test_a_suspended_provider_may_still_correct(world: World, person: Person) -> None:
    provider = world.provider()
    activity = world.published(provider)
    with transaction():
        db.session.refresh(provider)
        suspend(provider, "Omdat het zo is.", policy=POLICY, by=ACTOR, now=NOW)
    assert person.post(f"{page_of(activity)}/nieuw", form()).status_code == 303
    assert len(editions()) == 1


def test_the_index_looks_again_at_what_is_published(world: World, person: Person) -> None:
    activity = world.published(world.provider())
    before = announced()
    person.post(f"{page_of(activity)}/nieuw", form())
    edition = editions()[0]
    person.post(f"{page_of(activity)}/{edition.id}/bewerken", form(place="Zwolle") | version_of(edition.id))
    assert announced() == before + 2
    with transaction():
        remove_edition(db.session.get_one(Edition, edition.id), by=ACTOR, now=NOW)
    assert announced() == before + 3


def days_of(activity_ids: Collection[int], today: date) -> list[list[date]]:
    found = coming_editions(activity_ids, today)
    return [[edition.starts_on for edition in found[activity_id]] for activity_id in activity_ids]


def test_editions_fall_away_by_themselves(world: World, draft: Activity) -> None:
    first, second = date(2027, 1, 10), date(2027, 2, 10)
    stored(draft, second, first)
    without = world.draft(draft.provider)
    assert days_of([draft.id, without.id], first) == [[first, second], []]
    assert days_of([draft.id], first + DAY) == [[second]]
    assert days_of([draft.id], second + DAY) == [[]]


def test_an_edition_of_several_days_stays_until_the_last(draft: Activity) -> None:
    with transaction():
        db.session.add(Edition(activity_id=draft.id, **asdict(replace(FACTS, ends_on=FACTS.starts_on + 9 * DAY))))
    assert days_of([draft.id], FACTS.starts_on + 9 * DAY) == [[FACTS.starts_on]]
    assert days_of([draft.id], FACTS.starts_on + 10 * DAY) == [[]]


def test_the_public_page_shows_what_is_to_come_and_where_to_register(world: World) -> None:
    activity = world.published(world.provider())
    number, anyone, today = world.number(activity), world.person(), clock.today()
    assert "Uitvoeringen" not in anyone.get(f"/activiteiten/{number}").text
    stored(activity, today - DAY, place="Voorbij")
    assert "Uitvoeringen" not in anyone.get(f"/activiteiten/{number}").text
    link = "https://debrug.example/?a=1&b=2"
    stored(activity, today + 2 * DAY, place="Tweede", price_in_cents=125000, registration_link=link)
    stored(activity, today, place="Eerste", price_in_cents=0, is_online=True)
    response = anyone.get(f"/activiteiten/{number}")
    page = text_of(response)
    assert "Voorbij" not in page
    assert page.index("Eerste en online") < page.index("Tweede")
    assert "gratis" in page
    assert "€ 1.250,00" in page
    assert (
        'href="https://debrug.example/?a=1&amp;b=2" rel="noopener nofollow">Aanmelden<span class="sr-only"> voor'
        in (response.text)
    )
    assert response.text.count(">Aanmelden<span") == 1
    assert "2 uitvoeringen, de eerstvolgende op" in page


def test_an_activity_that_is_over_shows_no_editions(world: World) -> None:
    activity = world.published(world.provider())
    stored(activity, clock.today() + DAY)
    with transaction():
        db.session.get_one(Activity, activity.id).ends_on = clock.today() - DAY
    page = world.person().get(f"/activiteiten/{world.number(activity)}").text
    assert "is afgelopen" in page
    assert "Uitvoeringen" not in page


def test_of_many_past_editions_the_last_are_shown_and_all_on_request(draft: Activity, person: Person) -> None:
    stored(draft, *(clock.today() - n * DAY for n in range(1, 61)))
    few, whole = person.get(page_of(draft)), person.get(page_of(draft), alles="1")
    assert "Voorbij (60)" in text_of(few)
    assert "Dit zijn de laatste 50. Toon alle 60" in text_of(few)
    assert [page.text.count("Nog een keer<span") for page in (few, whole)] == [50, 60]
    assert "Toon alle" not in text_of(whole)


def test_what_goes_on_after_the_activity_has_ended_is_not_offered(world: World, person: Person) -> None:
    activity, today = world.published(world.provider()), clock.today()
    stored(activity, today + DAY, place="Op tijd")
    stored(activity, today + 9 * DAY, place="Te laat")
    with transaction():
        db.session.get_one(Activity, activity.id).ends_on = today + DAY
    page = text_of(world.person().get(f"/activiteiten/{world.number(activity)}"))
    assert "Op tijd" in page
    assert "Te laat" not in page
    assert "1 uitvoering, op" in page
    own = text_of(person.get(page_of(activity)))
    assert "1 uitvoering eindigt na de einddatum van de activiteit" in own
    assert "Daarom zien leraren deze uitvoering niet." in own


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("debrug.example/aanmelden?id=3", "https://debrug.example/aanmelden?id=3"),
        ("WWW.debrug.example", "https://WWW.debrug.example"),
        ("http://debrug.example", "http://debrug.example"),
        ("javascript:alert(1)", ""),
        ("javascript:alert(document.domain)", ""),
        ("data:text/html,x.y", ""),
        ("//debrug.example", ""),
        ("info@debrug.example", ""),
        ("aanmelden", ""),
    ],
)
def test_a_link_is_a_web_address_also_without_its_beginning(
    draft: Activity, person: Person, typed: str, kept: str
) -> None:
    response = person.post(f"{page_of(draft)}/nieuw", form(registration_link=typed))
    assert response.status_code == (303 if kept else 422)
    assert [edition.registration_link for edition in editions()] == ([kept] if kept else [])


def test_many_editions_fold_and_cost_no_statements(world: World, person: Person) -> None:
    activity = world.published(world.provider())
    anyone, number, activity_id = world.person(), world.number(activity), activity.id
    visits: list[Callable[[], Any]] = [
        lambda: anyone.get(f"/activiteiten/{number}"),
        lambda: person.get(page_of(activity)),
        lambda: person.get(f"/aanbieder/activiteiten/{activity_id}"),
        lambda: coming_editions([activity_id, activity_id + 1], clock.today()),
    ]
    stored(activity, clock.today() - DAY, clock.today() + DAY)
    few = [count_statements(visit) for visit in visits]
    stored(activity, *(clock.today() + n * DAY for n in range(-60, 120)))
    assert [count_statements(visit) for visit in visits] == few
    assert few[-1] == 1
    public = text_of(anyone.get(f"/activiteiten/{number}"))
    assert "En nog 101 uitvoeringen" in public
    assert "Voorbij (61)" in text_of(person.get(page_of(activity)))
    assert "121 uitvoeringen gepland." in text_of(person.get(f"/aanbieder/activiteiten/{activity_id}"))
