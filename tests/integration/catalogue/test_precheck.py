from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

import pytest

from catalogue.content import Content
from catalogue.figures import KEPT_FOR, read_figures, register_figures
from catalogue.hints import Figures
from catalogue.models import Activity
from catalogue.precheck import Precheck, precheck
from catalogue.publication import move
from catalogue.recognitions import recognise_former
from catalogue.states import Action
from core.db import db, transaction
from core.kept import Kept
from core.policy import Hours
from tests.statements import count_statements
from tests.world import ACTOR, COMPLETE, HOURS, NOW, POLICY, World, provider_identity
from validation.states import Outcome

LONG = replace(COMPLETE, description="Een omschrijving die lang genoeg is. " * 10)


def checked(activity: Activity | None, content: Content = LONG, provider_id: int = 1) -> Precheck:
    return precheck(activity.id if activity else None, provider_id, content, POLICY, NOW.date())


def codes(found: Precheck) -> list[str]:
    return [hint.code for hint in found.hints]


def test_the_form_learns_what_is_missing_and_what_the_hours_ask_for(world: World) -> None:
    world.provider()
    content = replace(LONG, goal="", contact_hours=Decimal(3), self_study_hours=Decimal("4.5"), self_study_account="")
    found = checked(None, content)
    assert [gap.field for gap in found.gaps] == ["goal", "self_study_account", "closing_test"]
    assert (found.total_hours, found.needs_account, found.needs_closing_test) == (Decimal("7.5"), True, True)
    assert checked(None) == Precheck([], [], Decimal("20.5"), needs_account=True, needs_closing_test=False)


def test_the_same_title_is_noticed_whatever_its_capitals_but_not_of_the_activity_itself(world: World) -> None:
    activity = world.draft(world.provider(), LONG)
    other = replace(LONG, title="KLASSENMANAGEMENT voor starters")
    assert codes(checked(None, other)) == ["duplicate"]
    (hint,) = checked(None, other).hints
    assert hint.other_id == activity.id
    assert codes(checked(activity, other)) == []
    assert codes(checked(None, replace(LONG, title=""))) == [], "two without a name are no doubles"


def test_the_same_title_of_somebody_else_or_of_what_was_deleted_is_nothing(world: World) -> None:
    provider = world.provider()
    activity = world.draft(provider, LONG)
    assert codes(checked(None, LONG, world.provider("90100022").id)) == []
    with transaction():
        db.session.refresh(activity)
        activity.deleted_at = NOW
        move(activity, Action.DELETE, by=ACTOR, now=NOW)
    assert codes(checked(None, LONG, provider.id)) == []


def test_a_namesake_is_told_with_its_number(world: World) -> None:
    activity = world.published(world.provider(), LONG)
    number = world.number(activity)
    (hint,) = checked(None).hints
    assert f"gepubliceerd, nummer {number[:4]}-{number[4:]}" in hint.text


def test_the_figures_count_what_is_validated_or_published_once(world: World) -> None:
    provider = world.provider()
    world.published(provider, replace(LONG, title="Een"))
    case = world.decided(world.submitted(provider, replace(LONG, title="Twee")))
    world.decided(world.submitted(provider, replace(LONG, title="Drie")), Outcome.REJECTED)
    world.draft(provider, replace(LONG, title="Vier"))
    world.decided(
        world.submitted(provider, replace(LONG, title="Vijf", type="studiedag")), hours=Hours(Decimal(6), Decimal(0))
    )
    with transaction():
        former = db.session.get_one(Activity, case.activity_id).versions[-1]
        recognise_former(former, Hours(Decimal(99), Decimal(0)), number="12345", valid_from=NOW.date())
    found = {type_: spread.counts for type_, spread in register_figures().items()}
    assert found == {"cursus": ((HOURS.total, 2),), "studiedag": ((Decimal(6), 1),)}


def test_unusual_hours_are_told_from_what_the_register_itself_recognised(
    world: World, many: Callable[[int], None]
) -> None:
    many(POLICY.hints.least_known)
    short = replace(LONG, title="Kort", contact_hours=Decimal(1), self_study_hours=Decimal(0), self_study_account="")
    assert codes(checked(None, short)) == ["unusual"]
    assert codes(checked(None, replace(LONG, title="Gewoon"))) == []


@pytest.fixture
def many(world: World) -> Callable[[int], None]:
    """So many courses of 20.5 hours that were validated."""

    def make(count: int) -> None:
        provider = world.provider()
        for number in range(count):
            world.decided(world.submitted(provider, replace(LONG, title=f"Cursus {number}")))

    return make


def test_a_check_takes_two_statements_and_then_one(world: World) -> None:
    world.provider()
    assert count_statements(lambda: checked(None)) == 2
    assert count_statements(lambda: checked(None)) == 1


def test_figures_are_read_again_only_when_they_are_old(world: World) -> None:
    seconds = [1000.0]
    kept: Kept[Figures] = Kept(KEPT_FOR, lambda: seconds[0])
    assert count_statements(lambda: kept.get("all", read_figures)) == 1
    seconds[0] += KEPT_FOR - 1
    assert count_statements(lambda: kept.get("all", read_figures)) == 0
    seconds[0] += 1
    assert count_statements(lambda: kept.get("all", read_figures)) == 1


def test_of_several_who_ask_at_once_one_reads(world: World) -> None:
    barrier = Barrier(6)

    def ask(_: int) -> None:
        with world.app.app_context():
            barrier.wait()
            register_figures()
            db.session.remove()

    def all_ask() -> None:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(ask, range(6)))

    assert count_statements(all_ask) == 1


def test_the_form_shows_hints_that_lead_to_the_field_or_to_the_other_activity(world: World) -> None:
    provider = world.provider()
    first, second = world.draft(provider, LONG), world.draft(provider, replace(LONG, description="Kort."))
    person = world.person(provider_identity())
    page = person.get(f"/aanbieder/activiteiten/{second.id}/bewerken/opzet").text
    assert f'<a href="/aanbieder/activiteiten/{first.id}">Er is nog een activiteit met dezelfde naam.' in page
    assert f'<a href="/aanbieder/activiteiten/{second.id}/bewerken/over#description">De omschrijving is korter' in page
    typed = {"title": "Een andere naam", "description": "Kort."}
    panel = person.post(f"/aanbieder/activiteiten/{second.id}/voorcontrole/over", typed).get_json()
    assert [hint["link"] for hint in panel["hints"]] == ["#description"]
    panel = person.post("/aanbieder/activiteiten/voorcontrole", {"title": LONG.title}).get_json()
    assert [hint["link"] for hint in panel["hints"]] == [f"/aanbieder/activiteiten/{first.id}"]
