from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catalogue.content import Content
from catalogue.drafts import freeze, newest_version, save_draft
from catalogue.models import Activity, ActivityVersion
from catalogue.recognitions import recognise_former
from core.db import db, transaction
from core.policy import Hours
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, HOURS, NOW, World, provider_identity, text_of
from validation.models import Case
from validation.states import Outcome
from validation.submitting import submit, withdraw

TEXTS = (
    "title",
    "description",
    "goal",
    "programme",
    "planning",
    "self_study_account",
    "closing_test",
    "prior_knowledge",
)


def edited(activity: Activity, **changes: Any) -> ActivityVersion:
    with transaction():
        db.session.refresh(activity)
        return save_draft(activity, replace(COMPLETE, **changes), by=ACTOR, now=NOW)


def submitted_again(world: World, activity: Activity) -> Case:
    with transaction():
        db.session.refresh(activity)
        return submit(activity, world.policies, by=ACTOR, now=NOW)


def history(activity: Activity, more: str = "") -> str:
    return f"/aanbieder/activiteiten/{activity.id}/geschiedenis{more}"


def two_versions(world: World, **changes: Any) -> Activity:
    """A published first version, and a change of it that is still being written."""
    activity = world.published(world.provider())
    edited(activity, **changes)
    return activity


def test_every_version_is_told_with_its_decisions_and_where_it_is_now(world: World) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    activity = case.activity
    edited(activity, goal="Beter doel.")
    world.decided(submitted_again(world, activity), Outcome.APPROVED, Hours(Decimal(12), Decimal(4)))
    edited(activity, place="Zwolle")
    page = text_of(world.person(provider_identity()).get(history(activity)))
    third, second, first = (page.index(f"Versie {ordinal} ", page.index("Alle versies")) for ordinal in (3, 2, 1))
    assert third < second < first
    assert "U kunt de tekst nog wijzigen" in page[third:second]
    assert "Gevalideerd" in page[second:first]
    assert f"nummer {world.number(activity)[:4]}" in page[second:first]
    assert "12 contacturen + 4 zelfstudie-uren = 16 RU" in page[second:first]
    assert "Tijdelijk afgewezen" in page[first:]
    assert "Omdat het zo is." in page[first:]
    assert "Jansen" not in page  # who of the committee decided stays with the register


def test_what_happened_besides_writing_is_told_in_words_with_who_did_it(world: World) -> None:
    activity = two_versions(world, place="Zwolle")
    person = world.person(provider_identity())
    shown = text_of(person.get(history(activity)))
    events = shown[shown.index("Wat er gebeurde") :]
    for told in ("Concept gemaakt", "Activiteit ingediend", "Activiteit gepubliceerd"):
        assert told in events
    assert "Activiteit gewijzigd" not in events
    assert "Dit is de versie die leraren zien." in shown


def test_one_version_that_was_handed_in_twice_shows_both_times(world: World) -> None:
    case = world.submitted(world.provider())
    with transaction():
        withdraw(db.session.get_one(Activity, case.activity_id), by=ACTOR, now=NOW)
    submitted_again(world, case.activity)
    page = text_of(world.person(provider_identity()).get(history(case.activity)))
    assert page.count("Ingediend op 22 november 2026") == 2
    assert "Ingetrokken" in page
    assert "U krijgt uiterlijk" in page
    assert "Versie 2" not in page


def test_what_nobody_judged_says_so_and_what_came_from_the_former_register_says_that(world: World) -> None:
    activity = world.draft(world.provider())
    with transaction():
        version = freeze(newest_version(activity), NOW)
        recognise_former(version, HOURS, number="OUD-2020-17", valid_from=NOW.date())
    edited(activity, goal="Nieuw doel.")
    with transaction():
        freeze(newest_version(activity), NOW)
    page = text_of(world.person(provider_identity()).get(history(activity)))
    second, first = page[: page.rindex("Versie 1 ")], page[page.index("Versie 1 ", page.index("Alle")) :]
    assert "geen besluit van de commissie nodig" in second
    assert "Gevalideerd in het oude register" in first
    assert "Zo kwam de activiteit" not in first


def test_a_version_is_compared_with_the_one_before_it_by_field_and_word(world: World) -> None:
    activity = two_versions(world, goal="De leraar geeft prettig les.", place="Zwolle")
    page = world.person(provider_identity()).get(history(activity, "/2"))
    assert "Versie 2 vergeleken met versie 1" in text_of(page)
    assert "2 gegevens zijn anders dan in versie 1" in text_of(page)
    assert '<del><span class="sr-only">verwijderd: </span>rustig</del>' in page.text
    assert '<ins><span class="sr-only">toegevoegd: </span>prettig</ins>' in page.text
    changes = text_of(page)[: text_of(page).index("De hele tekst")]
    assert "Doel Hierover besluit de commissie" in changes
    assert "Plaats Vrij te wijzigen" in changes
    assert "Planning" not in changes


def test_any_two_versions_can_be_compared_and_the_older_one_always_comes_first(world: World) -> None:
    activity = two_versions(world, goal="Tweede doel.")
    with transaction():
        freeze(newest_version(activity), NOW)
    edited(activity, goal="Derde doel.")
    person = world.person(provider_identity())
    for address in ("/1?met=3", "/3?met=1"):
        page = text_of(person.get(history(activity, address)))
        assert "Versie 3 vergeleken met versie 1" in page
        assert "Tweede doel" not in page
    assert 'value="1" selected' in person.get(history(activity, "/3?met=1")).text
    assert "Versie 3 vergeleken met versie 2" in text_of(person.get(history(activity, "/3?met=drie")))


def test_the_first_version_has_nothing_before_it(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    for address in ("/1", "/1?met=1"):
        page = text_of(person.get(history(activity, address)))
        assert "Dit is de eerste versie." in page
        assert COMPLETE.goal in page
    assert "Vergelijk" not in person.get(history(activity)).text


def test_versions_that_say_the_same_say_that_they_do(world: World) -> None:
    activity = two_versions(world, goal=f"{COMPLETE.goal}\r\n")
    page = text_of(world.person(provider_identity()).get(history(activity, "/2")))
    assert "De teksten van deze twee versies zijn gelijk." in page


@pytest.mark.parametrize("address", ["/2", "/1?met=2", "/1?met=99999999999999999999", "/1?met=-1"])
def test_a_version_that_is_not_there_is_not_found(world: World, address: str) -> None:
    activity = world.draft(world.provider())
    assert world.person(provider_identity()).get(history(activity, address)).status_code == 404


def test_the_history_of_another_provider_does_not_exist(world: World) -> None:
    activity = two_versions(world, goal="Geheim doel.")
    world.provider("90100022")
    stranger = world.person(provider_identity("90100022"))
    for address in ("", "/2", "/2?met=1"):
        assert stranger.get(history(activity, address)).status_code == 404


def test_a_wiped_version_says_so_and_keeps_its_decision(world: World) -> None:
    activity = two_versions(world, goal="Nieuw doel.")
    with transaction():
        wiped = dict.fromkeys(TEXTS, "") | {"wiped_at": NOW}
        db.session.execute(update(ActivityVersion).filter_by(activity_id=activity.id, ordinal=1).values(wiped))
    person = world.person(provider_identity())
    page = person.get(history(activity))
    assert "De tekst van deze versie is gewist op 22 november 2026." in text_of(page)
    assert "= 20,5 RU" in text_of(page)
    assert "Vergelijk" not in text_of(page)
    compared = person.get(history(activity, "/2"))
    assert "De tekst van versie 1 is gewist op 22 november 2026." in text_of(compared)
    assert "<ins" not in compared.text
    assert "De tekst van deze versie is gewist" in text_of(person.get(history(activity, "/1")))


def test_the_activity_leads_to_its_history(world: World) -> None:
    activity = world.draft(world.provider())
    page = world.person(provider_identity()).get(f"/aanbieder/activiteiten/{activity.id}")
    assert history(activity) in page.text


def test_what_is_asked_of_the_database_does_not_grow_with_versions(world: World) -> None:
    activity = world.decided(world.submitted(world.provider())).activity
    edited(activity, goal="Ander doel.")
    person = world.person(provider_identity())
    addresses = [history(activity), history(activity, "/2")]
    few = [count_statements(partial(person.get, address)) for address in addresses]
    for number in range(6):
        edited(activity, goal=f"Doel {number}")
        if number % 2:
            world.decided(submitted_again(world, activity), Outcome.TEMPORARILY_REJECTED)
    many = [count_statements(partial(person.get, address)) for address in addresses]
    assert db.session.scalar(select(func.max(ActivityVersion.ordinal))) == 4
    assert many == few
    assert max(few) <= 11


def test_the_longest_texts_are_shown_whole_and_safe(world: World) -> None:
    lines = "\n".join(f"Regel {number} <script>alert(1)</script> & meer" for number in range(400))[:20_000]
    longest: Content = replace(COMPLETE, programme=lines)
    activity = world.draft(world.provider(), longest)
    with transaction():
        freeze(newest_version(activity), NOW)
    edited(activity, programme=lines.replace("Regel 200 ", "Regel tweehonderd "))
    page = world.person(provider_identity()).get(history(activity, "/2"))
    assert "<script>alert" not in page.text
    assert "… 198 regels gelijk …" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; meer" in page.text
