"""What a provider who waits can expect: the place in the queue, and honest figures of late."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import db, transaction
from tests.world import COMPLETE, POLICY, World, judgement, member_identity, provider_identity, text_of
from validation.deciding import decide
from validation.models import Case
from validation.prospect import LEAST
from validation.states import Outcome


def decided_within(world: World, days: int) -> None:
    now = clock.now()
    case = world.claimed(world.submitted(world.provider("90100022"), now=now - timedelta(days=days)))
    with transaction():
        db.session.refresh(case)
        decide(case, judgement(POLICY, Outcome.APPROVED), POLICY, by=member_identity(), now=now)


def page_of(world: World, case: Case) -> str:
    return text_of(world.person(provider_identity()).get(f"/aanbieder/activiteiten/{case.activity_id}"))


def test_the_place_is_that_of_the_queue_and_a_case_that_waits_has_none(world: World) -> None:
    provider, now = world.provider(), clock.now()
    first, second, third = (
        world.submitted(provider, replace(COMPLETE, title=f"Zaak {days}"), now=now - timedelta(days=days))
        for days in (9, 5, 1)
    )
    assert "Uw plaats in de wachtrij: 2 van 3." in page_of(world, second)
    world.asked(first, now=now)
    assert "wachtrij" not in page_of(world, first)
    assert "Uw plaats in de wachtrij: 1 van 2." in page_of(world, second)
    assert "Uw plaats in de wachtrij: 2 van 2." in page_of(world, third)


@pytest.mark.parametrize("count", [LEAST - 1, LEAST])
def test_of_a_few_decisions_nothing_is_said_about_how_long_it_takes(world: World, count: int) -> None:
    world.app.extensions.pop("recent_days", None)
    for days in range(10, 10 + count):
        decided_within(world, days)
    page = page_of(world, world.submitted(world.provider(), now=clock.now()))
    told = "Van de laatste 5 besluiten kwam de helft binnen 12 dagen, en 9 van de 10 binnen 14 dagen"
    assert (told in page) is (count >= LEAST)
    assert db.session.scalar(select(func.count()).select_from(Case)) == count + 1


def test_what_happened_inside_is_not_on_the_providers_timeline(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    member = world.person(member_identity())
    member.post(f"/commissie/zaken/{case.id}/notitie", {"note": "Alinea twee klopt niet."})
    page = page_of(world, case)
    assert "Wat er gebeurde" in page
    assert "Ontvangen" in page
    for inner in ("Opgepakt", "Alinea twee", "Jansen"):
        assert inner not in page
    inside = text_of(member.get(f"/commissie/zaken/{case.id}"))
    for inner in ("Opgepakt", "Alinea twee", "Jansen"):
        assert inner in inside
