"""A decision is never edited: a new one takes its place, names it, and both are kept."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from catalogue.drafts import save_draft
from catalogue.models import Activity, Recognition
from core.access import Role
from core.audit import AuditEntry, verify
from core.db import db, transaction
from core.policy import Hours
from providers.models import ProviderMessage
from tests.forms import form_of
from tests.policies import under_rules
from tests.world import ACTOR, COMPLETE, NOW, POLICY, World, member_identity, provider_identity, text_of
from validation.judgement_models import Decision
from validation.models import Case
from validation.states import Outcome
from validation.submitting import submit

MET = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
APPROVAL = MET | {
    "outcome": "approved",
    "contact_hours": "12",
    "self_study_hours": "4,5",
    "reasons": "Vier uur is pauze.",
}
REJECTION = MET | {"outcome": "rejected", "criterion-pupils": "not_met", "reasons": "Geen verband."}
WHY = {"why": "Er was een fout in de beoordeling."}


@pytest.fixture
def chair(world: World) -> Any:
    return world.person(member_identity("visser", Role.CHAIR))


def correct(world: World, chair: Any, case: Case, form: dict[str, Any]) -> Any:
    """Fill in, read the letter, and send it; what is refused on the way comes back."""
    address = f"/commissie/zaken/{case.id}/corrigeren"
    shown = chair.post(address, form | WHY | world.seen(Case, case.id))
    return chair.post(address, form_of(shown)) if "Besluit nemen en versturen" in shown.text else shown


def decisions_of(case: Case) -> list[Decision]:
    db.session.rollback()
    return list(db.session.scalars(select(Decision).filter_by(case_id=case.id).order_by(Decision.id)))


def activity_of(case: Case) -> Activity:
    db.session.rollback()
    return db.session.get_one(Activity, case.activity_id)


def test_other_hours_keep_number_and_the_old_decision(world: World, chair: Any) -> None:
    activity = world.published(world.provider())
    (case,) = db.session.scalars(select(Case)).all()
    number = world.number(activity)
    assert correct(world, chair, case, APPROVAL).status_code == 303
    first, second = decisions_of(case)
    assert (first.contact_hours, second.contact_hours) == (Decimal(16), Decimal(12))
    assert (second.corrects_id, second.correction) == (first.id, WHY["why"])
    recognition = db.session.scalars(select(Recognition)).one()
    assert (recognition.number, recognition.contact_hours) == (number, Decimal(12))
    assert activity_of(case).state == "published"
    page = text_of(world.person(provider_identity()).get(f"/aanbieder/activiteiten/{activity.id}"))
    assert "in de plaats van een eerder besluit" in page
    assert WHY["why"] in page
    assert "16,5" in text_of(world.person().get(f"/activiteiten/{number}"))
    entry = db.session.scalars(select(AuditEntry).filter_by(action="case.corrected")).one()
    assert WHY["why"] not in json.dumps(entry.data), "the trail holds ids, not words"
    assert verify().broken_at is None


def test_what_was_validated_by_mistake_is_withdrawn_and_its_number_says_so(world: World, chair: Any) -> None:
    activity = world.published(world.provider())
    (case,) = db.session.scalars(select(Case)).all()
    number = world.number(activity)
    assert correct(world, chair, case, REJECTION).status_code == 303
    assert activity_of(case).state == "rejected"
    public = world.person().get(f"/activiteiten/{number}")
    assert public.status_code == 404
    assert "telt niet meer" in text_of(public)
    assert "ingetrokken" in text_of(public)
    assert "Klassenmanagement" not in text_of(world.person().get("/zoeken", q=number[:4]))
    last = db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc())).first()
    assert last
    assert last.subject.startswith("Nieuw besluit: Afgewezen")
    assert WHY["why"] in last.paragraphs


def test_what_was_turned_down_by_mistake_is_validated_after_all(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.REJECTED)
    assert correct(world, chair, case, APPROVAL).status_code == 303
    assert activity_of(case).state == "validated"
    assert world.number(activity_of(case))


def test_what_was_rewritten_meanwhile_goes_on_beside_what_is_valid_after_all(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.REJECTED)
    with transaction():
        save_draft(db.session.get_one(Activity, case.activity_id), COMPLETE, by=ACTOR, now=NOW)
    assert correct(world, chair, case, APPROVAL).status_code == 303
    activity = activity_of(case)
    assert (activity.state, activity.change) == ("validated", "draft")
    assert activity.recognitions[0].version_id == case.version_id


def test_what_a_later_version_was_decided_on_is_not_corrected_any_more(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.REJECTED)
    with transaction():
        activity = db.session.get_one(Activity, case.activity_id)
        save_draft(activity, COMPLETE, by=ACTOR, now=NOW)
        later = submit(activity, world.policies, by=ACTOR, now=NOW)
    world.decided(later)
    refused = correct(world, chair, case, APPROVAL)
    assert refused.status_code == 409
    assert "Over een latere versie is al besloten." in text_of(refused)
    assert "Vier uur is pauze." in refused.text


def test_the_letter_is_read_first_and_can_be_changed(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()))
    address = f"/commissie/zaken/{case.id}/corrigeren"
    empty = chair.post(address, APPROVAL | {"why": " "} | world.seen(Case, case.id))
    assert empty.status_code == 422
    assert "Leg uit waarom er een nieuw besluit komt." in text_of(empty)
    assert 'value="12"' in empty.text
    shown = chair.post(address, APPROVAL | WHY | world.seen(Case, case.id))
    assert "Dit besluit komt in de plaats van het besluit van 22 november 2026." in text_of(shown)
    assert len(decisions_of(case)) == 1
    again = chair.post(address, form_of(shown) | {"again": "1"})
    assert 'value="12"' in again.text
    assert len(decisions_of(case)) == 1


def test_only_the_chair_corrects_and_each_decision_once(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()))
    member = world.person(member_identity())
    assert member.get(f"/commissie/zaken/{case.id}/corrigeren").status_code == 403
    assert "Besluit corrigeren" not in member.get(f"/commissie/zaken/{case.id}").text
    assert "Besluit corrigeren" in chair.get(f"/commissie/zaken/{case.id}").text
    stale = world.seen(Case, case.id)
    assert correct(world, chair, case, APPROVAL).status_code == 303
    assert correct(world, chair, case, APPROVAL | {"contact_hours": "10"}).status_code == 303
    third = [decision.corrects_id for decision in decisions_of(case)]
    assert third[1:] == [decision.id for decision in decisions_of(case)][:2], (third, stale)


@pytest.mark.parametrize("change", ["reasons = 'Anders'", "contact_hours = 1", "corrects_id = NULL"])
def test_no_decision_is_ever_edited(world: World, chair: Any, change: str) -> None:
    case = world.decided(world.submitted(world.provider()))
    correct(world, chair, case, APPROVAL)
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(text(f"UPDATE decision SET {change} WHERE case_id = {case.id}"))
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(text(f"DELETE FROM decision WHERE case_id = {case.id}"))


def newest_letter() -> str:
    db.session.rollback()
    last = db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc())).first()
    assert last
    return " ".join([last.subject, *map(str, last.paragraphs)])


def handed_in_again(world: World, case: Case, **changes: Any) -> Case:
    with transaction():
        activity = db.session.get_one(Activity, case.activity_id)
        save_draft(activity, replace(COMPLETE, **changes), by=ACTOR, now=NOW)
        return submit(activity, world.policies, by=ACTOR, now=NOW)


def test_a_withdrawal_after_a_second_attempt_does_not_say_that_anything_still_counts(world: World, chair: Any) -> None:
    first = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    case = world.decided(handed_in_again(world, first, goal="Beter."))
    assert correct(world, chair, case, REJECTION).status_code == 303
    assert activity_of(case).state == "rejected"
    told = newest_letter()
    assert "De validatie is ingetrokken." in told
    assert "blijft gelden" not in told
    assert "Wijziging" not in told


def test_a_change_that_is_withdrawn_leaves_what_counted_before(world: World, chair: Any) -> None:
    activity = world.published(world.provider())
    (first,) = db.session.scalars(select(Case)).all()
    case = world.decided(handed_in_again(world, first, goal="Heel anders."), hours=Hours(Decimal(8), Decimal(4)))
    assert correct(world, chair, case, REJECTION).status_code == 303
    held = activity_of(case)
    recognition = held.recognitions[0]
    assert (held.state, recognition.version_id) == ("published", first.version_id)
    assert (recognition.contact_hours, recognition.withdrawn_on) == (Decimal(16), None)
    assert "geldt weer, met nummer en uren" in newest_letter()
    assert world.person().get(f"/activiteiten/{world.number(activity)}").status_code == 200


def test_other_hours_are_no_change_of_the_activity(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()))
    assert correct(world, chair, case, APPROVAL).status_code == 303
    told = newest_letter()
    assert "De validatie blijft staan." in told
    assert "wijziging" not in told


def test_the_same_decision_once_more_is_none(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()))
    assert correct(world, chair, case, APPROVAL).status_code == 303
    refused = correct(world, chair, case, APPROVAL)
    assert refused.status_code == 422
    assert "Dit is hetzelfde besluit als het vorige." in text_of(refused)
    assert len(decisions_of(case)) == 2


def test_the_chair_leaves_a_decision_alone_while_an_objection_is_open(world: World, chair: Any) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.REJECTED)
    (decision,) = decisions_of(case)
    grounds = {"grounds": "Het verband staat in alinea drie."}
    lodged = world.person(provider_identity()).post(f"/aanbieder/besluiten/{decision.id}/bezwaar", grounds)
    assert lodged.status_code == 303
    refused = correct(world, chair, case, APPROVAL)
    assert refused.status_code == 409
    assert "Er loopt een bezwaar tegen dit besluit." in text_of(refused)


def test_another_person_than_who_decided_corrects_what_needs_two_pairs_of_eyes(
    world: World, chair: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = world.decided(world.submitted(world.provider()))
    under_rules(world, monkeypatch, tmp_path / "rules", ("four_eyes = []", 'four_eyes = ["rejected"]'))
    jansen = world.person(member_identity("jansen", Role.CHAIR))
    refused = correct(world, jansen, case, REJECTION)
    assert refused.status_code == 409
    assert "Een tweede commissielid moet het hiermee eens zijn." in text_of(refused)
    assert correct(world, chair, case, REJECTION).status_code == 303
