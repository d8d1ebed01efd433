"""Who gets which case: chair and bureau give them, members are away or let go, and former assessors are asked first."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from catalogue.drafts import save_draft
from catalogue.models import Activity
from core import clock
from core.access import Identity, Role
from core.db import db, transaction
from providers.models import Provider
from tests.world import ACTOR, COMPLETE, NOW, Person, World, member_identity, text_of
from validation.committee.members import arrive_member
from validation.committee.models import CommitteeMember
from validation.models import Case
from validation.submitting import submit

JANSEN, YILMAZ, BOS = (member_identity(name) for name in ("jansen", "yilmaz", "bos"))
VISSER = member_identity("visser", Role.CHAIR)
PAGE = "/commissie/mijn-gegevens"


@pytest.fixture(autouse=True)
def committee(world: World) -> None:
    """Three members and the chair have signed in before."""
    with transaction():
        for who in (JANSEN, YILMAZ, BOS, VISSER):
            arrive_member(who, clock.now())


def cases(world: World, count: int, kvk_number: str = "90100011") -> list[Case]:
    provider = world.provider(kvk_number)
    return [world.submitted(provider, replace(COMPLETE, title=f"Zaak {number}")) for number in range(count)]


def give(who: Person, found: list[Case], to: str = "") -> Any:
    """Without `to` as the page shows them spread."""
    chosen = {"case": [str(case.id) for case in found]}
    shown = who.post("/commissie/verdelen", chosen).text
    even = dict(re.findall(r'name="(even-\d+)" value="([^"]*)"', shown))
    return who.post("/commissie/toewijzen", {**chosen, **even, "to": to})


def handlers() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Case.handler_name).order_by(Case.id)))


def own(world: World, who: Identity) -> dict[str, str]:
    db.session.rollback()
    return {"version": str(db.session.get_one(CommitteeMember, who.account_key).version)}


@pytest.mark.parametrize("leader", [VISSER, member_identity("bakker", Role.BUREAU)], ids=["chair", "bureau"])
def test_cases_are_spread_evenly_as_was_shown(world: World, leader: Identity) -> None:
    found, who = cases(world, 8), world.person(leader)
    shown = text_of(who.post("/commissie/verdelen", {"case": [str(case.id) for case in found]}))
    assert "8 zaken toewijzen" in shown
    assert give(who, found).status_code == 303
    assert sorted(handlers()) == ["Bos"] * 2 + ["Jansen"] * 2 + ["Visser"] * 2 + ["Yilmaz"] * 2
    assert "8 zaken toegewezen." in text_of(who.get("/commissie"))


def test_one_member_gets_them_all(world: World) -> None:
    found, who = cases(world, 3), world.person(VISSER)
    give(who, found, JANSEN.account_key)
    assert handlers() == ["Jansen"] * 3


def test_nobody_gets_what_they_have_a_tie_with_or_stepped_back_from(world: World) -> None:
    first, second = cases(world, 2)
    jansen, yilmaz = world.person(JANSEN), world.person(YILMAZ)
    assert jansen.post(f"{PAGE}/belangen", {"kvk_number": "9010 0011"}).status_code == 303
    reason = {"reason": "Mijn zus geeft de cursus."} | world.seen(Case, first.id)
    assert yilmaz.post(f"/commissie/zaken/{first.id}/terugtrekken", reason).status_code == 303
    chair = world.person(VISSER)
    page = text_of(chair.post("/commissie/verdelen", {"case": [str(first.id), str(second.id)]}))
    assert "Jansen: heeft 0 zaken, mag 2 zaken niet beoordelen" in page
    assert "Yilmaz: heeft 0 zaken, mag 1 zaak niet beoordelen" in page
    give(chair, [first, second], JANSEN.account_key)
    assert "2 zaken niet: Er is niemand die deze zaak mag beoordelen." in text_of(chair.get("/commissie"))
    give(chair, [first, second], YILMAZ.account_key)
    assert handlers() == ["", "Yilmaz"]


def test_members_do_not_assign_to_others(world: World) -> None:
    found, who = cases(world, 1), world.person(JANSEN)
    assert give(who, found, BOS.account_key).status_code == 403
    assert who.post("/commissie/verdelen", {"case": str(found[0].id)}).status_code == 403


def test_who_is_away_lets_go_today_and_gets_nothing(world: World) -> None:
    found = cases(world, 2)
    give(world.person(VISSER), found, JANSEN.account_key)
    jansen, today = world.person(JANSEN), clock.today()
    dates = {"away_from": today.isoformat(), "away_until": (today + timedelta(days=7)).isoformat()}
    assert jansen.post(f"{PAGE}/afwezig", dates | own(world, JANSEN)).status_code == 303
    assert "2 zaken van u staan weer in de wachtrij." in text_of(jansen.get(PAGE))
    assert handlers() == ["", ""]
    page = text_of(world.person(VISSER).post("/commissie/verdelen", {"case": str(found[0].id)}))
    assert "afwezig tot en met" in page
    give(world.person(VISSER), found)
    assert "Jansen" not in handlers()


def test_who_will_be_away_keeps_cases_until_then(world: World) -> None:
    found = cases(world, 1)
    give(world.person(VISSER), found, JANSEN.account_key)
    later = clock.today() + timedelta(days=3)
    dates = {"away_from": later.isoformat(), "away_until": later.isoformat()}
    world.person(JANSEN).post(f"{PAGE}/afwezig", dates | own(world, JANSEN))
    assert handlers() == ["Jansen"]


@pytest.mark.parametrize(
    ("path", "form", "field", "told"),
    [
        ("belangen", {"kvk_number": "1234567"}, "kvk_number", "Vul de 8 cijfers van het KvK-nummer in."),
        ("belangen", {"kvk_number": "90100011", "until_on": "01-01-2020"}, "until_on", "ligt voor de eerste"),
        ("afwezig", {"away_from": "01-01-2027"}, "away_until", "Vul beide dagen in, of geen van beide."),
        ("afwezig", {"away_from": "02-01-2027", "away_until": "01-01-2027"}, "away_until", "ligt voor de eerste"),
        ("afwezig", {"away_from": "gisteren", "away_until": "x"}, "away_from", "dag-maand-jaar"),
        ("bereik", {"email": "jansen"}, "email", "Vul een e-mailadres in"),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(
    world: World, path: str, form: dict[str, str], field: str, told: str
) -> None:
    response = world.person(JANSEN).post(f"{PAGE}/{path}", form | own(world, JANSEN))
    assert response.status_code == 422
    assert told in text_of(response)
    assert f'href="#{field}"' in response.text
    assert all(f'value="{value}"' in response.text for value in form.values())


def test_a_tie_ends_but_stays_on_record(world: World) -> None:
    case, jansen = cases(world, 1)[0], world.person(JANSEN)
    jansen.post(f"{PAGE}/belangen", {"kvk_number": "90100011"})
    assert jansen.get(f"/commissie/zaken/{case.id}").status_code == 404
    page = jansen.get(PAGE).text
    assert "Aanbieder 90100011" in page
    address = page.partition('action="/commissie/mijn-gegevens/belangen/')[2].partition('"')[0]
    assert jansen.post(f"{PAGE}/belangen/{address}").status_code == 303
    assert "tot en met" in text_of(jansen.get(PAGE))
    assert jansen.get(f"/commissie/zaken/{case.id}").status_code == 404, "it holds to the end of the day"


def test_two_windows_do_not_write_over_each_other(world: World) -> None:
    jansen, seen = world.person(JANSEN), own(world, JANSEN)
    assert jansen.post(f"{PAGE}/bereik", {"email": "r.jansen@voorbeeld.nl"} | seen).status_code == 303
    stale = jansen.post(f"{PAGE}/bereik", {"email": "oud@voorbeeld.nl"} | seen)
    assert stale.status_code == 409
    assert "oud@voorbeeld.nl" in stale.text


def test_a_member_who_signed_in_before_members_were_kept_has_a_page(world: World) -> None:
    page = world.person(member_identity("nieuw")).get(PAGE)
    assert page.status_code == 200
    db.session.rollback()
    assert db.session.get(CommitteeMember, member_identity("nieuw").account_key)


def test_what_comes_back_goes_to_who_judged_it_before(world: World) -> None:
    case = cases(world, 1)[0]
    (provider,) = db.session.scalars(select(Provider)).all()
    world.claimed(case, BOS)
    bos = world.person(BOS)
    met = {f"criterion-{item.code}": "not_met" for item in world.policies.on(date(2026, 11, 22)).criteria}
    form = met | {"outcome": "temporarily_rejected", "improve_by": "01-02-2027", "reasons": "Nog niet."}
    bos.post(f"/commissie/zaken/{case.id}/beoordeling", form | world.seen(Case, case.id))
    letter = {"assessment": "1"} | world.seen(Case, case.id)
    assert bos.post(f"/commissie/zaken/{case.id}/besluit", letter).status_code == 303
    again = resubmitted(world, case)
    assert again.previous_id == case.id
    others = [world.submitted(provider, replace(COMPLETE, title=f"Ander {number}")) for number in range(3)]
    give(world.person(VISSER), [again, *others])
    db.session.rollback()
    assert db.session.get_one(Case, again.id).handler_name == "Bos"
    assert "opnieuw of gewijzigd" in text_of(bos.get("/commissie"))


def resubmitted(world: World, case: Case) -> Case:
    with transaction():
        activity = db.session.get_one(Activity, case.activity_id)
        save_draft(activity, replace(COMPLETE, goal="Beter."), by=ACTOR, now=NOW)
        return submit(activity, world.policies, by=ACTOR, now=NOW)


def test_nobody_who_is_away_is_given_anything(world: World) -> None:
    found = cases(world, 1)
    jansen, chair = world.person(JANSEN), world.person(VISSER)
    today = f"{clock.today():%d-%m-%Y}"
    away = {"away_from": today, "away_until": today} | own(world, JANSEN)
    assert jansen.post(f"{PAGE}/afwezig", away).status_code == 303
    shown = chair.post("/commissie/verdelen", {"case": [str(found[0].id)]})
    assert "afwezig tot en met" in text_of(shown)
    give(chair, found, JANSEN.account_key)
    assert handlers() == [""]
    assert "Er is niemand die deze zaak mag beoordelen." in text_of(chair.get("/commissie"))


@pytest.mark.parametrize(("number", "is_known"), [("90100011", True), ("90999999", False)])
def test_a_number_that_nobody_has_here_is_said_to_be_unknown(world: World, number: str, is_known: bool) -> None:
    cases(world, 1)
    jansen = world.person(JANSEN)
    assert jansen.post(f"{PAGE}/belangen", {"kvk_number": number}).status_code == 303
    assert (f"Het nummer {number} is hier nog niet bekend." in text_of(jansen.get(PAGE))) != is_known
