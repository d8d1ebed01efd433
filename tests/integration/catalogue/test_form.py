from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catalogue.models import Activity, ActivityVersion
from catalogue.steps import CODES
from core import clock
from core.db import db, transaction
from core.sign_in.sessions import SignInSession
from tests.forms import form_of
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, Person, World, provider_identity, text_of
from validation.submitting import submit

NEW = "/aanbieder/activiteiten/nieuw"


def at(activity: Activity | int, step: str = "over") -> str:
    id_ = activity if isinstance(activity, int) else activity.id
    return f"/aanbieder/activiteiten/{id_}/bewerken/{step}"


def typed_in(person: Person, address: str, **changes: Any) -> dict[str, Any]:
    return form_of(person.get(address), "concept") | changes


def editors(world: World) -> tuple[Person, Person]:
    first, second = (world.person(provider_identity(subject=name)) for name in ("een", "twee"))
    return first, second


def newest() -> ActivityVersion:
    db.session.rollback()
    return db.session.scalars(select(ActivityVersion).order_by(ActivityVersion.id.desc())).first() or ActivityVersion()


def count() -> int | None:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Activity))


def test_a_draft_can_be_saved_with_nothing_filled_in(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    response = person.post(NEW, typed_in(person, NEW))
    assert response.status_code == 303
    assert "Activiteit zonder naam" in person.get("/aanbieder/activiteiten").text


def test_the_steps_lead_to_the_check_page_and_keep_what_the_others_asked(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    facts = {name: getattr(COMPLETE, name) for name in ("title", "type", "subject", "description", "goal")}
    response = person.post(NEW, typed_in(person, NEW, **facts, sectors=["po", "vo"], then="next"))
    address = response.headers["Location"]
    assert address.endswith("/bewerken/opzet")
    texts = {name: getattr(COMPLETE, name) for name in ("programme", "planning", "self_study_account")}
    hours = {"contact_hours": "16", "self_study_hours": "4,5"}
    response = person.post(address, typed_in(person, address, **texts, **hours, then="next"))
    address = response.headers["Location"]
    assert address.endswith("/bewerken/praktisch")
    response = person.post(address, typed_in(person, address, place="Utrecht", then="next"))
    assert response.headers["Location"].endswith("/indienen")
    assert newest().content == replace(COMPLETE, place="Utrecht")
    assert "Activiteit indienen" in person.get(response.headers["Location"]).text


def test_going_on_asks_what_the_step_lacks_and_saving_does_not(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    typed = typed_in(person, NEW, description="Mijn lange tekst")
    response = person.post(NEW, typed | {"then": "next"})
    assert response.status_code == 422
    assert "Controleer 4 antwoorden" in text_of(response)
    assert "Vul de naam van de activiteit in." in response.text
    assert "Beschrijf het programma." not in response.text
    assert "Mijn lange tekst" in response.text
    assert count() == 0
    assert person.post(NEW, form_of(response, "concept") | {"then": "keep"}).status_code == 303


def test_what_was_typed_is_kept_and_every_mistake_is_named(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    wrong = typed_in(person, at(activity, "opzet"), contact_hours="twaalf", planning="Mijn lange tekst")
    response = person.post(at(activity, "opzet"), wrong)
    assert response.status_code == 422
    assert "Controleer 1 antwoord" in text_of(response)
    assert "Contacturen: vul" in response.text
    assert form_of(response, "concept") == {name: value for name, value in wrong.items() if name != "then"}


def test_saving_reads_dutch_notation_and_shows_it_again(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    typed = typed_in(person, at(activity, "opzet"), contact_hours="1.200,5", programme="een\r\ntwee\x00")
    assert person.post(at(activity, "opzet"), typed).status_code == 303
    days = typed_in(person, at(activity, "praktisch"), starts_on="01-02-2027", ends_on="2027-03-01")
    assert person.post(at(activity, "praktisch"), days).status_code == 303
    version = newest()
    assert (str(version.contact_hours), version.content.ends_on) == ("1200.5", date(2027, 3, 1))
    assert version.programme == "een\ntwee"
    assert typed_in(person, at(activity, "opzet"))["contact_hours"] == "1200,5"
    assert typed_in(person, at(activity, "praktisch"))["ends_on"] == "01-03-2027"


def test_the_second_of_two_editors_keeps_both_texts(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = editors(world)
    ours, theirs = (
        typed_in(person, at(activity), goal=f"Van de {name}")
        for person, name in ((first, "eerste"), (second, "tweede"))
    )
    assert first.post(at(activity), ours).status_code == 303
    response = second.post(at(activity), theirs)
    assert response.status_code == 409
    assert "Van de verwijderd: eerste" in text_of(response)
    again = form_of(response, "concept")
    assert again["goal"] == "Van de tweede"
    assert newest().goal == "Van de eerste"
    assert second.post(at(activity), again).status_code == 303
    assert newest().goal == "Van de tweede"


def test_two_editors_in_different_steps_are_not_in_each_others_way(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = editors(world)
    ours = typed_in(first, at(activity), goal="Van de eerste")
    theirs = typed_in(second, at(activity, "opzet"), planning="Van de tweede")
    assert first.post(at(activity), ours).status_code == 303
    assert second.post(at(activity, "opzet"), theirs).status_code == 303
    assert (newest().goal, newest().planning) == ("Van de eerste", "Van de tweede")


def test_two_editors_in_different_fields_of_one_step_are_both_saved(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = editors(world)
    ours = typed_in(first, at(activity), goal="Van de eerste", sectors=["vo", "po"])
    theirs = typed_in(second, at(activity), description="Van de tweede")
    assert first.post(at(activity), ours).status_code == 303
    response = second.post(at(activity), theirs)
    assert response.status_code == 303
    assert newest().content == replace(
        COMPLETE, goal="Van de eerste", sectors=("po", "vo"), description="Van de tweede"
    )
    assert "wijzigde intussen het doel. Beide teksten zijn opgeslagen." in text_of(second.get(response.location))
    assert "wijzigde intussen" not in text_of(first.get(response.location))


def test_who_must_choose_in_one_field_keeps_what_a_colleague_wrote_in_the_others(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = editors(world)
    theirs = typed_in(second, at(activity), goal="Van de tweede")
    ours = typed_in(first, at(activity), goal="Van de eerste", description="Ook van de eerste")
    assert first.post(at(activity), ours).status_code == 303
    response = second.post(at(activity), theirs)
    assert response.status_code == 409
    assert response.text.count('class="change"') == 1, "only what both changed is compared"
    assert second.post(at(activity), form_of(response, "concept")).status_code == 303
    assert newest().content == replace(COMPLETE, goal="Van de tweede", description="Ook van de eerste")


def test_of_three_editors_in_a_row_everybody_sees_what_is_there_by_then(world: World) -> None:
    activity = world.draft(world.provider())
    people = [world.person(provider_identity(subject=name)) for name in ("een", "twee", "drie")]
    forms = [typed_in(person, at(activity), goal=f"Van nummer {n}") for n, person in enumerate(people)]
    assert people[0].post(at(activity), forms[0]).status_code == 303
    again = form_of(people[1].post(at(activity), forms[1]), "concept")
    assert people[1].post(at(activity), again).status_code == 303
    response = people[2].post(at(activity), forms[2])
    assert response.status_code == 409
    assert "Van nummer verwijderd: 1" in text_of(response)
    assert newest().goal == "Van nummer 1"


def test_the_days_of_a_period_hang_together(world: World) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, starts_on=date(2027, 2, 1), ends_on=date(2027, 6, 1)))
    first, second = editors(world)
    step = at(activity, "praktisch")
    ours, theirs = typed_in(first, step, starts_on="01-05-2027"), typed_in(second, step, ends_on="01-03-2027")
    assert first.post(step, ours).status_code == 303
    assert second.post(step, theirs).status_code == 409


def test_a_form_that_is_sent_after_the_deletion_loses_no_text(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = editors(world)
    typed = typed_in(second, at(activity), goal="Van de tweede")
    deletion = f"/aanbieder/activiteiten/{activity.id}/verwijderen"
    assert first.post(deletion, world.seen(Activity, activity.id)).status_code == 303
    refused = second.post(at(activity), typed)
    assert refused.status_code == 404
    assert "Van de tweede" in text_of(refused)
    assert typed["seen"] not in refused.text, "only what people typed"


def test_a_form_of_a_draft_that_went_live_meanwhile_comes_back_with_its_text(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    step = at(activity, "praktisch")
    typed = typed_in(person, step, place="Utrecht", ends_on="31-12-2028")
    with transaction():
        case = submit(db.session.get_one(Activity, activity.id), world.policies, by=ACTOR, now=NOW)
    world.decided(case)
    refused = person.post(step, typed)
    assert refused.status_code == 409
    assert form_of(refused, "concept")["place"] == "Utrecht"
    assert "31-12-2028" in refused.text
    assert person.post(step, form_of(refused, "concept")).status_code == 303
    assert (newest().place, newest().content.ends_on) == ("Utrecht", None)


def test_going_on_does_not_ask_for_what_a_colleague_just_wrote(world: World) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, goal=""))
    first, second = editors(world)
    theirs = typed_in(second, at(activity), subject="Rekenen", then="next")
    assert first.post(at(activity), typed_in(first, at(activity), goal="Van de eerste")).status_code == 303
    assert second.post(at(activity), theirs).status_code == 303


def test_a_mistake_does_not_hide_that_somebody_else_saved_meanwhile(world: World) -> None:
    activity = world.draft(world.provider())
    first, second = editors(world)
    step = at(activity, "opzet")
    ours = typed_in(first, step, planning="Van de eerste")
    theirs = typed_in(second, step, planning="Van de tweede", contact_hours="twaalf")
    assert first.post(step, ours).status_code == 303
    mistaken = second.post(step, theirs)
    assert mistaken.status_code == 422
    assert second.post(step, form_of(mistaken, "concept") | {"contact_hours": "12"}).status_code == 409


def test_an_empty_form_that_is_sent_twice_becomes_one_draft(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    typed = typed_in(person, NEW, title="Eerst")
    made = person.post(NEW, typed).headers["Location"]
    assert person.post(NEW, typed | {"title": "Na teruggaan"}).headers["Location"] == made
    assert count() == 1
    assert newest().title == "Na teruggaan"
    person.post(NEW, typed_in(person, NEW, title="Een andere"))
    assert count() == 2


def test_the_key_of_a_form_is_only_ones_own(world: World) -> None:
    world.provider()
    world.provider("90100022")
    for kvk_number in ("90100011", "90100022"):
        person = world.person(provider_identity(kvk_number))
        assert person.post(NEW, typed_in(person, NEW, form_key="geraden")).status_code == 303
    assert count() == 2


def test_a_submitted_activity_cannot_be_edited(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    typed = typed_in(person, at(activity), goal="Mijn lange tekst")
    with transaction():
        submit(db.session.get_one(Activity, activity.id), world.policies, by=ACTOR, now=NOW)
    assert person.get(at(activity)).status_code == 303
    refused = person.post(at(activity), typed)
    assert refused.status_code == 409
    assert "Mijn lange tekst" in refused.text
    assert "U kunt nu niet opslaan" in refused.text


def test_what_was_typed_is_kept_when_the_session_ended(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    typed = typed_in(person, at(activity), goal="Mijn lange tekst")
    with transaction():
        db.session.execute(
            update(SignInSession).values(seen_at=NOW - timedelta(days=3), started_at=NOW - timedelta(days=3))
        )
    refused = person.post(at(activity), typed)
    assert refused.status_code == 403
    assert "Mijn lange tekst" in refused.text
    assert "/inloggen/aanbieder" in refused.text


@pytest.mark.parametrize(
    ("step", "name", "typed", "kept"),
    [
        ("over", "title", "een\u00a0twee\n drie\u200b", "een twee drie"),
        ("praktisch", "website", "www.voorbeeld.nl/x", "https://www.voorbeeld.nl/x"),
        ("praktisch", "website", "voorbeeld.nl/x", "https://voorbeeld.nl/x"),
        ("opzet", "contact_hours", "8 uur", "8"),
        ("opzet", "contact_hours", "12½", "12,5"),
        ("opzet", "contact_hours", "½ uur", "0,5"),
        ("over", "goal", "\r\n\r\neen\r\ntwee\r\n", "een\ntwee"),
        ("praktisch", "starts_on", "1/2/2027", "01-02-2027"),
        ("praktisch", "starts_on", "1 februari 2027", "01-02-2027"),
        ("praktisch", "starts_on", "3 Maart 2027", "03-03-2027"),
    ],
)
def test_what_people_paste_is_understood(world: World, step: str, name: str, typed: str, kept: str) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    assert person.post(at(activity, step), typed_in(person, at(activity, step), **{name: typed})).status_code == 303
    assert typed_in(person, at(activity, step))[name] == kept


@pytest.mark.parametrize(
    ("step", "changes", "sentence"),
    [
        ("praktisch", {"website": "http://[x"}, "webadres"),
        ("praktisch", {"website": "http://x y.nl"}, "webadres"),
        ("praktisch", {"website": "https://www.voorbeeld.nl/" + "x" * 300}, "hoogstens 300 tekens"),
        ("praktisch", {"website": "https://www.overheid.nl@elders.example"}, "webadres"),
        ("praktisch", {"website": "mailto:iemand@voorbeeld.nl"}, "webadres"),
        ("praktisch", {"website": "javascript:alert(1)"}, "webadres"),
        ("praktisch", {"starts_on": "31-02-2027"}, "bestaat niet"),
        ("opzet", {"contact_hours": "-3"}, "als getal"),
        ("opzet", {"contact_hours": "12,255"}, "hoogstens 2 cijfers achter de komma"),
        ("opzet", {"contact_hours": "100000"}, "hoogstens 99.999 uur"),
        ("over", {"goal": "x" * 20_001}, "hoogstens 20.000 tekens"),
        ("over", {"sectors": ["x"] * 41}, "Kies uit de lijst"),
        ("praktisch", {"starts_on": "01-01-0001"}, "tussen 1990 en 2100"),
        ("praktisch", {"starts_on": "02-03-2027", "ends_on": "01-03-2027"}, "ligt voor de startdatum"),
        ("opzet", {"contact_hours": "1e3"}, "als getal"),
        ("over", {"title": "x" * 301}, "hoogstens 300 tekens"),
    ],
)
def test_what_cannot_be_understood_is_explained_in_dutch(
    world: World, step: str, changes: dict[str, Any], sentence: str
) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    response = person.post(at(activity, step), typed_in(person, at(activity, step), **changes))
    assert response.status_code == 422
    assert sentence in response.text
    assert "maximum length" not in response.text


@pytest.mark.parametrize("step", CODES)
def test_saving_what_was_there_writes_nothing(world: World, step: str) -> None:
    activity = world.draft(world.provider())
    seen = world.seen(Activity, activity.id)
    person = world.person(provider_identity())
    assert person.post(at(activity, step), typed_in(person, at(activity, step))).status_code == 303
    assert world.seen(Activity, activity.id) == seen


def panel(person: Person, activity: Activity, step: str, **typed: str) -> dict[str, Any]:
    address = f"/aanbieder/activiteiten/{activity.id}/voorcontrole/{step}"
    found: dict[str, Any] = person.post(address, typed_in(person, at(activity, step), **typed)).get_json()
    return found


def test_the_panel_follows_what_is_typed_and_keeps_nothing(world: World) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, goal=""))
    person = world.person(provider_identity())
    found = panel(person, activity, "opzet", contact_hours="2", self_study_hours="6,5", self_study_account="")
    texts = [point["text"] for point in found["points"]]
    assert len(texts) == 3
    assert any("toets" in text for text in texts)
    links = {point["link"] for point in found["points"]}
    assert links == {f"{at(activity)}#goal", "#self_study_account", "#closing_test"}
    assert found["sum"] == "2 contact + 6,5 zelfstudie = 8,5 uur"
    assert (found["needs_account"], found["needs_closing_test"]) == (True, True)
    assert newest().content == replace(COMPLETE, goal="")


def test_the_panel_names_what_cannot_be_read(world: World) -> None:
    activity = world.draft(world.provider())
    found = panel(world.person(provider_identity()), activity, "opzet", contact_hours="twaalf")
    assert [point["link"] for point in found["points"]] == ["#contact_hours"]
    assert "Contacturen: vul het aantal uren in als getal" in found["points"][0]["text"]


def test_what_only_hours_can_tell_is_not_asked_while_they_cannot_be_read(world: World) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, contact_hours=None))
    found = panel(world.person(provider_identity()), activity, "opzet", contact_hours="twaalf", self_study_hours="20")
    assert [point["link"] for point in found["points"]] == ["#contact_hours"]
    assert found["sum"] == "Het totaal staat hier als u beide uren als getal invult."
    assert found["steps"] == {"over": "", "opzet": "(1 punt)", "praktisch": ""}


def test_the_panel_of_an_empty_form_speaks_of_its_own_step(world: World) -> None:
    world.provider()
    person = world.person(provider_identity())
    found = person.post("/aanbieder/activiteiten/voorcontrole", typed_in(person, NEW, title="Titel")).get_json()
    assert [point["link"] for point in found["points"]] == ["#type", "#sectors", "#description", "#goal"]


def test_the_panel_asks_little_of_the_database_however_much_was_typed(world: World) -> None:
    world.draft(world.provider(), replace(COMPLETE, title="Een andere"))
    activity, person = world.draft(world.provider("90100022")), world.person(provider_identity("90100022"))
    typed = typed_in(person, at(activity), description="woord " * 3000, goal="woord " * 3000)
    address = at(activity).replace("bewerken", "voorcontrole")
    assert count_statements(lambda: person.ask(address, typed)) <= 6


def test_self_study_without_hours_needs_no_account_and_no_test(world: World) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, self_study_account=""))
    found = panel(world.person(provider_identity()), activity, "opzet", self_study_hours="0")
    assert (found["needs_account"], found["needs_closing_test"]) == (False, False)


def test_an_ended_date_can_be_repaired_in_the_form(world: World) -> None:
    yesterday = clock.today() - timedelta(days=1)
    activity = world.draft(world.provider(), replace(COMPLETE, ends_on=yesterday))
    person = world.person(provider_identity())
    response = person.post(at(activity, "praktisch"), typed_in(person, at(activity, "praktisch"), then="next"))
    assert "De einddatum is voorbij" in response.text
    typed = form_of(response, "concept") | {"ends_on": "", "then": "next"}
    assert person.post(at(activity, "praktisch"), typed).status_code == 303


def test_an_empty_form_that_is_sent_again_writes_over_nobody(world: World) -> None:
    world.provider()
    first, second = editors(world)
    typed = typed_in(first, NEW, title="Van de eerste")
    made = first.post(NEW, typed).headers["Location"]
    step = f"{made}/bewerken/over"
    assert second.post(step, typed_in(second, step, goal="Van de tweede")).status_code == 303
    again = first.post(NEW, typed | {"title": "Nog een keer"})
    assert again.status_code == 409
    assert newest().goal == "Van de tweede"
    assert form_of(again, "concept")["title"] == "Nog een keer"
    assert f'action="{step}"' in again.text


def test_from_any_step_one_button_saves_what_is_there_and_leads_to_the_check_page(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    assert "Opslaan en controleren" in person.get(at(activity)).text
    response = person.post(at(activity), typed_in(person, at(activity), goal="", then="check"))
    assert response.headers["Location"] == f"/aanbieder/activiteiten/{activity.id}/indienen"
    assert newest().goal == "", "what is missing is said there"


def test_who_saves_a_change_reads_that_what_is_valid_stays(world: World) -> None:
    activity = world.published(world.provider())
    person = world.person(provider_identity())
    page = person.get(person.post(at(activity), typed_in(person, at(activity), goal="Anders.")).headers["Location"])
    assert "Wat gevalideerd is, blijft intussen zoals het is." in text_of(page)


def test_the_order_of_the_days_is_said_together_with_another_mistake(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    wrong = {"website": "geen adres", "starts_on": "02-02-2099", "ends_on": "01-02-2099"}
    address = at(activity, "praktisch")
    page = text_of(person.post(address, typed_in(person, address, **wrong)))
    assert "Controleer 2 antwoorden" in page


def test_hours_that_are_still_open_are_not_shown_as_none(world: World) -> None:
    activity = world.draft(world.provider(), replace(COMPLETE, contact_hours=None, self_study_hours=None))
    person = world.person(provider_identity())
    for address in (at(activity, "opzet"), f"/aanbieder/activiteiten/{activity.id}/indienen"):
        assert "0 contact" not in text_of(person.get(address))
