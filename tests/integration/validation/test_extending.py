"""Taking longer to decide: who may, when, and what everybody is told."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import clock
from core.access import Identity, Role
from core.audit import AuditEntry
from core.db import db, transaction
from core.transitions import ActionNotAllowed
from providers.models import ProviderMessage
from tests.policies import under_rules
from tests.world import NOW, World, member_identity, provider_identity, text_of
from validation.engine import NotYours
from validation.extending import NotExtendable, extend
from validation.models import Case
from validation.queries import locked_case

WHY = "Een van ons is ziek.\nDaarom is er meer tijd nodig."
CHAIR = member_identity("visser", Role.CHAIR)
SUM = "ontvangen 22 november 2026; 42 dagen + 14 verdaging + 16 kerstvakantie = 2 februari 2027"
MOVED = (
    "De uiterste datum is nu 2 februari 2027 (was 19 januari 2027), "
    "want de commissie heeft de termijn één keer verlengd (verdaging)."
)


def extended(world: World, case: Case, *, by: Identity = CHAIR, days: int = 0) -> Case:
    with transaction():
        found = locked_case(case.id)
        extend(found, WHY, world.policies, by=by, now=NOW + timedelta(days=days))
    return found


def last_message() -> ProviderMessage:
    return db.session.scalars(select(ProviderMessage).order_by(ProviderMessage.id.desc()).limit(1)).one()


def test_the_provider_reads_why_and_until_when(world: World) -> None:
    case = extended(world, world.submitted(world.provider()))
    assert (case.due_on, case.is_extended) == (date(2027, 2, 2), True)
    message = last_message()
    assert message.subject == "Later bericht over ‘Klassenmanagement voor starters’"
    assert message.paragraphs == [
        "De commissie heeft meer tijd nodig voor het besluit over ‘Klassenmanagement voor starters’. Dit is waarom:",
        "Een van ons is ziek.",
        "Daarom is er meer tijd nodig.",
        MOVED,
        f"U krijgt uiterlijk 2 februari 2027 bericht ({SUM}).",
    ]
    assert message.link == f"/aanbieder/activiteiten/{case.activity_id}"
    history = text_of(world.person(provider_identity()).get(f"{message.link}/geschiedenis"))
    assert "uiterlijk 2 februari 2027 bericht" in history
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(1)).one()
    assert entry.action == "case.extended"
    assert "Een van ons" not in entry.data


def test_only_once(world: World) -> None:
    case = extended(world, world.submitted(world.provider()))
    with pytest.raises(NotExtendable, match="al een keer verlengd"):
        extended(world, case)


def test_a_term_that_is_over_is_not_extended_and_one_that_ends_today_is(world: World) -> None:
    cases = [world.submitted(world.provider(number)) for number in ("90100011", "90100022")]
    assert cases[0].due_on == date(2027, 1, 19)
    left = (cases[0].due_on - NOW.date()).days
    extended(world, cases[0], days=left)
    with pytest.raises(NotExtendable, match="voorbij sinds 19 januari 2027"):
        extended(world, cases[1], days=left + 1)


def test_what_the_policy_does_not_extend_stays(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    with pytest.raises(NotExtendable, match="het beleid van deze zaak"):
        extended(world, case)
    page = text_of(world.person(CHAIR).get(f"/commissie/zaken/{case.id}"))
    assert "De termijn verlengen" not in page


def test_only_the_handler_and_the_chair(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    with pytest.raises(NotYours):
        extended(world, case, by=member_identity("yilmaz"))
    assert extended(world, case, by=member_identity()).is_extended


def test_a_decided_case_has_no_term_any_more(world: World) -> None:
    case = world.decided(world.submitted(world.provider()))
    with pytest.raises(ActionNotAllowed):
        extended(world, case)


def test_while_the_provider_owes_an_answer_the_days_of_the_pause_stay(world: World) -> None:
    case = world.asked(world.submitted(world.provider()))
    before = case.due_on
    assert before
    found = extended(world, case)
    assert found.due_on
    assert (found.due_on - before).days >= 14
    assert "wachten op u" in last_message().paragraphs[-1]


def test_an_extension_that_changes_nothing_is_told_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    under_rules(
        world, monkeypatch, tmp_path / "rules", ("days = 42", "days = 46"), ("\ndays = 14\n\n", "\ndays = 1\n\n")
    )
    case = world.submitted(world.provider())
    found = extended(world, case)
    assert found.is_extended
    assert last_message().paragraphs[-1].startswith("U krijgt uiterlijk")


def test_the_page_offers_it_once_and_keeps_what_was_typed(world: World) -> None:
    case = world.claimed(world.submitted(world.provider(), now=clock.now()))
    address, member = f"/commissie/zaken/{case.id}", world.person(member_identity())
    assert "Dit kan één keer, met 14 dagen." in text_of(member.get(address))
    seen = world.seen(Case, case.id)
    empty = member.post(f"{address}/verlengen", seen | {"extension": " "})
    assert empty.status_code == 422
    assert "Schrijf op waarom." in text_of(empty)
    stale = member.post(f"{address}/verlengen", {"version": "1", "extension": WHY})
    assert stale.status_code == 409
    assert "Een van ons is ziek." in stale.text
    assert member.post(f"{address}/verlengen", seen | {"extension": WHY}).status_code == 303
    page = text_of(member.get(address))
    assert "De termijn is verlengd tot en met" in page
    assert "Een van ons is ziek." in page
    assert "De termijn verlengen" not in page
    again = member.post(f"{address}/verlengen", world.seen(Case, case.id) | {"extension": WHY})
    assert again.status_code == 409
    assert "De termijn is al een keer verlengd. Vaker kan niet." in text_of(again)


def test_the_chair_reads_the_reason_of_a_refusal_and_a_colleague_who_has_the_case(world: World) -> None:
    case = extended(world, world.claimed(world.submitted(world.provider(), now=clock.now())), by=member_identity())
    form = world.seen(Case, case.id) | {"extension": WHY}
    said = {
        CHAIR.subject: "al een keer verlengd",
        "yilmaz": "Jansen heeft deze zaak opgepakt",
    }
    for who in (CHAIR, member_identity("yilmaz")):
        refused = world.person(who).post(f"/commissie/zaken/{case.id}/verlengen", form)
        assert refused.status_code == 409
        assert said[who.subject] in text_of(refused)
    bureau = world.person(member_identity("bakker", Role.BUREAU))
    assert bureau.post(f"/commissie/zaken/{case.id}/verlengen", form).status_code == 403
