"""Several decisions at once: the same outcome, and each on a judgement of its own."""

from dataclasses import replace
from typing import Any

from core.db import db
from tests.forms import form_of
from tests.world import COMPLETE, POLICY, Person, World, member_identity, text_of
from validation.models import Case

MET = {f"criterion-{item.code}": "met" for item in POLICY.criteria}
APPROVAL = MET | {"outcome": "approved", "contact_hours": "16", "self_study_hours": "4,5", "reasons": ""}
REJECTION = APPROVAL | {"outcome": "rejected", "criterion-pupils": "not_met"}


def judged(world: World, who: Person, title: str, form: dict[str, Any]) -> Case:
    case = world.claimed(world.submitted(world.provider(), replace(COMPLETE, title=title)))
    if form:
        address = f"/commissie/zaken/{case.id}/beoordeling"
        assert who.post(address, form | world.seen(Case, case.id)).status_code == 303
    return case


def states(*cases: Case) -> list[str]:
    db.session.rollback()
    return [db.session.get_one(Case, case.id).state for case in cases]


def read(who: Person, *cases: Case) -> Any:
    return who.post("/commissie/besluiten", {"case": [str(case.id) for case in cases]})


def fields(page: Any) -> dict[str, list[str]]:
    """Hidden fields that stand there several times."""
    text = page.text.partition("/nemen")[2]
    found: dict[str, list[str]] = {"case": [], "seen": [], "outcome": []}
    for part in text.split("<input")[1:]:
        for name, values in found.items():
            if f'name="{name}"' in part:
                values.append(part.partition('value="')[2].partition('"')[0])
    return found


def test_decisions_that_are_alike_are_read_and_taken_together(world: World) -> None:
    who = world.person(member_identity())
    first, second = (judged(world, who, title, APPROVAL | {"reasons": f"Over {title}."}) for title in ("Een", "Twee"))
    page = read(who, first, second)
    assert "Over Een." in text_of(page)
    assert "Over Twee." in text_of(page)
    assert who.post("/commissie/besluiten/nemen", fields(page)).status_code == 303
    assert states(first, second) == ["decided", "decided"]
    assert "2 besluiten genomen en verstuurd." in text_of(who.get("/commissie"))


def test_different_decisions_are_not_taken_together(world: World) -> None:
    who = world.person(member_identity())
    first = judged(world, who, "Een", APPROVAL)
    second = judged(world, who, "Twee", REJECTION | {"reasons": "Geen verband."})
    page = read(who, first, second)
    assert "niet hetzelfde besluit" in text_of(page)
    assert fields(page) == {"case": [], "seen": [], "outcome": []}


def test_what_nobody_judged_or_somebody_else_has_is_left_alone(world: World) -> None:
    who = world.person(member_identity())
    ready, unread = judged(world, who, "Een", APPROVAL), judged(world, who, "Twee", {})
    other = world.claimed(world.submitted(world.provider()), member_identity("yilmaz"))
    page = read(who, ready, unread, other)
    assert text_of(page).count("Kan niet") == 2
    assert fields(page)["case"] == [str(ready.id)]
    forged = {"case": [str(case.id) for case in (ready, unread, other)], "seen": [f"{other.id}:2-1"]}
    who.post("/commissie/besluiten/nemen", forged)
    assert states(ready, unread, other) == ["in_review", "in_review", "in_review"]


def test_a_judgement_that_changed_since_it_was_read_is_not_sent(world: World) -> None:
    who = world.person(member_identity())
    case = judged(world, who, "Een", APPROVAL)
    sent = fields(read(who, case))
    changed = APPROVAL | {"contact_hours": "12", "reasons": "Pauze."}
    who.post(f"/commissie/zaken/{case.id}/beoordeling", changed | world.seen(Case, case.id))
    who.post("/commissie/besluiten/nemen", sent)
    assert states(case) == ["in_review"]
    assert form_of(who.get(f"/commissie/zaken/{case.id}/besluit"))["assessment"] == "2"
