from datetime import date

import pytest

from catalogue.states import TRANSITIONS, Action, ActionNotAllowed, State, is_visible, may, next_state

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_is_either_listed_or_refused(state: State, action: Action) -> None:
    assert may(state, action) is ((state, action) in TRANSITIONS)
    if (state, action) in TRANSITIONS:
        assert next_state(state, action) is TRANSITIONS[state, action]
    else:
        with pytest.raises(ActionNotAllowed):
            next_state(state, action)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached(state: State) -> None:
    assert state is State.DRAFT or state in TRANSITIONS.values()


@pytest.mark.parametrize(
    ("state", "ends_on", "visible"),
    [
        (State.PUBLISHED, None, True),
        (State.PUBLISHED, date(2026, 11, 22), True),
        (State.PUBLISHED, date(2026, 11, 21), False),
        (State.VALIDATED, None, False),
        (State.DRAFT, None, False),
    ],
)
def test_visible_is_published_and_not_past_its_end_date(state: State, ends_on: date | None, visible: bool) -> None:
    assert is_visible(state, ends_on, TODAY) is visible
