from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from catalogue.drafts import discard, save_draft
from catalogue.models import Activity
from catalogue.reasons import offered, sentence
from catalogue.steps import step_of
from core.db import db, transaction
from tests.committee import judge
from tests.forms import form_of
from tests.statements import count_statements
from tests.world import (
    ACTOR,
    COMPLETE,
    NOW,
    POLICY,
    Person,
    World,
    member_identity,
    provider_identity,
    text_of,
)
from validation.judgement_models import Decision
from validation.models import Case
from validation.remarks import asked_by_the_committee
from validation.states import Outcome
from validation.submitting import submit

REJECTION: dict[str, Any] = {"outcome": "temporarily_rejected", "reasons": "", "improve_by": "31-01-2027"} | {
    f"criterion-{item.code}": "not_met" for item in POLICY.criteria
}


@pytest.fixture
def case(world: World) -> Case:
    return world.claimed(world.submitted(world.provider()))


@pytest.fixture
def reject(world: World, case: Case) -> Callable[..., TestResponse]:
    """Who handles the case rejects it, for these reasons."""
    member = world.person(member_identity())

    def send(*codes: str, **changes: str) -> TestResponse:
        form = REJECTION | {"reason_codes": list(codes)} | changes | world.seen(Case, case.id)
        return judge(member, case.id, form)

    return send


def decision() -> Decision | None:
    db.session.rollback()
    return db.session.scalars(select(Decision)).one_or_none()


def test_everything_that_can_be_said_of_it_is_offered_and_nothing_is_chosen(world: World, case: Case) -> None:
    page = world.person(member_identity()).get(f"/commissie/zaken/{case.id}").text
    for reason in offered(POLICY):
        assert f'name="reason_codes" value="{reason.code}"><label' in page


def test_a_reason_from_the_list_is_enough_and_leads_the_provider_to_its_field(
    world: World, case: Case, reject: Callable[..., TestResponse]
) -> None:
    competence = f"criterion:{POLICY.criteria[0].code}"
    assert reject("goal:missing", "contact_hours:unusual", competence, "goal:missing").status_code == 303
    taken = decision()
    assert taken
    assert taken.reasons == ""
    assert taken.reason_codes == ["goal:missing", "contact_hours:unusual", competence]
    address = f"/aanbieder/activiteiten/{case.activity_id}"
    page, history = (world.person(provider_identity()).get(f"{address}{path}").text for path in ("", "/geschiedenis"))
    for code, field in (("goal:missing", "goal"), ("contact_hours:unusual", "contact_hours")):
        link = f'<a href="{address}/bewerken/{step_of(field).code}#{field}">{sentence(code, POLICY)}</a>'
        assert link in page
        assert link in history
    assert POLICY.criteria[0].name in page
    committee = world.person(member_identity()).get(f"/commissie/zaken/{case.id}").text
    assert sentence("goal:missing", POLICY) in committee


def test_what_the_committee_asked_stands_beside_the_form_and_is_no_point(
    world: World, case: Case, reject: Callable[..., TestResponse]
) -> None:
    address = f"/aanbieder/activiteiten/{case.activity_id}/bewerken"
    person = world.person(provider_identity())
    assert reject("goal:missing", "programme:missing", reasons="Vertel meer.").status_code == 303
    for step, links in (
        ("over", ("#goal", f"{address}/opzet#programme")),
        ("opzet", (f"{address}/over#goal", "#programme")),
    ):
        page = person.get(f"{address}/{step}")
        asked = page.text.partition("Wat de commissie vroeg")[2].partition('class="panel__odd"')[0]
        assert [f'href="{link}"' in asked for link in links] == [True, True]
        assert "Vertel meer." in asked
        assert "Alles is ingevuld." in page.text


def test_what_was_asked_of_a_change_is_gone_when_the_change_is_given_up(world: World) -> None:
    published = world.published(world.provider())
    with transaction():
        activity = db.session.get_one(Activity, published.id)
        save_draft(activity, replace(COMPLETE, goal="Anders."), by=ACTOR, now=NOW)
        case = submit(activity, world.policies, by=ACTOR, now=NOW)
    world.decided(case, Outcome.TEMPORARILY_REJECTED)
    activity = db.session.get_one(Activity, published.id)
    assert asked_by_the_committee(activity)
    db.session.rollback()
    with transaction():
        activity = db.session.get_one(Activity, published.id)
        discard(activity, by=ACTOR, now=NOW)
        save_draft(activity, replace(COMPLETE, place="Zwolle"), by=ACTOR, now=NOW)
    assert not asked_by_the_committee(db.session.get_one(Activity, published.id))


def test_what_was_asked_is_gone_once_it_is_submitted_again(
    world: World, case: Case, reject: Callable[..., TestResponse]
) -> None:
    assert reject("goal:missing").status_code == 303
    activity = db.session.get_one(Activity, case.activity_id)
    assert len(asked_by_the_committee(activity)) == 1
    person = world.person(provider_identity())
    address = f"/aanbieder/activiteiten/{activity.id}"
    step = f"{address}/bewerken/over"
    person.post(step, form_of(person.get(step), "concept") | {"goal": "Een beter doel."})
    assert person.post(f"{address}/indienen", world.checked(activity.id)).status_code == 303
    db.session.refresh(activity)
    assert asked_by_the_committee(activity) == []


def test_reasons_come_above_the_text_of_the_committee(
    world: World, case: Case, reject: Callable[..., TestResponse]
) -> None:
    reject("goal:missing", reasons="Zie ook het programma.")
    page = text_of(world.person(provider_identity()).get(f"/aanbieder/activiteiten/{case.activity_id}"))
    assert page.index(sentence("goal:missing", POLICY)) < page.index("Zie ook het programma.")


def test_a_rejection_without_any_reason_is_refused(reject: Callable[..., TestResponse]) -> None:
    response = reject()
    assert response.status_code == 422
    assert "Kies een reden, of leg uit waarom u afwijst" in text_of(response)
    assert decision() is None


def test_what_was_chosen_stays_chosen_after_a_mistake(reject: Callable[..., TestResponse]) -> None:
    response = reject("goal:missing", "not:known")
    assert response.status_code == 422
    assert "Kies redenen uit de lijst." in text_of(response)
    assert 'value="goal:missing" checked' in response.text


def test_a_criterion_that_was_met_is_no_reason(reject: Callable[..., TestResponse]) -> None:
    code = POLICY.criteria[1].code
    response = reject(f"criterion:{code}", **{f"criterion-{code}": "met"})
    assert response.status_code == 422
    assert "Dat is dan geen reden om af te wijzen." in text_of(response)


def test_an_approval_keeps_no_reasons_for_a_rejection(reject: Callable[..., TestResponse]) -> None:
    met = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
    hours = {"contact_hours": "16", "self_study_hours": "4,5"}
    contradictory = reject("goal:missing", **met, **hours, outcome="approved")
    assert contradictory.status_code == 422
    assert "U koos redenen om af te wijzen." in contradictory.text
    assert reject(**met, **hours, outcome="approved").status_code == 303
    taken = decision()
    assert taken
    assert (taken.outcome, taken.reason_codes) == ("approved", [])


def test_chosen_reasons_survive_a_colleague_who_was_faster(world: World, case: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    form = REJECTION | {"reason_codes": ["goal:missing"], "reasons": "Mijn tekst."} | world.seen(Case, case.id)
    yilmaz.post(f"/commissie/zaken/{case.id}/oppakken", world.seen(Case, case.id))
    refused = judge(jansen, case.id, form)
    assert refused.status_code == 409
    assert sentence("goal:missing", POLICY) in text_of(refused)
    assert "Mijn tekst." in refused.text


def page_of(world: World, case: Case, who: Person | None = None) -> str:
    return (who or world.person(member_identity())).get(f"/commissie/zaken/{case.id}").text


def test_the_committee_reads_the_hints_with_links_to_the_text(world: World) -> None:
    provider = world.provider()
    first = world.published(provider)
    case = world.submitted(provider, replace(COMPLETE, description="Kort."))
    page = page_of(world, case)
    for field in ("title", "description"):
        assert f'<a href="#tekst-{field}">' in page
        assert f'id="tekst-{field}"' in page
    number = world.number(first)
    assert f"gepubliceerd, nummer {number[:4]}-{number[4:]}" in page


def test_the_committee_learns_nothing_of_a_draft(world: World) -> None:
    provider = world.provider()
    case = world.submitted(provider)
    world.draft(provider)
    assert "Het gaat om ‘" not in page_of(world, case)
    world.submitted(provider)
    assert f"Het gaat om ‘{COMPLETE.title}’ (ingediend)." in page_of(world, case)


def test_every_field_that_a_rule_names_has_its_place_on_the_page(world: World) -> None:
    page = page_of(world, world.submitted(world.provider(), replace(COMPLETE, ends_on=POLICY.takeover.until)))
    for reason in offered(POLICY):
        assert f'id="tekst-{reason.field}"' in page


def test_without_anything_to_look_at_the_page_says_so_and_a_closed_case_is_silent(world: World) -> None:
    provider = world.provider()
    case = world.submitted(provider, replace(COMPLETE, description="Een omschrijving die lang genoeg is. " * 10))
    assert "Geen bijzonderheden." in page_of(world, case)
    assert "Voorcontrole" not in page_of(world, world.decided(case))


def test_the_page_of_a_case_asks_no_more_when_there_is_more_to_show(world: World) -> None:
    provider = world.provider()
    member = world.person(member_identity())
    single = world.submitted(provider, replace(COMPLETE, title="Een"))
    several = world.submitted(provider, replace(COMPLETE, title="Twee"))
    person = world.person(provider_identity())
    for _ in range(3):
        world.asked(several)
        question = db.session.get_one(Case, several.id).open_question
        assert question
        answer = {"answer": "Ja.", "version": str(question.id)}
        assert person.post(f"/aanbieder/activiteiten/{several.activity_id}/vraag", answer).status_code == 303
        db.session.rollback()
    page_of(world, single, member)  # which reads the figures of the register
    few = count_statements(lambda: page_of(world, single, member))
    assert count_statements(lambda: page_of(world, several, member)) <= few
