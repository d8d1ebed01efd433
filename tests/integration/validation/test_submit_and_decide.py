import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue import numbers
from catalogue.models import Activity, NumberPart, Recognition
from core.access import Role
from core.audit import AuditEntry
from core.db import db
from core.policy import Hours
from tests.committee import judge
from tests.forms import form_of
from tests.world import COMPLETE, Person, World, member_identity, provider_identity, text_of
from validation.judgement_models import Decision
from validation.models import Case
from validation.states import Outcome
from validation.submitting import STATEMENT

APPROVAL = {
    "outcome": "approved",
    "contact_hours": "16",
    "self_study_hours": "4,5",
    "reasons": "",
    "improve_by": "31-01-2027",
    "criterion-competence": "met",
    "criterion-pupils": "met",
    "criterion-practice": "met",
    "criterion-training": "met",
}


def decide(person: Person, case_id: int, **changes: Any) -> Any:
    db.session.rollback()
    seen = {"version": str(db.session.get_one(Case, case_id).version)}
    return judge(person, case_id, seen | APPROVAL | changes)


def pick_up(world: World, person: Person, case_id: int) -> Any:
    return person.post(f"/commissie/zaken/{case_id}/oppakken", world.seen(Case, case_id))


def the_case() -> Case:
    db.session.rollback()
    return db.session.scalars(select(Case)).one()


def submitted(world: World) -> int:
    case_id: int = world.submitted(world.provider()).id
    return case_id


def test_a_provider_submits_and_reads_the_explained_due_date(world: World) -> None:
    activity = world.draft(world.provider())
    provider = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}"
    assert "Activiteit indienen" in provider.get(f"{address}/indienen").text
    assert provider.post(f"{address}/indienen", world.checked(activity.id)).status_code == 303
    page = text_of(provider.get(address))
    assert "42 dagen" in page
    assert "Ingediend" in page


def test_who_submits_states_that_the_facts_are_true(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}/indienen"
    refused = person.post(address, form_of(person.get(address)) | {"statement": ""})
    assert refused.status_code == 422
    assert "Controleer 1 antwoord" in text_of(refused)
    assert 'href="#statement"' in refused.text
    assert person.post(address, form_of(refused) | {"statement": "1"}).status_code == 303
    db.session.rollback()
    entry = db.session.scalars(select(AuditEntry).filter_by(action="activity.submit")).one()
    assert json.loads(entry.data)["stated"] == STATEMENT
    assert person.post(address, world.seen(Activity, activity.id)).status_code == 303, "it is submitted already"


def test_the_check_page_shows_what_to_look_at_again_and_where(world: World) -> None:
    provider = world.provider()
    other, activity = world.draft(provider), world.draft(provider)
    page = world.person(provider_identity()).get(f"/aanbieder/activiteiten/{activity.id}/indienen")
    hints = page.text.partition("Kijk hier nog eens naar")[2].partition("</ul>")[0]
    assert f'href="/aanbieder/activiteiten/{other.id}"' in hints
    assert f'href="/aanbieder/activiteiten/{activity.id}/bewerken/over#description"' in hints
    assert "Activiteit indienen" in page.text


def test_all_gaps_are_listed_at_once_and_nothing_is_submitted(world: World) -> None:
    provider = world.provider(admitted=False)
    activity = world.draft(provider, replace(COMPLETE, goal="", self_study_account="", sectors=()))
    person = world.person(provider_identity())
    response = person.post(f"/aanbieder/activiteiten/{activity.id}/indienen", world.checked(activity.id))
    assert response.status_code == 422
    page = text_of(response)
    assert "Nog 4 punten" in page
    assert "Rond eerst uw aanmelding af." in page
    assert f"/aanbieder/activiteiten/{activity.id}/bewerken/over#goal" in response.text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    assert db.session.get_one(Activity, activity.id).state == "draft"


def test_a_declared_but_unadmitted_provider_cannot_submit(world: World) -> None:
    provider = world.provider(admitted=False)
    world.confirmed(provider)
    person = world.person(provider_identity())
    activity = world.draft(provider)
    response = person.post(f"/aanbieder/activiteiten/{activity.id}/indienen", world.checked(activity.id))
    assert response.status_code == 422
    assert "Wacht tot het register uw organisatie heeft toegelaten." in response.text


def test_an_approval_grants_number_and_hours_in_one_commit(world: World) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    response = decide(member, case_id, self_study_hours="3,5", reasons="Het lezen kost minder tijd.")
    assert response.status_code == 303
    case = the_case()
    assert case.decision is not None
    recognition = db.session.scalars(select(Recognition)).one()
    assert case.decision.recognition_id == recognition.id
    assert recognition.hours == Hours(Decimal(16), Decimal("3.5"))
    assert numbers.is_valid(recognition.number)
    assert recognition.version_id == case.version_id
    assert case.activity.state == "validated"
    parts = db.session.scalars(select(NumberPart.part)).all()
    assert sorted(parts) == sorted(numbers.parts(recognition.number))
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)).all()
    assert actions[-2:] == ["activity.approve", "case.decided"]
    assert numbers.shown(recognition.number) in member.get("/commissie").text


@pytest.mark.parametrize("outcome", ["rejected", "temporarily_rejected"])
def test_a_rejection_returns_the_draft_with_reasons_and_without_number(world: World, outcome: str) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    changes = {"outcome": outcome, "criterion-pupils": "not_met", "reasons": "Leg het verband met leerlingen uit."}
    assert decide(member, case_id, **changes).status_code == 303
    case = the_case()
    assert case.activity.state == "rejected"
    assert db.session.scalar(select(func.count()).select_from(Recognition)) == 0
    page = world.person(provider_identity()).get(f"/aanbieder/activiteiten/{case.activity_id}")
    assert "Leg het verband met leerlingen uit." in page.text


def test_a_rejected_activity_can_be_improved_and_submitted_again(world: World) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.TEMPORARILY_REJECTED)
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    step = f"{address}/bewerken/over"
    improved = form_of(person.get(step), "concept") | {"goal": "Een beter doel."}
    assert person.post(step, improved).status_code == 303
    assert person.post(f"{address}/indienen", world.checked(case.activity_id)).status_code == 303
    db.session.rollback()
    first, second = db.session.scalars(select(Case).order_by(Case.id)).all()
    assert first.submitted.goal == COMPLETE.goal
    assert second.submitted.goal == "Een beter doel."


def withdraw(world: World, activity_id: int | None) -> Any:
    person = world.person(provider_identity())
    return person.post(f"/aanbieder/activiteiten/{activity_id}/intrekken", world.seen(Activity, activity_id))


def form(version: int, **changes: str) -> dict[str, Any]:
    typed = {name: getattr(COMPLETE, name) for name in COMPLETE.__dataclass_fields__}
    filled = {
        name: "" if value is None else list(value) if isinstance(value, tuple) else value
        for name, value in typed.items()
    }
    return filled | {"contact_hours": "16", "self_study_hours": "4,5", "version": str(version)} | changes


def test_everything_wrong_with_a_decision_comes_back_at_once_with_what_was_typed(world: World) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    response = decide(
        member, case_id, contact_hours="17", reasons="Mijn tekst blijft staan.", **{"criterion-pupils": ""}
    )
    assert response.status_code == 422
    assert "Controleer 2 antwoorden" in text_of(response)
    assert "Mijn tekst blijft staan." in response.text
    assert 'value="17"' in response.text
    assert the_case().decision is None


def test_a_second_decision_is_refused_and_names_the_first(world: World) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    assert decide(member, case_id).status_code == 303
    second = decide(member, case_id, outcome="rejected", reasons="Toch niet.")
    assert second.status_code == 409
    assert "Jansen besloot al" in text_of(second)
    assert "Toch niet." in second.text
    again = member.post(f"/commissie/zaken/{case_id}/besluit", {"version": "2"})
    assert (again.status_code, again.headers["Location"]) == (303, "/commissie"), "a second click is no mistake"
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1


def test_only_who_handles_the_case_decides(world: World) -> None:
    case_id = submitted(world)
    pick_up(world, world.person(member_identity("jansen")), case_id)
    other = world.person(member_identity("yilmaz"))
    assert decide(other, case_id).status_code == 409
    assert pick_up(world, other, case_id).status_code == 303
    assert decide(other, case_id).status_code == 303


def test_a_decision_on_a_case_that_changed_meanwhile_is_refused(world: World) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    assert decide(member, case_id, version="1").status_code == 409
    assert the_case().decision is None


def test_a_withdrawn_case_cannot_be_decided_and_the_draft_is_back(world: World) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    activity_id = the_case().activity_id
    assert withdraw(world, activity_id).status_code == 303
    assert decide(member, case_id).status_code == 409
    db.session.rollback()
    assert db.session.get_one(Activity, activity_id).state == "draft"


def test_a_bureau_member_reads_but_does_not_decide(world: World) -> None:
    case_id = submitted(world)
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    page = bureau.get(f"/commissie/zaken/{case_id}")
    assert page.status_code == 200
    assert "Oppakken" not in page.text
    assert pick_up(world, bureau, case_id).status_code == 403
    assert decide(bureau, case_id).status_code == 403


def test_another_providers_activity_does_not_exist(world: World) -> None:
    case = world.submitted(world.provider("90100011"))
    world.provider("90100022")
    other = world.person(provider_identity("90100022"))
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    for path in ("", "/bewerken/over", "/indienen"):
        assert other.get(f"{address}{path}").status_code == 404
    for path in ("/bewerken/over", "/indienen", "/intrekken", "/publiceren", "/terughalen"):
        assert other.post(f"{address}{path}", form(1)).status_code == 404


def test_the_queue_puts_the_first_due_on_top_and_explains_it(world: World) -> None:
    provider = world.provider()
    world.submitted(provider, replace(COMPLETE, title="Later"), now=datetime(2026, 11, 20, tzinfo=UTC))
    world.submitted(provider, replace(COMPLETE, title="Eerst"), now=datetime(2026, 9, 1, tzinfo=UTC))
    page = world.person(member_identity()).get("/commissie")
    rows = page.text.partition('id="list"')[2]
    assert rows.index("Eerst") < rows.index("Later")
    assert "Ontvangen 1 september 2026; 42 dagen" in text_of(page)


def test_the_queue_can_be_filtered(world: World) -> None:
    provider = world.provider()
    case = world.submitted(provider, replace(COMPLETE, title="100% rekenen"))
    world.submitted(provider, replace(COMPLETE, title="Taal"))
    member = world.person(member_identity())
    pick_up(world, member, case.id)
    assert "Taal" not in member.get("/commissie", q="100%").text
    assert "Taal" not in member.get("/commissie", wie="mine").text
    assert "100% rekenen" not in member.get("/commissie", wie="nobody").text
    assert "2 zaken" in member.get("/commissie", q=provider.name.lower()).text


def test_a_colleague_who_was_faster_is_named_before_a_case_is_taken_over(world: World) -> None:
    case_id = submitted(world)
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    both_saw = world.seen(Case, case_id)
    jansen.post(f"/commissie/zaken/{case_id}/oppakken", both_saw)
    yilmaz.post(f"/commissie/zaken/{case_id}/oppakken", both_saw)
    page = text_of(yilmaz.get(f"/commissie/zaken/{case_id}"))
    assert the_case().handler_name == "Jansen"
    assert "Beoordelaar: Jansen." in page
    assert "Overnemen" in page


def test_what_was_typed_survives_a_case_that_was_taken_over(world: World) -> None:
    case_id = submitted(world)
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    pick_up(world, jansen, case_id)
    saw = world.seen(Case, case_id)
    pick_up(world, yilmaz, case_id)
    refused = decide(jansen, case_id, **saw, reasons="Mijn lange toelichting.", **{"criterion-pupils": ""})
    assert refused.status_code == 409
    assert "Yilmaz heeft deze zaak opgepakt." in text_of(refused)
    assert "Mijn lange toelichting." in refused.text


def test_a_stale_decision_can_be_sent_again_at_once(world: World) -> None:
    case_id = submitted(world)
    member = world.person(member_identity())
    pick_up(world, member, case_id)
    saw = world.seen(Case, case_id)
    for person in (world.person(member_identity("yilmaz")), member):
        pick_up(world, person, case_id)
    refused = decide(member, case_id, **saw)
    assert refused.status_code == 409
    found = re.search(r'name="version" value="(\d+)"[^>]*>\s*<fieldset', refused.text)
    assert found
    assert decide(member, case_id, version=found[1]).status_code == 303


def test_what_was_checked_is_what_is_submitted(world: World) -> None:
    activity = world.draft(world.provider())
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}"
    checked = world.checked(activity.id)
    step = f"{address}/bewerken/opzet"
    person.post(step, form_of(person.get(step), "concept") | {"programme": "Iets anders."})
    response = person.post(f"{address}/indienen", checked)
    assert response.headers["Location"] == f"{address}/indienen"
    assert "intussen gewijzigd" in person.get(f"{address}/indienen").text
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_rejected_activity_says_so(world: World) -> None:
    case = world.decided(world.submitted(world.provider()), Outcome.REJECTED)
    page = text_of(world.person(provider_identity()).get(f"/aanbieder/activiteiten/{case.activity_id}"))
    assert "De commissie heeft deze activiteit afgewezen" in page
    assert "Voldoet niet" in page
    assert "klaar om in te dienen" not in page


@pytest.mark.parametrize("path", ["/commissie?pagina=99999999999999999999", "/commissie?pagina=-1", "/commissie?q=%00"])
def test_a_strange_address_of_the_queue_is_no_fault(world: World, path: str) -> None:
    world.submitted(world.provider())
    assert world.person(member_identity()).get(path).status_code in {200, 303}
    assert world.person(member_identity()).get("/commissie/zaken/99999999999999999999").status_code == 404
