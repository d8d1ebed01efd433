from datetime import date

import pytest

from catalogue.states import (
    CHANGES,
    LIVE,
    OF_A_CHANGE,
    TRANSITIONS,
    Action,
    Change,
    State,
    after,
    is_visible,
    may,
    reinstated,
    revoked,
    turned_back,
)
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


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize("action", Action)
def test_an_action_moves_what_is_live_or_the_change_of_it_and_never_both(
    state: State, change: Change, action: Action
) -> None:
    try:
        reached = after(state, change, action)
    except ActionNotAllowed:
        assert not may(state, change, action)
        return
    assert may(state, change, action)
    if state in LIVE and action in OF_A_CHANGE:
        assert reached == (state, CHANGES.table[change, action])
    else:
        assert reached[0] is TRANSITIONS.table[state, action]
        assert reached[1] in {change, Change.NONE}
    assert reached[1] is Change.NONE or reached[0] in LIVE, "a change stands beside what is live, or is not"


@pytest.mark.parametrize("action", [Action.DELETE, Action.GIVE_BACK])
def test_what_the_committee_judges_is_not_taken_away_under_its_hands(action: Action) -> None:
    assert may(State.PUBLISHED, Change.NONE, action)
    with pytest.raises(ActionNotAllowed, match="Trek die eerst in"):
        after(State.PUBLISHED, Change.SUBMITTED, action)


@pytest.mark.parametrize("state", State)
def test_what_a_new_decision_does_leads_to_a_state_with_a_change_that_fits_or_is_refused(state: State) -> None:
    for change in Change if state in LIVE else [Change.NONE]:
        for new_decision in (reinstated, revoked, turned_back):
            is_refused = state is State.DELETED if new_decision is reinstated else state not in LIVE
            if is_refused:
                with pytest.raises(ActionNotAllowed):
                    new_decision(state, change)
                continue
            reached = new_decision(state, change)
            assert (reached[0] in LIVE) == (new_decision is not revoked)
            assert reached[1] is Change.NONE or reached[0] in LIVE
            assert new_decision is not turned_back or reached[1] is not Change.NONE
