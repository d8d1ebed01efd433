"""Two assessors who do not see each other's judgement, the chair when they disagree, and a second pair of eyes."""

from pathlib import Path
from typing import Any

import pytest

from core.access import Role
from core.db import db
from tests.committee import judge
from tests.forms import form_of
from tests.policies import under_rules
from tests.world import POLICY, Person, World, member_identity, provider_identity, text_of
from validation.models import Case

MET = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
APPROVAL = MET | {"outcome": "approved", "contact_hours": "16", "self_study_hours": "4,5", "reasons": ""}
REJECTION = APPROVAL | {"outcome": "rejected", "criterion-pupils": "not_met", "reasons": "Geen verband met leerlingen."}


@pytest.fixture
def two(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Case:
    """A case that two members have in hand."""
    under_rules(world, monkeypatch, tmp_path / "rules", ("assessors = 1", "assessors = 2"))
    case = world.submitted(world.provider())
    for name in ("jansen", "yilmaz"):
        take(world, case, world.person(member_identity(name)))
    return case


def take(world: World, case: Case, who: Person) -> None:
    assert who.post(f"/commissie/zaken/{case.id}/oppakken", world.seen(Case, case.id)).status_code == 303


def save(world: World, case: Case, who: Person, form: dict[str, Any]) -> Any:
    return who.post(f"/commissie/zaken/{case.id}/beoordeling", form | world.seen(Case, case.id))


def state_of(case: Case) -> str:
    db.session.rollback()
    return db.session.get_one(Case, case.id).state


def page_of(case: Case, who: Person) -> str:
    return text_of(who.get(f"/commissie/zaken/{case.id}"))


def test_neither_reads_the_other_before_both_have_saved(world: World, two: Case) -> None:
    jansen, yilmaz, bos = (world.person(member_identity(name)) for name in ("jansen", "yilmaz", "bos"))
    told = {"reasons": "Mooi programma.", "note-pupils": "Alinea twee is sterk."}
    assert save(world, two, jansen, APPROVAL | told).status_code == 303
    for who in (yilmaz, bos):
        page = page_of(two, who)
        assert "Jansen heeft een beoordeling bewaard." in page
        assert "Mooi programma." not in page
        assert "Alinea twee is sterk." not in page
    assert save(world, two, yilmaz, APPROVAL).status_code == 303
    for who in (jansen, yilmaz, bos):
        assert "Mooi programma." in page_of(two, who)
        assert "Alinea twee is sterk." in page_of(two, who)
    provider = world.person(provider_identity())
    assert "Alinea twee" not in provider.get(f"/aanbieder/activiteiten/{two.activity_id}").text


def test_one_judgement_is_not_enough_and_two_that_agree_are(world: World, two: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    save(world, two, jansen, APPROVAL)
    assert jansen.get(f"/commissie/zaken/{two.id}/besluit").status_code == 303, "there is no letter yet"
    save(world, two, yilmaz, APPROVAL | {"criterion-pupils": "met", "note-pupils": "Net aan."})
    letter = jansen.get(f"/commissie/zaken/{two.id}/besluit")
    assert "Gevalideerd" in text_of(letter)
    assert jansen.post(f"/commissie/zaken/{two.id}/besluit", form_of(letter)).status_code == 303
    assert state_of(two) == "decided"


def test_who_has_seen_the_other_judgement_changes_nothing_any_more(world: World, two: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    save(world, two, jansen, APPROVAL)
    assert save(world, two, jansen, APPROVAL | {"reasons": "Beter gezegd."}).status_code == 303, "until then"
    save(world, two, yilmaz, APPROVAL)
    refused = save(world, two, yilmaz, REJECTION)
    assert refused.status_code == 409
    assert "Daarom verandert daar niets meer aan." in text_of(refused)
    assert "Geen verband met leerlingen." in refused.text


@pytest.mark.parametrize("other", [REJECTION, APPROVAL | {"contact_hours": "12", "reasons": "Vier uur is pauze."}])
def test_who_does_not_agree_leaves_it_to_the_chair(world: World, two: Case, other: dict[str, Any]) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    chair = world.person(member_identity("visser", Role.CHAIR))
    save(world, two, jansen, APPROVAL)
    sent = save(world, two, yilmaz, other)
    assert sent.headers["Location"].endswith(f"/commissie/zaken/{two.id}"), "no letter that cannot be sent"
    assert state_of(two) == "with_chair"
    assert "U bent het niet eens, dus de voorzitter besluit." in page_of(two, yilmaz)
    assert "Uw oordeel beslist." in page_of(two, chair)
    assert "Verschilt" in page_of(two, jansen)
    assert judge(jansen, two.id, APPROVAL | world.seen(Case, two.id)).status_code in {403, 409}
    assert judge(chair, two.id, APPROVAL | world.seen(Case, two.id)).status_code == 303
    assert state_of(two) == "decided"
    assert "Visser" in page_of(two, jansen)


def test_a_third_member_does_not_judge(world: World, two: Case) -> None:
    refused = save(world, two, world.person(member_identity("bos")), APPROVAL)
    assert refused.status_code == 409
    assert "Jansen heeft deze zaak opgepakt." in text_of(refused)


def test_the_second_goes_on_alone_when_the_first_lets_go(world: World, two: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    jansen.post(f"/commissie/zaken/{two.id}/loslaten", world.seen(Case, two.id))
    db.session.rollback()
    case = db.session.get_one(Case, two.id)
    assert (case.handler_name, case.second, case.state) == ("Yilmaz", "", "in_review")
    yilmaz.post(f"/commissie/zaken/{two.id}/loslaten", world.seen(Case, two.id))
    db.session.rollback()
    case = db.session.get_one(Case, two.id)
    assert (case.handler, case.state) == ("", "received")


def test_once_they_agree_the_form_is_gone_and_it_says_who_goes_on(world: World, two: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    save(world, two, jansen, APPROVAL)
    assert "Nu is de andere beoordelaar aan de beurt." in page_of(two, jansen)
    save(world, two, yilmaz, APPROVAL)
    page = page_of(two, yilmaz)
    assert "U bent het eens, dus Jansen neemt het besluit." in page
    assert "Beoordeling bewaren" not in page
    assert "Brief bekijken en besluiten" in page_of(two, jansen)


def test_nobody_takes_the_place_of_who_was_compared(world: World, two: Case) -> None:
    jansen, yilmaz, bos = (world.person(member_identity(name)) for name in ("jansen", "yilmaz", "bos"))
    for who in (jansen, yilmaz):
        save(world, two, who, APPROVAL)
    assert bos.post(f"/commissie/zaken/{two.id}/oppakken", world.seen(Case, two.id)).status_code in {303, 409}
    jansen.post(f"/commissie/zaken/{two.id}/loslaten", world.seen(Case, two.id))
    db.session.rollback()
    case = db.session.get_one(Case, two.id)
    assert (case.state, case.handler_name, case.second_name) == ("with_chair", "Jansen", "Yilmaz")


def test_nothing_is_asked_once_the_judgements_are_compared(world: World, two: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    for who in (jansen, yilmaz):
        save(world, two, who, APPROVAL)
    assert "Vraag versturen" not in page_of(two, jansen)
    question = {"question": "Wie geeft de cursus?"} | world.seen(Case, two.id)
    refused = jansen.post(f"/commissie/zaken/{two.id}/vraag", question)
    assert refused.status_code == 409
    assert "Daarom verandert daar niets meer aan." in text_of(refused)
    assert "Wie geeft de cursus?" in text_of(refused)


def test_what_two_agree_on_and_a_third_does_not_is_for_the_chair(
    world: World, two: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    eyes = ("four_eyes = []", 'four_eyes = ["rejected"]')
    under_rules(world, monkeypatch, tmp_path / "rules", ("assessors = 1", "assessors = 2"), eyes)
    jansen, yilmaz, bos = (world.person(member_identity(name)) for name in ("jansen", "yilmaz", "bos"))
    for who in (jansen, yilmaz):
        save(world, two, who, REJECTION)
    letter = form_of(jansen.get(f"/commissie/zaken/{two.id}/besluit"))
    assert jansen.post(f"/commissie/zaken/{two.id}/voorleggen", letter).status_code == 303
    reason = {"reason": "Alinea drie legt het verband."} | world.seen(Case, two.id)
    assert bos.post(f"/commissie/zaken/{two.id}/teruggeven", reason).status_code == 303
    assert state_of(two) == "with_chair"
    chair = world.person(member_identity("visser", Role.CHAIR))
    page = page_of(two, chair)
    assert "Bos gaf het besluit terug" in page
    assert "De zaak ligt bij de voorzitter" in page
    assert judge(chair, two.id, APPROVAL | world.seen(Case, two.id)).status_code == 303
    assert state_of(two) == "decided"


def test_who_judged_and_came_back_is_compared_again_and_reads_nothing_before(world: World, two: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    save(world, two, jansen, APPROVAL | {"reasons": "Mooi programma."})
    jansen.post(f"/commissie/zaken/{two.id}/loslaten", world.seen(Case, two.id))
    save(world, two, yilmaz, REJECTION)
    assert "Mooi programma." not in page_of(two, yilmaz)
    assert state_of(two) == "in_review"
    take(world, two, jansen)
    assert state_of(two) == "with_chair", "both have saved, and do not agree"


def test_the_bureau_takes_a_case_from_whom_it_names_and_a_member_does_not(world: World, two: Case) -> None:
    jansen = world.person(member_identity())
    address, of_yilmaz = f"/commissie/zaken/{two.id}/loslaten", {"of": member_identity("yilmaz").account_key}
    jansen.post(address, world.seen(Case, two.id) | of_yilmaz)
    db.session.rollback()
    assert db.session.get_one(Case, two.id).second_name == "Yilmaz"
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    assert "Yilmaz van deze zaak halen" in page_of(two, bureau)
    assert bureau.post(address, world.seen(Case, two.id) | of_yilmaz).status_code == 303
    db.session.rollback()
    case = db.session.get_one(Case, two.id)
    assert (case.handler_name, case.second_name) == ("Jansen", "")


@pytest.fixture
def proposed(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Case:
    """A rejection that a second member has to agree with."""
    under_rules(world, monkeypatch, tmp_path / "rules", ("four_eyes = []", 'four_eyes = ["rejected"]'))
    case = world.submitted(world.provider())
    jansen = world.person(member_identity())
    take(world, case, jansen)
    save(world, case, jansen, REJECTION)
    letter = jansen.get(f"/commissie/zaken/{case.id}/besluit")
    assert "Voorleggen aan een tweede commissielid" in text_of(letter)
    refused = jansen.post(f"/commissie/zaken/{case.id}/besluit", world.seen(Case, case.id) | {"assessment": "1"})
    assert refused.status_code == 409
    assert jansen.post(f"/commissie/zaken/{case.id}/voorleggen", form_of(letter)).status_code == 303
    assert state_of(case) == "proposed"
    return case


def test_a_second_member_agrees_and_both_are_named(world: World, proposed: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    own = jansen.get(f"/commissie/zaken/{proposed.id}/besluit")
    form = world.seen(Case, proposed.id) | {"assessment": "1"}
    assert jansen.post(f"/commissie/zaken/{proposed.id}/besluit", form).status_code in {403, 409}, own.text
    letter = yilmaz.get(f"/commissie/zaken/{proposed.id}/besluit")
    assert "Geen verband met leerlingen." in text_of(letter)
    assert yilmaz.post(f"/commissie/zaken/{proposed.id}/besluit", form).status_code == 303
    assert state_of(proposed) == "decided"
    decision = db.session.get_one(Case, proposed.id).decision
    assert decision
    assert (decision.decided_by_name, decision.drafted_by_name) == ("Yilmaz", "Jansen")
    assert "op voorstel van Jansen" in page_of(proposed, yilmaz)


def test_a_second_member_gives_it_back_and_says_why(world: World, proposed: Case) -> None:
    jansen, yilmaz = (world.person(member_identity(name)) for name in ("jansen", "yilmaz"))
    address = f"/commissie/zaken/{proposed.id}/teruggeven"
    empty = yilmaz.post(address, world.seen(Case, proposed.id) | {"reason": " "})
    assert empty.status_code == 422
    assert "Schrijf op waarom." in text_of(empty)
    reason = {"reason": "Alinea drie legt het verband."}
    assert yilmaz.post(address, world.seen(Case, proposed.id) | reason).status_code == 303
    assert state_of(proposed) == "in_review"
    page = page_of(proposed, jansen)
    assert "Yilmaz gaf het besluit terug" in page
    assert page.count("Alinea drie legt het verband.") == 2, "on top, and in the timeline"
    assert (
        "Alinea drie"
        not in world.person(provider_identity()).get(f"/aanbieder/activiteiten/{proposed.activity_id}").text
    )
    assert judge(jansen, proposed.id, APPROVAL | world.seen(Case, proposed.id)).status_code == 303
    assert state_of(proposed) == "decided", "an approval needs nobody else"


def test_a_letter_that_changed_since_it_was_read_is_not_sent(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    member = world.person(member_identity())
    save(world, case, member, APPROVAL)
    letter = form_of(member.get(f"/commissie/zaken/{case.id}/besluit"))
    save(world, case, member, APPROVAL | {"contact_hours": "12", "reasons": "Vier uur is pauze."})
    assert member.post(f"/commissie/zaken/{case.id}/besluit", letter).status_code == 409
    assert state_of(case) == "in_review"
