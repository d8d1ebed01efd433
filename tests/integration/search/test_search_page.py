import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from catalogue import numbers
from catalogue.edition_facts import EditionFacts
from catalogue.editions import add_edition
from catalogue.models import Activity
from catalogue.queries import find_by_number_part
from catalogue.recognitions import recognise_former
from core import clock
from core.db import db, transaction
from core.formatting import dutch_date, dutch_period
from core.worker import Worker, deliver_due
from providers.models import Provider
from search.index import Query
from tests.ending import ENDINGS, end
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, HOURS, POLICY, World, provider_identity, text_of


def test_any_three_symbols_find_the_activity_the_moment_it_is_published(world: World) -> None:
    case = world.decided(world.submitted(world.provider()))
    seen = world.seen(Activity, case.activity_id)
    world.person(provider_identity()).post(f"/aanbieder/activiteiten/{case.activity_id}/publiceren", seen)
    number = world.number(db.session.get_one(Activity, case.activity_id))
    for start in range(6):
        page = world.person().get("/zoeken", q=number[start : start + 3].lower())
        assert COMPLETE.title in page.text
    assert "<mark>" in page.text


def test_words_find_it_after_the_outbox_was_delivered(world: World) -> None:
    case = world.decided(world.submitted(world.provider()))
    seen = world.seen(Activity, case.activity_id)
    world.person(provider_identity()).post(f"/aanbieder/activiteiten/{case.activity_id}/publiceren", seen)
    anyone = world.person()
    assert "Geen activiteiten gevonden" in anyone.get("/zoeken", q="klassenman").text
    deliver_due(world.app, world.app.extensions["outbox_handlers"])
    assert "<mark>Klassenman</mark>agement voor starters" in anyone.get("/zoeken", q="klassenman").text
    assert COMPLETE.title in anyone.get("/zoeken", q="klassenmanegement").text


def test_what_is_hidden_is_found_by_nobody(world: World) -> None:
    yesterday = clock.today() - timedelta(days=1)
    activity = world.published(world.provider(), replace(COMPLETE, ends_on=clock.today()))
    number = world.number(activity)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE activity SET ends_on = '{yesterday}'")
    for question in (number[2:5], number, "klassenmanagement", ""):
        assert COMPLETE.title not in world.person().get("/zoeken/resultaten", q=question).text
    page = world.person().get(f"/activiteiten/{number}")
    assert page.status_code == 200
    assert "afgelopen" in page.text


def test_an_old_number_finds_it_too_and_leads_to_the_new_page(world: World) -> None:
    activity = world.published(world.provider())
    with transaction():
        activity = db.session.get_one(Activity, activity.id)
        recognise_former(activity.versions[0], HOURS, number="mpnQtC38Ft", valid_from=clock.today())
    number = activity.recognitions[0].number
    page = world.person().get("/zoeken", q="QTC38")
    assert COMPLETE.title in page.text
    assert "mpn<mark>QtC38</mark>Ft" in page.text
    for notation in ("mpnQtC38Ft", "mpnqtc38ft", "mpn-QtC38Ft"):
        old = world.person().get(f"/activiteiten/{notation}")
        assert (old.status_code, old.headers["Location"]) == (301, f"/activiteiten/{number}")


def test_a_number_with_a_slip_says_so_and_offers_what_was_meant(world: World) -> None:
    number = world.number(world.published(world.provider()))
    other = next(symbol for symbol in numbers.ALPHABET if symbol != number[3])
    page = world.person().get("/zoeken", q=f"{number[:3]}{other}{number[4:]}")
    assert "Dit nummer klopt niet" in page.text
    assert COMPLETE.title in page.text


@pytest.mark.parametrize(
    "question",
    ["-9QF2", '"', "a" * 10_000, "🎓", "\u202eabc", "a\x00b", "<script>", "' OR 1=1", "%", "__", "AND OR", "*", "\\"],
)
def test_rubbish_finds_nothing_and_breaks_nothing(world: World, question: str) -> None:
    world.published(world.provider())
    page = world.person().get("/zoeken", q=question)
    assert page.status_code == 200
    assert "<script>" not in page.text.replace('<script src="/static/form.js"', "")


def test_the_address_of_the_page_is_the_notation_of_the_number(world: World) -> None:
    number = world.number(world.published(world.provider()))
    response = world.person().get(f"/activiteiten/{numbers.shown(number).lower()}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/activiteiten/{number}")
    page = text_of(world.person().get(f"/activiteiten/{number}"))
    assert "16 contacturen + 4,5 zelfstudie-uren = 20,5 RU" in page


def test_rebuilding_gives_the_same_as_the_database(world: World) -> None:
    provider = world.provider()
    for number in range(3):
        world.published(provider, replace(COMPLETE, title=f"Rekenen deel {number}"))
    world.draft(provider, replace(COMPLETE, title="Rekenen concept"))
    index = world.app.extensions["search_index"]
    index.replace_all([])
    result = world.run("search", "rebuild")
    assert "3 activiteiten in de zoekindex." in result.output
    page = world.person().get("/zoeken", q="rekenen").text
    assert "<mark>Rekenen</mark> deel 2" in page
    assert "concept" not in page


def test_a_worker_fills_an_index_that_was_thrown_away(world: World) -> None:
    world.published(world.provider())
    index = world.app.extensions["search_index"]
    index.replace_all([])
    worker = Worker(world.app)
    worker.start()
    deadline = time.monotonic() + 10
    while not index.count() and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.stop()
    assert index.count() == 1


def test_ended_activities_are_not_counted(world: World) -> None:
    world.published(world.provider(), replace(COMPLETE, title="Zeldzaam", ends_on=clock.today()))
    index = world.app.extensions["search_index"]
    assert index.search(Query("zeldzaam", clock.today())).total == 1
    assert index.search(Query("zeldzaam", clock.today() + timedelta(days=1))).total == 0


def test_what_is_shown_with_a_result_finds_it(world: World) -> None:
    number = world.number(world.published(world.provider(), replace(COMPLETE, place="Utrecht")))
    for question in (f"Nummer {numbers.shown(number)}", f"nr. {number}", f"#{number}", "po", "utrecht", "cursus po"):
        assert COMPLETE.title in world.person().get("/zoeken", q=question).text, question


def test_a_page_that_is_not_there_leads_to_the_first(world: World) -> None:
    world.published(world.provider())
    for query in ({"pagina": "99"}, {"q": "klassenmanagement", "pagina": "7"}):
        assert world.person().get("/zoeken", **query).status_code == 303


@pytest.mark.parametrize("number", ["%00", "%F0%9F%8E%93", "a" * 500, "..", "22222222"])
def test_a_number_that_cannot_be_is_not_found(world: World, number: str) -> None:
    world.published(world.provider())
    assert world.person().get(f"/activiteiten/{number}").status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL has statistics, SQLite once chose wrongly
def test_the_number_is_read_from_its_index(world: World) -> None:
    plans: list[str] = []

    def explain(*arguments: Any) -> None:
        statement, parameters = arguments[2], arguments[3]
        if statement.startswith("SELECT") and "number_part" in statement:
            rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in rows)

    event.listen(db.engine, "after_cursor_execute", explain)
    try:
        find_by_number_part("7K3", clock.today(), most=5)
    finally:
        event.remove(db.engine, "after_cursor_execute", explain)
    assert plans[0].startswith("SEARCH number_part USING")


def published_with_digit(world: World) -> str:
    """The number of an activity that no word could be."""
    provider = world.provider()
    while (number := world.number(world.published(provider))).isalpha():
        pass
    return number


def test_one_symbol_too_many_or_too_few_offers_what_was_meant(world: World) -> None:
    number = published_with_digit(world)
    place = 2 if number[2].isalpha() else 3 if number[3].isalpha() else 4
    for typed in (f"{number[:4]}W{number[4:]}", f"{number}{number[-1]}", number[:place] + number[place + 1 :]):
        page = world.person().get("/zoeken", q=typed)
        assert f'href="/activiteiten/{number}"' in page.text, typed
        assert "Bedoelde u deze activiteit?" in page.text


def test_a_number_is_found_by_the_address_in_its_code(world: World) -> None:
    number = published_with_digit(world)
    page = world.person().get("/zoeken", q=f"https://register.example/activiteiten/{number}")
    assert f'href="/activiteiten/{number}"' in page.text
    assert f"<mark>{numbers.shown(number)}</mark>" in page.text


def test_where_there_is_nothing_to_filter_there_are_no_filters(world: World) -> None:
    number = published_with_digit(world)
    anyone = world.person()
    other = next(symbol for symbol in numbers.ALPHABET if symbol != number[3])
    for question in (f"{number[:3]}{other}{number[4:]}", "xyzzyqq"):
        assert 'id="filters"' not in anyone.get("/zoeken", q=question).text
        assert 'id="filters"' in anyone.get("/zoeken", q=question, van="01-02-2027").text
    assert 'id="filters"' in anyone.get("/zoeken").text


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_number_of_old_says_what_became_of_the_activity(world: World, ending: str) -> None:
    number = published_with_digit(world)
    activity = db.session.scalars(select(Activity).order_by(Activity.id.desc())).first()
    assert activity
    end(world, activity, ending)
    page = world.person().get("/zoeken", q=f"Registeruur {number}")
    assert f"<h2>Deze activiteit {ENDINGS[ending]}</h2>" in page.text
    assert f'href="/activiteiten/{number}"' in page.text
    assert 'id="filters"' not in page.text


def with_edition(world: World, provider: Provider, title: str, days: int = 30, place: str = "Zwolle") -> None:
    """A published activity that begins once more in so many days."""
    content = replace(COMPLETE, title=title, place="Utrecht", ends_on=clock.today() + timedelta(400))
    activity = world.published(provider, content)
    facts = EditionFacts(
        starts_on=clock.today() + timedelta(days),
        ends_on=clock.today() + timedelta(days + 10),
        is_online=not place,
        place=place,
        language="nl",
        price_in_cents=None,
        registration_link="",
    )
    with transaction():
        add_edition(db.session.get_one(Activity, activity.id), facts, policy=POLICY, by=ACTOR, now=clock.now())
    deliver_due(world.app, world.app.extensions["outbox_handlers"])


@pytest.mark.parametrize(("place", "said"), [("Zwolle", ", Zwolle"), ("", ", online")])
def test_a_result_says_where_and_when_it_begins_next(world: World, place: str, said: str) -> None:
    with_edition(world, world.provider(), "Rekenen", place=place)
    page = text_of(world.person().get("/zoeken"))
    first, last = clock.today() + timedelta(30), clock.today() + timedelta(40)
    assert f"Eerstvolgende: {dutch_period(first, last)}{said}" in page
    assert "Utrecht" in page
    assert "Te volgen tot en met" not in page


def test_without_a_next_edition_a_result_says_until_when(world: World) -> None:
    with_edition(world, world.provider(), "Rekenen", days=-5)
    page = text_of(world.person().get("/zoeken"))
    assert f"Te volgen tot en met {dutch_date(clock.today() + timedelta(400))}" in page
    assert "Eerstvolgende" not in page


def test_more_results_ask_the_database_no_more(world: World) -> None:
    provider = world.provider()
    with_edition(world, provider, "Rekenen 1")
    anyone = world.person()
    anyone.get("/zoeken", q="rekenen")
    before = count_statements(lambda: anyone.get("/zoeken", q="rekenen"))
    for number in range(4):
        with_edition(world, provider, f"Rekenen {number}")
    assert "5 activiteiten" in anyone.get("/zoeken", q="rekenen").text
    assert count_statements(lambda: anyone.get("/zoeken", q="rekenen")) == before
