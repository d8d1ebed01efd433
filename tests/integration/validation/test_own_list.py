import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from catalogue.drafts import discard, freeze, newest_version, save_draft
from catalogue.models import Activity, ActivityVersion
from catalogue.numbers import shown
from catalogue.recognitions import recognise_former
from core.db import db, transaction
from core.formatting import dutch_date
from providers.models import Provider
from tests.crowd import crowd
from tests.forms import form_of
from tests.statements import count_statements, plans_of
from tests.world import (
    ACTOR,
    ANSWER_BY,
    COMPLETE,
    HOURS,
    NOW,
    Person,
    World,
    member_identity,
    plain,
    provider_identity,
    text_of,
)
from validation.models import Case
from validation.own_filters import ORDERS, Wanted
from validation.own_list import own_counts, own_rows
from validation.questions import ask
from validation.states import Outcome
from validation.submitting import submit

LIST = "/aanbieder/activiteiten"
ENTRY = re.compile(r'<a class="title" href="/aanbieder/activiteiten/(\d+)">(.*?)</a>')


def titles(person: Person, **query: Any) -> list[str]:
    return [title for _, title in ENTRY.findall(person.get(LIST, **query).text)]


def tabs(person: Person, **query: Any) -> dict[str, int]:
    page = person.get(LIST, **query).text
    found = re.findall(r'<li><a href="[^"]*"(?: aria-current="true")?>([^<]+) <span>\(([0-9.]+)\)', page)
    return {name: int(count.replace(".", "")) for name, count in found}


def lines(page: str) -> dict[str, str]:
    """What a reader sees of each row, by title."""
    rows = page.split('<tr role="row">')[2:]
    return {ENTRY.findall(row)[0][1]: plain(row) for row in rows}


def changed(activity: Activity | None, **facts: Any) -> None:
    assert activity
    with transaction():
        db.session.execute(update(Activity).filter_by(id=activity.id).values(**facts))


def asked(world: World, case: Case) -> None:
    world.claimed(case)
    with transaction():
        db.session.refresh(case)
        ask(case, "Hoe toetst u dat?", ANSWER_BY, world.policies, by=member_identity(), now=NOW)


@pytest.fixture
def everything(world: World) -> Provider:
    """One activity for every filter, and one of somebody else."""
    own = world.provider()

    def named(title: str) -> Any:
        return replace(COMPLETE, title=title)

    world.draft(own, named("Concept"))
    world.submitted(own, named("Ingediend"))
    asked(world, world.submitted(own, named("Gevraagd")))
    world.decided(world.submitted(own, named("Afgewezen")), Outcome.REJECTED)
    world.decided(world.submitted(own, named("Gevalideerd")))
    world.published(own, named("Gepubliceerd"))
    changed(world.published(own, named("Afgelopen")), ends_on=NOW.date() - timedelta(days=900))
    changed(world.published(own, named("Gewijzigd")), change="draft")
    changed(world.draft(own, named("Verwijderd")), state="deleted", deleted_at=NOW)
    world.draft(world.provider("90100022"), named("Van een ander"))
    return own


def test_every_filter_shows_and_counts_what_it_names(world: World, everything: Provider) -> None:
    person = world.person(provider_identity())
    in_filters = {
        "concept": ["Concept"],
        "ingediend": ["Gevraagd", "Ingediend"],
        "vraag": ["Gevraagd"],
        "afgewezen": ["Afgewezen"],
        "gevalideerd": ["Gevalideerd"],
        "gepubliceerd": ["Gepubliceerd", "Gewijzigd"],
        "afgelopen": ["Afgelopen"],
        "wijziging": ["Gewijzigd"],
    }
    for name, expected in in_filters.items():
        assert titles(person, status=name, volgorde="naam") == expected, name
    alles = ["Afgelopen", "Afgewezen", "Concept", "Gepubliceerd", "Gevalideerd", "Gevraagd", "Gewijzigd", "Ingediend"]
    assert titles(person, volgorde="naam") == alles
    assert tabs(person) == {
        "Alle": 8,
        "Concept": 1,
        "Ingediend": 2,
        "Vraag van de commissie": 1,
        "Afgewezen": 1,
        "Gevalideerd": 1,
        "Gepubliceerd": 2,
        "Afgelopen": 1,
        "Wijziging onderweg": 1,
    }


def test_filters_that_are_rarely_needed_are_only_there_when_they_hold_something(world: World) -> None:
    world.draft(world.provider())
    assert set(tabs(world.person(provider_identity()))) == {
        "Alle", "Concept", "Ingediend", "Afgewezen", "Gevalideerd", "Gepubliceerd", "Afgelopen",
    }  # fmt: skip


def test_every_row_says_what_comes_next(world: World, everything: Provider) -> None:
    world.draft(everything, replace(COMPLETE, title="Half", goal="", planning=""))
    due = select(Case.due_on).where(Case.state != "waiting_for_provider")
    due_on = max(day for day in db.session.scalars(due) if day)
    found = lines(world.person(provider_identity()).get(LIST).text)
    for title, step in {
        "Half": "Concept Nog 2 punten",
        "Concept": "Concept Klaar om in te dienen",
        "Ingediend": f"Ingediend Bericht uiterlijk {dutch_date(due_on)}",
        "Gevraagd": "Ingediend Beantwoord de vraag van de commissie",
        "Afgewezen": "Afgewezen Lees de toelichting",
        "Gevalideerd": "Gevalideerd Publiceren",
        "Gepubliceerd": "Gepubliceerd Zichtbaar",
        "Afgelopen": "Afgelopen Afgelopen op 5 juni 2024",
        "Gewijzigd": "Gepubliceerd Wijziging in concept Rond de wijziging af",
    }.items():
        assert f"20,5 {step} " in found[title], title


def test_words_of_the_name_find_it_in_any_order_and_case(world: World) -> None:
    own = world.provider()
    for title in ("Één klas, twee culturen", "Rekenen in de klas", "100% inzet_nu"):
        world.draft(own, replace(COMPLETE, title=title))
    person = world.person(provider_identity())
    assert titles(person, q="KLAS") == ["Rekenen in de klas", "Één klas, twee culturen"]
    assert titles(person, q="culturen één") == ["Één klas, twee culturen"]
    assert titles(person, q="klas muziek") == []
    assert titles(person, q="%") == ["100% inzet_nu"]
    assert titles(person, q="t_n") == ["100% inzet_nu"]
    assert tabs(person, q="klas")["Concept"] == 2


def found_of_two(world: World, title: str, other: str, words: str) -> list[str]:
    own = world.provider()
    world.draft(own, replace(COMPLETE, title=title))
    world.draft(own, replace(COMPLETE, title=other))
    return titles(world.person(provider_identity()), q=words)


@pytest.mark.parametrize("words", ["beeindigen", "BEËINDIGEN", "beëindigen", "cafe", "beeindigen café"])
def test_words_are_found_with_and_without_their_diacritics(world: World, words: str) -> None:
    assert found_of_two(world, "Beëindigen in het café", "Iets anders", words) == ["Beëindigen in het café"]


@pytest.mark.parametrize("words", ["100%", "a_b", "\\", "%", "_"])
def test_signs_of_a_pattern_are_signs_like_any_other(world: World, words: str) -> None:
    found = found_of_two(world, "In 100% van a_b \\ zo", "In 1000 van axb zo", words)
    assert found == ["In 100% van a_b \\ zo"]


def test_any_part_of_a_number_finds_it_new_or_old(world: World) -> None:
    own, other = world.provider(), world.provider("90100022")
    activity = world.published(own, replace(COMPLETE, title="Nieuw nummer"))
    number = world.number(activity)
    world.published(other, replace(COMPLETE, title="Van een ander"))
    former = world.draft(own, replace(COMPLETE, title="Oud nummer"))
    with transaction():
        version = freeze(newest_version(former), NOW)
        recognise_former(version, HOURS, number="Jf3sMx8aQe", valid_from=NOW.date())
    person = world.person(provider_identity())
    for typed in (number, shown(number).lower(), number[2:6], f" {number[:3]} {number[3:6]}"):
        assert titles(person, q=typed) == ["Nieuw nummer"], typed
    assert titles(person, q="jf3-smx") == ["Oud nummer"]
    page = text_of(person.get(LIST))
    assert "oud: Jf3sMx8aQe" in page
    assert shown(number) in page


def test_every_order_can_be_turned_round(world: World) -> None:
    own = world.provider()
    late, early, none, stopped = (
        world.submitted(own, replace(COMPLETE, title="Laat"), now=NOW + timedelta(days=5)),
        world.submitted(own, replace(COMPLETE, title="Vroeg")),
        world.draft(own, replace(COMPLETE, title="Zonder")),
        world.published(own, replace(COMPLETE, title="Af")),
    )
    for place, id_ in enumerate((late.activity_id, early.activity_id, none.id, stopped.id)):
        with transaction():
            moment = NOW + timedelta(hours=place)
            db.session.execute(update(Activity).filter_by(id=id_).values(updated_at=moment))
    person = world.person(provider_identity())
    assert titles(person) == titles(person, volgorde="-gewijzigd") == ["Af", "Zonder", "Vroeg", "Laat"]
    assert titles(person, volgorde="gewijzigd") == ["Laat", "Vroeg", "Zonder", "Af"]
    assert titles(person, volgorde="naam") == ["Af", "Laat", "Vroeg", "Zonder"]
    assert titles(person, volgorde="-naam") == ["Zonder", "Vroeg", "Laat", "Af"]
    assert titles(person, volgorde="status") == ["Zonder", "Vroeg", "Laat", "Af"]
    assert titles(person, volgorde="-status") == ["Af", "Vroeg", "Laat", "Zonder"]
    assert titles(person, volgorde="datum") == ["Vroeg", "Laat", "Af", "Zonder"]
    assert titles(person, volgorde="-datum") == ["Laat", "Vroeg", "Af", "Zonder"]
    assert titles(person, volgorde="titel") == titles(person)


def test_the_heads_of_the_columns_say_how_it_is_sorted(world: World) -> None:
    world.draft(world.provider())
    person = world.person(provider_identity())
    page = person.get(LIST).text
    assert re.findall(r'aria-sort="(\w+)"', page) == ["none", "none", "none", "descending"]
    assert f'href="{LIST}?volgorde=gewijzigd"' in page
    page = person.get(LIST, volgorde="naam", status="concept", q="klas").text
    assert re.findall(r'aria-sort="(\w+)"', page) == ["ascending", "none", "none", "none"]
    assert f'href="{LIST}?status=concept&amp;q=klas&amp;volgorde=-naam"' in page
    assert f'href="{LIST}?status=concept&amp;q=klas&amp;volgorde=-gewijzigd"' in page


def test_the_pages_keep_what_was_asked(world: World) -> None:
    own = world.provider()
    crowd(own.id, 600, today=NOW.date())
    person = world.person(provider_identity())
    first = person.get(LIST, status="gepubliceerd", q="k", volgorde="naam")
    assert len(ENTRY.findall(first.text)) == 50
    assert f'{LIST}?pagina=2&amp;status=gepubliceerd&amp;q=k&amp;volgorde=naam"' in first.text
    second = person.get(LIST, status="gepubliceerd", q="k", volgorde="naam", pagina=2)
    seen = [id_ for page in (first, second) for id_, _ in ENTRY.findall(page.text)]
    assert len(seen) == len(set(seen))
    too_far = person.get(LIST, status="gepubliceerd", q="k", volgorde="naam", pagina=99)
    assert too_far.headers["Location"] == f"{LIST}?status=gepubliceerd&q=k&volgorde=naam"


def test_the_way_back_leads_to_the_list_as_it_was(world: World) -> None:
    crowd(world.provider().id, 400, today=NOW.date())
    person = world.person(provider_identity())
    page = person.get(LIST, status="concept", volgorde="naam", pagina=2)
    activity_id = ENTRY.findall(page.text)[0][0]
    back = f'href="{LIST}?pagina=2&amp;status=concept&amp;volgorde=naam">Activiteiten</a>'
    for address in ("", "/uitvoeringen", "/geschiedenis"):
        assert back in person.get(f"{LIST}/{activity_id}{address}").text
    form = form_of(person.get(f"{LIST}/{activity_id}/verwijderen"))
    gone = person.post(f"{LIST}/{activity_id}/verwijderen", form).headers["Location"]
    assert gone == f"{LIST}?pagina=2&status=concept&volgorde=naam"
    person.get(LIST)
    other = ENTRY.findall(person.get(LIST).text)[0][0]
    assert f'href="{LIST}">Activiteiten</a>' in person.get(f"{LIST}/{other}").text


def test_pages_overlap_nowhere_in_any_order(world: World) -> None:
    own = world.provider()
    crowd(own.id, 130, today=NOW.date())
    for order in ORDERS:
        wanted = Wanted(provider_id=own.id, today=NOW.date(), order=order)
        ids = [row.activity.id for page in (1, 2, 3) for row in own_rows(wanted, page)]
        assert len(ids) == len(set(ids)) == 130, order


def test_texts_are_read_for_the_rows_of_the_page_only(world: World) -> None:
    own = world.provider()
    crowd(own.id, 300, today=NOW.date())
    read: list[int] = []

    def note(version: ActivityVersion, _: object) -> None:
        read.append(version.id)

    event.listen(ActivityVersion, "load", note)
    try:
        rows = own_rows(Wanted(provider_id=own.id, today=NOW.date()), 1)
    finally:
        event.remove(ActivityVersion, "load", note)
    assert len(rows) == len(read) == 50


def test_the_newest_version_is_the_one_that_is_listed(world: World) -> None:
    own = world.provider()
    activity = world.published(own)
    with transaction():
        save_draft(activity, replace(COMPLETE, title="Nieuwe naam", goal=""), by=ACTOR, now=NOW)
    page = world.person(provider_identity()).get(LIST, q="nieuwe naam")
    assert [title for _, title in ENTRY.findall(page.text)] == ["Nieuwe naam"]
    assert "Gepubliceerd Wijziging in concept Wijziging: nog 1 punt" in text_of(page)


def test_what_is_live_is_listed_again_when_a_change_was_given_up(world: World) -> None:
    activity = world.published(world.provider(), replace(COMPLETE, title="Zoals gevalideerd"))
    changed = replace(COMPLETE, title="Toch niet")
    with transaction():
        save_draft(activity, changed, by=ACTOR, now=NOW)
        submit(activity, world.policies, by=ACTOR, now=NOW)
    case = db.session.scalars(select(Case).filter_by(state="received")).one()
    world.decided(case, Outcome.REJECTED)
    person = world.person(provider_identity())
    assert titles(person, q="niet") == ["Toch niet"]
    with transaction():
        discard(db.session.get_one(Activity, activity.id), by=ACTOR, now=NOW)
    assert titles(person, q="niet") == []
    assert titles(person, q="zoals") == ["Zoals gevalideerd"]
    assert "Zoals gevalideerd" in person.get(f"{LIST}/export.csv").get_data(as_text=True)


QUERIES = [{}, {"volgorde": "datum"}, {"volgorde": "-status"}, {"status": "vraag", "q": "klas 1"}, {"q": "7K3"}]


@pytest.mark.no_cover
def test_5000_activities_are_as_few_questions_as_200(world: World) -> None:
    small, big = world.provider(), world.provider("90100022")
    crowd(small.id, 200, today=NOW.date())
    crowd(big.id, 5000, today=NOW.date())
    few, many = world.person(provider_identity()), world.person(provider_identity("90100022"))
    for query in QUERIES:
        counts = [count_statements(lambda who=who, query=query: who.get(LIST, **query)) for who in (few, many)]  # type: ignore[misc]
        assert counts[0] == counts[1] <= 6, query
    assert tabs(many)["Alle"] == 5000


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_no_order_reads_a_whole_table(world: World, order: str) -> None:
    own = world.provider()
    crowd(own.id, 100, today=NOW.date())
    wanted = Wanted(provider_id=own.id, today=NOW.date(), order=order)
    plans = plans_of(lambda: (own_counts(wanted), own_rows(wanted, 2)))
    for table in ("activity", "activity_version", "case_file", "recognition"):
        assert not re.search(rf"(SCAN|Seq Scan on) {table}( (?!USING)|$)", plans, re.MULTILINE), plans
    if db.engine.dialect.name == "sqlite":  # PostgreSQL chooses by what it knows of the tests before this one
        assert "ix_activity_" in plans
    assert "ix_case_file_activity" not in plans
