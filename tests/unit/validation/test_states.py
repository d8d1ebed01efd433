import pytest

from core.transitions import ActionNotAllowed
from validation.states import (
    ACTION_FOR,
    OPEN,
    TRANSITIONS,
    Action,
    Outcome,
    State,
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_is_either_listed_or_refused(state: State, action: Action) -> None:
    assert TRANSITIONS.may(state, action) is ((state, action) in TRANSITIONS.table)
    if (state, action) in TRANSITIONS.table:
        assert TRANSITIONS.after(state, action) is TRANSITIONS.table[state, action]
    else:
        with pytest.raises(ActionNotAllowed):
            TRANSITIONS.after(state, action)


def test_a_closed_case_stays_closed() -> None:
    assert not [pair for pair in TRANSITIONS.table if pair[0] not in OPEN]


def test_every_outcome_has_an_action() -> None:
    assert set(ACTION_FOR) == set(Outcome)
