import pytest

from core.transitions import ActionNotAllowed, Transitions
from validation.states import (
    ACTION_FOR,
    OPEN,
    TRANSITIONS,
    Action,
    Outcome,
    State,
)

Table = Transitions[State, Action]
every_procedure = pytest.mark.parametrize("transitions", TRANSITIONS.values(), ids=list(TRANSITIONS))


@every_procedure
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_is_either_listed_or_refused(transitions: Table, state: State, action: Action) -> None:
    assert transitions.may(state, action) is ((state, action) in transitions.table)
    if (state, action) in transitions.table:
        assert transitions.after(state, action) is transitions.table[state, action]
    else:
        with pytest.raises(ActionNotAllowed):
            transitions.after(state, action)


@every_procedure
def test_a_closed_case_stays_closed(transitions: Table) -> None:
    assert not [pair for pair in transitions.table if pair[0] not in OPEN]


@every_procedure
def test_every_open_case_can_be_taken_back(transitions: Table) -> None:
    reached = {State.RECEIVED, *transitions.table.values()} & OPEN
    assert all(transitions.may(state, Action.WITHDRAW) for state in reached)


def test_every_outcome_has_an_action() -> None:
    assert set(ACTION_FOR) == set(Outcome)
