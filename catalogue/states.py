"""What may happen to an activity. No Flask, no database, no clock."""

from datetime import date
from enum import StrEnum

from core.transitions import Transitions


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


STATE_NAMES = {
    State.DRAFT: "Concept",
    State.SUBMITTED: "Ingediend",
    State.VALIDATED: "Gevalideerd",
    State.PUBLISHED: "Gepubliceerd",
}

TRANSITIONS = Transitions(
    "de activiteit",
    STATE_NAMES,
    {
        (State.DRAFT, Action.EDIT): State.DRAFT,
        (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
        (State.SUBMITTED, Action.APPROVE): State.VALIDATED,
        (State.SUBMITTED, Action.REJECT): State.DRAFT,
        (State.VALIDATED, Action.PUBLISH): State.PUBLISHED,
        (State.PUBLISHED, Action.UNPUBLISH): State.VALIDATED,
    },
)


def is_visible(state: State, ends_on: date | None, today: date) -> bool:
    """Whether teachers find it: published and not past its end date."""
    return state is State.PUBLISHED and (ends_on is None or ends_on >= today)
