import re
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from catalogue.drafts import save_draft
from catalogue.models import Activity, ActivityVersion
from catalogue.numbers import shown
from core.access import Role
from core.db import db, transaction
from core.policy import Hours
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, NOW, POLICY, World, member_identity, text_of
from validation.judgement_models import Assessment
from validation.models import Case
from validation.states import Outcome
from validation.submitting import submit


def changed(world: World, first: Case, **changes: Any) -> Case:
    """The activity of a decided case, handed in again with changes."""
    with transaction():
        db.session.refresh(first)
        activity = db.session.get_one(Activity, first.activity_id)
        save_draft(activity, replace(COMPLETE, **changes), by=ACTOR, now=NOW)
        case = submit(activity, world.policies, by=ACTOR, now=NOW)
        case.baseline_id = first.version_id
    return case


def page_of(world: World, case: Case) -> TestResponse:
    db.session.refresh(case)
    return world.person(member_identity()).get(f"/commissie/zaken/{case.id}")


def test_a_change_of_what_is_validated_shows_what_changed_and_then_the_whole_text(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.APPROVED, Hours(Decimal(12), Decimal(4)))
    number = shown(world.number(first.activity))
    case = changed(world, first, goal="De leraar geeft prettig les.", place="Zwolle", planning="Vijf middagen.")
    page = page_of(world, case)
    text = text_of(page)
    assert f"Wijziging van wat gevalideerd is (16 RU, nummer {number})" in text
    assert '<del><span class="sr-only">verwijderd: </span>rustig</del>' in page.text
    parts = ["Doel Hierover", "Planning Hierover", "Ook gewijzigd: 1 gegeven dat u niet beoordeelt"]
    parts += ["Plaats Vrij te wijzigen", "De hele nieuwe tekst", "Uren volgens de aanbieder"]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


def test_once_decided_the_page_still_tells_what_held_before(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.APPROVED, Hours(Decimal(12), Decimal(4)))
    case = changed(world, first, goal="Ander doel.")
    world.decided(case, Outcome.APPROVED, Hours(Decimal(10), Decimal(1)))
    assert "Wijziging van wat gevalideerd is (16 RU, nummer" in text_of(page_of(world, case))
    assert "Wijziging van" not in text_of(page_of(world, first))


def proposed(page: TestResponse, name: str) -> str:
    found = re.search(f'id="{name}" name="{name}" type="text" value="([^"]*)"', page.text)
    assert found
    return found[1]


def test_who_judges_a_change_begins_with_what_was_granted_before(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.APPROVED, Hours(Decimal(12), Decimal(4)))
    page = page_of(world, world.claimed(changed(world, first, title="Een andere naam")))
    assert (proposed(page, "contact_hours"), proposed(page, "self_study_hours")) == ("12", "4")
    assert "Opgegeven: 16 uur. Eerder toegekend: 12 uur." in text_of(page)


def test_a_part_that_is_declared_anew_is_proposed_as_declared(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.APPROVED, Hours(Decimal(12), Decimal(4)))
    page = page_of(world, world.claimed(changed(world, first, contact_hours=Decimal(20))))
    assert (proposed(page, "contact_hours"), proposed(page, "self_study_hours")) == ("20", "4")


def test_what_was_turned_down_and_what_is_new_is_proposed_as_declared(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    for case in (changed(world, first, goal="Beter doel."), world.submitted(world.provider("90100022"))):
        page = page_of(world, world.claimed(case))
        assert (proposed(page, "contact_hours"), proposed(page, "self_study_hours")) == ("16", "4,5")
        assert "Eerder toegekend" not in text_of(page)


def test_what_was_rejected_and_comes_again_says_so(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    text = text_of(page_of(world, changed(world, first, goal="Beter doel.")))
    assert "Opnieuw ingediend na afwijzing op 22 november 2026" in text
    assert "Ook gewijzigd" not in text


def test_a_new_activity_is_no_change(world: World) -> None:
    text = text_of(page_of(world, world.submitted(world.provider())))
    assert "De hele nieuwe tekst" not in text
    assert "Hierover besluit de commissie" not in text


def test_when_nothing_under_the_decision_changed_the_page_says_so(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.REJECTED)
    text = text_of(page_of(world, changed(world, first, place="Zwolle", website="https://voorbeeld.example")))
    assert "De aanbieder heeft niets gewijzigd van wat u beoordeelt." in text
    assert "Ook gewijzigd: 2 gegevens die u niet beoordeelt" in text


def test_an_earlier_version_whose_text_is_gone_is_named_as_such(world: World) -> None:
    first = world.decided(world.submitted(world.provider()))
    case = changed(world, first, goal="Ander doel.")
    with transaction():
        texts = ("title", "description", "goal", "programme", "planning", "self_study_account")
        wiped = dict.fromkeys(texts, "") | {"wiped_at": NOW}
        db.session.execute(update(ActivityVersion).filter_by(id=first.version_id).values(wiped))
    page = page_of(world, case)
    assert "De tekst van de eerdere versie is gewist op 22 november 2026." in text_of(page)
    assert "<ins" not in page.text


def test_the_committee_reads_every_version_that_was_handed_in_and_no_draft(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    second = world.decided(changed(world, first, goal="Tweede doel."), Outcome.TEMPORARILY_REJECTED)
    with transaction():
        db.session.refresh(second)
        activity = db.session.get_one(Activity, second.activity_id)
        save_draft(activity, replace(COMPLETE, goal="Nog geheim."), by=ACTOR, now=NOW)
    for role in (Role.COMMITTEE, Role.BUREAU):
        member = world.person(member_identity("bakker", role))
        newer = member.get(f"/commissie/zaken/{second.id}")
        older = member.get(f"/commissie/zaken/{first.id}")
        assert f'<a href="/commissie/zaken/{first.id}">Eerder ingediend' in newer.text
        assert f'<a href="/commissie/zaken/{second.id}">Later ingediend' in older.text
        assert "Tweede doel" in newer.text
        assert "Tweede doel" not in older.text
        assert "Nog geheim" not in newer.text + older.text


def test_the_page_of_a_change_asks_the_database_as_much_as_any(world: World) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    case = changed(world, first, goal="Beter doel.")
    member = world.person(member_identity())
    unlike = world.submitted(world.provider("90100022"))
    addresses = [f"/commissie/zaken/{each}" for each in (unlike.id, case.id)]
    member.get(addresses[0])  # which reads the figures of the register
    new, change = (count_statements(partial(member.get, address)) for address in addresses)
    assert new == change <= 14


def test_what_was_met_is_carried_over_and_what_changed_is_judged_anew(world: World) -> None:
    first = world.decided(world.submitted(world.provider()))
    case = world.claimed(changed(world, first, goal="De leraar geeft prettig les."))
    touched = {item.code for item in POLICY.criteria if "goal" in item.fields}
    kept = [item for item in POLICY.criteria if item.code not in touched]
    assert touched
    assert kept
    text = text_of(page_of(world, case))
    for item in POLICY.criteria:
        assert (f"{item.name}: overgenomen ‘Voldoet’" in text) == (item in kept)
    assert text.count("Vorige keer: ‘Voldoet’. Wat u hierop beoordeelt, is daarna gewijzigd.") == len(touched)
    form = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
    form |= {"outcome": "approved", "contact_hours": "16", "self_study_hours": "4,5"} | world.seen(Case, case.id)
    assert world.person(member_identity()).post(f"/commissie/zaken/{case.id}/beoordeling", form).status_code == 303
    assert set(db.session.scalars(select(Assessment)).one().carried) == {item.code for item in kept}
