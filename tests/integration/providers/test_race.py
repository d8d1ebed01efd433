"""Several people do the same thing at the same moment, each in a thread with a connection of its own."""

from collections import Counter

import pytest
from sqlalchemy import select

from core.db import db, transaction
from core.policy import Procedure
from providers.arriving import arrive, change_role
from providers.linking import link_number
from providers.models import Member, Provider
from providers.queries import locked_provider
from providers.rules import MemberRole
from tests.race import at_once
from tests.world import ACTOR, ANSWER_BY, NOW, POLICY, World, member_identity, provider_identity
from validation.admission import decide_admission
from validation.models import Case
from validation.queries import find_case
from validation.questions import ask
from validation.states import Outcome

pytestmark = pytest.mark.race
PEOPLE = 6


def test_colleagues_who_come_first_together_make_one_provider_with_one_administrator(world: World) -> None:
    people = [provider_identity(subject=f"person-{number}") for number in range(PEOPLE)]
    outcome = at_once(world, [lambda who=who: arrive(who, NOW) for who in people])  # type: ignore[misc]  # bound now
    assert outcome == {"done": PEOPLE}
    assert len(db.session.scalars(select(Provider)).all()) == 1
    members = db.session.scalars(select(Member)).all()
    assert sorted(member.ordinal for member in members) == list(range(1, PEOPLE + 1))
    assert Counter(member.role for member in members) == {"administrator": 1, "editor": PEOPLE - 1}


def test_one_person_in_two_windows_is_one_member(world: World) -> None:
    who = provider_identity()
    assert at_once(world, [lambda: arrive(who, NOW)] * PEOPLE) == {"done": PEOPLE}
    assert len(db.session.scalars(select(Member)).all()) == 1


def test_two_administrators_who_step_down_together_leave_one(world: World) -> None:
    with transaction():
        for name in ("anna", "bram"):
            arrive(provider_identity(subject=name), NOW)
    with transaction():
        for member in db.session.scalars(select(Member)):
            change_role(member, MemberRole.ADMINISTRATOR, by=ACTOR, now=NOW)
    ids = db.session.scalars(select(Member.id)).all()

    def step_down(id_: int) -> None:
        change_role(db.session.get_one(Member, id_), MemberRole.EDITOR, by=ACTOR, now=NOW)

    outcome = at_once(world, [lambda id_=id_: step_down(id_) for id_ in ids])  # type: ignore[misc]  # bound now
    assert outcome == {"done": 1, "last-administrator": 1}


def test_an_admission_is_decided_once(world: World) -> None:
    case = world.confirmed(world.provider(admitted=False))
    assert case
    world.claimed(case)
    case_id, seen, member = case.id, case.version, member_identity()

    def decide(outcome: Outcome) -> None:
        found = find_case(case_id, Procedure.ADMISSION, seen=seen)
        decide_admission(found, outcome, "Omdat.", POLICY, by=member, now=NOW)

    def question() -> None:
        ask(find_case(case_id, Procedure.ADMISSION, seen=seen), "Wie?", ANSWER_BY, world.policies, by=member, now=NOW)

    works = [lambda: decide(Outcome.APPROVED), lambda: decide(Outcome.REJECTED), question]
    assert at_once(world, works) == {"done": 1, "stale-version": 2}


def test_a_number_is_linked_while_its_newcomer_is_being_decided(world: World) -> None:
    provider, newcomer = world.provider("90100011"), world.provider("90100099", admitted=False)
    case = world.confirmed(newcomer)
    assert case
    world.claimed(case)
    provider_id, newcomer_id = provider.id, newcomer.id
    case_id, seen, member = case.id, case.version, member_identity()

    def decide() -> None:
        found = find_case(case_id, Procedure.ADMISSION, seen=seen)
        decide_admission(found, Outcome.APPROVED, "", POLICY, by=member, now=NOW)

    def link() -> None:
        link_number(locked_provider(provider_id), "90100099", newcomer_id, by=ACTOR, now=NOW)

    outcome = at_once(world, [decide, link])
    assert outcome["done"] == 1, outcome
    is_withdrawn = db.session.get_one(Case, case_id).state == "withdrawn"
    assert len(db.session.scalars(select(Provider)).all()) == (1 if is_withdrawn else 2)
