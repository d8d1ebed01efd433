"""An objection: a case of its own with its own term, handled by people who had no part in the decision."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.access import Role
from core.db import db, transaction
from providers.models import Provider, ProviderMessage
from tests.forms import form_of
from tests.world import (
    HOURS,
    NOW,
    POLICY,
    Person,
    World,
    judgement,
    member_identity,
    provider_identity,
    text_of,
)
from validation.admission import decide_admission
from validation.deciding import decide
from validation.models import Case
from validation.states import Outcome

MET = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
APPROVAL = MET | {"outcome": "approved", "contact_hours": "16", "self_study_hours": "4,5", "reasons": ""}
GROUNDS = {"grounds": "Het verband met leerlingen staat in alinea drie."}
REPORT = {"heard_on": f"{clock.today():%d-%m-%Y}", "hearing": "De aanbieder wees op alinea drie."}
YILMAZ = member_identity("yilmaz")


def decided(world: World, outcome: Outcome = Outcome.REJECTED, days_ago: int = 1) -> Case:
    """By Jansen."""
    moment = clock.now() - timedelta(days=days_ago)
    case = world.claimed(world.submitted(world.provider(), now=moment))
    with transaction():
        db.session.refresh(case)
        decide(case, judgement(POLICY, outcome), POLICY, by=member_identity(), now=moment)
    return case


def address_of(case: Case) -> str:
    decision = case.decision
    assert decision
    return f"/aanbieder/besluiten/{decision.id}/bezwaar"


def objected(world: World, case: Case, **more: str) -> Case:
    sent = world.person(provider_identity()).post(address_of(case), GROUNDS | more)
    assert sent.status_code == 303, text_of(sent)
    db.session.rollback()
    return db.session.scalars(select(Case).filter_by(procedure="objection")).one()


def page_of(case: Case) -> str:
    return f"/commissie/zaken/{case.id}"


def act(world: World, who: Person, case: Case, path: str, form: dict[str, Any] | None = None) -> Any:
    return who.post(f"{page_of(case)}/{path}", (form or {}) | world.seen(Case, case.id))


def concluded(world: World, who: Person, case: Case, form: dict[str, Any]) -> Any:
    """Fill in, read the letters, and send them; what is refused on the way comes back."""
    shown = act(world, who, case, "bezwaar/besluit", form)
    return who.post(f"{page_of(case)}/bezwaar/besluit", form_of(shown)) if "en versturen" in shown.text else shown


def in_hand(world: World, case: Case) -> Person:
    who = world.person(YILMAZ)
    assert act(world, who, case, "oppakken").status_code == 303
    return who


def state_of(case: Case) -> str:
    db.session.rollback()
    return db.session.get_one(Case, case.id).state


def test_a_provider_objects_once_and_reads_when_it_hears(world: World) -> None:
    case = decided(world)
    person = world.person(provider_identity())
    activity = f"/aanbieder/activiteiten/{case.activity_id}"
    assert f'href="{address_of(case)}"' in person.get(activity).text
    empty = person.post(address_of(case), {"grounds": " "})
    assert empty.status_code == 422
    objection = objected(world, case)
    assert (objection.state, objection.activity_id, objection.previous_id) == ("received", case.activity_id, case.id)
    page = text_of(person.get(f"/aanbieder/bezwaren/{objection.id}"))
    assert GROUNDS["grounds"] in page
    assert "42 dagen" in page
    again = person.post(address_of(case), GROUNDS)
    assert again.status_code == 409
    assert GROUNDS["grounds"] in again.text
    assert person.get(address_of(case)).headers["Location"].endswith(f"/aanbieder/bezwaren/{objection.id}")
    assert "in behandeling" in text_of(person.get(activity))
    subject = db.session.scalars(select(ProviderMessage.subject).order_by(ProviderMessage.id.desc())).first()
    assert subject
    assert subject.startswith("Wij hebben uw bezwaar ontvangen")


def test_another_provider_objects_to_nothing_here(world: World) -> None:
    case = decided(world)
    objection = objected(world, case)
    world.provider("90100022")
    other = world.person(provider_identity("90100022"))
    assert other.get(address_of(case)).status_code == 404
    assert other.post(address_of(case), GROUNDS).status_code == 404
    for path in ("", "/vraag"):
        assert other.get(f"/aanbieder/bezwaren/{objection.id}{path}").status_code == 404
    for path in ("/intrekken", "/vraag"):
        assert other.post(f"/aanbieder/bezwaren/{objection.id}{path}", {"answer": "x"}).status_code == 404


def test_whoever_took_part_does_not_handle_it_and_is_told_why(world: World) -> None:
    objection = objected(world, decided(world))
    jansen = world.person(member_identity())
    assert "U was betrokken bij het besluit" in text_of(jansen.get(page_of(objection)))
    assert "Oppakken" not in jansen.get(page_of(objection)).text
    assert act(world, jansen, objection, "oppakken").status_code == 409
    assert state_of(objection) == "received"
    chair = world.person(member_identity("visser", Role.CHAIR))
    spread = text_of(chair.post("/commissie/verdelen", {"case": str(objection.id)}))
    assert "Niemand mag deze zaak beoordelen" in spread, "only Jansen is known, who decided"


def test_a_revised_decision_follows_in_the_same_commit(world: World) -> None:
    case = decided(world)
    objection = objected(world, case)
    yilmaz, person = in_hand(world, objection), world.person(provider_identity())
    form = APPROVAL | {"conclusion": "revised", "why": "Alinea drie legt het verband."}
    unheard = concluded(world, yilmaz, objection, form)
    assert unheard.status_code == 409
    assert "Schrijf eerst het verslag van de hoorzitting op" in text_of(unheard)
    assert act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT).status_code == 303
    shown = act(world, yilmaz, objection, "bezwaar/besluit", form)
    assert "Bezwaar toegewezen" in text_of(shown)
    assert "Nieuw besluit: Gevalideerd" in text_of(shown)
    assert state_of(objection) == "in_review"
    assert yilmaz.post(f"{page_of(objection)}/bezwaar/besluit", form_of(shown)).status_code == 303
    assert state_of(objection) == "decided"
    first = db.session.get_one(Case, case.id)
    before, after = first.decisions
    assert (before.outcome, after.outcome, after.corrects_id) == ("rejected", "approved", before.id)
    assert after.objection_id == objection.id
    assert first.activity.state == "validated"
    page = text_of(person.get(f"/aanbieder/bezwaren/{objection.id}"))
    assert "Bezwaar toegewezen: het besluit is herzien" in page
    assert "De aanbieder wees op alinea drie." in page
    assert "Yilmaz" not in page, "who of the committee it was is its own business"


@pytest.mark.parametrize("conclusion", ["upheld", "inadmissible"])
def test_an_objection_can_end_without_a_new_decision(world: World, conclusion: str) -> None:
    case = decided(world)
    objection = objected(world, case)
    yilmaz = in_hand(world, objection)
    act(world, yilmaz, objection, "bezwaar/hoorzitting", {"hearing": "De aanbieder wilde niet worden gehoord."})
    form = {"conclusion": conclusion, "why": "Het verband ontbreekt nog steeds."}
    assert concluded(world, yilmaz, objection, form).status_code == 303
    assert state_of(objection) == "decided"
    assert len(db.session.get_one(Case, case.id).decisions) == 1
    assert "Het verband ontbreekt nog steeds." in text_of(
        world.person(provider_identity()).get(f"/aanbieder/bezwaren/{objection.id}")
    )


def test_nobody_gets_worse_by_objecting(world: World) -> None:
    case = decided(world, Outcome.APPROVED)
    objection = objected(world, case)
    yilmaz = in_hand(world, objection)
    act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT)
    fewer = APPROVAL | {"contact_hours": "12", "reasons": "Pauze.", "conclusion": "revised", "why": "Minder uren."}
    refused = concluded(world, yilmaz, objection, fewer)
    assert refused.status_code == 422
    assert "wordt daar niet slechter van" in text_of(refused)
    assert "Minder uren." in refused.text


def test_a_late_objection_needs_a_reason_and_is_let_in_or_not(world: World) -> None:
    case = decided(world, days_ago=60)
    person = world.person(provider_identity())
    assert "Waarom maakt u nu pas bezwaar?" in text_of(person.get(address_of(case)))
    refused = person.post(address_of(case), GROUNDS)
    assert refused.status_code == 422
    assert "Leg uit waarom u niet eerder bezwaar kon maken." in text_of(refused)
    objection = objected(world, case, late_reason="Onze post was zoek.")
    assert objection.state == "late"
    yilmaz = in_hand(world, objection)
    assert "Onze post was zoek." in text_of(yilmaz.get(page_of(objection)))
    assert act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT).status_code == 409
    assert act(world, yilmaz, objection, "bezwaar/toelaten", {"late": ""}).status_code == 422
    assert act(world, yilmaz, objection, "bezwaar/toelaten", {"late": "Overmacht."}).status_code == 303
    assert state_of(objection) == "in_review"


def test_a_late_objection_without_a_good_reason_is_inadmissible(world: World) -> None:
    objection = objected(world, decided(world, days_ago=60), late_reason="Vergeten.")
    yilmaz = in_hand(world, objection)
    assert concluded(world, yilmaz, objection, {"conclusion": "upheld", "why": "Nee."}).status_code == 409
    assert concluded(world, yilmaz, objection, {"conclusion": "inadmissible", "why": "Nee."}).status_code == 303
    assert state_of(objection) == "decided"


def test_an_objection_in_time_on_its_last_day_is_not_late(world: World) -> None:
    days = POLICY.objection_filing_days
    assert objected(world, decided(world, days_ago=days)).state == "received"


def test_the_clock_of_an_objection_stands_still_for_a_question(world: World) -> None:
    objection = objected(world, decided(world))
    yilmaz, person = in_hand(world, objection), world.person(provider_identity())
    assert act(world, yilmaz, objection, "vraag", {"question": "Welke alinea?"}).status_code == 303
    message = db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc())).first()
    assert message
    assert message.link == f"/aanbieder/bezwaren/{objection.id}/vraag"
    answer = {"answer": "Alinea drie."} | {"version": form_of(person.get(message.link))["version"]}
    assert person.post(message.link, answer).status_code == 303
    assert state_of(objection) == "in_review"
    assert "Alinea drie." in text_of(yilmaz.get(page_of(objection)))


def test_a_provider_takes_its_objection_back_and_may_object_again(world: World) -> None:
    case = decided(world)
    objection = objected(world, case)
    person = world.person(provider_identity())
    assert (
        person.post(f"/aanbieder/bezwaren/{objection.id}/intrekken", world.seen(Case, objection.id)).status_code == 303
    )
    assert state_of(objection) == "withdrawn"
    assert person.post(address_of(case), GROUNDS).status_code == 303


def test_who_was_not_admitted_is_admitted_on_an_objection(world: World) -> None:
    provider = world.provider(admitted=False)
    case = world.confirmed(provider)
    assert case
    world.claimed(case)
    with transaction():
        db.session.refresh(case)
        reasons = "De klachtenregeling ontbreekt."
        decide_admission(case, Outcome.REJECTED, reasons, POLICY, by=member_identity(), now=clock.now())
    assert "maak bezwaar" in text_of(world.person(provider_identity()).get("/aanbieder/aanmelding"))
    objection = objected(world, case)
    yilmaz = in_hand(world, objection)
    act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT)
    form = {"conclusion": "revised", "why": "De regeling staat op de site."}
    assert concluded(world, yilmaz, objection, form).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Provider, provider.id).admitted_at is not None
    assert [decision.outcome for decision in db.session.get_one(Case, case.id).decisions] == ["rejected", "approved"]


def test_hours_that_stay_the_same_may_be_confirmed_by_a_revised_decision(world: World) -> None:
    case = decided(world, Outcome.APPROVED)
    objection = objected(world, case)
    yilmaz = in_hand(world, objection)
    act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT)
    form = APPROVAL | {"conclusion": "revised", "why": "Beter uitgelegd.", "reasons": "Met uitleg."}
    assert concluded(world, yilmaz, objection, form).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Case, case.id).activity.recognitions[0].hours == HOURS
    assert clock.now() > NOW


def test_a_revised_decision_that_says_the_same_is_none(world: World) -> None:
    objection = objected(world, decided(world, Outcome.APPROVED))
    yilmaz = in_hand(world, objection)
    act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT)
    before = objection.about
    assert before
    form = APPROVAL | {"conclusion": "revised", "why": "Toegewezen.", "reasons": before.reasons}
    refused = concluded(world, yilmaz, objection, form)
    assert refused.status_code == 422
    assert "Dit is hetzelfde besluit als het vorige." in text_of(refused)


@pytest.mark.parametrize("days", [-2, 1])
def test_a_hearing_is_held_between_the_objection_and_its_report(world: World, days: int) -> None:
    objection = objected(world, decided(world))
    yilmaz = in_hand(world, objection)
    day = f"{clock.today() + timedelta(days=days):%d-%m-%Y}"
    refused = act(world, yilmaz, objection, "bezwaar/hoorzitting", REPORT | {"heard_on": day})
    assert refused.status_code == 422
    assert "Kies een dag tot en met vandaag." in text_of(refused)
    assert REPORT["hearing"] in refused.text
