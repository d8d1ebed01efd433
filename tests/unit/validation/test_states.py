import pytest

from validation.states import (
    ACTION_FOR,
    OPEN,
    PARTY_OF,
    TRANSITIONS,
    Action,
    ActionNotAllowed,
    Outcome,
    State,
    may,
    next_state,
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_is_either_listed_or_refused(state: State, action: Action) -> None:
    assert may(state, action) is ((state, action) in TRANSITIONS)
    if (state, action) in TRANSITIONS:
        assert next_state(state, action) is TRANSITIONS[state, action]
    else:
        with pytest.raises(ActionNotAllowed):
            next_state(state, action)


def test_a_closed_case_stays_closed() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] not in OPEN]


def test_every_action_has_a_party_and_every_outcome_an_action() -> None:
    assert set(PARTY_OF) == set(Action)
    assert set(ACTION_FOR) == set(Outcome)
