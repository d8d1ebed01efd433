"""What programs read of the catalogue, as clients of the interface."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from catalogue import editions
from catalogue.deleting import delete_for_ever
from catalogue.edition_facts import EditionFacts
from catalogue.models import Activity
from catalogue.numbers import shown
from catalogue.publication import move, set_period
from catalogue.states import Action
from core import clock
from core.db import db, transaction
from providers.admitting import suspend
from providers.models import Provider
from search.index import IndexAway
from tests.databases import migrated_app
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, POLICY, Person, World, member_identity, told

ALL = "/api/v1/activiteiten"


@pytest.fixture
def program(world: World) -> Person:
    return world.person()


@pytest.fixture
def provider(world: World) -> Provider:
    return world.provider()


@pytest.fixture
def activity(world: World, provider: Provider) -> Activity:
    return world.published(provider)


def listed(person: Person, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.read(ALL, **query)["activiteiten"]
    return found


def one(person: Person, number: str, **headers: str) -> TestResponse:
    return person.client.get(f"{ALL}/{number}", headers=headers)


def act(activity: Activity, action: Action) -> None:
    with transaction():
        move(db.session.get_one(Activity, activity.id), action, by=ACTOR, now=clock.now())


def test_a_list_tells_what_teachers_can_find(world: World, program: Person, activity: Activity) -> None:
    number = world.number(activity)
    (found,) = listed(program)
    assert found["nummer"] == number
    assert found["weergave"] == shown(number)
    assert found["titel"] == COMPLETE.title
    assert found["sectoren"] == ["po", "vo"]
    assert found["registerUren"] == {"contact": 16.0, "zelfstudie": 4.5, "totaal": 20.5}
    assert found["aanbieder"] == {"kvkNummer": "90100011", "naam": "Aanbieder 90100011", "geschorst": False}
    assert found["status"] == "aangeboden"
    assert found["links"]["zelf"].endswith(f"/api/v1/activiteiten/{number}")


def test_any_part_of_a_number_finds_it_at_once(world: World, program: Person, activity: Activity) -> None:
    number = world.number(activity)
    for part in (number[:3], number[2:6], f"{number[1:4]}-{number[4:7]}".lower(), number):
        assert [found["nummer"] for found in listed(program, nummer=part)] == [number]
    act(activity, Action.UNPUBLISH)
    assert listed(program, nummer=number) == []


def test_filters_narrow(world: World, program: Person, activity: Activity) -> None:
    other = world.provider("90100022")
    world.published(other, replace(COMPLETE, title="Rekenen", type="studiedag", sectors=("mbo",)))
    titles = {"sector": {"mbo": 1, "vo": 1}, "type": {"studiedag": 1, "cursus": 1, "conferentie": 0}}
    for name, values in {**titles, "aanbieder": {"90100022": 1, "90100033": 0}}.items():
        for value, count in values.items():
            assert len(listed(program, **{name: value})) == count
            assert len(listed(program, q="aanbieder", **{name: value})) == count
    assert [found["titel"] for found in listed(program, q="rekenen")] == ["Rekenen"]
    assert listed(program, q="rekenen", sector="vo") == []


def test_pages_lead_from_one_to_the_next(world: World, program: Person, provider: Provider) -> None:
    for _ in range(3):
        world.published(provider)
    address, seen = f"{ALL}?paginaGrootte=2", []
    while address:
        page = program.read(address.removeprefix("http://127.0.0.1:8000"))
        assert page["totaal"] == 3
        seen += [found["nummer"] for found in page["activiteiten"]]
        address = page["links"].get("volgende", "")
    assert len(set(seen)) == len(seen) == 3


def test_a_page_costs_the_same_whatever_it_holds(world: World, program: Person, provider: Provider) -> None:
    world.published(provider)
    few = count_statements(lambda: program.get(ALL))
    for _ in range(4):
        world.published(provider)
    many = count_statements(lambda: program.get(ALL))
    assert many == few


def test_one_activity_tells_all_that_teachers_read(world: World, program: Person, activity: Activity) -> None:
    number, day = world.number(activity), clock.today() + timedelta(days=30)
    facts = EditionFacts(
        starts_on=day,
        ends_on=day,
        is_online=False,
        place="Utrecht",
        language="nl",
        price_in_cents=0,
        registration_link="",
    )
    with transaction():
        editions.add_edition(db.session.get_one(Activity, activity.id), facts, policy=POLICY, by=ACTOR, now=clock.now())
    for typed in (number, shown(number), number.lower()):
        found = told(one(program, typed))
        assert found["doel"] == COMPLETE.goal
        assert found["planning"] == COMPLETE.planning
        assert [edition["startdatum"] for edition in found["uitvoeringen"]] == [day.isoformat()]


def test_what_the_program_has_is_not_sent_again(world: World, program: Person, activity: Activity) -> None:
    number = world.number(activity)
    first = one(program, number)
    again = one(program, number, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    with transaction():
        set_period(db.session.get_one(Activity, activity.id), None, clock.today(), by=ACTOR, now=clock.now())
    assert one(program, number, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_csv_says_the_same(world: World, program: Person, activity: Activity) -> None:
    response = program.client.get(f"{ALL}?paginaGrootte=1", headers={"Accept": "text/csv"})
    assert response.content_type == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";")
    assert row["Nummer"] == shown(world.number(activity))
    assert row["Zelfstudie-uren"] == "4,5"
    assert 'rel="first"' in response.headers["Link"]
    assert "Bijgewerkt-Tot" not in response.headers
    since = program.client.get(f"{ALL}?gewijzigdSinds=2000-01-01T00:00:00Z", headers={"Accept": "text/csv"})
    assert since.headers["Bijgewerkt-Tot"].endswith("Z")
    assert response.headers["Vary"] == "Accept"


def test_all_faults_are_told_at_once(program: Person) -> None:
    response = program.get(
        ALL, nummer="7", pagina="0", paginaGrootte="veel", gewijzigdSinds="gisteren", aanbieder="1", kleur="rood"
    )
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    faults = {fault["location"]["name"]: fault["detail"] for fault in told(response)["errors"]}
    assert set(faults) == {"nummer", "pagina", "paginaGrootte", "gewijzigdSinds", "aanbieder", "kleur"}
    assert faults["aanbieder"] == "Geef het KvK-nummer, 8 cijfers."
    together = program.get(ALL, nummer="7K3", q="klas", gewijzigdSinds="2026-11-30T09:00:00Z")
    assert {fault["location"]["name"] for fault in told(together)["errors"]} == {"nummer", "gewijzigdSinds"}


@pytest.mark.parametrize("address", [ALL, f"{ALL}/7K3F9Q2N", "/api/v1/onzin", "/api/v1/openapi.json"])
def test_every_answer_says_its_version_and_may_be_read_anywhere(program: Person, address: str) -> None:
    response = program.get(address)
    assert response.headers["API-Version"] == "1.0.0"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    if response.status_code != 200:
        assert {"type", "status", "title", "detail"} <= set(told(response))
    before = program.client.options(address, headers={"Access-Control-Request-Headers": "if-none-match"})
    assert address == "/api/v1/onzin" or "If-None-Match" in before.headers["Access-Control-Allow-Headers"]


def test_nothing_is_changed_by_it(program: Person) -> None:
    response = program.client.post(ALL, json={})
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.content_type == "application/problem+json"


def test_who_asks_too_often_waits(tmp_path: Path) -> None:
    app = migrated_app(tmp_path, f"sqlite:///{tmp_path / 'api.db'}", api_requests_a_minute=2)
    with app.app_context():
        program = Person(app, None)
        left = [program.get(ALL).headers["RateLimit-Remaining"] for _ in range(2)]
        refused = program.get(f"{ALL}/7K3F9Q2N")
        assert left == ["1", "0"]
        assert (refused.status_code, told(refused)["title"]) == (429, "Te veel vragen")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["API-Version"] == "1.0.0"
        assert program.get("/api").status_code == 200
        db.engine.dispose()


def test_words_that_cannot_be_looked_for_are_no_empty_list(world: World, program: Person, monkeypatch: Any) -> None:
    class Away:
        def search(self, _: object) -> None:
            raise IndexAway("gone")

    monkeypatch.setitem(world.app.extensions, "search_index", Away())
    response = program.get(ALL, q="klas")
    assert (response.status_code, told(response)["code"]) == (503, "search-away")
    assert program.get(ALL, nummer="7K3").status_code == 200


def test_what_is_hidden_deleted_or_withdrawn_says_so(world: World, program: Person, provider: Provider) -> None:
    hidden, deleted = world.published(provider), world.published(provider)
    number, other = world.number(hidden), world.number(deleted)
    act(hidden, Action.UNPUBLISH)
    with transaction():
        delete_for_ever(db.session.get_one(Activity, deleted.id), other, by=ACTOR, now=clock.now())
    found = one(program, number)
    assert (found.status_code, told(found)["code"]) == (404, "activity-not-offered")
    assert told(found)["activiteit"]["status"] == "nietAangeboden"
    gone = one(program, other)
    assert (gone.status_code, told(gone)["code"]) == (410, "activity-deleted")
    assert told(gone)["activiteit"]["registerUren"]["totaal"] == 20.5
    assert "titel" not in told(gone)["activiteit"]
    unknown = one(program, "7K3F9Q2N")
    assert (unknown.status_code, told(unknown)["code"]) == (404, "unknown-number")
    assert "activiteit" not in told(unknown)


def test_an_ended_activity_is_still_read_by_its_number(world: World, program: Person, activity: Activity) -> None:
    number = world.number(activity)
    with transaction():
        yesterday = clock.today() - timedelta(days=1)
        set_period(db.session.get_one(Activity, activity.id), None, yesterday, by=ACTOR, now=clock.now())
    assert told(one(program, number))["status"] == "afgelopen"
    assert listed(program) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("gewijzigdSinds=2026-11-30T09:00:00", "Geef een moment met tijdzone"),
        ("gewijzigdSinds=2026-11-30T09:00:00+01:00", "Schrijf een + in een adres als %2B."),
        ("sector=xx", "Kies een van deze codes: po, "),
        ("sector=PO", "Kies een van deze codes: po, "),
        ("type=%00", "Kies een van deze codes: "),
        ("nummer=7K3%0A", "Geef minstens 3 letters of cijfers"),
        ("aanbieder=90100011%0A", "Geef het KvK-nummer, 8 cijfers."),
        ("sector=po&sector=vo", "Geef deze parameter één keer."),
        (f"q={'x' * 201}", "Geef hoogstens 200 tekens."),
    ],
)
def test_a_fault_says_how_it_must_be(program: Person, query: str, said: str) -> None:
    response = program.client.get(f"{ALL}?{query}")
    assert response.status_code == 400
    (fault,) = told(response)["errors"]
    assert fault["detail"].startswith(said) or said in fault["detail"]


def test_a_parameter_that_does_not_exist_is_a_fault_everywhere(program: Person) -> None:
    for address in (f"{ALL}/7K3F9Q2N", "/api/v1/aanbieders/90100011"):
        assert program.get(address, kleur="rood").status_code == 400


def test_a_number_that_cannot_be_is_a_slip(program: Person) -> None:
    assert told(one(program, "7K3F9Q22"))["code"] == "wrong-number"
    assert told(program.client.post(ALL, json={}))["detail"] == "Deze API kunt u alleen lezen. Gebruik GET."


def test_words_find_only_what_is_still_offered(program: Person, activity: Activity) -> None:
    """The index is told a moment later."""
    assert len(listed(program, q="klassenmanagement")) == 1
    act(activity, Action.UNPUBLISH)
    found = program.read(ALL, q="klassenmanagement")
    assert (found["activiteiten"], found["totaal"]) == ([], 0)


def test_a_suspended_provider_says_so(world: World, program: Person, activity: Activity, provider: Provider) -> None:
    before = clock.now()
    with transaction():
        found = db.session.get_one(Provider, provider.id)
        suspend(found, "Reden", policy=POLICY, by=member_identity().actor, now=before)
    (changed,) = listed(program, gewijzigdSinds=before.isoformat())
    assert changed["aanbieder"]["geschorst"]
    company = program.read("/api/v1/aanbieders/90100011")
    assert company["vestigingen"][0]["geschorst"]
    assert company["aantalActiviteiten"] == 1
    assert program.get("/api/v1/aanbieders/90100099").status_code == 404
