from datetime import date

import pytest

from catalogue.states import TRANSITIONS, Action, State, is_visible
from core.transitions import ActionNotAllowed
from providers.log_texts import action_in_words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair_is_either_listed_or_refused(state: State, action: Action) -> None:
    assert TRANSITIONS.may(state, action) is ((state, action) in TRANSITIONS.table)
    if (state, action) in TRANSITIONS.table:
        assert TRANSITIONS.after(state, action) is TRANSITIONS.table[state, action]
    else:
        with pytest.raises(ActionNotAllowed):
            TRANSITIONS.after(state, action)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached(state: State) -> None:
    assert state is State.DRAFT or state in TRANSITIONS.table.values()


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


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.EDIT}))
def test_every_action_has_words_in_the_log(action: Action) -> None:
    assert action_in_words(f"activity.{action}")[0].isupper()
