"""Whatever changes of what teachers can see is told to whoever keeps a copy, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from catalogue.deleting import delete_for_ever
from catalogue.drafts import release, save_draft
from catalogue.edition_facts import EditionFacts
from catalogue.editions import add_edition, change_edition, remove_edition
from catalogue.models import Activity, Edition
from catalogue.publication import move, reinstate, revoke, set_period, turn_back
from catalogue.states import Action
from catalogue.taking_over import give_back, take_over
from core import clock
from core.access import Role
from core.db import db, transaction
from core.policy import Hours
from providers.admitting import reinstate as readmit
from providers.admitting import suspend
from providers.details import details_of, save_details
from providers.linking import link_number
from tests.offers import READY, offer
from tests.world import ACTOR, COMPLETE, NOW, POLICY, Person, World, judgement, member_identity
from validation.engine import staff_hand
from validation.models import Case
from validation.revising import Correction, correct
from validation.states import Outcome
from validation.submitting import submit

ALL = "/api/v1/activiteiten"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FACTS = EditionFacts(
    starts_on=clock.today() + 30 * DAY,
    ends_on=clock.today() + 30 * DAY,
    is_online=True,
    place="",
    language="nl",
    price_in_cents=None,
    registration_link="",
)
Change = Callable[[Activity], object]
Facts = dict[str, Any]


def is_past(activity: Activity) -> None:
    """All that was told until now was told long ago."""
    with transaction():
        db.session.execute(update(Activity).where(Activity.id == activity.id).values(shown_changed_at=LONG_AGO))


def do(activity: Activity, change: Change) -> None:
    with transaction():
        change(db.session.get_one(Activity, activity.id))


def told(person: Person, since: datetime = LONG_AGO + DAY) -> dict[str, Facts]:
    found = person.read(ALL, gewijzigdSinds=since.isoformat(), paginaGrootte=100)["activiteiten"]
    return {facts["id"]: facts for facts in found}


def moved(action: Action) -> Change:
    return lambda activity: move(activity, action, by=ACTOR, now=clock.now())


def ended(activity: Activity) -> None:
    set_period(activity, None, clock.today() - DAY, by=ACTOR, now=clock.now())


def deleted(activity: Activity) -> None:
    number = next(known.number for known in activity.recognitions if known.is_leading)
    delete_for_ever(activity, number, by=ACTOR, now=clock.now())


def with_edition(activity: Activity) -> None:
    add_edition(activity, FACTS, policy=POLICY, by=ACTOR, now=clock.now())


def edition_of(activity: Activity) -> Edition:
    return db.session.query(Edition).filter_by(activity_id=activity.id).one()


def renamed(activity: Activity) -> None:
    provider = activity.provider
    save_details(provider, replace(details_of(provider), name="Een andere naam"), by=ACTOR, now=clock.now())


def rewritten(activity: Activity) -> None:
    save_draft(activity, replace(COMPLETE, website="https://debrug.example/nieuw"), by=ACTOR, now=clock.now())


CHANGES: dict[str, tuple[list[Change], Change, str]] = {
    "hidden": ([], moved(Action.UNPUBLISH), "nietAangeboden"),
    "shown again": ([moved(Action.UNPUBLISH)], moved(Action.PUBLISH), "aangeboden"),
    "ended": ([], ended, "afgelopen"),
    "ends later": ([ended], lambda one: set_period(one, None, None, by=ACTOR, now=clock.now()), "aangeboden"),
    "deleted": ([], deleted, "verwijderd"),
    "deleted after it was hidden": ([moved(Action.UNPUBLISH)], deleted, "verwijderd"),
    "revoked": ([], lambda one: revoke(one, POLICY.register, by=ACTOR, now=clock.now()), "ingetrokken"),
    "reinstated": ([], lambda one: reinstate(one, by=ACTOR, now=clock.now()), "aangeboden"),
    "turned back": ([rewritten], lambda one: turn_back(one, by=ACTOR, now=clock.now()), "aangeboden"),
    "released": ([rewritten], lambda one: release(one, POLICY, by=ACTOR, now=clock.now()), "aangeboden"),
    "an edition more": ([], with_edition, "aangeboden"),
    "an edition otherwise": (
        [with_edition],
        lambda one: change_edition(
            edition_of(one), replace(FACTS, price_in_cents=0), policy=POLICY, by=ACTOR, now=clock.now()
        ),
        "aangeboden",
    ),
    "an edition less": (
        [with_edition],
        lambda one: remove_edition(edition_of(one), by=ACTOR, now=clock.now()),
        "aangeboden",
    ),
    "a name": ([], renamed, "aangeboden"),
    "a number": ([], lambda one: link_number(one.provider, "90100099", by=ACTOR, now=clock.now()), "aangeboden"),
    "a suspension": (
        [],
        lambda one: suspend(one.provider, "Reden", policy=POLICY, by=ACTOR, now=clock.now()),
        "aangeboden",
    ),
    "the end of it": (
        [lambda one: suspend(one.provider, "Reden", policy=POLICY, by=ACTOR, now=clock.now())],
        lambda one: readmit(one.provider, "Reden", by=ACTOR, now=clock.now()),
        "aangeboden",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_teachers_can_see_changing_is_told(world: World, name: str) -> None:
    before, change, status = CHANGES[name]
    activity, other = world.published(world.provider()), world.published(world.provider("90100022"))
    for step in before:
        do(activity, step)
    for one in (activity, other):
        is_past(one)
    do(activity, change)
    found = told(world.person())
    assert {id_: facts["status"] for id_, facts in found.items()} == {str(activity.id): status}


@pytest.mark.parametrize("change", [rewritten, moved(Action.EDIT)])
def test_what_nobody_can_see_is_not_told(world: World, change: Change) -> None:
    activity = world.published(world.provider())
    is_past(activity)
    do(activity, change)
    assert told(world.person()) == {}


def approved_change(world: World, activity: Activity) -> Case:
    with transaction():
        changed = save_draft(
            db.session.get_one(Activity, activity.id), replace(COMPLETE, goal="Beter."), by=ACTOR, now=NOW
        )
        case = submit(changed.activity, world.policies, by=ACTOR, now=NOW)
    return world.decided(case, hours=Hours(Decimal(10), Decimal(2)))


def corrected(world: World, case: Case, outcome: Outcome) -> None:
    chair = staff_hand(case, member_identity("visser", Role.CHAIR))
    with transaction():
        db.session.refresh(case)
        policy = world.policies.named(case.policy_id)
        correct(
            case,
            judgement(policy, outcome, Hours(Decimal(11), Decimal(2)), str(outcome)),
            policy,
            Correction("fout"),
            by=chair,
            now=clock.now(),
        )


def test_a_number_that_changes_is_told_under_the_id_that_does_not(world: World) -> None:
    """Taken over, approved here, turned back by a correction, and approved again by another."""
    activity, person = offer(world.provider(), "12345", READY), world.person()
    do(activity, lambda one: take_over(one, POLICY, by=ACTOR, now=clock.now()))
    seen = [told(person)[str(activity.id)]]
    case = approved_change(world, activity)
    seen.append(told(person)[str(activity.id)])
    corrected(world, case, Outcome.REJECTED)
    seen.append(told(person)[str(activity.id)])
    corrected(world, case, Outcome.APPROVED)
    seen.append(told(person)[str(activity.id)])
    own = seen[1]["nummer"]
    assert [facts["nummer"] for facts in seen] == ["12345", own, "12345", own]
    assert [facts["vroegerNummer"] for facts in seen] == [None, "12345", None, "12345"]
    assert seen[3]["registerUren"]["totaal"] == 13.0
    for number in ("12345", own):
        assert person.read(f"{ALL}/{number}")["nummer"] == own


def test_what_was_given_back_keeps_what_teachers_saw_whatever_is_granted_since(world: World) -> None:
    activity, person = offer(world.provider(), "12345", READY), world.person()
    do(activity, lambda one: take_over(one, POLICY, by=ACTOR, now=clock.now()))
    do(activity, lambda one: give_back(one, POLICY, by=ACTOR, now=clock.now()))
    granted = approved_change(world, activity)
    secret = world.number(db.session.get_one(Activity, granted.activity_id))
    facts = told(person)[str(activity.id)]
    assert (facts["nummer"], facts["status"]) == ("12345", "nietAangeboden")
    assert person.read(f"{ALL}/12345")["activiteit"]["nummer"] == "12345"
    assert person.read(f"{ALL}/{secret}")["code"] == "unknown-number"
    assert secret not in person.get(ALL, gewijzigdSinds="2000-01-01T00:00:00Z").text


def test_what_was_never_shown_stays_unknown_when_it_is_deleted(world: World) -> None:
    case, person = world.decided(world.submitted(world.provider())), world.person()
    number = world.number(db.session.get_one(Activity, case.activity_id))
    do(db.session.get_one(Activity, case.activity_id), deleted)
    assert told(person) == {}
    for address in (f"{ALL}/{number}", f"/activiteiten/{number}"):
        assert person.get(address).status_code == 404
    assert person.read(f"{ALL}/{number}")["code"] == "unknown-number"
