"""Several people or processes act on a case at once; the full race of processes is `make bench`."""

from pathlib import Path

import pytest

from bench.approvals import check, prepare, race
from catalogue.models import Activity
from catalogue.queries import own_activity
from core.db import db
from tests.databases import Database
from tests.race import at_once
from tests.world import ACTOR, ANSWER_BY, NOW, POLICY, World, judgement, member_identity
from validation.deciding import decide
from validation.models import Case
from validation.queries import find_case, open_case_of
from validation.questions import answer, ask
from validation.states import Outcome
from validation.submitting import withdraw

pytestmark = pytest.mark.race
PROCESSES, EACH = 3, 15


@pytest.mark.parametrize("shared", [False, True], ids=["own-cases", "same-cases"])
def test_every_case_is_decided_once_under_a_number_of_its_own(database: Database, shared: bool) -> None:
    count = EACH if shared else PROCESSES * EACH
    cases = prepare(database.app, "90100011", count)
    shares = [cases if shared else cases[start::PROCESSES] for start in range(PROCESSES)]
    tallies, _ = race(Path(database.app.instance_path), database.url, shares)
    check(database.app, count)
    assert sum(tally.approved for tally in tallies) == count
    assert sum(tally.refused for tally in tallies) == (EACH * (PROCESSES - 1) if shared else 0)


def ids_of(case: Case) -> tuple[int, int, int]:
    """The case, its activity and its provider."""
    assert case.activity_id
    return case.id, case.activity_id, case.provider_id


def test_a_case_is_asked_decided_or_taken_back_but_only_one_of_these(world: World) -> None:
    case = world.claimed(world.submitted(world.provider()))
    (case_id, activity_id, provider_id), seen = ids_of(case), case.version
    member, activity_seen = member_identity(), db.session.get_one(Activity, activity_id).version

    def question() -> None:
        ask(find_case(case_id, seen=seen), "Wie?", ANSWER_BY, world.policies, by=member, now=NOW)

    def reject() -> None:
        decide(find_case(case_id, seen=seen), judgement(POLICY, Outcome.REJECTED), POLICY, by=member, now=NOW)

    def take_back() -> None:
        withdraw(own_activity(provider_id, activity_id, seen=activity_seen), by=ACTOR, now=NOW)

    outcome = at_once(world, [question, reject, take_back])
    db.session.rollback()
    state = db.session.get_one(Case, case_id).state
    # A question does not touch the activity, so that it can be followed by a withdrawal.
    was_asked = bool(db.session.get_one(Case, case_id).questions)
    assert state in ({"waiting_for_provider", "withdrawn"} if was_asked else {"decided", "withdrawn"})
    assert outcome["done"] == (2 if was_asked and state == "withdrawn" else 1), outcome
    assert outcome["stale-version"] == 3 - outcome["done"], outcome


@pytest.fixture
def asked(world: World) -> Case:
    case = world.asked(world.submitted(world.provider()))
    db.session.refresh(case)
    return case


def test_of_two_colleagues_who_answer_at_once_one_is_heard(world: World, asked: Case) -> None:
    _, activity_id, _ = ids_of(asked)
    question = asked.questions[0].id

    def reply(text: str) -> None:
        answer(open_case_of(activity_id), text, world.policies, seen=question, by=ACTOR, now=NOW)

    outcome = at_once(world, [lambda: reply("Anna."), lambda: reply("Bram.")])
    assert outcome == {"done": 1, "no-open-question": 1}


def test_an_answer_and_a_withdrawal_at_once_leave_no_case_half_open(world: World, asked: Case) -> None:
    case_id, activity_id, provider_id = ids_of(asked)
    question, seen = asked.questions[0].id, db.session.get_one(Activity, activity_id).version

    def reply() -> None:
        answer(open_case_of(activity_id), "Anna.", world.policies, seen=question, by=ACTOR, now=NOW)

    def take_back() -> None:
        withdraw(own_activity(provider_id, activity_id, seen=seen), by=ACTOR, now=NOW)

    outcome = at_once(world, [reply, take_back])
    db.session.rollback()
    assert db.session.get_one(Case, case_id).state == "withdrawn"
    assert db.session.get_one(Activity, activity_id).state == "draft"
    assert outcome in ({"done": 2}, {"done": 1, "no-open-question": 1})
