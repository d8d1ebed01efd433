"""Every procedure whole: each state with each action, and each of these in every pair of hands."""

import pytest

from core.transitions import ActionNotAllowed
from validation.procedures import HAND_NAMES, TABLES, Hand, NotInYourHands, Table
from validation.states import ACTION_FOR, ACTION_NAMES, CLOSED, RECORDED_AS, STATE_NAMES, Action, Outcome, State
from validation.timeline import DONE

every_procedure = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))


@every_procedure
@pytest.mark.parametrize("hand", Hand)
@pytest.mark.parametrize("state", State)
def test_every_action_is_either_listed_for_these_hands_or_refused(table: Table, state: State, hand: Hand) -> None:
    for action in Action:
        listed = table.steps.get((state, action))
        is_open_to_them = listed is not None and hand in listed.by
        assert table.may(state, action, {hand}) is is_open_to_them
        if is_open_to_them:
            assert table.step(state, action, {hand}) is listed
            continue
        with pytest.raises(NotInYourHands if listed else ActionNotAllowed):
            table.step(state, action, {hand})


@every_procedure
def test_nobody_without_hands_does_anything(table: Table) -> None:
    assert not [pair for pair in table.steps if table.may(*pair, set())]


@every_procedure
def test_a_closed_case_stays_closed(table: Table) -> None:
    assert {(state, action) for state, action in table.steps if state in CLOSED} <= {(State.DECIDED, Action.CORRECT)}
    assert all(step.to in CLOSED for (state, _), step in table.steps.items() if state in CLOSED)


def reached(table: Table) -> set[str]:
    return {table.begins, State.LATE, *(step.to for step in table.steps.values())} & {state for state, _ in table.steps}


@every_procedure
def test_every_open_case_can_be_taken_back_and_given_to_somebody_else(table: Table) -> None:
    for state in reached(table) - CLOSED:
        assert table.may(state, Action.WITHDRAW, {Hand.PROVIDER})
        if state == State.WITH_CHAIR:
            continue  # nobody takes the place of somebody who judged
        assert table.may(state, Action.CLAIM, {Hand.MEMBER}) or table.may(state, Action.RELEASE, {Hand.CHAIR})


@every_procedure
def test_every_state_can_be_reached_and_left(table: Table) -> None:
    assert {state for state, _ in table.steps} - {State.LATE} <= {step.to for step in table.steps.values()} | {
        table.begins
    }
    assert {step.to for step in table.steps.values()} - CLOSED <= {state for state, _ in table.steps}


@every_procedure
def test_the_provider_learns_nothing_of_what_goes_on_inside(table: Table) -> None:
    told = {action for (_, action), step in table.steps.items() if not step.is_inner}
    assert told.isdisjoint({Action.CLAIM, Action.ASSIGN, Action.RELEASE, Action.ASSESS, Action.REFER, Action.PROPOSE})
    assert {Action.ASK, Action.ANSWER, Action.EXTEND, Action.WITHDRAW} <= told


def test_everything_has_a_name() -> None:
    assert set(ACTION_NAMES) == set(Action)
    assert set(STATE_NAMES) == set(State)
    assert set(HAND_NAMES) == set(Hand)
    assert set(RECORDED_AS) == set(Action)
    assert set(Action) <= set(DONE)


def test_every_outcome_has_an_action() -> None:
    assert set(ACTION_FOR) == set(Outcome)
