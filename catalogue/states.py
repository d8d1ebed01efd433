"""What may happen to an activity. No Flask, no database, no clock."""

from datetime import date
from enum import StrEnum

from core.errors import Refusal


class State(StrEnum):
    """Where an activity is on its way; whether it is visible follows from this and its end date."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VALIDATED = "validated"
    PUBLISHED = "published"


class Action(StrEnum):
    """What can be done with an activity."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
    (State.SUBMITTED, Action.APPROVE): State.VALIDATED,
    (State.SUBMITTED, Action.REJECT): State.DRAFT,
    (State.VALIDATED, Action.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Action.UNPUBLISH): State.VALIDATED,
}

STATE_NAMES = {
    State.DRAFT: "Concept",
    State.SUBMITTED: "Ingediend",
    State.VALIDATED: "Gevalideerd",
    State.PUBLISHED: "Gepubliceerd",
}


class ActionNotAllowed(Refusal):
    """The activity is not in a state in which this can be done, often because somebody was faster."""

    code = "action-not-allowed"

    def __init__(self, state: State) -> None:
        super().__init__(f"Dit kan niet, want de activiteit heeft de status ‘{STATE_NAMES[state].lower()}’.")


def next_state(state: State, action: Action) -> State:
    """The state after an action. Raises `ActionNotAllowed`."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise ActionNotAllowed(state) from None


def may(state: State, action: Action) -> bool:
    """Whether to offer the button."""
    return (state, action) in TRANSITIONS


def is_visible(state: State, ends_on: date | None, today: date) -> bool:
    """Whether teachers find it: published and not past its end date."""
    return state is State.PUBLISHED and (ends_on is None or ends_on >= today)
